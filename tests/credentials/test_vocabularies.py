"""The controlled vocabularies, and what their terms are called in the reader's language."""

import pytest

from openmcx.credentials.formats import vocabularies
from openmcx.credentials.formats.vocabularies import Vocabulary
from openmcx.credentials.model import Concept, LangText

TRANSLATED: tuple[Vocabulary, ...] = (
    "accreditation",
    "assessment",
    "credit",
    "eqf",
    "isced-f",
    "learning-activity",
    "learning-opportunity",
    "learning-setting",
    "mode",
    "supervision",
    "target-group",
)
FIELD = "http://data.europa.eu/snb/isced-f/0541"


@pytest.mark.parametrize("vocabulary", TRANSLATED)
def test_every_term_has_a_name_in_four_languages(vocabulary: Vocabulary) -> None:
    nameless = [
        (one.iri, tag)
        for one in vocabularies.concepts(vocabulary)
        for tag in ("en", "de", "es", "fi")
        if not vocabularies.names(one).get(tag)
    ]
    assert nameless == []


def test_what_is_signed_has_the_publishers_labels_only() -> None:
    assert {tag for name in TRANSLATED for one in vocabularies.concepts(name) for tag in one.label} == {"en"}


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ({}, "Mathematik"),
        ({"en": "Mathematics"}, "Mathematik"),
        ({"en": "mathematics", "de": "Mathe"}, "Mathe"),
        ({"en": "Medicine"}, "Medicine"),
        ({"fi": "Matematiikka"}, "Matematiikka"),
    ],
)
def test_a_document_that_names_a_term_itself_is_taken_at_its_word(label: dict[str, str], shown: str) -> None:
    assert vocabularies.names(Concept(iri=FIELD, label=LangText(label))).best("de") == shown


def test_a_term_of_elsewhere_keeps_its_own_name() -> None:
    own = Concept(iri="https://example.org/field", label=LangText({"en": "Mathematics"}))
    assert vocabularies.names(own) == own.label
