"""How an institution looks: the page of its administrators, and the files that other pages link."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmcx.institutions import mapping, operations, queries, rules
from openmcx.institutions.forms import AccentForm, LogoForm
from openmcx.institutions.models import Institution, Logo
from openmcx.kernel.actors import require
from openmcx.kernel.errors import Refusal
from openmcx.kernel.middleware import takes_at_most
from openmcx.kernel.web import actor_of
from openmcx.ui import pictures

# The address holds the digest of what lies there, so that it never changes. Units: seconds.
FOR_EVER = 31_536_000


def _managed(request: HttpRequest, slug: str) -> Institution:
    institution = get_object_or_404(Institution, slug=slug)
    require(rules.may_manage(actor_of(request), institution.pk))
    return institution


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, slug: str) -> HttpResponse:
    """This will show how the institution looks, and change its colour."""
    institution = _managed(request, slug)
    is_sent = request.method == "POST"
    form = AccentForm(request.POST if is_sent else None, initial={"colour": institution.accent})
    nearest = ""
    if form.is_valid():
        try:
            operations.set_accent(
                by=actor_of(request),
                at=timezone.now(),
                institution_id=institution.pk,
                colour=form.cleaned_data["colour"],
            )
        except Refusal as refusal:
            form.add_error("colour", str(refusal))
            nearest = str(refusal.params.get("nearest", ""))
        else:
            messages.success(request, _("The colour was saved."))
            return redirect("institutions:look", slug=slug)
    return _page(request, institution, form, LogoForm(), nearest, status=400 if form.errors else 200)


@never_cache
@takes_at_most(pictures.MOST_BYTES)
@login_required
@require_POST
def change_logo(request: HttpRequest, slug: str) -> HttpResponse:
    """This will take a logo in, or take it away."""
    institution, actor, at = _managed(request, slug), actor_of(request), timezone.now()
    if "remove" in request.POST:
        operations.remove_logo(by=actor, at=at, institution_id=institution.pk)
        messages.success(request, _("The logo was removed."))
        return redirect("institutions:look", slug=slug)
    form = LogoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            # One byte more than is allowed is enough to refuse the file.
            picture = form.cleaned_data["picture"].read(pictures.MOST_BYTES + 1)
            operations.set_logo(by=actor, at=at, institution_id=institution.pk, picture=picture)
        except Refusal as refusal:
            form.add_error("picture", str(refusal))
        else:
            messages.success(request, _("The logo was saved."))
            return redirect("institutions:look", slug=slug)
    return _page(request, institution, AccentForm(initial={"colour": institution.accent}), form, "", status=400)


def _page(
    request: HttpRequest, institution: Institution, form: AccentForm, logo_form: LogoForm, nearest: str, *, status: int
) -> HttpResponse:
    context = {
        "institution": institution,
        "mark": queries.mark(institution),
        "form": form,
        "logo_form": logo_form,
        "nearest": nearest,
        "sample_issuer": institution.name,
        "sample_title": {get_language() or "en": _("The name of a micro-credential")},
    }
    return render(request, "institutions/look.html", context, status=status)


@require_safe
def logo(request: HttpRequest, slug: str, digest: str, size: str) -> HttpResponse:
    """This will serve a logo at an address that never holds another one."""
    if size not in (queries.SMALL, queries.LARGE):
        raise Http404
    found = get_object_or_404(Logo.objects.only("digest", size), institution__slug=slug, digest=digest)
    return _for_ever(bytes(getattr(found, size)), "image/png")


@require_safe
def stylesheet(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """This will serve an institution's colours at an address that never holds others."""
    found = mapping.look(get_object_or_404(Institution, slug=slug).accent)
    if found is None or found.digest != digest:
        raise Http404
    return _for_ever(found.stylesheet.encode(), "text/css; charset=utf-8")


def _for_ever(body: bytes, media_type: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=media_type)
    answer["Cache-Control"] = f"public, max-age={FOR_EVER}, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
