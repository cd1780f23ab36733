"""First steps: leaving them, showing them again, ticking off what the node cannot see."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from openmcx.kernel.errors import Refusal
from openmcx.kernel.web import actor_of
from openmcx.portal import operations, queries
from openmcx.portal.models import TourRole


@never_cache
@login_required
@require_safe
def tours(request: HttpRequest) -> HttpResponse:
    """This will list the first steps of the roles somebody has, those too that they left."""
    shown = queries.tours(actor_of(request), at=timezone.now(), with_left=True)
    return render(request, "portal/tours.html", {"tours": shown})


@never_cache
@login_required
@require_POST
def change_tour(request: HttpRequest, role: str) -> HttpResponse:
    """This will leave the first steps of a role, show them again, or tick off one of them."""
    actor, now = actor_of(request), timezone.now()
    if role not in TourRole.values or queries.tour(actor, TourRole(role), at=now) is None:
        raise Http404
    assert actor.person_id is not None  # login_required stands before
    person_id, known = actor.person_id, TourRole(role)
    match request.POST.get("do", "").partition(":"):
        case "leave", _separator, "":
            operations.leave_tour(by=actor, at=now, person_id=person_id, role=known)
            messages.info(request, _("The first steps are put away. You find them again under “Your account”."))
        case "show", _separator, "":
            operations.show_tour(by=actor, at=now, person_id=person_id, role=known)
        case ("tick" | "untick") as deed, _separator, step:
            try:
                operations.tick_step(
                    by=actor, at=now, person_id=person_id, role=known, step=step, is_done=deed == "tick"
                )
            except Refusal as refusal:
                messages.error(request, str(refusal))
        case _:
            raise Http404
    return redirect("portal:home")
