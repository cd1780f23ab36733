"""The catalogue and the drafts as tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import django_tables2
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from openmcx.catalogue.mapping.elements import ELEMENTS, label_of
from openmcx.catalogue.mapping.languages import language_name
from openmcx.catalogue.models import CatalogueEntry, Facet
from openmcx.ui.tables import Table
from openmcx.ui.templatetags.ui import lang_text, status

_NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


class EntryTable(Table):
    """What is in the catalogue. Its files give each entry's address too."""

    caption = _("Micro-credentials in the catalogue")
    optional = ("institution", "workload_ects", "eqf_level", "languages", "version", "published_at", "participation")
    left_out = ("participation",)

    title = django_tables2.Column(_("Title"), order_by=("sort_title", "slug"))
    institution = django_tables2.Column(_("Institution"), order_by=("institution__slug", "sort_title"))
    workload_ects = django_tables2.Column(_("ECTS"), attrs=_NUMBER)
    eqf_level = django_tables2.Column(_("EQF level"), attrs=_NUMBER)
    languages = django_tables2.Column(_("Languages"), empty_values=(), orderable=False)
    version = django_tables2.Column(_("Version"), accessor="version__number", attrs=_NUMBER)
    published_at = django_tables2.Column(_("Published"))
    participation = django_tables2.Column(_("Form of participation"))
    address = django_tables2.Column(_("Address"), empty_values=(), visible=False)

    class Meta(Table.Meta):
        order_by_field = "order"

    def __init__(self, *args: Any, asked: HttpRequest, **kwargs: Any) -> None:
        self.asked = asked
        super().__init__(*args, **kwargs)

    def render_title(self, record: CatalogueEntry) -> Any:
        """This will link the entry."""
        return format_html('<a href="{}">{}</a>', _place(record), lang_text(record.title))

    def value_title(self, record: CatalogueEntry) -> str:
        """This will give the title in the file."""
        return record.title.best(get_language() or "en")

    def render_institution(self, record: CatalogueEntry) -> Any:
        """This will name the institution."""
        return lang_text(record.institution.name)

    def value_institution(self, record: CatalogueEntry) -> str:
        """This will name the institution in the file."""
        return record.institution.name.best(get_language() or "en")

    def render_workload_ects(self, value: Decimal) -> str:
        """This will write the number without needless decimals."""
        return number_format(_short(value))

    def value_workload_ects(self, value: Decimal) -> int | float:
        """This will write the number in the file."""
        return _short(value)

    def render_languages(self, record: CatalogueEntry) -> str:
        """This will name the languages of instruction."""
        return ", ".join(map(language_name, _languages(record)))

    def value_languages(self, record: CatalogueEntry) -> str:
        """This will give the languages' codes in the file."""
        return " ".join(_languages(record))

    def render_published_at(self, value: dt.datetime) -> str:
        """This will write the day."""
        return date_format(value, "DATE_FORMAT")

    def value_published_at(self, value: dt.datetime) -> str:
        """This will write the day in the file."""
        return value.date().isoformat()

    def render_participation(self, value: str) -> str:
        """This will name the form of participation."""
        return str(label_of(ELEMENTS["participation"], value))

    def render_address(self, record: CatalogueEntry) -> str:
        """This will give the whole address."""
        return self.asked.build_absolute_uri(_place(record))


class DraftTable(Table):
    """The micro-credentials of the actor's institutions, as `views.drafts` prepares them."""

    caption = _("Micro-credentials of your institutions")
    empty_title = _("No micro-credentials yet")
    not_found_title = _("No micro-credential fits")
    optional = ("institutions", "state", "number", "languages", "edited_at")
    left_out = ("languages",)

    title = django_tables2.Column(_("Title"))
    institutions = django_tables2.Column(_("Institution"))
    state = django_tables2.Column(_("State"))
    number = django_tables2.Column(_("Version"), attrs=_NUMBER)
    languages = django_tables2.Column(_("Languages"))
    edited_at = django_tables2.Column(_("Last edited"))

    class Meta(Table.Meta):
        order_by = "-edited_at"

    def render_title(self, record: Mapping[str, Any]) -> Any:
        """This will link the draft."""
        place = reverse("catalogue:overview", kwargs={"specification_id": record["id"]})
        return format_html('<a href="{}" lang="{}">{}</a>', place, record["title_lang"] or "und", record["title"])

    def value_title(self, value: str) -> str:
        """This will give the title in the file."""
        return value

    def render_institutions(self, record: Mapping[str, Any]) -> Any:
        """This will name the institutions."""
        return record["institutions_marked"]

    def value_institutions(self, value: str) -> str:
        """This will name the institutions in the file."""
        return value

    def render_state(self, record: Mapping[str, Any]) -> Any:
        """This will show the state as icon and words."""
        return status(record["state_kind"], record["state"])

    def value_state(self, value: str) -> str:
        """This will name the state in the file."""
        return value

    def render_edited_at(self, value: dt.datetime) -> str:
        """This will write the day."""
        return date_format(value, "DATE_FORMAT")

    def value_edited_at(self, value: dt.datetime) -> str:
        """This will write the time in the file."""
        return value.isoformat(timespec="minutes")


def _place(entry: CatalogueEntry) -> str:
    return reverse("catalogue:latest", args=[entry.slug])


def _languages(entry: CatalogueEntry) -> list[str]:
    return [facet.value for facet in entry.facets.all() if facet.facet == Facet.LANGUAGE]


def _short(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)
