"""Tables for lists: sorted, paged, searched by the view's own form, and downloadable as CSV and XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_tables2
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_tables2 import RequestConfig

from openmcx.kernel import web
from openmcx.ui.components import BulkAction

EXPORT_PARAMETER = "download"
COLUMNS_PARAMETER = "columns"
EXPORT_ROWS = 50_000
_MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A spreadsheet program would take what begins so for a formula; in East Asian locales the wide signs too.
_FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_CELL_BREAKS = ("\t", "\r", "\n")


class FilterForm(forms.Form):
    """What a list is searched and narrowed by: a form sent with GET that `filter_bar` shows.

    Fields are not required. A value that is none is said as an error, and the list is narrowed by the others.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = False
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            if field.help_text:
                field.widget.attrs["aria-describedby"] = f"id_{name}-hint"

    @property
    def given(self) -> dict[str, Any]:
        """What the list is narrowed by: the fields that were filled in with something that can be looked for."""
        if not self.is_bound:
            return {}
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


def search_field(label: Any, hint: Any = "") -> forms.CharField:
    """This will make the field for words; what no database can hold is left out of them."""
    return _WordsField(
        label=label, help_text=hint, required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )


def day_field(label: Any) -> forms.DateField:
    """This will make a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class _WordsField(forms.CharField):
    def clean(self, value: Any) -> Any:
        """This will take a NUL out, which no database looks for, and which only a made-up address holds."""
        return super().clean(value.replace("\x00", " ") if isinstance(value, str) else value)


class Table(django_tables2.Table):  # type: ignore[misc]  # django-tables2 has no types
    """A list. A subclass sets `caption`, the sentence that says what the rows are.

    `optional` names the columns that a reader may leave out, `left_out` those of them that are left out at first; files
    have the columns that are shown.
    `bulk_actions` is set by a view that does something with several rows: they are sent to it as `rows`.
    """

    caption: ClassVar[str | Promise] = ""
    empty_title: ClassVar[str | Promise] = _("Nothing here yet")
    not_found_title: ClassVar[str | Promise] = _("Nothing fits the search")
    export_formats: ClassVar[tuple[str, ...]] = ("csv", "xlsx")
    optional: ClassVar[tuple[str, ...]] = ()
    left_out: ClassVar[tuple[str, ...]] = ()
    bulk_actions: Sequence[BulkAction] = ()
    is_narrowed = False

    class Meta:
        template_name = "ui/table.html"
        attrs: ClassVar[dict[str, str]] = {"class": "data-table"}

    def row_id(self, record: Any) -> str:
        """This will name a row for a bulk action."""
        return str(record["id"] if isinstance(record, Mapping) else record.pk)

    @classmethod
    def key(cls) -> str:
        """This will name the kind of table, for what people keep about it."""
        return f"{cls.__module__.split('.')[1]}.{cls.__name__}"

    def choose_columns(self, request: HttpRequest) -> None:
        """This will show those of the optional columns that the address asks for, or that the reader keeps chosen."""
        asked = request.GET.getlist(COLUMNS_PARAMETER)
        person = getattr(request, "user", None)
        # A person of the accounts app, which stands above: it keeps the choice, visitors have it in the address.
        self.is_kept = bool(getattr(person, "is_authenticated", False))
        kept = getattr(person, "table_columns", {}).get(self.key()) if self.is_kept else None
        chosen = set(asked) if asked else set(self.optional) - set(self.left_out) if kept is None else set(kept)
        self.column_choices = [(name, self.columns[name].header, name in chosen) for name in self.optional]
        for name, _header, is_chosen in self.column_choices:
            if not is_chosen:
                self.columns.hide(name)
        self.kept_query = [
            (name, value)
            for name, values in request.GET.lists()
            if name not in (COLUMNS_PARAMETER, self.prefixed_page_field)
            for value in values
        ]
        self.way_back = f"{request.path}?{urlencode(self.kept_query)}" if self.kept_query else request.path


def kind_named(key: str) -> type[Table] | None:
    """This will find a kind of table by its key."""
    waiting: list[type[Table]] = [Table]
    while waiting:
        kind = waiting.pop()
        if kind.key() == key:
            return kind
        waiting += kind.__subclasses__()
    return None


def respond(
    request: HttpRequest,
    table: Table,
    template_name: str,
    context: Mapping[str, Any],
    *,
    file_name: str,
    per_page: int = 50,
    form: FilterForm | None = None,
) -> HttpResponse:
    """This will answer with the page that shows `table`, or with the whole table as a file when that was asked for.

    `form` is what the list was narrowed by; an empty list then says that nothing fits, and offers the way back.
    The table stands in the context as ``table``; the page shows it with ``{% load render_table from django_tables2 %}``
    and ``{% render_table table %}``.
    """
    if form is not None:
        table.is_narrowed = any(request.GET.get(bound.html_name) for bound in form)
        context = {**context, "form": form}
    wanted = request.GET.get(EXPORT_PARAMETER)
    if wanted in table.export_formats:
        return download(request, table, wanted, file_name)
    RequestConfig(request, paginate={"per_page": per_page}).configure(table)
    table.choose_columns(request)
    return render(request, template_name, {**context, "table": table})


def download(request: HttpRequest, table: Table, kind: str, file_name: str) -> HttpResponse:
    """This will give all rows as a file, in the order and with the columns that were chosen."""
    RequestConfig(request, paginate=False).configure(table)
    table.choose_columns(request)
    rows = _rows(table)
    body = csv_bytes(rows) if kind == "csv" else _xlsx(rows)
    return web.download(body, f"{file_name}.{kind}", _MEDIA_TYPES[kind])


def _rows(table: Table) -> Iterable[list[Any]]:
    left_out = [name for name, _header, is_chosen in table.column_choices if not is_chosen]
    for number, row in enumerate(table.as_values(exclude_columns=left_out)):
        if number > EXPORT_ROWS:
            return
        yield list(row)


def csv_bytes(rows: Iterable[Iterable[Any]]) -> bytes:
    """This will write rows as CSV that spreadsheet programs open, with no cell that they would calculate.

    Source: OWASP, CSV Injection.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([defused(value) for value in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()  # spreadsheet programs take it for UTF-8 only with the mark


def defused(value: Any) -> str:
    """This will give a cell's text with a mark in front if a spreadsheet program would take it for a formula.

    Numbers stay as they are: a negative one is no formula.
    """
    text = "" if value is None else str(value)
    if isinstance(value, int | float | Decimal):
        return text
    is_formula = text.lstrip().startswith(_FORMULA_STARTS) or text.startswith(_CELL_BREAKS)
    return f"'{text}" if is_formula else text


def _xlsx(rows: Iterable[list[Any]]) -> bytes:
    file = io.BytesIO()
    import xlsxwriter  # noqa: PLC0415 - a third of a second that only those who make a workbook pay

    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for line, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                    sheet.write_number(line, place, float(value))
                else:
                    sheet.write_string(
                        line, place, "" if value is None else str(value)[:32_000], bold if not line else None
                    )
        sheet.freeze_panes(1, 0)
    return file.getvalue()
