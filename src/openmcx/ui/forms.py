"""Form fields of our own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from openmcx.credentials.model import LangText
from openmcx.credentials.model.text import LANGUAGE_TAG
from openmcx.ui.languages import language_name, language_tags

ADD_LANGUAGE = "add-language"  # the button's name; its value is the field that gets a box for a further language
_LONGEST_TAG = 35  # Source: RFC 5646 §4.4.1
_MOST_LANGUAGES = 100


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, str | Promise]]) -> None:
    """This will have a field of a form offer choices that are only known when it is shown."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class LangTextWidget(forms.Widget):
    """One box for each language, each named in its own language.

    Beside the languages that always have a box, those have one that the text is there in, and those that were asked for
    by the button for a further one. Boxes beyond the usual ones travel with a mark, so that the answer knows of them.
    """

    template_name = "ui/widgets/lang_text.html"
    use_fieldset = True
    offers_more = False  # whether the form knows what to do with the button; see `FormInLanguages`
    focus = ""  # the language whose box was just asked for

    def __init__(self, tags: Sequence[str], *, rows: int = 0, attrs: dict[str, Any] | None = None) -> None:
        self.tags = list(tags)
        self.rows = rows
        super().__init__(attrs)

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> dict[str, str]:
        """This will give what each box held that was sent; a language that was asked for has an empty box."""
        sent = {tag: str(data[f"{name}_{tag}"]) for tag in self._asked_for(data, name) if f"{name}_{tag}" in data}
        added = self.added(data, name)
        return {**sent, added: sent.get(added, "")} if added else sent

    def value_omitted_from_data(self, data: Mapping[str, Any], files: object, name: str) -> bool:
        """This will tell whether no box was sent."""
        return not self.value_from_datadict(data, files, name)

    def _asked_for(self, data: Mapping[str, Any], name: str) -> list[str]:
        mark = f"{name}-language"
        marked = data.getlist(mark) if isinstance(data, MultiValueDict) else data.get(mark, [])
        further = [tag for tag in marked if len(tag) <= _LONGEST_TAG and LANGUAGE_TAG.fullmatch(tag)]
        return list(dict.fromkeys([*self.tags, *further[:_MOST_LANGUAGES]]))

    @staticmethod
    def wants_more(data: Mapping[str, Any], name: str) -> bool:
        """This will tell whether the form was sent by the button for a further language."""
        return data.get(ADD_LANGUAGE) == name

    def added(self, data: Mapping[str, Any], name: str) -> str:
        """This will give the language that the button asked for; "" where it did not, or for none that there is."""
        tag = str(data.get(f"{name}-add", ""))
        return tag if self.wants_more(data, name) and tag in language_tags() else ""

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """This will name each box by its language, mark those that are empty where others are not, and offer more."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        texts = {str(tag): str(text) for tag, text in value.items()} if isinstance(value, Mapping) else {}
        tags = list(dict.fromkeys([*self.tags, *texts]))
        box = forms.Textarea({"rows": self.rows}) if self.rows else forms.TextInput()
        shared = context["widget"]["attrs"]
        boxes = []
        for place, tag in enumerate(tags):
            own = {**shared, "lang": tag, "dir": "auto"}
            if "id" in shared:
                own["id"] = f"{shared['id']}_{place}"
            if tag == self.focus:
                own["autofocus"] = True
            text = texts.get(tag, "")
            boxes.append(
                {
                    **box.get_context(f"{name}_{tag}", text, own)["widget"],
                    "tag": tag,
                    "language": _language_name(tag),
                    "is_missing": not text and any(texts.values()),
                    "is_further": tag not in self.tags,
                }
            )
        context["widget"]["subwidgets"] = boxes
        if self.offers_more:
            offered = ((tag, language_name(tag), _language_name(tag)) for tag in language_tags() if tag not in tags)
            context["widget"]["offered"] = sorted(offered, key=lambda one: one[1].casefold())
            context["widget"]["add_name"] = ADD_LANGUAGE
        return context

    def use_required_attribute(self, initial: object) -> bool:
        """This will require no single box: a text in any of the languages is enough."""
        return False

    def id_for_label(self, id_: str, index: object = None) -> str:
        """This will give the first box, where links to errors of the field lead."""
        return f"{id_}_0" if id_ else ""


class LangTextFormField(forms.Field):
    """A text in several languages. Gives a `LangText`.

    `languages` are the tags that always get a box; texts that are there in other languages get one too, and a
    `FormInLanguages` offers boxes for further ones.
    """

    def __init__(
        self,
        *,
        languages: Sequence[str] | None = None,
        rows: int = 0,
        max_characters: int = 5000,
        required: bool = True,
        **kwargs: Any,
    ) -> None:
        self.box = forms.CharField(required=False, max_length=max_characters)
        tags = list(languages or [code for code, _name in settings.LANGUAGES])
        kwargs.setdefault("widget", LangTextWidget(tags, rows=rows))
        super().__init__(required=required, **kwargs)
        self.error_messages["required"] = _("Give the text in at least one language.")

    def to_python(self, value: object) -> LangText:
        """This will gather the boxes; a fault says in which language it is."""
        texts, faults = {}, []
        for tag, text in value.items() if isinstance(value, Mapping) else ():
            try:
                texts[tag] = self.box.clean(text)
            except ValidationError as fault:
                faults += [f"{_language_name(tag)}: {message}" for message in fault.messages]
        if faults:
            raise ValidationError(faults)
        return LangText(texts)


class FormInLanguages(forms.Form):
    """A form whose texts may be written in further languages than those that have a box.

    The button for one more sends the form, which comes back with that box and all that was typed: it is not valid then,
    and has no errors.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, widget in self._widgets():
            widget.offers_more = True
            if self.is_bound:
                widget.focus = widget.added(self.data, self.add_prefix(name))

    def _widgets(self) -> Iterable[tuple[str, LangTextWidget]]:
        for name, field in self.fields.items():
            if isinstance(field.widget, LangTextWidget):
                yield name, field.widget

    @property
    def wants_more(self) -> bool:
        """Whether it was sent by a button for a further language, and not to be saved."""
        asked = (widget.wants_more(self.data, self.add_prefix(name)) for name, widget in self._widgets())
        return self.is_bound and any(asked)

    def is_valid(self) -> bool:
        """This will be false where a further language was asked for: there is more to be typed."""
        return super().is_valid() and not self.wants_more

    def full_clean(self) -> None:
        """This will look for no faults while somebody is about to type more, unless no language was chosen."""
        if not self.wants_more:
            super().full_clean()
            return
        self._errors = ErrorDict(renderer=self.renderer)
        self.cleaned_data: dict[str, Any] = {}
        for one, widget in self._widgets():
            name = self.add_prefix(one)
            if widget.wants_more(self.data, name) and not widget.added(self.data, name):
                self.add_error(one, _("Choose the language to add."))

    def texts(self, name: str) -> LangText:
        """This will give what was written, with those texts of the initial value whose languages had no box."""
        widget = self.fields[name].widget
        assert isinstance(widget, LangTextWidget)
        shown = widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        before = self.get_initial_for_field(self.fields[name], name) or {}
        hidden = {tag: text for tag, text in before.items() if tag not in shown}
        return LangText({**hidden, **self.cleaned_data[name]})


