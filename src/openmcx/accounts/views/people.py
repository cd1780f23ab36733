"""A person's own pages: profile and API tokens. Sign-in itself is allauth's, in our templates."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmcx.accounts import operations, queries
from openmcx.accounts.forms import ConfirmForm, ProfileForm, TokenForm, remember_language
from openmcx.accounts.models import ApiToken, Person
from openmcx.kernel.actors import Actor
from openmcx.kernel.errors import Refusal
from openmcx.kernel.web import actor_of
from openmcx.ui.tables import COLUMNS_PARAMETER, kind_named


def _who(request: HttpRequest) -> tuple[Actor, Person]:
    actor = actor_of(request)
    assert actor.person_id is not None  # login_required stands before
    return actor, queries.person(actor.person_id)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """This will show and change how the node addresses the person."""
    actor, person = _who(request)
    form = ProfileForm(
        request.POST if request.method == "POST" else None, initial={"name": person.name, "language": person.language}
    )
    if form.is_valid():
        try:
            operations.change_profile(by=actor, at=timezone.now(), person_id=person.pk, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            language = form.cleaned_data["language"]
            with translation.override(language):
                messages.success(request, _("Your profile was saved."))
            answer = redirect("accounts:profile")
            remember_language(answer, language)
            return answer
    return render(
        request, "accounts/profile.html", {"form": form, "person": person}, status=400 if form.errors else 200
    )


@never_cache
@login_required
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """This will hand over everything the node holds of the person, as a file."""
    _actor, person = _who(request)
    answer = JsonResponse(
        {"exported_at": timezone.now(), "held": queries.everything_held_of(person.pk)},
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """This will list the person's tokens and make a new one, whose secret is shown this once."""
    actor, person = _who(request)
    form = TokenForm(actor, request.POST if request.method == "POST" else None)
    now, secret, made = timezone.now(), "", None
    if form.is_valid():
        try:
            made, secret = operations.create_token(
                by=actor,
                at=now,
                label=form.cleaned_data["label"],
                scopes=form.cleaned_data["scopes"],
                expires_at=form.expires_at(now),
            )
            form = TokenForm(actor)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    listed = [(token, _token_state(token)) for token in queries.tokens_of(person.pk)]
    return render(
        request,
        "accounts/tokens.html",
        {"form": form, "tokens": listed, "secret": secret, "made": made},
        status=400 if form.errors else 200,
    )


def _token_state(token: ApiToken) -> tuple[str, str]:
    if token.revoked_at:
        return "bad", pgettext("API token", "Revoked")
    if token.expires_at and token.expires_at <= timezone.now():
        return "quiet", pgettext("API token", "Expired")
    return "ok", pgettext("API token", "Valid")


@never_cache
@login_required
@require_POST
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """This will end one of the person's tokens."""
    actor, person = _who(request)
    if not queries.tokens_of(person.pk).filter(pk=token_id).exists():
        raise Http404
    token = operations.revoke_token(by=actor, at=timezone.now(), token_id=token_id)
    messages.success(request, _("The token “%(label)s” was revoked.") % {"label": token.label})
    return redirect("accounts:tokens")


@never_cache
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """This will close the account after a confirmation."""
    actor, person = _who(request)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            operations.erase(by=actor, at=timezone.now(), person_id=person.pk)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            messages.success(request, _("Your account is closed, and your name and address are erased."))
            return redirect("/")
    return render(request, "accounts/close.html", {"form": form}, status=400 if form.errors else 200)


@never_cache
@login_required
@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """This will remember which columns of a table the person wants to see, and go back to it."""
    actor, person = _who(request)
    table, target = request.POST.get("table", ""), request.POST.get("next", "")
    if kind_named(table) is None:
        raise Http404
    operations.keep_columns(
        by=actor,
        at=timezone.now(),
        person_id=person.pk,
        table=table,
        columns=request.POST.getlist(COLUMNS_PARAMETER),
    )
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if is_ours else "/")
