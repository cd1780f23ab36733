"""Lists and tables."""

from __future__ import annotations

from functools import partial

import django_tables2
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html
from django_tables2 import RequestConfig

from openmcx.ui import tags
from openmcx.ui.components import BulkAction, State
from openmcx.ui.gallery import Component, Example, Group, Prop, tag
from openmcx.ui.tables import Table
from openmcx.ui.templatetags import ui

_LEARNERS = [
    {"id": 1, "name": "Aalto, Aino", "grade": "5", "percent": 91, "state": ("ok", "Issued")},
    {"id": 2, "name": "Berg, Björn", "grade": "3", "percent": 64, "state": ("bad", "Failed")},
    {"id": 3, "name": "Castro, Carmen", "grade": "4", "percent": 78, "state": ("quiet", "Waiting")},
]


class LearnerTable(Table):
    """A short list."""

    caption = "Learners of the class list"
    empty_title = "No learner fits"
    optional = ("grade", "percent")
    left_out = ("grade",)
    name = django_tables2.Column("Name")
    grade = django_tables2.Column("Grade")
    percent = django_tables2.Column("Percent", attrs={"td": {"class": "number"}, "th": {"class": "number"}})
    state = django_tables2.Column("State", orderable=False)

    class Meta(Table.Meta):
        pass

    def render_name(self, value: str) -> str:
        """This will link the learner."""
        return format_html('<a href="#learner">{}</a>', value)

    def render_state(self, value: tuple[str, str]) -> str:
        """This will show the state as icon and words."""
        return ui.status(State(value[0]), value[1])


class Filter(forms.Form):
    """What a list can be searched and narrowed by."""

    q = forms.CharField(label="Name", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(label="State", choices=[("", "All"), ("issued", "Issued")], required=False)


def _page(number: int) -> dict[str, object]:
    return {"page": Paginator(range(200), 10).page(number)}


def _table(
    name: str, query: str, *, is_empty: bool = False, with_actions: bool = False, is_narrowed: bool = False
) -> dict[str, object]:
    request = HttpRequest()
    request.GET = QueryDict(query)
    table = LearnerTable([] if is_empty else _LEARNERS, prefix=f"{name}-")
    table.is_narrowed = is_narrowed
    if with_actions:
        table.bulk_actions = [
            BulkAction(url="", text="Send again", icon_name="mail"),
            BulkAction(url="", text="Revoke", kind="danger"),
        ]
    RequestConfig(request, paginate={"per_page": 10}).configure(table)
    table.choose_columns(request)
    return {"table": table}


_RENDER = "{% load render_table from django_tables2 %}{% render_table table %}"

COMPONENTS: tuple[Component, ...] = (
    Component(
        name="table",
        group=Group.LIST,
        summary="A list with a caption: sorted by its headings, paged, downloadable; columns can be left out, and "
        "something be done with several rows.",
        usage="{% load render_table from django_tables2 %}{% render_table table %}",
        props=(
            Prop(name="caption", type="Text", doc="what the rows are"),
            Prop(name="empty_title", type="Text", doc="what is said when there are none", default='"Nothing here yet"'),
            Prop(
                name="not_found_title",
                type="Text",
                doc="what is said when nothing fits the filters",
                default='"Nothing fits the search"',
            ),
            Prop(name="export_formats", type="tuple", doc="kinds of file", default='("csv", "xlsx")'),
            Prop(name="optional", type="tuple", doc="columns that may be left out", default="()"),
            Prop(name="left_out", type="tuple", doc="those left out at first", default="()"),
            Prop(name="bulk_actions", type="Sequence[BulkAction]", doc="what is done with ticked rows", default="()"),
        ),
        examples=(
            Example(name="as-it-is-first", source=_RENDER, context=partial(_table, "first", "")),
            Example(name="sorted", source=_RENDER, context=partial(_table, "sorted", "sorted-sort=-percent")),
            Example(
                name="all-columns",
                source=_RENDER,
                context=partial(_table, "all", "columns=grade&columns=percent"),
            ),
            Example(name="with-actions", source=_RENDER, context=partial(_table, "actions", "", with_actions=True)),
            Example(name="empty", source=_RENDER, context=partial(_table, "none", "", is_empty=True)),
            Example(
                name="nothing-found",
                source=_RENDER,
                context=partial(_table, "sought", "q=Zora", is_empty=True, is_narrowed=True),
            ),
        ),
    ),
    tag(
        tags.filter_bar,
        group=Group.LIST,
        docs={
            "form": "a form of filters, bound to what was asked for",
            "label": "what is searched, for those who do not see the list",
            "submit": "what the button says; “Show” unless something else says it better",
        },
        examples=(
            Example(
                name="search-and-filter",
                source='{% filter_bar form "Search the learners" %}',
                context=lambda: {"form": Filter({"q": "Aalto"}, auto_id="filter-%s")},
            ),
        ),
        templates=("filter_bar.html",),
    ),
    tag(
        tags.row_id,
        group=Group.LIST,
        docs={"table": "a table", "record": "one of its records"},
        examples=(
            Example(
                name="of-a-row",
                source="<p><code>{% row_id table record %}</code></p>",
                context=lambda: {**_table("id", ""), "record": _LEARNERS[1]},
            ),
        ),
    ),
    tag(
        ui.pagination,
        group=Group.LIST,
        docs={"page": "a page of Django's paginator", "parameter": "the name of the query parameter"},
        examples=tuple(
            Example(name=name, source="{% pagination page %}", context=partial(_page, number))
            for name, number in (("first-page", 1), ("in-the-middle", 10), ("last-page", 20))
        ),
        templates=("pagination.html",),
    ),
    tag(
        ui.with_query,
        group=Group.LIST,
        docs={"changes": "query parameters; None takes one away"},
        examples=(Example(name="address", source='<p><code>{% with_query sort="name" page=None %}</code></p>'),),
    ),
)
