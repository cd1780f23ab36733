"""What changed between two specifications, element by element, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from openmcx.catalogue.mapping.elements import SECTIONS, Element, Kind, Section
from openmcx.catalogue.mapping.languages import language_name
from openmcx.catalogue.mapping.presentation import lines
from openmcx.credentials.model import Achievement, LangText

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_TOKENS = 3000  # beyond it, comparing word by word costs more than it tells
_ALIKE = 0.5


class Nature(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text: kept, inserted or deleted."""

    operation: str  # "keep" | "insert" | "delete"
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `where` is the way to the value in words, `segments` the text with what came and went."""

    section: Section
    element: str
    where: str
    nature: Nature
    before: str = ""
    after: str = ""
    lang: str = ""
    segments: tuple[Segment, ...] = ()


def compare(before: Achievement, after: Achievement) -> list[Change]:
    """This will list every change in the order of the form; an empty list says that nothing differs."""
    found: list[Change] = []
    for section in SECTIONS:
        for element in section.elements:
            finder = _Finder(section, element.name)
            found += finder.value(
                element, str(element.label), getattr(before, element.name), getattr(after, element.name)
            )
    return found


def segments(before: str, after: str) -> tuple[Segment, ...]:
    """This will cut two texts into what was kept, deleted and inserted, word by word."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) > _MOST_TOKENS or len(new) > _MOST_TOKENS:
        return (Segment("delete", before), Segment("insert", after))
    words = SequenceMatcher(
        None, [one for one in old if one.strip()], [one for one in new if one.strip()], autojunk=False
    )
    if words.ratio() < _ALIKE / 2:
        # Two texts that share next to nothing read better one after the other.
        return tuple(Segment(*one) for one in (("delete", before), ("insert", after)) if one[1])
    found: list[Segment] = []
    for operation, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation == "equal":
            found.append(Segment("keep", "".join(old[i1:i2])))
            continue
        if i1 != i2:
            found.append(Segment("delete", "".join(old[i1:i2])))
        if j1 != j2:
            found.append(Segment("insert", "".join(new[j1:j2])))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Finder:
    section: Section
    name: str

    def value(self, element: Element, where: str, before: Any, after: Any) -> Iterator[Change]:
        if before == after:
            return
        if isinstance(before, LangText) and isinstance(after, LangText):
            for tag in dict.fromkeys((*before, *after)):
                place = f"{where} ({language_name(tag)})"
                yield from self.text(place, before.get(tag, ""), after.get(tag, ""), tag)
        elif element.kind is Kind.ITEMS:
            yield from self.items(element, where, before, after)
        elif isinstance(before, tuple) and isinstance(after, tuple):
            yield from self.members(element, where, before, after)
        else:
            yield from self.text(where, _words(element, before), _words(element, after), "")

    def text(self, where: str, before: str, after: str, lang: str) -> Iterator[Change]:
        if before == after:
            return
        if not before or not after:
            nature = Nature.ADDED if after else Nature.REMOVED
            pieces: tuple[Segment, ...] = (Segment("insert" if after else "delete", after or before),)
        else:
            nature, pieces = Nature.CHANGED, segments(before, after)
        yield Change(self.section, self.name, where, nature, before, after, lang, pieces)

    def members(self, element: Element, where: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Change]:
        for one in before:
            if one not in after:
                yield from self.text(where, _words(element, (one,)), "", "")
        for one in after:
            if one not in before:
                yield from self.text(where, "", _words(element, (one,)), "")
        kept_before = [one for one in before if one in after]
        kept_after = [one for one in after if one in before]
        if kept_before != kept_after:
            old, new = _words(element, tuple(before)), _words(element, tuple(after))
            yield Change(self.section, self.name, where, Nature.MOVED, old, new)

    def items(self, element: Element, where: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Change]:
        pairs = _pair(before, after)
        old_places = [i for i, _j in sorted(pairs, key=lambda pair: pair[1])]
        stayed = _longest_rising(old_places)
        for i, item in enumerate(before):
            if all(i != pair[0] for pair in pairs):
                yield from self.whole(element, where, item, i, Nature.REMOVED)
        by_new = {j: i for i, j in pairs}
        for j, item in enumerate(after):
            if j not in by_new:
                yield from self.whole(element, where, item, j, Nature.ADDED)
                continue
            i = by_new[j]
            place = _place(element, j)
            if i not in stayed:
                sentence = _("Moved from place %(before)s to place %(after)s.") % {"before": i + 1, "after": j + 1}
                yield Change(self.section, self.name, place, Nature.MOVED, after=sentence)
            for part in element.parts:
                old, new = getattr(before[i], part.name), getattr(item, part.name)
                yield from self.value(part, f"{place} › {part.label}", old, new)

    def whole(self, element: Element, where: str, item: Any, index: int, nature: Nature) -> Iterator[Change]:
        words = "\n".join(_item_words(element, item))
        operation = "insert" if nature is Nature.ADDED else "delete"
        yield Change(
            self.section,
            self.name,
            _place(element, index),
            nature,
            words if nature is Nature.REMOVED else "",
            words if nature is Nature.ADDED else "",
            segments=(Segment(operation, words),),
        )


