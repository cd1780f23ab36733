"""Form fields of our own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from openmcx.credentials.model import LangText


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, str | Promise]]) -> None:
    """This will have a field of a form offer choices that are only known when it is shown."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class LangTextWidget(forms.MultiWidget):
    """One box for each language, each named in its own language."""

    template_name = "ui/widgets/lang_text.html"
    use_fieldset = True

    def __init__(self, tags: Sequence[str], *, rows: int = 0, attrs: dict[str, Any] | None = None) -> None:
        self.tags = list(tags)
        box = forms.Textarea if rows else forms.TextInput
        extra: dict[str, Any] = {"rows": rows} if rows else {}
        super().__init__({tag: box(attrs={"lang": tag, **extra}) for tag in tags}, attrs)

    def decompress(self, value: object) -> list[str]:
        """This will spread the texts over the boxes."""
        texts = value if isinstance(value, Mapping) else {}
        return [str(texts.get(tag, "")) for tag in self.tags]

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """This will name each box by its language, and mark those that are empty where others are not."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        boxes = context["widget"]["subwidgets"]
        has_text = any(box["value"] for box in boxes)
        for tag, box in zip(self.tags, boxes, strict=True):
            box["language"] = _language_name(tag)
            box["is_missing"] = has_text and not box["value"]
        return context

    def id_for_label(self, id_: str) -> str:
        """This will give the first box, where links to errors of the field lead."""
        return f"{id_}_0" if id_ else ""


class LangTextFormField(forms.MultiValueField):
    """A text in several languages. Gives a `LangText`.

    `languages` are the tags that get a box; texts in other languages that the initial value has are kept as they are
    when the form is made with ``LangTextFormField.keep_other(initial, cleaned)``.
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
        self.tags = list(languages or [code for code, _name in settings.LANGUAGES])
        boxes = [forms.CharField(required=False, max_length=max_characters) for _tag in self.tags]
        kwargs.setdefault("widget", LangTextWidget(self.tags, rows=rows))
        super().__init__(fields=boxes, require_all_fields=False, required=required, **kwargs)
        self.error_messages["required"] = _("Give the text in at least one language.")

    def compress(self, data_list: list[str]) -> LangText:
        """This will gather the boxes."""
        texts = dict(zip(self.tags, data_list, strict=False))
        return LangText({tag: text for tag, text in texts.items() if text})

    def clean(self, value: Any) -> LangText:
        """This will give an empty text rather than None when nothing was written."""
        cleaned = super().clean(value)
        if not isinstance(cleaned, LangText):
            cleaned = LangText()
        if self.required and not cleaned:
            raise ValidationError(self.error_messages["required"], code="required")
        return cleaned

    @staticmethod
    def keep_other(before: Mapping[str, str], now: LangText, tags: Sequence[str]) -> LangText:
        """This will give `now` with those texts of `before` that are in languages for which there was no box."""
        return LangText({**{tag: text for tag, text in before.items() if tag not in tags}, **now})


class DateInput(forms.DateInput):
    """A date as the reader's system asks for it; where it does not, year, month and day with hyphens."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class AutocompleteSelect(forms.Select):
    """One of many: a native list, over which a script lays a box to search in. Without the script the list stays."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"data-autocomplete": "", **(attrs or {})}, choices)


@dataclass(frozen=True, slots=True)
class Workload:
    """How much work something is.

    Units: ECTS credits; hours of the learner's work.
    """

    ects: Decimal | None = None
    hours: Decimal | None = None

    def __bool__(self) -> bool:
        return self.ects is not None or self.hours is not None


class WorkloadWidget(forms.MultiWidget):
    """Credits and hours side by side, each with its unit."""

    template_name = "ui/widgets/workload.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            "ects": forms.NumberInput(attrs={"min": "0", "step": "any"}),
            "hours": forms.NumberInput(attrs={"min": "0", "step": "any"}),
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: object) -> list[Any]:
        """This will spread the two figures over the boxes."""
        return [value.ects, value.hours] if isinstance(value, Workload) else [None, None]

    def id_for_label(self, id_: str) -> str:
        """This will give the first box, where links to errors of the field lead."""
        return f"{id_}_0" if id_ else ""


class WorkloadField(forms.MultiValueField):
    """ECTS credits and hours of work, which stand for the same thing. Gives a `Workload`."""

    widget = WorkloadWidget

    def __init__(self, *, required: bool = True, **kwargs: Any) -> None:
        fields = [
            forms.DecimalField(required=False, min_value=0, max_digits=6, decimal_places=2),
            forms.DecimalField(required=False, min_value=0, max_digits=7, decimal_places=2),
        ]
        super().__init__(fields=fields, require_all_fields=False, required=required, **kwargs)
        self.error_messages["required"] = _("Give the workload in ECTS credits, in hours, or both.")

    def compress(self, data_list: list[Decimal | None]) -> Workload:
        """This will gather the two figures."""
        ects, hours = (*data_list, None, None)[:2]
        return Workload(ects, hours)

    def clean(self, value: Any) -> Workload:
        """This will refuse nothing at all where something is needed."""
        cleaned = super().clean(value)
        workload = cleaned if isinstance(cleaned, Workload) else Workload()
        if self.required and not workload:
            raise ValidationError(self.error_messages["required"], code="required")
        return workload


def _language_name(tag: str) -> str:
    try:
        return str(get_language_info(tag)["name_local"])
    except KeyError:
        return tag
