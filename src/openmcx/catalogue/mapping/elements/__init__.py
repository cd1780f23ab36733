"""The elements of a specification, once: forms, pages, differences and the task list are all made from this table."""

from openmcx.catalogue.mapping.elements.choices import EQF_LEVELS, PARTICIPATION
from openmcx.catalogue.mapping.elements.kinds import Choice, Element, Kind, Section, Text, label_of
from openmcx.catalogue.mapping.elements.sections import SECTIONS

__all__ = [
    "ELEMENTS",
    "EQF_LEVELS",
    "PARTICIPATION",
    "SECTIONS",
    "SECTION_BY_KEY",
    "SECTION_OF",
    "Choice",
    "Element",
    "Kind",
    "Section",
    "Text",
    "label_of",
]

SECTION_BY_KEY = {section.key: section for section in SECTIONS}
ELEMENTS: dict[str, Element] = {element.name: element for section in SECTIONS for element in section.elements}
SECTION_OF: dict[str, Section] = {element.name: section for section in SECTIONS for element in section.elements}
