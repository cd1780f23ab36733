"""The public page: hand in a credential, read the report."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from openmcx.kernel import ratelimit
from openmcx.kernel.errors import Refusal
from openmcx.kernel.web import actor_of
from openmcx.ui.slots import NavigationItem
from openmcx.verification import mapping, operations, queries, rules
from openmcx.verification.forms import DocumentForm, TooLarge, prepare
from openmcx.verification.models import Channel


# Checking changes nothing and needs no identity, so a forged form gains nothing; without the token the page needs no
# cookie and the body can be bounded before it is read.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """This will offer the form, or judge what was handed in."""
    if request.method != "POST":
        return render(request, "verification/start.html", {"form": DocumentForm()})
    now = timezone.now()
    ratelimit.check(rules.DOCUMENTS_PER_CLIENT, ratelimit.client(request), at=now)
    try:
        prepare(request)
        form = DocumentForm(request.POST, request.FILES)
        if getattr(request, "too_large", False):
            raise TooLarge
    except TooLarge:
        form = DocumentForm({})
        form.is_valid()
        form.errors.clear()
        form.add_error("file", str(mapping.too_large()))
        return _answer(request, "verification/start.html", {"form": form}, status=413)
    if not form.is_valid():
        return _answer(request, "verification/start.html", {"form": form}, status=422)
    given, actor = form.cleaned_data, actor_of(request)
    channel = given["channel"]
    name = ""
    try:
        if channel == Channel.LINK:
            ratelimit.check(rules.LINKS_PER_CLIENT, ratelimit.client(request), at=now)
            name = given["link"]
            report = operations.check_link(by=actor, link=given["link"], at=now)
        elif channel == Channel.FILE:
            name = given["file"].name
            report = operations.check(by=actor, document=given["file"].read(), channel=channel, at=now)
        else:
            report = operations.check(by=actor, document=given["text"].encode(), channel=channel, at=now)
    except ratelimit.TooMany:
        raise
    except Refusal as refusal:
        form.add_error(channel.value, str(refusal))
        return _answer(request, "verification/start.html", {"form": form}, status=422)
    shown = mapping.shown(report)
    return _answer(
        request,
        "verification/report.html",
        {
            "report": shown,
            "mark": queries.mark_of(report.issuer),
            "name": name,
            "checked_at": now,
            "download": mapping.as_data_uri(report),
        },
    )


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """This will offer verification to everybody."""
    return [NavigationItem(label=_("Check a credential"), url=reverse("verification:start"), order=55)]


def _answer(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """This will render what must neither be stored on the way nor be found by a search engine."""
    answer = render(request, template, context, status=status)
    patch_cache_control(answer, private=True, no_store=True)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
