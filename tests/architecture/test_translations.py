"""Texts: German, Spanish and Finnish are complete, and every text can be translated as a whole sentence."""

import ast
import re
from pathlib import Path

import django
import polib
import pytest
from django.utils.translation.template import templatize

from openmcx.credentials.class_list import messages
from scripts import reference
from tests.architecture import catalogues, source

LANGUAGES = ("en", "de", "es", "fi")
COMPLETE = ("de", "es", "fi")
FUNCTIONS = {
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy",
    "npgettext", "npgettext_lazy",
}  # fmt: skip


def po(language: str) -> polib.POFile:
    return polib.pofile(str(catalogue(language)))


def catalogue(language: str) -> Path:
    return source.ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


@pytest.mark.parametrize("language", COMPLETE)
def test_every_text_is_translated_whole(language: str) -> None:
    """Nothing is missing, guessed or left over; placeholders, markup, plural forms, blanks and last signs are kept."""
    assert catalogues.faults(po(language)) == []


# One fault each, planted into a catalogue that has none: the check above finds it and nothing else.
_WHOLE = """
msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#, python-format
msgid "Read <a href=\\"%(url)s\\">the page</a>, %(name)s."
msgstr "%(name)s, lesen Sie <a href=\\"%(url)s\\">die Seite</a>."

#, python-brace-format
msgid "It was sent to {name}:"
msgstr "Es ging an {name}:"

#, python-format
msgid "%(count)s row"
msgid_plural "%(count)s rows"
msgstr[0] "%(count)s Zeile"
msgstr[1] "%(count)s Zeilen"
"""
_PLANTED = [
    ("%(name)s, lesen Sie <a", "Lesen Sie <a", "other placeholders"),
    ("%(name)s, lesen", "%(Name)s, lesen", "other placeholders"),
    ("Es ging an {name}:", "Es ging an {naam}:", "other placeholders"),
    ("Es ging an {name}:", "Es ging an {name:", "broken placeholder"),
    ("die Seite</a>.", "die Seite.", "other markup"),
    ('<a href=\\"%(url)s\\">die', '<a href=\\"/x/%(url)s\\">die', "other markup"),
    ("Es ging an {name}:", " Es ging an {name}:", "other blanks at the edge"),
    ("Es ging an {name}:", "Es ging an {name}", "another sign at the end"),
    ("die Seite</a>.", "die Seite</a>?", "another sign at the end"),
    ('msgstr[1] "%(count)s Zeilen"\n', "", "has 1 plural forms instead of 2"),
    ('msgstr[1] "%(count)s Zeilen"', 'msgstr[1] ""', "missing"),
    ("nplurals=2", "nplurals=3", "has 2 plural forms instead of 3"),
    ('msgstr "Es ging an {name}:"', 'msgstr ""', "missing"),
    ("#, python-brace-format\n", "#, fuzzy, python-brace-format\n", "guessed"),
    ('Zeilen"\n', 'Zeilen"\n\n#~ msgid "Old"\n#~ msgstr "Alt"\n', "obsolete"),
]


def test_a_catalogue_without_faults_has_none() -> None:
    assert catalogues.faults(polib.pofile(_WHOLE.strip())) == []


@pytest.mark.parametrize(("before", "after", "kind"), _PLANTED)
def test_each_kind_of_fault_is_found(before: str, after: str, kind: str) -> None:
    assert before in _WHOLE
    found = catalogues.faults(polib.pofile(_WHOLE.replace(before, after).strip()))
    assert [fault.split(":")[0] for fault in found] == [kind]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_texts(language: str) -> None:
    def ids(name: str) -> set[tuple[str, str | None]]:
        return {(entry.msgid, entry.msgctxt) for entry in po(name) if not entry.obsolete}

    assert ids(language) == ids("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_texts_equal_their_source(language: str) -> None:
    compiled = polib.mofile(str(catalogue(language).with_suffix(".mo")))
    translated = {(e.msgid, e.msgctxt): (e.msgstr, e.msgstr_plural) for e in po(language).translated_entries()}
    assert {(e.msgid, e.msgctxt): (e.msgstr, e.msgstr_plural) for e in compiled} == translated, "run `make messages`"


def gettext_calls() -> list[tuple[str, ast.Call]]:
    return [
        (source.where(path, node.lineno), node)
        for path in source.modules().values()
        if "migrations" not in path.parts
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Call)
        and (node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")) in FUNCTIONS
    ]


def test_no_text_is_put_together_before_it_is_translated() -> None:
    wrong = [
        place
        for place, call in gettext_calls()
        for argument in call.args
        if isinstance(argument, ast.JoinedStr | ast.BinOp)
        or (isinstance(argument, ast.Call) and getattr(argument.func, "attr", "") == "format")
    ]
    assert wrong == []


def test_no_text_is_filled_in_while_modules_are_loaded() -> None:
    """A lazy text becomes words when its values are filled in: at import that is in the language of no reader."""
    wrong = []
    for path in source.modules().values():
        inside = {
            id(one)
            for function in ast.walk(source.tree(path))
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            for one in ast.walk(function)
        }
        for node in ast.walk(source.tree(path)):
            filled = node.left if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) else None
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "format":
                filled = node.func.value  # type: ignore[attr-defined]
            is_text = isinstance(filled, ast.Call) and ast.unparse(filled.func).split(".")[-1] in FUNCTIONS
            if is_text and id(node) not in inside:
                wrong.append(source.where(path, node.lineno))  # type: ignore[attr-defined]
    assert wrong == []


