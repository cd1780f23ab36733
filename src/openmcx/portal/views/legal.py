"""The network's legal texts: read by everybody, written and published by coordinators."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from openmcx.kernel.actors import require
from openmcx.kernel.errors import Refusal
from openmcx.kernel.web import actor_of
from openmcx.portal import mapping, operations, queries, rules
from openmcx.portal.forms import LegalTextForm
from openmcx.portal.models import LegalKind
from openmcx.portal.queries.legal import name_of_language


@require_safe
def legal(request: HttpRequest, kind: str) -> HttpResponse:
    """This will show a legal text as it is published now, or say that there is none."""
    page = _page(kind)
    asked = request.GET.get("in", "")
    text = (queries.legal_text(page, language=asked) if asked else None) or queries.legal_text(page)
    context = {"kind": page, "text": text, "versions": queries.legal_versions(page) if text else []}
    return render(request, "portal/legal.html", context)


@require_safe
def legal_version(request: HttpRequest, kind: str, language: str, number: int) -> HttpResponse:
    """This will show a legal text as it was published at some time."""
    page = _page(kind)
    text = queries.legal_version(page, language, number)
    if text is None:
        raise Http404
    return render(request, "portal/legal.html", {"kind": page, "text": text, "versions": queries.legal_versions(page)})


@never_cache
@login_required
@require_safe
def legal_texts(request: HttpRequest) -> HttpResponse:
    """This will list the texts in every language of the pages, and how far each is."""
    require(rules.may_write_legal_texts(actor_of(request)))
    context = {
        "overview": queries.legal_overview(),
        "missing": queries.missing_legal_texts(),
        "pages": rules.LEGAL_PAGES,
    }
    return render(request, "portal/legal_texts.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_legal_text(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """This will show the draft of a text in one language, and save it."""
    actor, known = actor_of(request), _kind(kind, language)
    require(rules.may_write_legal_texts(actor))
    state = queries.legal_draft(known, language)
    body = state.draft.body if state.draft else ""
    initial = {"body": body, "revision": state.draft.revision if state.draft else 0}
    form = LegalTextForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            operations.save_legal_text(by=actor, at=timezone.now(), kind=known, language=language, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            if request.POST.get("then") == "preview":
                return redirect("portal:publish-legal-text", kind=kind, language=language)
            messages.success(request, _("The draft was saved. Visitors do not see it before it is published."))
            return redirect("portal:edit-legal-text", kind=kind, language=language)
    return render(
        request,
        "portal/edit_legal_text.html",
        {"form": form, "kind": known, "state": state, "language_name": name_of_language(language)},
        status=400 if form.errors else 200,
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish_legal_text(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """This will show a draft as visitors will see it, and publish it."""
    actor, known = actor_of(request), _kind(kind, language)
    require(rules.may_write_legal_texts(actor))
    state, problem = queries.legal_draft(known, language), ""
    if request.method == "POST":
        seen = request.POST.get("revision", "")
        revision = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1
        try:
            operations.publish_legal_text(by=actor, at=timezone.now(), kind=known, language=language, revision=revision)
        except Refusal as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("The text is published."))
            return redirect("portal:legal-texts")
    return render(
        request,
        "portal/publish_legal_text.html",
        {
            "kind": known,
            "state": state,
            "problem": problem,
            "language_name": name_of_language(language),
            "html": mapping.to_html(state.draft.body, below=2) if state.draft else "",
        },
        status=409 if problem else 200,
    )


def _page(kind: str) -> LegalKind:
    if kind not in rules.LEGAL_PAGES:
        raise Http404
    return LegalKind(kind)


def _kind(kind: str, language: str) -> LegalKind:
    if kind not in LegalKind.values or language not in dict(settings.LANGUAGES):
        raise Http404
    return LegalKind(kind)
