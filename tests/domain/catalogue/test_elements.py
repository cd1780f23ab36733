"""The table of elements and the core's model describe the same thing."""

import dataclasses
from collections.abc import Iterator

import pytest

from openmcx.catalogue.mapping.elements import ELEMENTS, SECTIONS, Element, Kind
from openmcx.credentials.formats import vocabularies
from openmcx.credentials.model import Achievement


def all_elements(elements: tuple[Element, ...] = tuple(ELEMENTS.values())) -> Iterator[Element]:
    for element in elements:
        yield element
        yield from all_elements(element.parts)


def test_every_attribute_of_an_achievement_can_be_edited() -> None:
    attributes = {field.name for field in dataclasses.fields(Achievement)}
    given_at_publication = {"id", "awarding_body", "version"}
    assert set(ELEMENTS) == attributes - given_at_publication


def test_no_element_stands_in_two_sections() -> None:
    names = [element.name for section in SECTIONS for element in section.elements]
    assert len(names) == len(set(names)) == len(ELEMENTS)


@pytest.mark.parametrize("element", [one for one in all_elements() if one.kind is Kind.ITEMS], ids=lambda one: one.name)
def test_parts_of_an_item_are_the_attributes_of_its_class(element: Element) -> None:
    assert element.item is not None
    assert {part.name for part in element.parts} == {field.name for field in dataclasses.fields(element.item)}


@pytest.mark.parametrize("element", [one for one in all_elements() if one.vocabulary], ids=lambda one: one.name)
def test_vocabularies_have_terms(element: Element) -> None:
    assert vocabularies.concepts(element.vocabulary)  # type: ignore[arg-type]


@pytest.mark.parametrize("element", [one for one in all_elements() if one.choices], ids=lambda one: one.name)
def test_choices_become_values_of_the_model(element: Element) -> None:
    values = [element.convert(choice.value) for choice in element.choices]
    assert [str(value) for value in values] == [choice.value for choice in element.choices]