class DateInput(forms.DateInput):
    """A date as the reader's system asks for it; where it does not, year, month and day with hyphens."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class AutocompleteSelect(forms.Select):
    """One of many: a native list, over which a script lays a box to search in. Without the script the list stays.

    What the script says about the search stands in its attributes, as it has no texts of its own.
    """

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        said = {
            "data-autocomplete": "",
            "data-found": _("Found: {count}"),
            "data-none": _("Nothing found. Try fewer letters."),
            "data-more": _("Not shown: {count}. Type more to narrow the list."),
        }
        super().__init__({**said, **(attrs or {})}, choices)


@dataclass(frozen=True, slots=True)
class Workload:
    """How much work something is.

    Units: ECTS credits; hours of the learner's work.
    """

    ects: Decimal | None = None
    hours: Decimal | None = None

    def __bool__(self) -> bool:
        return self.ects is not None or self.hours is not None


class PointOrCommaDecimal(forms.DecimalField):
    """A number written with a point or a comma, whatever the page's language."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs take it for an integer
        """This will read the comma as a point, and leave out spaces between the figures."""
        if isinstance(value, str):
            value = value.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
            if value.count(",") == 1 and "." not in value:
                value = value.replace(",", ".")
        return super().to_python(value)


_WORKLOAD = {"ects": _("ECTS credits"), "hours": _("Hours of work")}


