"""What of a specification is searched, folded so that capitals and accents do not matter."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from openmcx.catalogue.mapping.elements import ELEMENTS
from openmcx.credentials.formats import vocabularies
from openmcx.credentials.model import Achievement, LangText

_SEARCHED = ("title", "description", "need", "competences", "target_group_note", "prerequisites", "further_information")
MOST_WORDS = 12


def folded(text: str) -> str:
    """This will give the text in lower case without accents, with single spaces: "Ökologie" as "okologie"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(mark for mark in decomposed if not unicodedata.combining(mark)).split())


def words(text: str) -> list[str]:
    """This will give the different words that are looked for, folded; beyond the twelfth they are left out."""
    return list(dict.fromkeys(folded(text.replace("\x00", " ")).split()))[:MOST_WORDS]


def title_text(achievement: Achievement) -> str:
    """This will give the titles in all languages, folded."""
    return folded(" ".join(achievement.title.values()))


def search_text(achievement: Achievement, institution_names: Iterable[str]) -> str:
    """This will give everything one may search by, folded."""
    texts = [text for name in _SEARCHED for text in _all(getattr(achievement, name))]
    for outcome in achievement.outcomes:
        texts += outcome.text.values()
        for skill in outcome.skills:
            texts += [*skill.label.values(), skill.code]
    for concept in achievement.fields_of_study:
        texts += vocabularies.names(concept).values()
    texts += [identifier.value for identifier in achievement.identifiers]
    return folded(" ".join((*texts, *institution_names)))


def _all(value: LangText) -> list[str]:
    return list(value.values())


assert set(_SEARCHED) <= set(ELEMENTS)  # a renamed element must not silently leave the search
