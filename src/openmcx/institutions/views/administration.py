"""The pages of an institution's administrators, and of the network's coordinators."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmcx.institutions import operations, queries, rules
from openmcx.institutions.forms import AddForm, ConfirmForm, ProfileForm, RoleForm
from openmcx.institutions.models import (
    Institution,
    Invitation,
    Membership,
    SigningKey,
)
from openmcx.institutions.views.common import key_state
from openmcx.institutions.views.history import of_institution
from openmcx.kernel.actors import require
from openmcx.kernel.errors import Refusal
from openmcx.kernel.web import actor_of
from openmcx.ui.components import State, Task


def _managed(request: HttpRequest, slug: str) -> Institution:
    institution = get_object_or_404(Institution, slug=slug)
    require(rules.may_manage(actor_of(request), institution.pk))
    return institution


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """This will add an institution to the network."""
    require(rules.may_add_institution(actor_of(request)))
    form = AddForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            institution = operations.add_institution(
                by=actor_of(request), at=timezone.now(), slug=form.cleaned_data["slug"], profile=form.profile()
            )
        except Refusal as refusal:
            form.add_error("slug" if refusal.code.startswith("slug") else None, str(refusal))
        else:
            messages.success(
                request, _("“%(name)s” was added. Invite its first administrator now.") % {"name": institution}
            )
            return redirect("institutions:people", slug=institution.slug)
    return render(request, "institutions/add.html", {"form": form}, status=400 if form.errors else 200)


@never_cache
@login_required
@require_safe
def manage(request: HttpRequest, slug: str) -> HttpResponse:
    """This will show an institution's administrators what there is to do."""
    institution = _managed(request, slug)
    stated = bool(institution.accreditation_status)
    at = timezone.now()
    people = queries.members(institution.pk, on=at.date()).values("person_id").distinct().count()
    waiting = queries.open_invitations(institution.pk, at=at).count()
    key = queries.active_key(institution.pk)
    tasks = [
        Task(
            title=_("Profile"),
            url=reverse("institutions:profile", kwargs={"slug": slug}),
            state=State.OK if stated else State.WARN,
            state_text=_("Complete") if stated else _("Accreditation is not stated"),
            hint=_("Name, address, identifiers, accreditation."),
        ),
        Task(
            title=_("Logo and colour"),
            url=reverse("institutions:look", kwargs={"slug": slug}),
            state=State.OK if institution.logo_digest and institution.accent else State.QUIET,
            state_text=_("Chosen") if institution.logo_digest and institution.accent else _("Not chosen yet"),
            hint=_("How your pages and credentials look."),
        ),
        Task(
            title=_("People and roles"),
            url=reverse("institutions:people", kwargs={"slug": slug}),
            state=State.INFO if waiting else State.OK,
            state_text=_("%(people)s people, %(waiting)s open invitations") % {"people": people, "waiting": waiting},
            hint=_("Who may design, issue and administer."),
        ),
        Task(
            title=_("Signing keys"),
            url=reverse("institutions:keys", kwargs={"slug": slug}),
            state=State.OK,
            state_text=_("“%(key)s” signs") % {"key": key.fragment},
            hint=_("What credentials are signed with, and what others check them against."),
        ),
    ]
    return render(
        request,
        "institutions/manage.html",
        {"institution": institution, "tasks": tasks, "history": of_institution(institution)},
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """This will change what an institution says about itself."""
    institution = _managed(request, slug)
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=ProfileForm.initial_of(institution))
    if form.is_valid():
        try:
            operations.change_profile(
                by=actor_of(request), at=timezone.now(), institution_id=institution.pk, profile=form.profile()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The profile was saved."))
            return redirect("institutions:manage", slug=slug)
    return render(
        request,
        "institutions/profile.html",
        {"institution": institution, "form": form},
        status=400 if form.errors else 200,
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """This will show who holds which role, and give roles."""
    institution, actor, at = _managed(request, slug), actor_of(request), timezone.now()
    form = RoleForm(
        request.POST if request.method == "POST" else None,
        actor=actor,
        institution=institution,
        initial={"language": request.LANGUAGE_CODE},
    )
    if form.is_valid():
        data = form.cleaned_data
        language = data.pop("language")
        known = queries.member_by_email(institution.pk, data["email"])
        try:
            if known is not None:
                del data["email"]
                operations.grant_role(by=actor, at=at, institution_id=institution.pk, person_id=known.pk, **data)
                messages.success(request, _("The role was given to %(person)s.") % {"person": known})
            else:
                operations.invite(by=actor, at=at, institution_id=institution.pk, language=language, **data)
                messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": data["email"]})
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("institutions:people", slug=slug)
    members = [
        (row, rules.may_end(actor, institution.pk, row.role), row.begins_on > at.date())
        for row in queries.members(institution.pk, on=at.date())
    ]
    invitations = list(queries.open_invitations(institution.pk, at=at))
    return render(
        request,
        "institutions/people.html",
        {"institution": institution, "form": form, "members": members, "invitations": invitations},
        status=400 if form.errors else 200,
    )


@never_cache
@login_required
@require_POST
def end_role(request: HttpRequest, slug: str, membership_id: UUID) -> HttpResponse:
    """This will end a role at once."""
    institution = _managed(request, slug)
    try:
        if not Membership.objects.filter(pk=membership_id, institution=institution).exists():
            raise Http404
        ended = operations.end_role(by=actor_of(request), at=timezone.now(), membership_id=membership_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The role “%(role)s” was ended.") % {"role": ended.get_role_display()})
    return redirect("institutions:people", slug=slug)


@never_cache
@login_required
@require_POST
def withdraw_invitation(request: HttpRequest, slug: str, invitation_id: UUID) -> HttpResponse:
    """This will make an invitation's link useless."""
    institution = _managed(request, slug)
    if not Invitation.objects.filter(pk=invitation_id, institution=institution).exists():
        raise Http404
    try:
        operations.withdraw_invitation(by=actor_of(request), at=timezone.now(), invitation_id=invitation_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation was withdrawn; its link does not work any more."))
    return redirect("institutions:people", slug=slug)


@never_cache
@login_required
@require_safe
def keys(request: HttpRequest, slug: str) -> HttpResponse:
    """This will list an institution's signing keys and what was signed with each."""
    institution = _managed(request, slug)
    return render(
        request,
        "institutions/keys.html",
        {
            "institution": institution,
            "keys": [(key, key_state(key), queries.key_uses(key.pk)) for key in queries.keys(institution.pk)],
            "may_manage_keys": rules.may_manage_keys(actor_of(request), institution.pk),
        },
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rotate_key(request: HttpRequest, slug: str) -> HttpResponse:
    """This will have the institution sign with a new key, after saying what that does."""
    institution = _managed(request, slug)
    require(rules.may_manage_keys(actor_of(request), institution.pk))
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        key = operations.rotate_key(by=actor_of(request), at=timezone.now(), institution_id=institution.pk)
        messages.success(request, _("“%(key)s” signs from now on.") % {"key": key.fragment})
        return redirect("institutions:keys", slug=slug)
    return render(
        request,
        "institutions/rotate_key.html",
        {"institution": institution, "form": form, "key": queries.active_key(institution.pk)},
        status=400 if form.errors else 200,
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_key(request: HttpRequest, slug: str, key_id: UUID) -> HttpResponse:
    """This will declare a key compromised, after showing how much that makes invalid."""
    institution = _managed(request, slug)
    require(rules.may_manage_keys(actor_of(request), institution.pk))
    key = get_object_or_404(SigningKey, pk=key_id, institution=institution, revoked_at__isnull=True)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        operations.revoke_key(by=actor_of(request), at=timezone.now(), key_id=key.pk)
        messages.success(request, _("“%(key)s” is revoked.") % {"key": key.fragment})
        return redirect("institutions:keys", slug=slug)
    return render(
        request,
        "institutions/revoke_key.html",
        {"institution": institution, "form": form, "key": key, "uses": queries.key_uses(key.pk)},
        status=400 if form.errors else 200,
    )
