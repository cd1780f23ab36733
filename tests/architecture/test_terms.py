"""The terms of the field: fixed in four languages, shown in the glossary, and kept by every translation."""

import re
from pathlib import Path

import polib
import pytest

from scripts import terms
from tests.architecture import catalogues, source

TERMS, EXCEPTIONS = terms.load()
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