def test_placeholders_are_named() -> None:
    wrong = []
    for place, call in gettext_calls():
        for argument in call.args:
            if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
                continue
            found = [match for match in catalogues.PERCENT.finditer(argument.value) if match[2] != "%"]
            anonymous = [match[0] for match in found if not match[1]]
            if anonymous or "{}" in argument.value:
                wrong.append((place, argument.value))
    assert wrong == []


def test_blocks_of_text_are_trimmed() -> None:
    wrong = [
        (name, tag)
        for name, path in source.templates().items()
        for tag in re.findall(r"{%\s*blocktrans(?:late)?\b[^%]*%}", path.read_text("utf-8"))
        if not re.search(r"\btrimmed\b", tag)
    ]
    assert wrong == []


def test_every_sentence_of_the_core_can_be_translated() -> None:
    tables = [*(table for _, table in reference.core_tables()), messages.FIELD_NAMES, messages.FILE_KINDS]
    marked = {
        call.args[0].value
        for _, call in gettext_calls()
        if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }
    assert {text for table in tables for text in table.values()} - marked == set()


_CALL = re.compile(r"\b(n?p?gettext|_)\(\s*")
_LITERAL = re.compile(r"""u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")\s*,?\s*""")


def texts_of_sources() -> set[tuple[str, str | None]]:
    """This will give every text that the sources translate, with its context: those of modules and of templates."""
    found: set[tuple[str, str | None]] = set()
    for _place, call in gettext_calls():
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        parts = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        found |= _text(name, parts)
    for path in source.templates().values():
        as_code = templatize(path.read_text("utf-8"), origin=str(path))
        for match in _CALL.finditer(as_code):
            parts, place = [], match.end()
            while literal := _LITERAL.match(as_code, place):
                parts.append(ast.literal_eval(literal[1]))
                place = literal.end()
            found |= _text(match[1], parts)
    return found


def _text(function: str, parts: list[str]) -> set[tuple[str, str | None]]:
    has_context = "p" in function.removeprefix("n")[:1] or function.startswith("npgettext")
    if len(parts) <= has_context or not parts[has_context]:
        return set()
    return {(parts[1], parts[0])} if has_context else {(parts[0], None)}


def test_the_catalogues_hold_the_texts_of_the_sources_and_no_others() -> None:
    """Somebody ran `make messages`: nothing of the sources is missing, and nothing is left of what was taken out."""
    collected = {(entry.msgid, entry.msgctxt) for entry in po("en")}
    written = texts_of_sources()
    assert len(written) > 1000
    assert sorted(written - collected, key=str) == [], "run `make messages` and translate what is new"
    assert sorted(collected - written, key=str) == [], "run `make messages`: it drops what is no longer used"


@pytest.mark.parametrize("language", COMPLETE)
def test_no_text_of_ours_takes_the_place_of_another_one_of_django(language: str) -> None:
    """Catalogues are laid over one another: our “May” (is allowed to) would become the month on every page."""
    folder = Path(str(django.__file__)).parent / "conf" / "locale"
    theirs = {
        (entry.msgid, entry.msgctxt): entry.msgstr
        for entry in polib.pofile(str(folder / language / "LC_MESSAGES" / "django.po"))
    }
    changed = [
        (entry.msgid, entry.msgstr)
        for entry in po(language)
        if entry.msgstr and theirs.get((entry.msgid, entry.msgctxt), "") not in ("", entry.msgstr)
    ]
    assert changed == [], "give ours a context (pgettext)"
