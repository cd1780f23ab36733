"""The stored content ⇄ the core's model: our specification JSON, its digest, the languages of its texts."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from openmcx.catalogue.mapping.elements import ELEMENTS
from openmcx.credentials.formats import specification
from openmcx.credentials.formats.specification import SpecificationError
from openmcx.credentials.jsonld import jcs
from openmcx.credentials.model import Achievement, Concept, LangText, Organisation, Skill

__all__ = [
    "NOT_STATED",
    "SpecificationError",
    "digest",
    "element_digests",
    "from_content",
    "languages_of",
    "map_texts",
    "missing_translations",
    "name_language",
    "to_content",
    "without_language",
]

NOT_STATED = "und"


def to_content(achievement: Achievement) -> dict[str, Any]:
    """This will give the JSON that is stored and exported."""
    return specification.write(achievement)


def from_content(content: Mapping[str, Any]) -> Achievement:
    """This will read stored JSON.

    Raises: SpecificationError with every finding, if it is not our specification JSON.
    """
    return specification.read(content)


def digest(content: Mapping[str, Any]) -> str:
    """This will give SHA-256 over the JCS form, in hexadecimal.

    Source: RFC 8785.
    """
    return hashlib.sha256(jcs(content)).hexdigest()


def element_digests(achievement: Achievement, names: Iterable[str]) -> dict[str, str]:
    """This will give a short digest of each element's value, by which two authors' work is told apart.

    It is taken over the JCS form, so that the order of languages in a text and zeros after a comma are no change.
    """
    written = to_content(achievement)
    return {name: hashlib.sha256(jcs(written.get(name))).hexdigest()[:16] for name in names}


def map_texts(value: Any, change: Callable[[LangText], LangText]) -> Any:
    """This will apply `change` to every text an author writes.

    The words of others are left alone: terms of vocabularies, skills that a framework names, organisations.
    """
    if isinstance(value, LangText):
        return change(value)
    if isinstance(value, tuple):
        return tuple(map_texts(item, change) for item in value)
    if isinstance(value, Skill) and value.iri:
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type | Concept | Organisation):
        changed = {
            field.name: map_texts(getattr(value, field.name), change)
            for field in dataclasses.fields(value)
            if isinstance(getattr(value, field.name), LangText | tuple)
            or dataclasses.is_dataclass(getattr(value, field.name))
        }
        return dataclasses.replace(value, **changed)
    return value


def languages_of(achievement: Achievement) -> list[str]:
    """This will list the language tags of the authors' texts, the title's first."""
    tags = dict.fromkeys(achievement.title)

    def note(text: LangText) -> LangText:
        tags.update(dict.fromkeys(text))
        return text

    for name in ELEMENTS:
        map_texts(getattr(achievement, name), note)
    return list(tags)


def name_language(achievement: Achievement, language: str) -> Achievement:
    """This will give texts of unstated language the tag `language`, unless they have a text in it."""

    def change(text: LangText) -> LangText:
        if NOT_STATED not in text:
            return text
        return LangText({language if tag == NOT_STATED else tag: words for tag, words in text.items()}).merged(
            {language: text[language]} if language in text else {}
        )

    changed: Achievement = map_texts(achievement, change)
    return changed


def without_language(achievement: Achievement, language: str) -> Achievement:
    """This will remove the texts in `language`; a text that exists in no other language stays."""

    def change(text: LangText) -> LangText:
        return LangText({tag: words for tag, words in text.items() if tag != language}) or text

    changed: Achievement = map_texts(achievement, change)
    return changed


def missing_translations(achievement: Achievement, languages: Iterable[str]) -> dict[str, list[str]]:
    """This will name, by language, the elements that have a text in another language but not in this one."""
    missing: dict[str, list[str]] = {language: [] for language in languages}
    for name in ELEMENTS:
        texts: list[LangText] = []

        def note(text: LangText, texts: list[LangText] = texts) -> LangText:
            texts.append(text)
            return text

        map_texts(getattr(achievement, name), note)
        for language, names in missing.items():
            if any(text and language not in text for text in texts):
                names.append(name)
    return {language: names for language, names in missing.items() if names}
