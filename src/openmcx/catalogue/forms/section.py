"""One section of a specification as a form: fields in several languages, and lists whose items come, go and move.

The form works without JavaScript: adding, removing and moving an item are submit buttons that send everything
typed so far and bring it back rearranged, without saving it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _

from openmcx.catalogue.forms.fields import (
    concept_key,
    dress,
    fields_for,
    initial_for,
    value_from,
    workload_field,
    workload_of,
)
from openmcx.catalogue.mapping.elements import Choice, Element, Kind, Section
from openmcx.catalogue.mapping.languages import language_choices
from openmcx.credentials.model import Achievement, Concept, LangText, Skill
from openmcx.ui.forms import Workload

_LISTS = (Kind.ITEMS, Kind.CONCEPTS, Kind.LANGUAGES)
_ACTION = re.compile(r"(add|remove|up|down):([a-z_]+(?:-\d{1,3}-[a-z_]+)*)(?::(\d{1,3}))?")


class NodeForm(forms.Form):
    """The plain fields of a section or of one item."""

    def __init__(
        self,
        elements: Sequence[Element],
        languages: Sequence[str],
        known: Mapping[str, Concept],
        *,
        prefix: str,
        value: object = None,
        data: QueryDict | None = None,
    ) -> None:
        super().__init__(data=data, prefix=prefix or None)
        self.elements = [element for element in elements if element.kind not in _LISTS]
        self.languages, self.known = languages, known
        self.shared = [element for element in self.elements if element.together]
        for element in self.elements:
            if element.together:
                self.fields.update([workload_field(self.shared)])
            else:
                self.fields.update(fields_for(element, languages, known))
        for form_field in self.fields.values():
            dress(form_field.widget)
        for element in self.elements:
            if value is not None:
                self.initial.update(initial_for(element, getattr(value, element.name)))
        if value is not None and self.shared:
            self.initial[self.shared[0].together] = Workload(*(getattr(value, one.name) for one in self.shared))

    def values(self) -> dict[str, Any]:
        """This will give the model's values; faults in them become errors of their fields."""
        values = {}
        for element in self.elements:
            if element.together:
                values[element.name] = workload_of(element, self.cleaned_data[element.together])
                continue
            try:
                values[element.name] = value_from(element, self.cleaned_data, self.languages, self.known)
            except ValidationError as fault:
                self.add_error(self.field_of(element), fault)
        return values

    def field_of(self, element: Element) -> str:
        """This will name the element's first field."""
        return self.fields_of(element)[0].name

    def fields_of(self, element: Element) -> list[BoundField]:
        """This will give the fields that hold the element."""
        return [self[name] for name in self.fields if name.split("__")[0] == (element.together or element.name)]


@dataclass(slots=True)
class Node:
    """The section itself, or one item of a list."""

    form: NodeForm
    blocks: list[Block]
    prefix: str = ""
    number: int = 0
    is_first: bool = False
    is_last: bool = False

    @property
    def lists(self) -> list[ListBlock]:
        return [block.list for block in self.blocks if block.list is not None]

    def forms(self) -> Iterator[NodeForm]:
        yield self.form
        for block in self.lists:
            for node in block.nodes:
                yield from node.forms()

    def fields(self) -> Iterator[BoundField]:
        """This will give all fields in the order of the page."""
        for block in self.blocks:
            yield from block.fields
            if block.list is not None:
                for node in block.list.nodes:
                    yield from node.fields()

    def clean(self, elements: Sequence[Element]) -> dict[str, Any]:
        """This will give the values by attribute; what is missing or wrong becomes errors of the forms."""
        values: dict[str, Any] = {}
        if self.form.is_valid():
            values = self.form.values()
        for block in self.lists:
            values[block.element.name] = tuple(block.items())
        for element in elements:
            if element.required and element.name in values and not values[element.name]:
                self.form.add_error(self.form.field_of(element), _("This is needed here."))
        return values


