"""Forms of issuing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from openmcx.catalogue.models import SpecificationVersion
from openmcx.credentials.class_list import FIELDS, Column
from openmcx.issuing import mapping
from openmcx.issuing.models import BatchState, CredentialState, NoticeState, RevocationReason, RowState
from openmcx.issuing.operations.credentials import NOTE_LENGTH
from openmcx.ui.forms import offer
from openmcx.ui.languages import interface_languages
from openmcx.ui.tables import FilterForm, day_field, search_field

if TYPE_CHECKING:
    _ModelChoiceField = forms.ModelChoiceField[SpecificationVersion]
else:
    _ModelChoiceField = forms.ModelChoiceField

ACCEPTED = ".xlsx,.ods,.csv,.tsv,.txt"
ENCODINGS = (
    ("", _("Find out")),
    ("utf-8", "UTF-8"),
    ("cp1252", "Windows-1252"),
    ("cp1250", "Windows-1250"),
    ("cp1257", "Windows-1257"),
    ("mac_roman", "Mac Roman"),
)


class VersionField(_ModelChoiceField):
    """A published version, shown with its institution."""

    def label_from_instance(self, obj: Any) -> str:
        """This will name the version."""
        return f"{obj} – {obj.institution}"


class UploadForm(forms.Form):
    """A class list for a micro-credential."""

    version = VersionField(
        label=_("Micro-credential"),
        queryset=SpecificationVersion.objects.none(),
        empty_label=_("Choose a micro-credential"),
        help_text=_("The latest published version of each that your institution awards."),
        error_messages={
            "required": _("Choose what the learners of the list are awarded."),
            "invalid_choice": _("Choose one of the micro-credentials in the list."),
        },
    )
    file = forms.FileField(
        label=_("Class list"),
        help_text=_("XLSX, ODS or CSV, one row for each learner who passed, with a row of headings."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("Choose the file with the list."), "empty": _("The file is empty.")},
    )
    awarded_on = forms.DateField(
        label=_("Date of the award"),
        help_text=_("For rows that do not state their own."),
        error_messages={"required": _("Give the day of the award, for rows that do not state their own.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    language = forms.ChoiceField(
        label=_("Language of the messages"), help_text=_("For learners whose language the list does not state.")
    )

    def __init__(
        self, *args: Any, versions: QuerySet[SpecificationVersion], language: str, today: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]  # a ModelChoiceField
        offer(self, "language", interface_languages())
        self.fields["language"].initial = language
        self.fields["awarded_on"].initial = today


class ReplaceForm(forms.Form):
    """A corrected file."""

    file = forms.FileField(
        label=_("Corrected list"),
        help_text=_("It takes the place of the whole list."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("Choose the corrected file."), "empty": _("The file is empty.")},
    )
    encoding = forms.ChoiceField(label=_("Encoding, for CSV"), choices=ENCODINGS, required=False)


class ColumnsForm(forms.Form):
    """What each column of a list means."""

    def __init__(self, *args: Any, columns: Sequence[Column], chosen: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = list(columns)
        choices = [("", _("Not used")), *((field, mapping.field_name(field)) for field in FIELDS)]
        for column in self.columns:
            self.fields[f"column-{column.index}"] = forms.ChoiceField(
                label=str(column), choices=choices, required=False, initial=chosen.get(column.key, "")
            )

    def clean(self) -> dict[str, Any]:
        """This will refuse two columns with one meaning."""
        cleaned = super().clean() or {}
        seen: dict[str, str] = {}
        for column in self.columns:
            field = cleaned.get(f"column-{column.index}", "")
            if field and field in seen:
                self.add_error(
                    f"column-{column.index}",
                    _("Column %(column)s is read as this already. Keep one of them.") % {"column": seen[field]},
                )
            elif field:
                seen[field] = str(column)
        return cleaned

    @property
    def chosen(self) -> dict[str, str]:
        """The meaning of each column by its key."""
        return {column.key: self.cleaned_data.get(f"column-{column.index}", "") for column in self.columns}


class RevokeForm(forms.Form):
    """Why a credential is taken back."""

    reason = forms.ChoiceField(label=_("Reason"), choices=RevocationReason, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note to the learner"),
        help_text=_("Goes to the learner only. Others learn that the credential is revoked, not why."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SendAgainForm(forms.Form):
    """Where the private link goes."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("With another address the old link stops working, since somebody else may have got it."),
    )


class EraseForm(forms.Form):
    """One box to tick before a learner's data are destroyed."""

    understood = forms.BooleanField(
        label=_("I understand that this cannot be undone"),
        error_messages={"required": _("Tick the box to go on.")},
    )


class BatchFilterForm(FilterForm):
    """Which class lists to show."""

    q = search_field(_("Search"), _("Micro-credential or file."))
    state = forms.ChoiceField(label=_("State"), choices=[("", _("All but discarded")), *BatchState.choices])
    institution = forms.ChoiceField(label=_("Institution"))
    uploaded_from = day_field(_("Uploaded from"))
    uploaded_until = day_field(_("Uploaded until"))

    def __init__(self, *args: Any, institutions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_institutions(self, institutions)


class CredentialFilterForm(FilterForm):
    """Which credentials to list."""

    q = search_field(_("Search"), _("Name, e-mail address, learner number or the credential's number."))
    specification = forms.ChoiceField(label=_("Micro-credential"))
    institution = forms.ChoiceField(label=_("Institution"))
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("All")), *(choice for choice in CredentialState.choices if choice[0] != "erased")],
    )
    message = forms.ChoiceField(label=_("Last message"), choices=[("", _("All")), *NoticeState.choices])
    issued_from = day_field(_("Issued from"))
    issued_until = day_field(_("Issued until"))

    def __init__(
        self,
        *args: Any,
        specifications: Sequence[tuple[str, str]],
        institutions: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "specification", [("", _("All")), *specifications])
        _offer_institutions(self, institutions)


class RowFilterForm(FilterForm):
    """Which rows of a list to show."""

    q = search_field(_("Search"))
    state = forms.ChoiceField(label=_("Result"), choices=[("", _("All")), *RowState.choices])


class ExportForm(forms.Form):
    """What kind of file the chosen credentials are written to."""

    kind = forms.ChoiceField(
        label=_("Kind of file"),
        choices=[("xlsx", _("Excel workbook (XLSX)")), ("csv", _("Text separated by commas (CSV)"))],
        widget=forms.RadioSelect,
        initial="xlsx",
    )


def _offer_institutions(form: forms.Form, institutions: Sequence[tuple[str, str]]) -> None:
    """Let those choose between institutions who are registrar at several."""
    if len(institutions) < 2:
        del form.fields["institution"]
    else:
        offer(form, "institution", [("", _("All")), *institutions])
