"""The page of things to try, the files for it and the e-mails that were "sent"."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from openmcx.demo import adapters, queries
from openmcx.kernel.hosts import is_loopback
from openmcx.ui.slots import NavigationItem

MESSAGES_PER_PAGE = 50


def _on_this_machine[**P](
    view: Callable[P, HttpResponseBase],
) -> Callable[P, HttpResponseBase]:
    """Refuse a request for another host: passwords and other people's e-mail are for who sits at this machine."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request = args[0]
        assert isinstance(request, HttpRequest)
        if not is_loopback(split_domain_port(request.get_host())[0]):
            raise PermissionDenied
        return view(*args, **kwargs)

    return guarded


@require_safe
@_on_this_machine
def things_to_try(request: HttpRequest) -> HttpResponse:
    """This will list what can be tried, with the files for it and the sign-ins."""
    context = {"files": queries.files(), "hints": queries.sign_in_hints(None)}
    return render(request, "demo/start.html", context)


@require_safe
@_on_this_machine
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """This will hand over one of the files."""
    offered = next((one for one in queries.files() if one.name == name), None)
    if offered is None:
        raise Http404
    return FileResponse(offered.path.open("rb"), as_attachment=True, filename=name, content_type=offered.media_type)


@require_safe
@_on_this_machine
def outbox(request: HttpRequest) -> HttpResponse:
    """This will list the e-mails, newest first, found by recipient or subject."""
    words = request.GET.get("q", "").strip()[:200]
    found = [one for one in adapters.messages() if words.casefold() in f"{one.to} {one.subject}".casefold()]
    page = Paginator(found, MESSAGES_PER_PAGE).get_page(request.GET.get("page"))
    return _private(render(request, "demo/outbox.html", {"page": page, "words": words}))


@require_safe
@_on_this_machine
def message(request: HttpRequest, message_id: str) -> HttpResponse:
    """This will show one e-mail as its recipient reads it."""
    found = adapters.message(message_id)
    if found is None:
        raise Http404
    return _private(render(request, "demo/message.html", {"message": found}))


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """This will offer the things to try to everybody."""
    start = reverse("demo:start")
    return [NavigationItem(label=_("Things to try"), url=start, order=80, prefixes=(start,))]


def _private(answer: HttpResponse) -> HttpResponse:
    patch_cache_control(answer, private=True, no_store=True)
    return answer
