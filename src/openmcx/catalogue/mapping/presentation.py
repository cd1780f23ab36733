"""A specification in words: the rows that pages, previews, differences and conflict pages show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from openmcx.catalogue.mapping.elements import SECTIONS, Element, Kind, Section, label_of
from openmcx.catalogue.mapping.languages import language_name
from openmcx.catalogue.rules import plain
from openmcx.credentials.formats import vocabularies
from openmcx.credentials.model import Achievement, Concept, LangText, Money, Skill


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in one language ("" if no language changes it), perhaps a link."""

    text: str
    lang: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    element: Element
    lines: tuple[Line, ...] = ()
    items: tuple[tuple[Row, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PresentedSection:
    section: Section
    rows: tuple[Row, ...]


def present(
    achievement: Achievement, languages: Iterable[str], *, leave_out: frozenset[str] = frozenset()
) -> tuple[PresentedSection, ...]:
    """This will give what is stated, section by section, each text in the first of `languages` there is."""
    wanted = tuple(languages)
    sections = []
    for section in SECTIONS:
        rows = tuple(
            row
            for element in section.elements
            if element.name not in leave_out
            for row in (_row(element, getattr(achievement, element.name), wanted),)
            if row.lines or row.items
        )
        if rows:
            sections.append(PresentedSection(section, rows))
    return tuple(sections)


def row(element: Element, value: Any) -> Row:
    """This will give one element with its texts in every language they have."""
    return _row(element, value, None)


def _row(element: Element, value: Any, languages: tuple[str, ...] | None) -> Row:
    if element.kind is not Kind.ITEMS:
        return Row(element, tuple(lines(element, value, languages)))
    if element.item is Skill:
        # A skill is known by its name; the address behind it is what the link is for.
        named = (line for skill in value for line in _skill(skill, languages))
        return Row(element, tuple(named))
    items = []
    for item in value:
        rows = (_row(part, getattr(item, part.name), languages) for part in element.parts)
        items.append(tuple(row for row in rows if row.lines or row.items))
    return Row(element, items=tuple(items))


def _skill(skill: Skill, languages: tuple[str, ...] | None) -> list[Line]:
    tags = list(skill.label) if languages is None else [skill.label.best_tag(*languages)]
    framework = "" if skill.framework in ("", "ESCO") else f" ({' '.join((skill.framework, skill.code)).strip()})"
    return [Line(f"{skill.label.get(tag, skill.iri)}{framework}", tag, web_address(skill.iri)) for tag in tags]


def lines(element: Element, value: Any, languages: tuple[str, ...] | None) -> list[Line]:
    """This will put one value into words; `languages` None gives a text in every language it has."""
    if value is None or value == "" or value == ():
        return []
    if isinstance(value, LangText):
        if languages is None:
            return [Line(text, tag) for tag, text in value.items()]
        return [Line(value.best(*languages), value.best_tag(*languages))] if value else []
    if element.kind is Kind.CONCEPTS:
        return [_concept(one, languages) for one in value]
    if element.kind is Kind.CONCEPT:
        return [_concept(value, languages)] if value.iri or value.label else []
    if element.kind is Kind.LANGUAGES:
        return [Line(language_name(tag)) for tag in value]
    if element.kind is Kind.CHOICES:
        return [Line(str(label_of(element, one))) for one in value]
    if element.kind is Kind.CHOICE:
        return [Line(str(label_of(element, value)))]
    if element.kind is Kind.URL:
        return [Line(str(value), url=web_address(str(value)))]
    return [Line(_scalar(element, value))]


def _scalar(element: Element, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Money):
        return f"{formats.number_format(value.amount, decimal_pos=2)} {value.currency}"
    if isinstance(value, Decimal | int):
        number = formats.number_format(plain(value))
        return f"{number} {element.unit}" if element.unit else str(number)
    if isinstance(value, dt.date):
        return str(formats.date_format(value))
    return str(value)


def _concept(concept: Concept, languages: tuple[str, ...] | None) -> Line:
    wanted = languages or ()
    names = vocabularies.names(concept)
    text = names.best(*wanted) or concept.iri
    return Line(text, names.best_tag(*wanted), web_address(concept.iri))


def web_address(text: str) -> str:
    """This will give `text` back if it may be linked to; "" for anything but http and https."""
    return text if text.startswith(("https://", "http://")) else ""
