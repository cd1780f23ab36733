"""The small forms: search, begin, import, languages, publish, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from openmcx.catalogue.forms.fields import LONGEST_LINE
from openmcx.catalogue.mapping.elements import EQF_LEVELS, PARTICIPATION
from openmcx.catalogue.mapping.languages import language_choices, language_name
from openmcx.institutions.models import Institution
from openmcx.ui.tables import FilterForm, day_field, search_field

IMPORT_MAX_BYTES = 1024 * 1024  # what the core reads
_ANY = ("", _("Any"))


def _language_pairs(*also: str) -> list[tuple[str, Any]]:
    return [(choice.value, choice.label) for choice in language_choices(*also)]


def _offer(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class DraftFilterForm(FilterForm):
    """Which of the institution's micro-credentials to show."""

    q = search_field(_("Search by title"))
    state = forms.ChoiceField(label=_("State"))
    institution = forms.ChoiceField(label=_("Institution"))
    edited_from = day_field(_("Edited from"))
    edited_until = day_field(_("Edited until"))

    def __init__(
        self, *args: Any, states: Sequence[tuple[str, Any]], institutions: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "state", [_ANY, *states])
        _offer(self, "institution", [_ANY, *institutions])
        if len(institutions) < 2:
            del self.fields["institution"]


class SearchForm(forms.Form):
    """What one may look for in the catalogue. An unknown value of a filter is an error, not an empty list."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    field = forms.ChoiceField(label=_("Subject"), required=False)
    ects = forms.ChoiceField(
        label=_("Size"),
        required=False,
        choices=[
            _ANY,
            ("0-2", _("Up to 2 ECTS")),
            ("2-3", _("2 to 3 ECTS")),
            ("3-5", _("3 to 5 ECTS")),
            ("5-", _("5 ECTS and more")),
        ],
    )
    level = forms.ChoiceField(
        label=_("EQF level"), required=False, choices=[_ANY, *((one.value, one.label) for one in EQF_LEVELS)]
    )
    language = forms.ChoiceField(label=_("Language of instruction"), required=False)
    participation = forms.ChoiceField(
        label=_("Form of participation"),
        required=False,
        choices=[_ANY, *((one.value, one.label) for one in PARTICIPATION)],
    )
    institution = forms.ChoiceField(label=_("Institution"), required=False)
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[
            ("", _("Best match, then title")),
            ("title", _("Title")),
            ("newest", _("Newest first")),
            ("ects", _("ECTS, smallest first")),
            ("-ects", _("ECTS, largest first")),
            ("level", _("EQF level")),
        ],
    )

    def __init__(
        self,
        *args: Any,
        fields_of_study: Sequence[tuple[str, str]],
        languages: Sequence[str],
        institutions: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(((tag, language_name(tag)) for tag in languages), key=lambda pair: pair[1])
        _offer(self, "field", [_ANY, *fields_of_study])
        _offer(self, "language", [_ANY, *named])
        _offer(self, "institution", [_ANY, *institutions])


class _InstitutionForm(forms.Form):
    institution = forms.ModelChoiceField(label=_("Awarding institution"), queryset=Institution.objects.none())

    def __init__(self, *args: Any, institutions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields["institution"]
        assert isinstance(offered, forms.ModelChoiceField)
        offered.queryset = institutions
        offered.empty_label = None
        if len(institutions) == 1:
            self.initial.setdefault("institution", institutions[0].pk)


class NewForm(_InstitutionForm):
    """The least with which a draft can begin."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_LINE)
    language = forms.ChoiceField(
        label=_("Language of this title"),
        help_text=_("You can describe the micro-credential in several languages; this is the first."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "language", _language_pairs())
        self.order_fields(["title", "language", "institution"])


class ImportForm(_InstitutionForm):
    """A document to begin from: a file, or pasted text."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("A European Learning Model (ELM) file, .jsonld or .json, or a specification exported here."),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.jsonld,application/json,application/ld+json"}),
    )
    text = forms.CharField(
        label=_("Or paste its text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": "6", "spellcheck": "false", "class": "code"}),
    )
    language = forms.ChoiceField(
        label=_("Language of texts that do not state theirs"),
        help_text=_("Only needed for files whose texts carry no language."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "language", _language_pairs())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("text")
        if not self.errors and bool(file) == bool(text):
            raise ValidationError(_("Choose a file or paste its text, one of the two."), code="one-of-two")
        if file:
            if file.size > IMPORT_MAX_BYTES:
                raise ValidationError(
                    _("The file has %(size)s MB; a specification may have up to %(limit)s MB. Is it the right file?"),
                    code="too-large",
                    params={"size": round(file.size / 1024 / 1024, 1), "limit": IMPORT_MAX_BYTES // 1024 // 1024},
                )
            cleaned["document"], cleaned["name"] = file.read(), file.name
        elif text:
            cleaned["document"], cleaned["name"] = text.encode(), ""
        return cleaned


class LanguagesForm(forms.Form):
    """One more language for the texts."""

    language = forms.ChoiceField(label=_("Language to add"))

    def __init__(self, *args: Any, present: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "language", [("", ""), *(pair for pair in _language_pairs() if pair[0] not in present)])


class PublishForm(forms.Form):
    """What is said when a version is published."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    change_note = forms.CharField(
        label=_("What is new in this version"),
        required=False,
        max_length=1000,
        help_text=_("One or two sentences; shown publicly beside the version."),
        widget=forms.Textarea(attrs={"rows": "3"}),
    )


class WithdrawForm(forms.Form):
    """Why it leaves the catalogue."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Shown publicly on the page of the micro-credential."),
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
