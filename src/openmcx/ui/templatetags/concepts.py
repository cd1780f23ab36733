"""The button beside a word that says what the word means: ``{% load concepts %}{% concept "eqf-level" %}``."""

from __future__ import annotations

import secrets
from collections import Counter
from typing import Any

from django import template
from django.template.context import Context
from django.urls import NoReverseMatch, reverse

from openmcx.ui.concepts import CONCEPTS

register = template.Library()


@register.inclusion_tag("ui/components/concept.html", takes_context=True)
def concept(context: Context, key: str, *, words: bool = False) -> dict[str, Any]:
    """This will put a button beside a word that shows its meaning in a few sentences and leads to the help page.

    It stands beside a label, never inside one. "" shows nothing, so that a list of words may have some without.
    With ``words=True`` the button asks its question in words, for a line of its own.
    """
    if not key:
        return {"concept": None}
    if key not in CONCEPTS:
        raise template.TemplateSyntaxError(f"There is no concept “{key}”. There are: {', '.join(CONCEPTS)}.")
    try:
        address = f"{reverse('portal:help')}#{key}"
    except NoReverseMatch:
        address = ""
    return {"concept": CONCEPTS[key], "id": _id(context, key), "address": address, "words": words}


def _id(context: Context, key: str) -> str:
    """An id for the text, unique in the page: the same word may be explained in several places."""
    request = context.get("request")
    if request is None:  # inside a component that knows nothing of the page around it
        return f"concept-{key}-{secrets.token_hex(4)}"
    if not hasattr(request, "concepts_shown"):
        request.concepts_shown = Counter()
    request.concepts_shown[key] += 1
    count = request.concepts_shown[key]
    return f"concept-{key}" if count == 1 else f"concept-{key}-{count}"
