"""The controlled vocabularies of the European Learning Model: what may be chosen, and what it is called.

Source: Publications Office of the EU, Europass vocabularies; SOURCE.txt in this folder.
"""

import json
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal, cast

from openmcx.credentials.model import Concept, LangText, LearningType, Participation, Supervision

Vocabulary = Literal[
    "accreditation",
    "assessment",
    "country",
    "credit",
    "currency",
    "eqf",
    "isced-f",
    "language",
    "learning-activity",
    "learning-opportunity",
    "learning-setting",
    "mode",
    "nqf",
    "supervision",
    "target-group",
]

_FILES: dict[str, tuple[str, ...]] = {
    "accreditation": ("europass-accreditation-types",),
    "assessment": ("europass-learning-assessment-types",),
    "country": ("country",),
    "credit": ("credit-points",),
    "currency": ("currency",),
    "eqf": ("eqf",),
    "isced-f": ("isced-f",),
    "language": ("language",),
    "learning-activity": ("europass-learning-activity-types",),
    "learning-opportunity": ("europass-learning-opportunity-types",),
    "learning-setting": ("europass-learning-setting-types",),
    "mode": ("europass-modes", "learning-assessment-extra"),
    "nqf": ("nqf",),
    "supervision": ("supervision-verification",),
    "target-group": ("europass-target-groups",),
}

_SNB = "http://data.europa.eu/snb/"
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
ECTS = f"{_SNB}education-credit/6fcec5c5af"
ESCO_SKILLS = "http://data.europa.eu/esco/concept-scheme/skills"

PARTICIPATION: MappingProxyType[Participation, str] = MappingProxyType(
    {
        Participation.ONLINE: f"{_SNB}learning-assessment/920fbb3cbe",
        Participation.ONSITE: f"{_SNB}learning-assessment/9191af2ed9",
        Participation.BLENDED: f"{_SNB}learning-assessment/e92d221e4d",
        Participation.HYBRID: f"{_SNB}learning-assessment/c_3a90b26d",
        Participation.WORK_BASED: f"{_SNB}learning-assessment/729f3bed4b",
    }
)
# The fourth value, supervised without verification, is not in the lists we have: it is written by its name alone.
SUPERVISION: MappingProxyType[Supervision, str] = MappingProxyType(
    {
        Supervision.UNSUPERVISED_UNVERIFIED: f"{_SNB}supervision-verification/c598449d64",
        Supervision.UNSUPERVISED_VERIFIED: f"{_SNB}supervision-verification/df2880c5cb",
        Supervision.SUPERVISED_VERIFIED: f"{_SNB}supervision-verification/70be69aaf9",
    }
)
# Informal learning is not in the Europass list: it is written by its name alone.
LEARNING_TYPE: MappingProxyType[LearningType, str] = MappingProxyType(
    {
        LearningType.FORMAL: f"{_SNB}learning-setting/6fd4685715",
        LearningType.NON_FORMAL: f"{_SNB}learning-setting/e207a81fc7",
    }
)


@cache
def concepts(vocabulary: Vocabulary) -> tuple[Concept, ...]:
    """This will give the terms of a vocabulary in its own order, with the labels there are (English).

    Raises: KeyError when there is no such vocabulary.
    """
    found = []
    for name in _FILES[vocabulary]:
        table = json.loads(_read(name))
        for entry in table["concepts"]:
            label = LangText({"en": entry["label"]})
            found.append(Concept(iri=entry["id"], label=label, scheme=table["scheme"]))
    return tuple(found)


@cache
def _by_iri(vocabulary: Vocabulary) -> dict[str, Concept]:
    return {concept.iri: concept for concept in concepts(vocabulary)}


def concept(vocabulary: Vocabulary, iri: str) -> Concept | None:
    """This will give the term of a vocabulary that an IRI names, or None."""
    return _by_iri(vocabulary).get(iri)


@cache
def _names() -> dict[str, LangText]:
    """The names of the terms of every vocabulary in the languages we have them in."""
    translations: dict[str, dict[str, str]] = json.loads(_read("labels"))
    found: dict[str, LangText] = {}
    for vocabulary in _FILES:
        if vocabulary in {"country", "currency", "language"}:  # named elsewhere, by their codes
            continue
        for term in concepts(cast("Vocabulary", vocabulary)):
            english = term.label.get("en", "")
            ours = {tag: names[english] for tag, names in translations.items() if english in names}
            found[term.iri] = LangText({**term.label, **ours})
    return found


def names(concept: Concept) -> LangText:
    """This will give what a term is called, for people to read: by its own labels, and where it has none in a
    language by our translation of the vocabulary's.

    A document that calls the term otherwise than its vocabulary does is taken at its word. For display only: what is
    signed holds the labels that the vocabulary's publisher gives.
    """
    known = _names().get(concept.iri)
    if known is None or (concept.label and concept.label.get("en", "").casefold() != known["en"].casefold()):
        return concept.label
    return known.merged(concept.label)


def eqf_iri(level: int) -> str:
    """This will give the IRI of an EQF level, 1 to 8."""
    return f"{_SNB}eqf/{level}"


def eqf_level(iri: str) -> int | None:
    """This will give the EQF level that an IRI names, or None."""
    level = iri.removeprefix(f"{_SNB}eqf/")
    return int(level) if level in tuple("12345678") else None


@cache
def _codes() -> dict[str, dict[str, str]]:
    codes: dict[str, dict[str, str]] = json.loads(_read("codes"))
    return codes


@cache
def _code_of(table: str) -> dict[str, str]:
    return {code: short for short, code in _codes()[table].items()}


def country_iri(alpha2: str) -> str | None:
    """This will give the authority IRI of an ISO 3166-1 alpha-2 country code, or None."""
    code = _codes()["countries"].get(alpha2.upper())
    return f"{_AUTHORITY}country/{code}" if code else None


def country_code(iri: str) -> str | None:
    """This will give the ISO 3166-1 alpha-2 code of a country's authority IRI, or None."""
    return _code_of("countries").get(iri.removeprefix(f"{_AUTHORITY}country/"))


def language_iri(tag: str) -> str | None:
    """This will give the authority IRI of a two-letter language tag, or None (a tag with a region has none)."""
    code = _codes()["languages"].get(tag)
    return f"{_AUTHORITY}language/{code}" if code else None


def language_tag(iri: str) -> str | None:
    """This will give the two-letter language tag of a language's authority IRI, or None."""
    return _code_of("languages").get(iri.removeprefix(f"{_AUTHORITY}language/"))


def currency_iri(code: str) -> str:
    """This will give the authority IRI of an ISO 4217 currency code."""
    return f"{_AUTHORITY}currency/{code}"


def currency_code(iri: str) -> str | None:
    """This will give the ISO 4217 code of a currency's authority IRI, or None."""
    code = iri.removeprefix(f"{_AUTHORITY}currency/")
    return code if code != iri else None


def _read(name: str) -> str:
    return resources.files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8")