class WorkloadWidget(forms.MultiWidget):
    """Credits and hours side by side, each with its unit."""

    template_name = "ui/widgets/workload.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        box = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(dict.fromkeys(_WORKLOAD, box), attrs)
        self.faulty: list[str] = []  # the parts that were refused

    def decompress(self, value: object) -> list[Any]:
        """This will spread the two figures over the boxes."""
        return [value.ects, value.hours] if isinstance(value, Workload) else [None, None]

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """This will name each box, and mark the one that was refused rather than both."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for (part, label), box in zip(_WORKLOAD.items(), context["widget"]["subwidgets"], strict=True):
            box["label"] = label
            if "id" in box["attrs"]:
                box["attrs"]["id"] = f"{context['widget']['attrs']['id']}_{part}"
            if self.faulty and part not in self.faulty:
                box["attrs"].pop("aria-invalid", None)
        return context

    def id_for_label(self, id_: str) -> str:
        """This will give the first box that was refused, where links to errors lead; else the first."""
        return f"{id_}_{next(iter(self.faulty or _WORKLOAD))}" if id_ else ""


class WorkloadField(forms.MultiValueField):
    """ECTS credits and hours of work, which stand for the same thing. Gives a `Workload`."""

    widget = WorkloadWidget

    def __init__(self, *, max_ects: int = 300, max_hours: int = 10_000, required: bool = True, **kwargs: Any) -> None:
        fields = [
            PointOrCommaDecimal(required=False, min_value=0, max_value=most, max_digits=9, decimal_places=3)
            for most in (max_ects, max_hours)
        ]
        super().__init__(fields=fields, require_all_fields=False, required=required, **kwargs)
        self.error_messages["required"] = _("Give the workload in ECTS credits, in hours, or both.")

    def compress(self, data_list: list[Decimal | None]) -> Workload:
        """This will gather the two figures."""
        ects, hours = (*data_list, None, None)[:2]
        return Workload(ects, hours)

    def clean(self, value: Any) -> Workload:
        """This will say which of the two figures is none, and refuse nothing at all where something is needed."""
        figures: list[Decimal | None] = []
        faults: dict[str, str] = {}
        for (part, label), field, text in zip(_WORKLOAD.items(), self.fields, value or (None, None), strict=True):
            try:
                figures.append(field.clean(text))
            except ValidationError as fault:
                faults |= {part: f"{label}: {' '.join(fault.messages)}"}
        cast("WorkloadWidget", self.widget).faulty = list(faults)
        if faults:
            raise ValidationError(list(faults.values()))
        workload = self.compress(figures)
        if self.required and not workload:
            raise ValidationError(self.error_messages["required"], code="required")
        return workload


def _language_name(tag: str) -> str:
    """Give the name that the language has in itself, and the tag where it is a kind of the language."""
    try:
        info = get_language_info(tag)
    except KeyError:
        return language_name(tag)
    name = str(info["name_local"])
    return name if info["code"].lower() == tag.lower() else f"{name} ({tag})"
