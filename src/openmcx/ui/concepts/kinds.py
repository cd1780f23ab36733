"""What an explanation is."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

type Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One word and its meaning. `question` is what the button beside the word says to those who do not see it."""

    key: str
    term: Text
    question: Text
    text: Text
    glossary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Words that belong together."""

    key: str
    title: Text
    concepts: tuple[Concept, ...]