@dataclass(slots=True)
class ListBlock:
    """A list of items. `path` names it in field names, such as ``outcomes-0-skills``."""

    element: Element
    path: str
    nodes: list[Node] = field(default_factory=list)
    labels: Mapping[str, LangText] = field(default_factory=dict)  # of skills by IRI, in all languages there are

    @property
    def count_name(self) -> str:
        return f"{self.path}-count"

    @property
    def is_full(self) -> bool:
        return len(self.nodes) >= self.element.max_items

    def items(self) -> Iterator[Any]:
        parts = _parts(self.element)
        for node in self.nodes:
            if _is_blank(node):
                continue
            values = node.clean(parts)
            if values.get("valid_from") and values.get("valid_until") and values["valid_from"] > values["valid_until"]:
                node.form.add_error("valid_until", _("It ends before it begins."))
            if any(form.errors for form in node.forms()):
                continue
            if self.element.kind is not Kind.ITEMS:
                yield values["value"]
                continue
            assert self.element.item is not None  # the table of elements is checked by a test
            if self.element.item is Skill:
                values["framework"] = values["framework"] or "ESCO"
                # A framework's skill has its name in languages that this form does not show.
                values["label"] = LangText({**self._hidden_label(node, values["iri"]), **values["label"]})
            yield self.element.item(**values)

    def _hidden_label(self, node: Node, iri: str) -> dict[str, str]:
        label: Mapping[str, str] = self.labels.get(iri, {}) if iri else {}
        return {tag: words for tag, words in label.items() if tag not in node.form.languages}


@dataclass(slots=True)
class Block:
    """One element on the page: its fields, or its list. `also` is the one that shares its field."""

    element: Element
    fields: list[BoundField] = field(default_factory=list)
    list: ListBlock | None = None
    also: Element | None = None


def _parts(element: Element) -> tuple[Element, ...]:
    if element.kind is Kind.ITEMS:
        return element.parts
    kind = Kind.CONCEPT if element.kind is Kind.CONCEPTS else Kind.CHOICE
    return (
        Element(
            name="value",
            label=element.item_label,
            kind=kind,
            vocabulary=element.vocabulary,
            choices=element.choices,
            required=True,
        ),
    )


def _is_blank(node: Node) -> bool:
    typed = (node.form.data.getlist(node.form.add_prefix(name)) for name in node.form.fields)  # type: ignore[attr-defined]  # bound, so it has data
    own = any(value.strip() for values in typed for value in values)
    return not own and all(_is_blank(inner) for block in node.lists for inner in block.nodes)


