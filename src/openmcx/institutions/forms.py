"""Forms of institutions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openmcx.institutions import rules
from openmcx.institutions.models import AccreditationStatus, Institution, InstitutionKind, Role
from openmcx.institutions.operations import Profile
from openmcx.kernel.actors import Actor
from openmcx.kernel.errors import Refusal
from openmcx.ui.countries import country_choices
from openmcx.ui.forms import AutocompleteSelect, DateInput, FormInLanguages, LangTextFormField
from openmcx.ui.languages import interface_languages


def _date(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=DateInput,
    )


def _countries() -> list[tuple[str, Any]]:
    return [("", _("Choose a country")), *country_choices()]


class ProfileForm(FormInLanguages):
    """What an institution says about itself."""

    name = LangTextFormField(
        label=_("Name"), max_characters=200, help_text=_("Write it in every language in which it has an official form.")
    )
    legal_name = forms.CharField(label=_("Legal name"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=InstitutionKind.choices)
    country = forms.ChoiceField(label=_("Country"), choices=_countries, widget=AutocompleteSelect)
    region = forms.CharField(
        label=_("Region"), max_length=120, required=False, help_text=_("Its name, or its NUTS code such as FI1C5.")
    )
    address = forms.CharField(label=_("Postal address"), max_length=300, required=False)
    website = forms.URLField(label=_("Website"), max_length=300, required=False, assume_scheme="https")
    email = forms.EmailField(label=_("E-mail for questions about credentials"), required=False)
    ror = forms.CharField(label=rules.SCHEMES["ror"].label, help_text=rules.SCHEMES["ror"].hint, required=False)
    schac = forms.CharField(label=rules.SCHEMES["schac"].label, help_text=rules.SCHEMES["schac"].hint, required=False)
    eter = forms.CharField(label=rules.SCHEMES["eter"].label, help_text=rules.SCHEMES["eter"].hint, required=False)
    deqarinst = forms.CharField(
        label=rules.SCHEMES["deqarinst"].label, help_text=rules.SCHEMES["deqarinst"].hint, required=False
    )
    accreditation_status = forms.ChoiceField(
        label=_("Accreditation"),
        choices=AccreditationStatus.choices,
        required=False,
        help_text=_("As long as nothing is stated, credentials and pages say so."),
    )
    accreditation_note = LangTextFormField(label=_("Note on accreditation"), required=False, rows=2)
    accrediting_body = forms.CharField(label=_("Accrediting body"), max_length=200, required=False)
    accredited_from = _date(_("Accredited from"))
    accredited_until = _date(_("Accredited until"))
    accreditation_evidence = forms.URLField(
        label=_("Link to evidence"), max_length=300, required=False, assume_scheme="https"
    )

    @staticmethod
    def initial_of(institution: Institution) -> dict[str, Any]:
        """This will give what the form starts with."""
        names = [field for field in ProfileForm.base_fields if field not in rules.SCHEMES]
        return {**{name: getattr(institution, name) for name in names}, **institution.identifiers}

    def clean(self) -> dict[str, Any]:
        """This will check identifiers and dates, each at its own field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for scheme in rules.SCHEMES:
            try:
                cleaned[scheme] = rules.normal_identifier(scheme, cleaned.get(scheme, ""))
            except Refusal as refusal:
                self.add_error(scheme, str(refusal))
        begins, ends = cleaned.get("accredited_from"), cleaned.get("accredited_until")
        if begins and ends and ends < begins:
            self.add_error("accredited_until", _("The accreditation ends before it begins."))
        return cleaned

    def profile(self) -> Profile:
        """This will give the profile; texts in languages without a box are kept."""
        data = self.cleaned_data
        texts = {name: self.texts(name) for name in ("name", "accreditation_note")}
        identifiers = {scheme: data[scheme] for scheme in rules.SCHEMES if data[scheme]}
        rest = {name: value for name, value in data.items() if name not in rules.SCHEMES and name not in texts}
        rest.pop("slug", None)
        return Profile(identifiers=identifiers, **{**texts, **rest})


class AddForm(ProfileForm):
    """A new institution: its short name first."""

    slug = forms.CharField(
        label=_("Short name in addresses"),
        min_length=2,
        max_length=60,
        help_text=_(
            "It becomes part of the institution's identifier (DID) and never changes, for instance uni-example."
        ),
    )
    field_order = ("slug",)

    def clean_slug(self) -> str:
        """This will check the short name at its own field."""
        slug = str(self.cleaned_data["slug"]).strip()
        try:
            rules.check_slug(slug)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from None
        return slug


class RoleForm(forms.Form):
    """A role for somebody, from a day to a day."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_(
            "Somebody who already has or had a role here gets the new one at once. Anybody else gets an invitation."
        ),
    )
    role = forms.ChoiceField(label=_("Role"))
    begins_on = _date(_("First day"), _("Leave it empty for today."))
    ends_on = _date(_("Last day"), _("Leave it empty for a role without end."))
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=interface_languages)

    def __init__(self, *args: Any, actor: Actor, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role, label) for role, label in Role.choices if rules.may_grant(actor, institution.pk, role)]
        self.fields["role"] = forms.ChoiceField(label=_("Role"), choices=choices)

    def clean(self) -> dict[str, Any]:
        """This will check the days against one another and against today."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        today = timezone.now().date()
        begins: dt.date = cleaned.get("begins_on") or today
        ends: dt.date | None = cleaned.get("ends_on")
        if ends is not None and (ends < begins or ends < today):
            self.add_error("ends_on", _("The last day must be today or later, and not before the first day."))
        return cleaned


class AccentForm(forms.Form):
    """A colour of the institution's own."""

    colour = forms.CharField(
        label=_("Colour"),
        max_length=20,
        required=False,
        help_text=_("# and six digits or letters from a to f, for instance #0b5c66. Empty: the network's own colour."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class LogoForm(forms.Form):
    """A logo."""

    picture = forms.FileField(
        label=_("Logo"),
        help_text=_("A PNG, JPEG or WebP file of at most 2 MB, best a square one."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )


class ConfirmForm(forms.Form):
    """One box to tick before something with consequences."""

    understood = forms.BooleanField(
        label=_("I have read what happens"), error_messages={"required": _("Tick the box to go on.")}
    )
