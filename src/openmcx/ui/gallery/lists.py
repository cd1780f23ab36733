"""Lists and tables."""

from __future__ import annotations

from functools import partial

from django.core.paginator import Paginator

from openmcx.ui.gallery import Component, Example, Group, tag
from openmcx.ui.templatetags import ui


def _page(number: int) -> dict[str, object]:
    return {"page": Paginator(range(200), 10).page(number)}


COMPONENTS: tuple[Component, ...] = (
    tag(
        ui.pagination,
        group=Group.LIST,
        docs={"page": "a page of Django's paginator", "parameter": "the name of the query parameter"},
        examples=tuple(
            Example(
                name=name,
                source="{% pagination page %}",
                context=partial(_page, number),
            )
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
