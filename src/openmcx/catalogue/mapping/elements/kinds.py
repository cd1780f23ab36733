"""What an element of a specification is: its kind, its words, what it may hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

type Text = str | Promise | _StrPromise


class Kind(StrEnum):
    """What sort of value an element holds."""

    LINE = "line"  # language map, one line
    PROSE = "prose"  # language map, paragraphs
    PLAIN = "plain"  # one line that no language changes
    URL = "url"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE = "date"
    MONEY = "money"
    YES_NO = "yes-no"
    CHOICE = "choice"  # one of `choices`
    CHOICES = "choices"  # any of `choices`
    CONCEPT = "concept"  # one term of `vocabulary`
    CONCEPTS = "concepts"  # terms of `vocabulary`, in order
    LANGUAGES = "languages"  # language tags, in order
    ITEMS = "items"  # a list of things that have `parts`


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    value: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element. `name` is the attribute of the core's model; `item` and `parts` describe a list's members."""

    name: str
    label: Text
    kind: Kind
    help: Text = ""
    eu: bool = False  # mandatory in Annex I of the Council Recommendation
    required: bool = False  # the item makes no sense without it
    choices: tuple[Choice, ...] = ()
    vocabulary: str = ""
    convert: type = str  # what a choice's value is in the model
    unit: Text = ""
    minimum: int | None = None
    maximum: int | None = None
    item: type | None = None
    item_label: Text = ""
    add_label: Text = ""
    parts: tuple[Element, ...] = ()
    max_items: int = 60
    together: str = ""  # the field of the form that it shares with its neighbour
    concept: str = ""  # the key of the word that explains it, in openmcx.ui.concepts


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    key: str
    label: Text
    help: Text
    elements: tuple[Element, ...]


def label_of(element: Element, value: object) -> Text:
    """This will give the words for a choice's value; the value itself if the table has no words for it."""
    return next((choice.label for choice in element.choices if choice.value == str(value)), str(value))