class SectionForm:
    """This will show a section of `achievement`, or what was sent, and give back the values to save.

    `languages` are those that its texts have fields for; `added` is the one that somebody just asked for.
    Languages and terms of the saved draft stay choosable even if no list has them.
    """

    def __init__(
        self,
        section: Section,
        languages: Sequence[str],
        *,
        achievement: Achievement,
        data: QueryDict | None = None,
        show_errors: bool = True,
        added: str = "",
    ) -> None:
        self.section, self.languages, self.data = section, tuple(languages), data
        self.show_errors = show_errors and data is not None
        self.known = {concept_key(concept): concept for concept in _concepts(achievement) if concept_key(concept)}
        self.labels = {
            skill.iri: skill.label for outcome in achievement.outcomes for skill in outcome.skills if skill.iri
        }
        tags = language_choices(*achievement.languages)
        self.elements = tuple(
            replace(element, choices=tuple(tags)) if element.kind is Kind.LANGUAGES else element
            for element in section.elements
        )
        self.root = self._node(self.elements, "", achievement)
        self.values: dict[str, Any] = {}
        self._focus(added)

    def _focus(self, added: str) -> None:
        first = next((one for one in self.root.fields() if one.name.endswith(f"__{added}")), None) if added else None
        if first is not None:
            first.field.widget.attrs["autofocus"] = True

    @property
    def further_languages(self) -> list[Choice]:
        """The languages in which the section's texts could be written as well; none where it has no texts."""
        if not _has_texts(self.elements):
            return []
        return [choice for choice in language_choices() if choice.value not in self.languages]

    def _node(self, elements: Sequence[Element], prefix: str, value: object) -> Node:
        form = NodeForm(elements, self.languages, self.known, prefix=prefix, value=value, data=self.data)
        blocks = []
        for element in elements:
            if element.kind in _LISTS:
                blocks.append(Block(element, list=self._list(element, prefix, value)))
            elif element.together and blocks and blocks[-1].element.together == element.together:
                blocks[-1].also = element
            else:
                blocks.append(Block(element, fields=form.fields_of(element)))
        return Node(form, blocks, prefix)

    def _list(self, element: Element, prefix: str, value: object) -> ListBlock:
        path = f"{prefix}-{element.name}" if prefix else element.name
        block = ListBlock(element, path, labels=self.labels)
        saved: list[Any] = list(getattr(value, element.name)) if value is not None else []
        if element.kind is not Kind.ITEMS:
            saved = [SimpleNamespace(value=one) for one in saved]
        if self.data is not None:
            count = min(_number(self.data.get(block.count_name, "")), element.max_items)
            items: list[Any] = [None] * count
        else:
            items = saved or ([None] if element.eu else [])
        for index, item in enumerate(items):
            node = self._node(_parts(element), f"{path}-{index}", item)
            node.number, node.is_first, node.is_last = index + 1, index == 0, index == len(items) - 1
            block.nodes.append(node)
        return block

    def is_valid(self) -> bool:
        """This will check what was sent; afterwards `values` holds what to save."""
        self.values = self.root.clean(self.elements)
        return not any(form.errors for form in self.root.forms())

    @property
    def error_entries(self) -> list[tuple[str, str]]:
        """This will give every error with the id of its field, for the summary at the top."""
        if not self.show_errors:
            return []
        return [
            (bound.id_for_label or bound.auto_id, f"{bound.label}: {message}")
            for form in self.root.forms()
            for bound in form
            for message in bound.errors
        ]


def _has_texts(elements: Sequence[Element]) -> bool:
    return any(element.kind in (Kind.LINE, Kind.PROSE) or _has_texts(element.parts) for element in elements)


def _concepts(achievement: Achievement) -> Iterator[Concept]:
    yield from achievement.fields_of_study
    yield from achievement.nqf_levels
    yield from (part.kind for part in achievement.assessments)


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,4}", text) else 0


def rearranged(data: QueryDict, action: str) -> tuple[QueryDict, str] | None:
    """This will give what was sent with one item added, removed or moved, and the name prefix of the item to look at.

    `action` is ``add:PATH``, ``remove:PATH:INDEX``, ``up:PATH:INDEX`` or ``down:PATH:INDEX``; anything else gives None.
    """
    match = _ACTION.fullmatch(action)
    if match is None:
        return None
    verb, path, index = match[1], match[2], int(match[3] or 0)
    count = _number(data.get(f"{path}-count", ""))
    order: list[int | None] = list(range(count))
    if verb == "add":
        order.append(None)
        target = count
    elif index >= count:
        return None
    elif verb == "remove":
        del order[index]
        target = max(index - 1, 0)
    else:
        target = index + (1 if verb == "down" else -1)
        if not 0 <= target < count:
            return None
        order[index], order[target] = order[target], order[index]
    moved = {old: new for new, old in enumerate(order) if old is not None}
    result = QueryDict(mutable=True)
    item = re.compile(re.escape(path) + r"-(\d{1,3})-(.+)", re.DOTALL)
    for key in data:
        found = item.fullmatch(key)
        if found is None:
            result.setlist(key, data.getlist(key))
        elif int(found[1]) in moved:
            result.setlist(f"{path}-{moved[int(found[1])]}-{found[2]}", data.getlist(key))
    result[f"{path}-count"] = str(len(order))
    return result, f"{path}-{target}" if order else path
