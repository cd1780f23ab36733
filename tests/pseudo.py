"""A language that nobody speaks: every text of the catalogue with accents, longer by two fifths, in ⟦brackets⟧.

What stands on a page without brackets was never given to the translators. The node does not know the language; tests
teach it to this process (`settings_with`) or to a node of its own (`environment`, by the settings in
tests/pseudo_settings.py).
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polib
from bs4 import BeautifulSoup, Comment, Doctype, NavigableString, PageElement, Tag

TAG = "en-xa"  # XA is a region that ISO 3166-1 leaves to its users
OPEN, CLOSE = "⟦", "⟧"
LONGER_BY = 0.4

ROOT = Path(__file__).resolve().parents[1]


def _folder(package: str) -> Path:
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


# Where English texts stand that pages may show: ours, those of the libraries that have some, and Django's.
SOURCES = (
    ROOT / "locale",
    *(_folder(package) / "locale" for package in ("allauth", "django_tables2")),
    *sorted((_folder("django") / "contrib").glob("*/locale")),
    _folder("django") / "conf" / "locale",
)
_INFO = {"bidi": False, "code": TAG, "name": "Pseudo-language", "name_local": "⟦Þšéûðö⟧"}

_LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWYZ",
    "åƀçðéƒĝĥîĵķļɱñöþɋŕšţûṽŵýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴÝŽ",
)
_FILLER = "öñé ţŵö ţĥŕéé ƒöûŕ ƒîṽé šîx šéṽéñ éîĝĥţ ñîñé ţéñ "
_MARKUP = r"<[^<>]*>|&#?\w+;"
_BRACES = r"\{\{|\}\}|\{[^{}]*\}"
_PERCENT = r"%(?:\(\w+\))?[#0\- +]*\d*(?:\.\d+)?[sdifr%]"
_NAMED_PERCENT = r"%\(\w+\)[sdifr]"


def pseudo(text: str, flags: Iterable[str] = ()) -> str:
    """This will give a text in the pseudo-language; placeholders, markup and outer blanks stay as they are."""
    body = text.strip()
    if not body:
        return text
    start = text.index(body)
    percent = _PERCENT if "python-format" in flags else _NAMED_PERCENT
    kept = re.compile(f"({_MARKUP}|{_BRACES}|{percent})")
    parts = kept.split(body)
    letters = sum(len(part) for part in parts[::2])
    accented = "".join(part if place % 2 else part.translate(_LETTERS) for place, part in enumerate(parts))
    wanted = round(letters * LONGER_BY)
    filler = (_FILLER * (wanted // len(_FILLER) + 1))[:wanted].strip()
    return f"{text[:start]}{OPEN}{accented}{' ' + filler if filler else ''}{CLOSE}{text[start + len(body) :]}"


def write(folder: Path) -> Path:
    """This will write the catalogue into a folder and give the folder, which is one for LOCALE_PATHS."""
    made = polib.POFile()
    made.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=2; plural=(n != 1);"}
    seen = set()
    for source in SOURCES:
        path = source / "en" / "LC_MESSAGES" / "django.po"
        for entry in polib.pofile(str(path)) if path.is_file() else ():
            if entry.obsolete or (entry.msgctxt, entry.msgid) in seen:
                continue
            seen.add((entry.msgctxt, entry.msgid))
            made.append(_translated(entry))
    target = folder / TAG.replace("-xa", "_XA") / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{os.getpid()}.mo")
    made.save_as_mofile(str(fresh))
    fresh.replace(target)  # several processes may start at once
    return folder


def _translated(entry: polib.POEntry) -> polib.POEntry:
    made = polib.POEntry(msgctxt=entry.msgctxt, msgid=entry.msgid, msgid_plural=entry.msgid_plural)
    if entry.msgid_plural:
        both = (entry.msgid, entry.msgid_plural)
        made.msgstr_plural = {number: pseudo(text, entry.flags) for number, text in enumerate(both)}
    else:
        made.msgstr = pseudo(entry.msgid, entry.flags)
    return made


def settings_with(folder: Path, settings: Any) -> dict[str, Any]:
    """This will give those of Django's settings that change when the language joins."""
    from django.conf.locale import LANG_INFO

    LANG_INFO[TAG] = _INFO
    return {
        "LANGUAGES": [*settings["LANGUAGES"], (TAG, _INFO["name"])],
        "LOCALE_PATHS": [write(folder), *settings["LOCALE_PATHS"]],
    }


def environment(base: Mapping[str, str]) -> dict[str, str]:
    """This will give the environment for an `mcx` process whose node speaks the language too."""
    before = base.get("PYTHONPATH", "")
    return {
        **base,
        "DJANGO_SETTINGS_MODULE": "tests.pseudo_settings",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), before))),
    }


# --- judging pages ----------------------------------------------------------------------------------------------------

# What shows an attribute's text, or reads it aloud.
_ATTRIBUTES = ("title", "alt", "aria-label", "aria-description", "aria-valuetext", "placeholder")
_MACHINES = {"script", "style", "template", "code", "pre", "kbd", "samp", "svg", "textarea"}
_BUTTONS = {"submit", "button", "reset"}
_BREAK = "\0"  # between two texts of a page


def untranslated(page: str, is_content: Callable[[str], bool]) -> list[str]:
    """This will list what a page shows or reads aloud that is neither in the language nor content.

    Content is what stands in an element that names its own language or is not to be translated, and what
    `is_content` says to be some.
    """
    soup = BeautifulSoup(page, "html.parser")
    shown = _outside(_BREAK.join(_shown(soup)))
    found = [text for text in shown if not is_content(text)]
    for element in soup.find_all(True):
        if _is_content_element(element):
            continue
        values = [str(element[name]) for name in _ATTRIBUTES if element.get(name)]
        if element.name == "input" and element.get("type") in _BUTTONS and element.get("value"):
            values.append(str(element["value"]))
        if element.name == "meta" and element.get("name") == "description":
            values.append(str(element.get("content", "")))
        texts = [text for value in values for text in _outside(value)]
        found += [f"in an attribute: {text}" for text in texts if not is_content(text)]
    return found


def _shown(soup: BeautifulSoup) -> Iterator[str]:
    for node in soup.descendants:
        is_text = isinstance(node, NavigableString) and not isinstance(node, Comment | Doctype)
        if is_text and not _is_content_element(node.parent):
            yield str(node)


def _is_content_element(node: PageElement | None) -> bool:
    while isinstance(node, Tag) and node.name not in {"html", "[document]"}:
        if node.name in _MACHINES or node.get("lang") or node.get("translate") == "no":
            return True
        node = node.parent
    return False


def _outside(text: str) -> list[str]:
    """The pieces of a text outside all brackets, without those that no language changes: blanks, signs, numbers."""
    depth, pieces = 0, [""]
    for sign in text:
        if sign == OPEN:
            depth += 1
            pieces.append("")
        elif sign == CLOSE:
            depth -= 1
        elif depth == 0 and sign == _BREAK:
            pieces.append("")
        elif depth == 0:
            pieces[-1] += sign
    return [" ".join(piece.split()) for piece in pieces if re.search(r"[^\W\d_]", piece)]
