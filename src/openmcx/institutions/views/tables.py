"""The list of institutions, and what it is narrowed by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_tables2
from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from openmcx.institutions.models import AccreditationStatus, Institution, InstitutionKind
from openmcx.institutions.queries import NOT_STATED
from openmcx.ui.components import State
from openmcx.ui.countries import country_name, place_name
from openmcx.ui.forms import offer
from openmcx.ui.tables import FilterForm, Table, search_field
from openmcx.ui.templatetags.ui import lang_text, status

_STATES = {AccreditationStatus.NOT_STATED: State.WARN, AccreditationStatus.NONE: State.QUIET}


class InstitutionFilterForm(FilterForm):
    """Which institutions to show."""

    q = search_field(_("Search"), _("Name, place or short name."))
    country = forms.ChoiceField(label=_("Country"))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All")), *InstitutionKind.choices])
    accreditation = forms.ChoiceField(
        label=_("Accreditation"),
        choices=[("", _("All")), *((code or NOT_STATED, label) for code, label in AccreditationStatus.choices)],
    )

    def __init__(self, *args: Any, countries: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "country", [("", _("All countries")), *countries])


class InstitutionTable(Table):
    """The members of the network."""

    caption = _("Institutions of this network")
    empty_title = _("The network has no members yet.")
    not_found_title = _("No institution found")
    optional = ("country", "kind", "accreditation_status", "place", "website", "did")
    left_out = ("place", "website", "did")

    name = django_tables2.Column(_("Name"), order_by=("slug",))
    country = django_tables2.Column(_("Country"))
    kind = django_tables2.Column(_("Kind"))
    accreditation_status = django_tables2.Column(_("Accreditation"), empty_values=())
    place = django_tables2.Column(_("Place"), empty_values=(), order_by=("country", "region"))
    website = django_tables2.Column(_("Website"))
    did = django_tables2.Column(_("Decentralised identifier (DID)"), accessor="did", orderable=False)

    class Meta(Table.Meta):
        order_by = "name"

    def render_name(self, record: Institution) -> Any:
        """This will link the institution."""
        place = reverse("institutions:page", kwargs={"slug": record.slug})
        return format_html('<a href="{}">{}</a>', place, lang_text(record.name))

    def value_name(self, record: Institution) -> str:
        """This will name the institution in the file."""
        return str(record)

    def render_country(self, value: str) -> str:
        """This will name the country."""
        return country_name(value)

    def render_accreditation_status(self, record: Institution) -> Any:
        """This will show what the institution states."""
        stated = AccreditationStatus(record.accreditation_status)
        return status(_STATES.get(stated, State.INFO), stated.label)

    def value_accreditation_status(self, record: Institution) -> str:
        """This will say in the file what the institution states."""
        return str(AccreditationStatus(record.accreditation_status).label)

    def render_place(self, record: Institution) -> str:
        """This will name the region."""
        return place_name(record.region, record.country)

    def render_website(self, value: str) -> Any:
        """This will link the website."""
        return format_html('<a href="{}" rel="noopener nofollow">{}</a>', value, value)

    def value_website(self, value: str) -> str:
        """This will write the address in the file."""
        return value

    def render_did(self, value: str) -> Any:
        """This will show the identifier, which is long."""
        return format_html('<code class="long-value">{}</code>', value)

    def value_did(self, value: str) -> str:
        """This will write the identifier in the file."""
        return value
