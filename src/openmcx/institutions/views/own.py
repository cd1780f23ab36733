"""Invitations, and the records about oneself."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmcx.institutions import operations, queries
from openmcx.kernel.errors import Refusal
from openmcx.kernel.web import actor_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """This will show an invitation to whoever has its link, and let them accept it when they are signed in.

    The link proves nothing about who opens it, since messages are passed on: the address is proved as any other is.
    """
    found, at, actor = queries.invitation_for(code), timezone.now(), actor_of(request)
    if found is None or not operations.is_open(found, at=at):
        return render(request, "institutions/invitation_closed.html", status=404 if found is None else 410)
    if request.method == "POST":
        if not actor.is_signed_in:
            return redirect(f"{reverse('account_login')}?next={request.path}")
        try:
            membership = operations.accept_invitation(by=actor, at=at, code=code)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("institutions:invitation", code=code)
        messages.success(
            request,
            _("You are now %(role)s of %(institution)s.")
            % {"role": membership.get_role_display(), "institution": found.institution},
        )
        return redirect("/home/")
    return render(request, "institutions/invitation.html", {"invitation": found, "is_signed_in": actor.is_signed_in})


@never_cache
@login_required
@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """This will show a person which institutions' records are about them, linked and not yet linked."""
    person_id = actor_of(request).person_id
    assert person_id is not None
    records = queries.records_about(person_id)
    return render(
        request,
        "institutions/claims.html",
        {
            "claimed": [record for record in records if record.claimed],
            "claimable": [record for record in records if not record.claimed],
        },
    )


@never_cache
@login_required
@require_POST
def claim(request: HttpRequest, learner_id: UUID) -> HttpResponse:
    """This will link a record with a verified address of the person to their account."""
    person_id = actor_of(request).person_id
    assert person_id is not None
    if learner_id not in {record.id for record in queries.records_about(person_id)}:
        raise Http404
    operations.claim_record(by=actor_of(request), at=timezone.now(), learner_id=learner_id, proof="address")
    messages.success(request, _("The record is linked to your account."))
    return redirect("institutions:claims")
