"""What is wrong with a catalogue of translations, each fault as one sentence: so a test can show that it is found."""

import re
import string
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

import polib

PERCENT = re.compile(r"%(?:\((\w+)\))?[#0\- +]*\d*(?:\.\d+)?([sdifr%])")
_NAMED_PERCENT = re.compile(r"%\(\w+\)[sdifr]")
_NAMED_BRACE = re.compile(r"\{[a-z_]\w*\}")
_PLURALS = re.compile(r"nplurals\s*=\s*(\d+)")
# What closes a sentence, as each language writes it. The others' marks are made into these before they are compared.
_ENDS = ".:?!…;,"
_BEHIND_THE_END = "”“»’\"') "


def faults(texts: polib.POFile) -> list[str]:
    """This will list everything that is wrong with a catalogue that shall be complete."""
    return [fault for entry in texts if not entry.obsolete for fault in _entry_faults(entry, plural_count(texts))] + [
        f"obsolete: {entry.msgid!r}" for entry in texts.obsolete_entries()
    ]


def plural_count(texts: polib.POFile) -> int:
    """This will give how many forms a counted text has in this language, by the header; 0 if it is silent."""
    found = _PLURALS.search(texts.metadata.get("Plural-Forms", ""))
    return int(found[1]) if found else 0


def forms(entry: polib.POEntry) -> list[str]:
    """This will give the translations of an entry: one, or one for each plural form."""
    return (
        [entry.msgstr_plural[index] for index in sorted(entry.msgstr_plural)] if entry.msgid_plural else [entry.msgstr]
    )


def placeholders(text: str, flags: list[str]) -> Counter[str]:
    """This will count the placeholders of a text, in the style that its entry is marked with."""
    if "python-brace-format" in flags:
        return Counter(name for _, name, _, _ in string.Formatter().parse(text) if name)
    if "python-format" in flags:
        return Counter(match[0] for match in PERCENT.finditer(text) if match[2] != "%")
    return Counter(_NAMED_PERCENT.findall(text) + _NAMED_BRACE.findall(text))


def _entry_faults(entry: polib.POEntry, wanted_forms: int) -> Iterator[str]:
    name = f"{entry.msgctxt}: {entry.msgid!r}" if entry.msgctxt else repr(entry.msgid)
    if entry.fuzzy:
        yield f"guessed: {name}"
    if entry.msgid_plural and sorted(entry.msgstr_plural) != list(range(wanted_forms)):
        yield f"has {len(entry.msgstr_plural)} plural forms instead of {wanted_forms}: {name}"
    if not all(forms(entry)):
        yield f"missing: {name}"
        return
    sources = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
    for form in forms(entry):
        try:
            if placeholders(form, entry.flags) not in [placeholders(one, entry.flags) for one in sources]:
                yield f"other placeholders: {name}: {form!r}"
        except ValueError:
            yield f"broken placeholder: {name}: {form!r}"
        if markup(form) not in [markup(one) for one in sources]:
            yield f"other markup: {name}: {form!r}"
        if _edges(form) not in [_edges(one) for one in sources]:
            yield f"other blanks at the edge: {name}: {form!r}"
        if _end(form) not in [_end(one) for one in sources]:
            yield f"another sign at the end: {name}: {form!r}"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # What is read aloud or shown may be translated; where a link leads may not.
        kept = [pair for pair in attrs if pair[0] not in {"title", "alt", "aria-label"}]
        self.found[f"<{tag} {sorted(kept)}>"] += 1

    def handle_endtag(self, tag: str) -> None:
        self.found[f"</{tag}>"] += 1


def markup(text: str) -> Counter[str]:
    """This will count the tags of a text with their attributes."""
    parser = _Tags()
    parser.feed(text)
    parser.close()
    return parser.found


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _end(text: str) -> str:
    """Compare how it ends: a sentence stays a sentence, a question a question, a label a label."""
    last = text.rstrip(_BEHIND_THE_END)[-1:]
    return last if last in _ENDS else ""
