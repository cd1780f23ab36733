"""The fields of forms: each as it is empty, filled in, and refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from django import forms

from openmcx.credentials.model import LangText
from openmcx.ui.countries import country_choices
from openmcx.ui.forms import (
    AutocompleteSelect,
    DateInput,
    FormInLanguages,
    LangTextFormField,
    Workload,
    WorkloadField,
)
from openmcx.ui.gallery import Component, Example, Group, Prop

_LABEL = Prop(name="label", type="Text", doc="what is asked for")
_HELP = Prop(name="help_text", type="Text", doc="how to fill it in", default='""')
_NEEDED = Prop(name="required", type="bool", doc="whether something must be given", default="True")
_CHOICES = Prop(name="choices", type="Iterable", doc="pairs of value and label")
_COMMON = (_LABEL, _HELP, _NEEDED)
_SOURCE = "{% load crispy_forms_filters %}{{ form.field|as_crispy_field }}"


def _made(
    make: Callable[[], forms.Field], name: str, *, initial: object = None, data: Mapping[str, object] | None = None
) -> Callable[[], dict[str, object]]:
    def context() -> dict[str, object]:
        kind = type("ExampleForm", (FormInLanguages,), {"field": make()})
        return {"form": kind(data, initial={"field": initial} if initial is not None else None, auto_id=f"{name}-%s")}

    return context


def _field(
    name: str,
    summary: str,
    usage: str,
    make: Callable[[], forms.Field],
    *,
    filled: object,
    wrong: Mapping[str, object],
    props: tuple[Prop, ...] = _COMMON,
) -> Component:
    return Component(
        name=name,
        group=Group.FORM,
        summary=summary,
        usage=usage,
        props=props,
        examples=(
            Example(name="empty", source=_SOURCE, context=_made(make, f"{name}-empty")),
            Example(name="filled-in", source=_SOURCE, context=_made(make, f"{name}-filled", initial=filled)),
            Example(name="refused", source=_SOURCE, context=_made(make, f"{name}-refused", data=wrong)),
        ),
    )


_MODES = [("online", "Online"), ("on-site", "On site"), ("blended", "Partly online, partly on site")]

COMPONENTS: tuple[Component, ...] = (
    _field(
        "text-field",
        "One line of text.",
        "forms.CharField(label=…, max_length=…)",
        lambda: forms.CharField(label="Legal name", max_length=200, help_text="As it is registered."),
        filled="University of Lakeside",
        wrong={},
    ),
    _field(
        "text-area",
        "Several lines of text.",
        'forms.CharField(label=…, widget=forms.Textarea(attrs={"rows": 4}))',
        lambda: forms.CharField(label="Reason", widget=forms.Textarea(attrs={"rows": 4})),
        filled="The name of the learner was misspelt.",
        wrong={},
    ),
    _field(
        "number-field",
        "A whole number, or one with decimals.",
        "forms.IntegerField(label=…, min_value=…, max_value=…)",
        lambda: forms.IntegerField(label="Places", min_value=1, max_value=500, help_text="At most 500."),
        filled=30,
        wrong={"field": "900"},
    ),
    _field(
        "select-field",
        "One of a few.",
        "forms.ChoiceField(label=…, choices=…)",
        lambda: forms.ChoiceField(label="Form of participation", choices=[("", "Choose one"), *_MODES]),
        filled="online",
        wrong={},
        props=(*_COMMON, _CHOICES),
    ),
    _field(
        "radio-buttons",
        "One of a few that are worth seeing side by side.",
        "forms.ChoiceField(label=…, choices=…, widget=forms.RadioSelect)",
        lambda: forms.ChoiceField(label="Form of participation", choices=_MODES, widget=forms.RadioSelect),
        filled="blended",
        wrong={},
        props=(*_COMMON, _CHOICES),
    ),
    _field(
        "checkboxes",
        "Any number of a few.",
        "forms.MultipleChoiceField(label=…, choices=…, widget=forms.CheckboxSelectMultiple)",
        lambda: forms.MultipleChoiceField(
            label="Forms of participation", choices=_MODES, widget=forms.CheckboxSelectMultiple
        ),
        filled=["online", "on-site"],
        wrong={},
        props=(*_COMMON, _CHOICES),
    ),
    _field(
        "checkbox",
        "Yes or no.",
        "forms.BooleanField(label=…)",
        lambda: forms.BooleanField(label="I have read what happens"),
        filled=True,
        wrong={},
    ),
    _field(
        "date-field",
        "A day, as the reader's system asks for it.",
        "forms.DateField(label=…, widget=DateInput)",
        lambda: forms.DateField(label="First day", widget=DateInput, help_text="Leave it empty for today."),
        filled="2026-03-06",
        wrong={"field": "6th of March"},
    ),
    _field(
        "workload-field",
        "ECTS credits and hours of work, which stand for the same thing; one of them is enough.",
        "WorkloadField(label=…, max_ects=…, max_hours=…)",
        lambda: WorkloadField(label="Workload", help_text="One ECTS credit stands for 25 to 30 hours of work."),
        filled=Workload(Decimal(5), Decimal(135)),
        wrong={"field_ects": "many", "field_hours": ""},
        props=(
            *_COMMON,
            Prop(name="max_ects", type="int", doc="the most credits", default="300"),
            Prop(name="max_hours", type="int", doc="the most hours", default="10000"),
        ),
    ),
    _field(
        "language-map-field",
        "A text in several languages: a tab for each, with a mark on those that are missing. Without JavaScript all "
        "boxes are shown one below the other. In a `FormInLanguages` there is a button for a further language, and "
        "`form.texts(name)` keeps texts whose languages had no box.",
        "LangTextFormField(label=…, languages=…, rows=…, max_characters=…)",
        lambda: LangTextFormField(label="Title", languages=["en", "de", "es", "fi"], max_characters=200),
        filled=LangText({"en": "Forest soils", "fi": "Metsien maaperä"}),
        wrong={},
        props=(
            *_COMMON,
            Prop(name="languages", type="Sequence[str]", doc="languages that always get a box", default="LANGUAGES"),
            Prop(name="rows", type="int", doc="lines of each box; 0 for one line", default="0"),
            Prop(name="max_characters", type="int", doc="the longest text", default="5000"),
        ),
    ),
    _field(
        "autocomplete-field",
        "One of many: a native list, over which a script lays a box to search in (ARIA combobox). "
        "Without JavaScript the list stays.",
        "forms.ChoiceField(label=…, choices=…, widget=AutocompleteSelect)",
        lambda: forms.ChoiceField(
            label="Country", choices=lambda: [("", "Choose a country"), *country_choices()], widget=AutocompleteSelect
        ),
        filled="FI",
        wrong={},
        props=(*_COMMON, _CHOICES),
    ),
)
