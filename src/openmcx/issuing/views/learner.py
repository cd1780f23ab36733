"""The learner's private page. Whoever has the link may open it, so it is shown to nobody else: not to search engines,
not to other sites through the referrer, not to caches.
"""

from __future__ import annotations

import functools

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openmcx.institutions import queries as institution_queries
from openmcx.issuing import operations, queries
from openmcx.issuing.mapping.presentation import shown
from openmcx.issuing.models import IssuedCredential
from openmcx.issuing.views.shared import View, printed
from openmcx.issuing.views.tables import held_state
from openmcx.kernel import ratelimit
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.scopes import scopes_disabled
from openmcx.kernel.web import actor_of, download

# What a verifier asks for; the bytes are the same in each.
DOCUMENT_TYPES = ("application/vc+ld+json", "application/vc", "application/ld+json", "application/json")
# Units: files from one network: laying out a page takes a hundred times as long as giving the document.
PRINTING = ratelimit.Limit("issuing.printing", count=60, seconds=600)
# Units: wrong links from one network. With 128 random bits nobody finds one; this keeps them from trying.
WRONG_LINKS = ratelimit.Limit("issuing.wrong-links", count=20, seconds=600)


def _private(view: View) -> View:
    @functools.wraps(view)
    def inner(request: HttpRequest, token: str) -> HttpResponse:
        # Only wrong links count: a right one opens although somebody else behind the same address guesses.
        credential = queries.credential_for_token(token)
        if credential is None:
            ratelimit.check(WRONG_LINKS, ratelimit.client(request), at=timezone.now())
            response = render(request, "issuing/link_unknown.html", status=404)
        else:
            response = view(request, token, credential)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "no-referrer"
        patch_cache_control(response, no_store=True, private=True)
        return response

    return inner


@require_safe
@_private
def private(request: HttpRequest, token: str, credential: IssuedCredential) -> HttpResponse:
    """This will show a learner their credential, or give the document to a program that asks for one."""
    media_type = _wanted_type(request)
    if media_type != "text/html":
        return _with_vary(_document(credential, media_type))
    at = timezone.now()
    content = queries.content(credential)
    with scopes_disabled():
        changes = list(credential.changes.select_related("subject_key").order_by("at"))
    actor = actor_of(request)
    page = render(
        request,
        "issuing/private.html",
        {
            "credential": credential,
            "token": token,
            "state": held_state(credential, at),
            "state_code": queries.state(credential, at=at).value,
            "shown": shown(content) if content else None,
            "mark": institution_queries.mark(credential.institution),
            "changes": changes,
            "is_mine": actor.person_id is not None and credential.learner.person_id == actor.person_id,
            "is_claimed": credential.learner.person_id is not None,
            "is_signed_in": actor.is_signed_in,
        },
    )
    return _with_vary(page)


def _wanted_type(request: HttpRequest) -> str:
    """This will tell whether a page or a document is asked for. Who accepts anything gets the page.

    Source: RFC 9110, section 12.5.1; VC Data Model 2.0, section 6.2 (media types).
    """
    return request.get_preferred_type(["text/html", *DOCUMENT_TYPES]) or "text/html"


def _document(credential: IssuedCredential, media_type: str) -> HttpResponse:
    body = queries.document(credential)
    if body is None:
        raise Http404
    return download(body, queries.download_name(credential), media_type)


def _with_vary(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["Accept"])
    return response


@require_safe
@_private
def private_document(request: HttpRequest, token: str, credential: IssuedCredential) -> HttpResponse:
    """This will give a learner the signed document."""
    return _document(credential, DOCUMENT_TYPES[0])


@require_safe
@_private
def private_pdf(request: HttpRequest, token: str, credential: IssuedCredential) -> HttpResponse:
    """This will give a learner their credential on paper, with the signed document inside."""
    ratelimit.check(PRINTING, ratelimit.client(request), at=timezone.now())
    return printed(credential)


@require_safe
@_private
def private_picture(request: HttpRequest, token: str, credential: IssuedCredential) -> HttpResponse:
    """This will give a learner their credential as a picture, with the signed document inside."""
    ratelimit.check(PRINTING, ratelimit.client(request), at=timezone.now())
    body = queries.picture(credential)
    if body is None:
        raise Http404
    return download(body, queries.download_name(credential, "png"), "image/png")


@require_POST
@_private
def claim(request: HttpRequest, token: str, credential: IssuedCredential) -> HttpResponse:
    """This will put the credential into the account of whoever opened the link."""
    actor = actor_of(request)
    if not actor.is_signed_in:
        # Whoever has signed in comes back by GET, which this address does not answer: the page has the button.
        return redirect_to_login(reverse("issuing:private", kwargs={"token": token}))
    try:
        operations.claim(by=actor, at=timezone.now(), token=token)
    except NotPermitted:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The credential is in your account now."))
    return redirect("issuing:private", token=token)
