"""Help: what the words mean, and how each job is done."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from openmcx.portal import queries
from openmcx.ui.concepts import CONCEPTS

_MOST_CHARACTERS = 100


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """This will list the guides and explain the words, all of them or those that were looked for."""
    words = " ".join(request.GET.get("q", "").split())[:_MOST_CHARACTERS]
    groups = queries.find_concepts(words)
    count = sum(len(group.concepts) for group in groups)
    context = {"words": words, "groups": groups, "count": count, "guides": queries.GUIDES}
    return render(request, "portal/help.html", context)


@require_safe
def guide(request: HttpRequest, key: str) -> HttpResponse:
    """This will show how one job is done, step by step, with the words it needs."""
    found = queries.guide(key)
    if found is None:
        raise Http404
    context = {
        "guide": found,
        "ways": [(way, _address(way.page)) for way in found.ways],
        "concepts": [CONCEPTS[name] for name in found.concepts],
    }
    return render(request, "portal/guide.html", context)


def _address(page: str) -> str:
    try:
        return reverse(page) if page else ""
    except NoReverseMatch:  # a node may run without an app
        return ""
