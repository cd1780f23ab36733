"""Texts: German, Spanish and Finnish are complete, and every text can be translated as a whole sentence."""

import ast
import re
import string
from collections import Counter
from pathlib import Path

import polib
import pytest

from tests.architecture import source

LANGUAGES = ("en", "de", "es", "fi")
COMPLETE = ("de", "es", "fi")
FUNCTIONS = {
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy",
    "npgettext", "npgettext_lazy",
}  # fmt: skip
PERCENT = re.compile(r"%(?:\((\w+)\))?[#0\- +]*\d*(?:\.\d+)?([sdifr%])")


def po(language: str) -> polib.POFile:
    return polib.pofile(str(catalogue(language)))


def catalogue(language: str) -> Path:
    return source.ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def placeholders(entry: polib.POEntry, text: str) -> Counter[str]:
    """This will count the placeholders of a text, in the style that its entry is marked with."""
    if "python-brace-format" in entry.flags:
        return Counter(name for _, name, _, _ in string.Formatter().parse(text) if name)
    return Counter(match[0] for match in PERCENT.finditer(text) if match[2] != "%")


@pytest.mark.parametrize("language", COMPLETE)
def test_no_text_is_missing_or_guessed(language: str) -> None:
    texts = po(language)
    missing = [entry.msgid for entry in texts.untranslated_entries()]
    assert (missing, [entry.msgid for entry in texts.fuzzy_entries()]) == ([], [])


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


@pytest.mark.parametrize("language", COMPLETE)
def test_translations_keep_the_placeholders(language: str) -> None:
    wrong = []
    for entry in po(language).translated_entries():
        if not {"python-format", "python-brace-format"} & set(entry.flags):
            continue
        wanted = placeholders(entry, entry.msgid)
        plural = placeholders(entry, entry.msgid_plural)
        for form in [entry.msgstr] if entry.msgstr else entry.msgstr_plural.values():
            if placeholders(entry, form) not in (wanted, plural):
                wrong.append((entry.msgid, form))
    assert wrong == []


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


def test_placeholders_are_named() -> None:
    wrong = []
    for place, call in gettext_calls():
        for argument in call.args:
            if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
                continue
            found = [match for match in PERCENT.finditer(argument.value) if match[2] != "%"]
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


def test_texts_of_the_sources_are_collected() -> None:
    """What the Python sources translate stands in the catalogues: somebody ran `make messages`."""
    collected = {entry.msgid for entry in po("en")}
    wrong = []
    for place, call in gettext_calls():
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        index = 1 if name.startswith(("pgettext", "npgettext")) else 0
        if len(call.args) > index and isinstance(call.args[index], ast.Constant):
            text = call.args[index].value  # type: ignore[attr-defined]
            if isinstance(text, str) and text and text not in collected:
                wrong.append((place, text))
    assert wrong == [], "run `make messages` and translate what is new"
