"""The form fields of one element, and its value from what was filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from openmcx.catalogue.mapping.elements import Element, Kind
from openmcx.catalogue.mapping.languages import language_name
from openmcx.credentials.formats import vocabularies
from openmcx.credentials.model import Concept, LangText, Money
from openmcx.ui.forms import PointOrCommaDecimal, Workload, WorkloadField

_IRI = re.compile(r"""(?:https?://[^\s<>"{}|\\^`]+|(?:urn|did|tag|doi):[^\s<>"{}|\\^`]+)""")
LONGEST_LINE = 300
LONGEST_PROSE = 20_000
LONGEST_ADDRESS = 1_000


class Amount(PointOrCommaDecimal):
    """A number with what it is called where the element's name stands above it."""

    label_in_group: str | Promise = ""


class TextIn(forms.CharField):
    """A text in one language."""

    label_in_group: str | Promise = ""  # instead of the label where the element's name stands above


class AddressField(forms.CharField):
    """An absolute web address or another absolute IRI; never a script."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_ADDRESS, widget=forms.TextInput(attrs={"inputmode": "url"}), **kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not _IRI.fullmatch(value):
            raise ValidationError(_("Give the whole address, beginning with https://."), code="address")


def fields_for(
    element: Element, languages: Sequence[str], known: Mapping[str, Concept]
) -> Iterable[tuple[str, forms.Field]]:
    """This will give the fields of one element that is no list, by their names.

    `known` are terms by IRI that the saved draft uses; they stay choosable although no vocabulary lists them.
    """
    label, note = element.label, element.help
    common: dict[str, Any] = {"label": label, "help_text": note, "required": False}
    match element.kind:
        case Kind.LINE | Kind.PROSE:
            for tag in languages:
                yield f"{element.name}__{tag}", _text_field(element, tag, several=len(languages) > 1)
        case Kind.PLAIN:
            yield element.name, forms.CharField(max_length=LONGEST_LINE, **common)
        case Kind.URL:
            yield element.name, AddressField(**common)
        case Kind.DECIMAL:
            yield (
                element.name,
                PointOrCommaDecimal(
                    max_digits=9,
                    decimal_places=3,
                    min_value=element.minimum,
                    max_value=element.maximum,
                    widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
                    **common,
                ),
            )
        case Kind.INTEGER:
            yield (
                element.name,
                forms.IntegerField(
                    min_value=element.minimum,
                    max_value=element.maximum,
                    widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
                    **common,
                ),
            )
        case Kind.DATE:
            yield (
                element.name,
                forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **common),
            )
        case Kind.MONEY:
            amount = Amount(
                max_digits=9,
                decimal_places=2,
                min_value=0,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
                **common,
            )
            amount.label_in_group = _("Amount")
            yield f"{element.name}__amount", amount
            yield (
                f"{element.name}__currency",
                forms.CharField(
                    label=_("Currency"),
                    required=False,
                    max_length=3,
                    min_length=3,
                    help_text=_("Three letters, such as EUR."),
                    widget=forms.TextInput(attrs={"class": "short", "autocapitalize": "characters"}),
                ),
            )
        case Kind.YES_NO:
            yield (
                element.name,
                forms.ChoiceField(choices=[("", _("Not stated")), ("yes", _("Yes")), ("no", _("No"))], **common),
            )
        case Kind.CHOICE:
            yield (
                element.name,
                forms.ChoiceField(
                    choices=[("", _("Not stated")), *((one.value, one.label) for one in element.choices)], **common
                ),
            )
        case Kind.CHOICES:
            yield (
                element.name,
                forms.MultipleChoiceField(
                    choices=[(one.value, one.label) for one in element.choices],
                    widget=forms.CheckboxSelectMultiple,
                    **common,
                ),
            )
        case Kind.CONCEPT:
            yield element.name, forms.ChoiceField(choices=_concept_choices(element.vocabulary, known), **common)
        case _:
            raise TypeError(f"{element.name} is a list")


def workload_field(elements: Iterable[Element]) -> tuple[str, WorkloadField]:
    """This will give the field, with its name, that holds the workload in ECTS credits and that in hours."""
    ects, hours = elements
    field = WorkloadField(
        label=_("Notional workload"),
        required=False,
        max_ects=ects.maximum or 0,
        max_hours=hours.maximum or 0,
    )
    return ects.together, field


def workload_of(element: Element, workload: Workload) -> Decimal | None:
    """This will give the part of the workload that an element is."""
    return workload.ects if element.name == "workload_ects" else workload.hours


def _text_field(element: Element, tag: str, *, several: bool) -> forms.Field:
    prose = element.kind is Kind.PROSE
    attributes = {"lang": tag, "dir": "auto", **({"rows": "4"} if prose else {})}
    label = f"{element.label} ({language_name(tag)})" if several else str(element.label)
    field = TextIn(
        label=label,
        help_text=str(element.help),
        required=False,
        max_length=LONGEST_PROSE if prose else LONGEST_LINE,
        widget=forms.Textarea(attrs=attributes) if prose else forms.TextInput(attrs=attributes),
    )
    field.label_in_group = language_name(tag)
    return field


def dress(widget: forms.Widget) -> None:
    """This will give a widget the class that the design knows it by."""
    if isinstance(widget, forms.CheckboxSelectMultiple):
        kind = "form-check-input"
    elif isinstance(widget, forms.Select):
        kind = "form-select"
    else:
        kind = "form-control"
    widget.attrs["class"] = f"{kind} {widget.attrs.get('class', '')}".strip()


def _concept_choices(vocabulary: str, known: Mapping[str, Concept]) -> list[tuple[str, str]]:
    language = get_language() or "en"
    listed = _listed(vocabulary, language)
    further = {
        key: vocabularies.names(concept).best(language) or key for key, concept in known.items() if key not in listed
    }
    return [("", str(_("Not stated"))), *listed.items(), *further.items()]


@cache
def _listed(vocabulary: str, language: str) -> dict[str, str]:
    terms = vocabularies.concepts(cast("vocabularies.Vocabulary", vocabulary))
    return {concept.iri: vocabularies.names(concept).best(language) or concept.iri for concept in terms}


def initial_for(element: Element, value: Any) -> dict[str, Any]:
    """This will give the fields' contents for a value of the model."""
    match element.kind:
        case Kind.LINE | Kind.PROSE:
            return {f"{element.name}__{tag}": text for tag, text in (value or {}).items()}
        case Kind.MONEY:
            if value is None:
                return {}
            return {f"{element.name}__amount": value.amount, f"{element.name}__currency": value.currency}
        case Kind.YES_NO:
            return {element.name: {True: "yes", False: "no", None: ""}[value]}
        case Kind.CHOICES:
            return {element.name: [str(one) for one in value or ()]}
        case Kind.CONCEPT:
            return {element.name: concept_key(value) if value else ""}
        case Kind.CHOICE:
            return {element.name: "" if value is None else str(value)}
        case _:
            return {element.name: value}


def value_from(
    element: Element, cleaned: Mapping[str, Any], languages: Sequence[str], known: Mapping[str, Concept]
) -> Any:
    """This will give the model's value from cleaned fields.

    Raises: ValidationError when fields that belong together do not fit.
    """
    match element.kind:
        case Kind.LINE | Kind.PROSE:
            # Browsers send line ends as CRLF.
            texts = {tag: cleaned.get(f"{element.name}__{tag}", "").replace("\r\n", "\n") for tag in languages}
            return LangText(texts)
        case Kind.MONEY:
            amount, currency = cleaned.get(f"{element.name}__amount"), cleaned.get(f"{element.name}__currency", "")
            if amount is None:
                return None
            if not re.fullmatch(r"[A-Za-z]{3}", currency):
                raise ValidationError(_("Give the currency of the amount in three letters, such as EUR."))
            return Money(amount=amount, currency=currency.upper())
        case Kind.YES_NO:
            return {"yes": True, "no": False}.get(cleaned.get(element.name, ""))
        case Kind.CHOICES:
            chosen = cleaned.get(element.name, [])
            return tuple(element.convert(one.value) for one in element.choices if one.value in chosen)
        case Kind.CHOICE:
            chosen = cleaned.get(element.name, "")
            if chosen == "":
                return "" if element.convert is str else None
            return element.convert(chosen)
        case Kind.CONCEPT:
            key = cleaned.get(element.name, "")
            return find_concept(element.vocabulary, key, known) if key else Concept(iri="")
        case Kind.PLAIN | Kind.URL:
            return cleaned.get(element.name, "")
        case _:
            return cleaned.get(element.name)


def concept_key(concept: Concept) -> str:
    """This will give what a term is chosen by: its IRI, or its words if it was imported without one."""
    return concept.iri or (f"label:{concept.label.best()}" if concept.label else "")


def find_concept(vocabulary: str, key: str, known: Mapping[str, Concept]) -> Concept:
    """This will give the term; as the saved draft has it if it has it, so that saving twice changes nothing."""
    found = known.get(key) or vocabularies.concept(cast("vocabularies.Vocabulary", vocabulary), key)
    assert found is not None  # the choice field has let only known terms pass
    return found
