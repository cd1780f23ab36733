"""The choices of language and theme, and the gallery: every component in every state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template import RequestContext, Template
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language

from openmcx.ui import theme
from openmcx.ui.gallery import Component, Example
from openmcx.ui.gallery.registry import REGISTRY, by_group

DIRECTIONS = ("ltr", "rtl")


def _choice(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Take a choice that stands at the foot of every page, and refuse what another site makes a browser send.

    The token that does this elsewhere needs a cookie, and whoever only reads a public page shall get none. Browsers say
    where a form comes from; what comes from no page at all, such as a program's request, may choose for itself.
    """

    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponse:
        site, origin = request.headers.get("Sec-Fetch-Site", ""), request.headers.get("Origin", "null")
        # From a page that sends no referrer the origin is "null", from an older browser there is nothing else.
        is_ours = site in ("same-origin", "none") if site else urlsplit(origin).netloc in ("", request.get_host())
        if not is_ours:
            raise PermissionDenied
        return view(request)

    return csrf_exempt(require_POST(inner))


@_choice
def choose_language(request: HttpRequest) -> HttpResponse:
    """This will keep the reader's choice of language and go back to the page on which it was made."""
    answer: HttpResponse = set_language(request)
    return answer


@_choice
def choose_theme(request: HttpRequest) -> HttpResponse:
    """This will keep the reader's choice of colours and go back to the page on which it was made."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    answer = HttpResponseRedirect(target if is_ours else "/")
    theme.remember(answer, theme.parse(request.POST.get(theme.PARAMETER, "")))
    return answer


@dataclass(frozen=True, slots=True)
class ShownExample:
    """An example with what it looks like."""

    example: Example
    html: SafeString


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """This will list the components by what they are for."""
    return _answer(request, "ui/gallery/index.html", {"groups": by_group()})


@require_http_methods(["GET", "HEAD", "POST"])
def component(request: HttpRequest, name: str) -> HttpResponse:
    """This will show one component: what it takes, and each of its states."""
    declared = REGISTRY.get(name)
    if declared is None:
        raise Http404
    if request.method == "POST":  # the forms among the examples lead back to their page
        return redirect("ui:component", name=name)
    shown = [ShownExample(example, _drawn(request, example)) for example in declared.examples]
    return _answer(request, "ui/gallery/component.html", {"component": declared, "shown": shown, **_neighbours(name)})


def _drawn(request: HttpRequest, example: Example) -> SafeString:
    # The examples are for those who build pages, and are in the language of the documentation.
    with override("en"):
        source = f"{{% load i18n ui %}}{example.source}"
        return mark_safe(Template(source).render(RequestContext(request, dict(example.context()))))  # noqa: S308 - an example of our own, rendered by Django


def _neighbours(name: str) -> dict[str, Component | None]:
    every = list(REGISTRY.values())
    place = [one.name for one in every].index(name)
    return {
        "previous": every[place - 1] if place else None,
        "next": every[place + 1] if place + 1 < len(every) else None,
    }


def _answer(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    asked = request.GET.get(theme.PARAMETER)
    if asked:
        theme.force(request, theme.parse(asked))
    direction = request.GET.get("dir", "")
    answer = render(request, template, {**context, "direction": direction if direction in DIRECTIONS else ""})
    answer["X-Robots-Tag"] = "noindex"
    patch_cache_control(answer, no_cache=True)
    return answer
