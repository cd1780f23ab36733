"""Looking for a word in the help."""

from __future__ import annotations

from dataclasses import dataclass

from openmcx.ui.concepts import GROUPS, Concept, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundGroup:
    """The concepts of one group that were looked for."""

    key: str
    title: Text
    concepts: tuple[Concept, ...]


def find_concepts(words: str = "") -> tuple[FoundGroup, ...]:
    """This will list the concepts that hold all of the words, in the language that is active now or by their keys."""
    wanted = words.casefold().split()[:10]
    found = (
        FoundGroup(
            key=group.key, title=group.title, concepts=tuple(one for one in group.concepts if _fits(one, wanted))
        )
        for group in GROUPS
    )
    return tuple(group for group in found if group.concepts)


def _fits(concept: Concept, wanted: list[str]) -> bool:
    text = f"{concept.key} {concept.term} {concept.question} {concept.text} {concept.glossary}".casefold()
    return all(word in text for word in wanted)
