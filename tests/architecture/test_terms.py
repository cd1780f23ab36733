"""The terms of the field: fixed in four languages, shown in the glossary, and kept by every translation."""

import json
import re
from pathlib import Path
from typing import Any

import polib
import pytest

from scripts import terms
from tests.architecture import catalogues, source

TERMS, EXCEPTIONS = terms.load()
# What course descriptions also say in an everyday sense: “recognise damage”, “life cycle assessment”.
EVERYDAY = {"assessment", "learner", "recognition", "skill", "supervision and identity verification"}
_NO_WORDS = re.compile(r"\{[^{}]*\}|%\(\w+\)[a-z]|<[^<>]*>|https?://\S+")


def deviations(texts: polib.POFile, language: str) -> list[tuple[str, str, str]]:
    """This will list the translations that lack the form of a term that their English text has."""
    found = []
    for entry in texts:
        english = _NO_WORDS.sub("", f"{entry.msgid} {entry.msgid_plural}")
        for term in TERMS:
            if not term.pattern.search(english) or (entry.msgid, term.en) in EXCEPTIONS:
                continue
            for form in filter(None, catalogues.forms(entry)):
                if not any(one in form.casefold() for one in term.forms[language]):
                    found.append((term.en, entry.msgid, form))
    return found


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(source.ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))


@pytest.mark.parametrize("language", terms.LANGUAGES)
def test_translations_use_the_fixed_terms(language: str) -> None:
    assert deviations(catalogue(language), language) == []


def said_by_the_demo(language: str) -> polib.POFile:
    """What the demo network says in English and in another language, as a catalogue."""
    texts = polib.POFile()
    waiting: list[Any] = [
        json.loads(path.read_text("utf-8")) for path in sorted((source.PACKAGE / "demo" / "data").rglob("*.json"))
    ]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            if isinstance(found.get("en"), str) and isinstance(found.get(language), str):
                texts.append(polib.POEntry(msgid=found["en"], msgstr=found[language]))
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found
    return texts


@pytest.mark.parametrize("language", terms.LANGUAGES)
def test_the_demo_uses_the_fixed_terms(language: str) -> None:
    said = said_by_the_demo(language)
    assert len(said) > 50
    assert [one for one in deviations(said, language) if one[0] not in EVERYDAY] == []


@pytest.mark.parametrize("language", terms.LANGUAGES)
def test_labels_of_vocabularies_use_the_fixed_terms(language: str) -> None:
    """They are our own translations; docs/reference/vocabularies.md says that single words come from official texts."""
    labels = json.loads((source.PACKAGE / "credentials/formats/vocabularies/labels.json").read_text("utf-8"))[language]
    texts = polib.POFile()
    for english, label in labels.items():
        texts.append(polib.POEntry(msgid=english, msgstr=label))
    assert len(texts) > 200
    assert deviations(texts, language) == []


@pytest.mark.parametrize("language", terms.LANGUAGES)
def test_another_word_for_a_term_is_found(language: str) -> None:
    texts = polib.POFile()
    for term in TERMS:
        texts.append(polib.POEntry(msgid=f"About the {term.en}.", msgstr="Bla."))
    missed = {term.en for term in TERMS} - {term for term, _english, _form in deviations(texts, language)}
    assert missed == set()


def test_the_names_of_a_term_are_forms_of_it() -> None:
    wrong = [
        (term.en, language, name)
        for term in TERMS
        for language, names in term.names.items()
        for name in names.split(", ")
        if not any(form.strip() in name.casefold() for form in term.forms[language])
    ]
    assert wrong == []


def test_recognition_is_not_credit() -> None:
    named = {term.en: term for term in TERMS}
    recognition, credit = named["recognition"], named["credit towards a programme"]
    assert (recognition.names["de"], credit.names["de"]) == ("Anerkennung", "Anrechnung")
    assert not set(recognition.forms["de"]) & set(credit.forms["de"])
    assert not set(recognition.forms["fi"]) & set(credit.forms["fi"])


def test_every_exception_is_of_use() -> None:
    texts = {entry.msgid for entry in catalogue("en")}
    named = {term.en for term in TERMS}
    assert [one for one in EXCEPTIONS if one[0] not in texts or one[1] not in named] == []


def test_the_glossary_shows_the_terms_of_today() -> None:
    assert Path(terms.PAGE).read_text("utf-8") == terms.page(), "run .venv/bin/python scripts/terms.py"