def _place(element: Element, index: int) -> str:
    return f"{element.item_label} {index + 1}"


def _words(element: Element, value: Any) -> str:
    return ", ".join(line.text for line in lines(element, value, None))


def _item_words(element: Element, item: Any) -> Iterator[str]:
    for part in element.parts:
        value = getattr(item, part.name)
        if part.kind is Kind.ITEMS:
            for inner in value:
                yield f"{part.item_label}: " + "; ".join(_item_words(part, inner))
            continue
        for line in lines(part, value, None):
            language = f" ({language_name(line.lang)})" if isinstance(value, LangText) else ""
            yield f"{part.label}{language}: {line.text}"


def _pair(before: Sequence[Any], after: Sequence[Any]) -> list[tuple[int, int]]:
    """Pair items that are the same thing: equal ones first, then the most alike, so that rewording is no new item."""
    pairs: list[tuple[int, int]] = []
    free_old, free_new = list(range(len(before))), list(range(len(after)))
    for j in list(free_new):
        same = next((i for i in free_old if before[i] == after[j]), None)
        if same is not None:
            pairs.append((same, j))
            free_old.remove(same)
            free_new.remove(j)
    ranked = sorted(
        ((_likeness(before[i], after[j]), -abs(i - j), i, j) for i in free_old for j in free_new), reverse=True
    )
    for likeness, _nearness, i, j in ranked:
        if likeness >= _ALIKE and i in free_old and j in free_new:
            pairs.append((i, j))
            free_old.remove(i)
            free_new.remove(j)
    return pairs


def _likeness(old: Any, new: Any) -> float:
    return SequenceMatcher(None, _TOKEN.findall(_key(old)), _TOKEN.findall(_key(new)), autojunk=False).ratio()


def _key(item: Any) -> str:
    for name in ("iri", "text", "title", "label", "value"):
        value = getattr(item, name, None)
        if isinstance(value, LangText) and value:
            return " ".join(value.values())
        if isinstance(value, str) and value:
            return value
    kind = getattr(item, "kind", "")
    return str(getattr(kind, "iri", kind))


def _longest_rising(places: Sequence[int]) -> set[int]:
    """The items that kept their order; the others were moved. Lists have at most some sixty members."""
    best: list[list[int]] = []
    for index, place in enumerate(places):
        before = [best[k] for k in range(index) if places[k] < place]
        longest_before: list[int] = max(before, key=_length, default=[])
        best.append([*longest_before, place])
    longest: list[int] = max(best, key=_length, default=[])
    return set(longest)


def _length(places: Sequence[int]) -> int:
    return len(places)
