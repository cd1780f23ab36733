"""Publishing, withdrawing, listing again, discarding: each says what it does and asks first."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openmcx.catalogue import operations, queries, rules
from openmcx.catalogue.forms import PublishForm, WithdrawForm
from openmcx.catalogue.mapping import checks, difference
from openmcx.catalogue.views.drafts import draft_context, load
from openmcx.kernel.actors import require
from openmcx.kernel.errors import Refusal
from openmcx.kernel.web import actor_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, specification_id: UUID) -> HttpResponse:
    """This will say what publishing does, and do it when that is confirmed."""
    specification, parties = load(request, specification_id)
    require(bool(rules.may_publish(actor_of(request), parties)))
    achievement = queries.draft_achievement(specification)
    problems = checks.check(achievement, specification.languages)
    missing = [one for one in problems if one.gravity is checks.Gravity.MISSING]
    form = PublishForm(request.POST if request.method == "POST" else None, initial={"revision": specification.revision})
    if request.method == "POST" and form.is_valid():
        try:
            version = operations.publish(
                by=actor_of(request),
                at=timezone.now(),
                specification_id=specification.pk,
                revision=form.cleaned_data["revision"],
                change_note=form.cleaned_data["change_note"],
            )
        except Refusal as refusal:
            # What is shown now is the draft as it is now; confirming it again publishes that.
            specification, _parties = load(request, specification_id)
            achievement = queries.draft_achievement(specification)
            form = PublishForm({**form.cleaned_data, "revision": specification.revision})
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Version %(number)d is published.") % {"number": version.number})
            return redirect("catalogue:version", slug=version.slug, number=version.number)
    last = queries.versions(specification.pk).first()
    return render(
        request,
        "catalogue/publish.html",
        {
            **draft_context(specification),
            "form": form,
            "missing": missing,
            "odd": [one for one in problems if one.gravity is checks.Gravity.ODD],
            "next_number": specification.published_number + 1,
            "last": last,
            "change_count": len(difference.compare(queries.achievement(last), achievement)) if last else 0,
            "nothing_new": specification.is_published and not specification.has_changes,
            "uses": queries.uses(last.pk) if last else [],
        },
        status=400 if form.errors else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, specification_id: UUID) -> HttpResponse:
    """This will say what withdrawing does, and do it when that is confirmed with a reason."""
    specification, parties = load(request, specification_id)
    require(bool(rules.may_publish(actor_of(request), parties)))
    last = queries.versions(specification.pk).first()
    if last is None:
        raise Http404
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.withdraw(
                by=actor_of(request),
                at=timezone.now(),
                specification_id=specification.pk,
                reason=form.cleaned_data["reason"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is no longer in the catalogue."))
            return redirect("catalogue:overview", specification_id=specification.pk)
    uses = [use for version in queries.versions(specification.pk) for use in queries.uses(version.pk)]
    return render(
        request,
        "catalogue/withdraw.html",
        {**draft_context(specification), "form": form, "uses": uses},
        status=400 if form.errors else 200,
    )


@login_required
@require_POST
def list_again(request: HttpRequest, specification_id: UUID) -> HttpResponse:
    """This will bring a withdrawn micro-credential back into the catalogue."""
    specification, parties = load(request, specification_id)
    require(bool(rules.may_publish(actor_of(request), parties)))
    try:
        operations.list_again(by=actor_of(request), at=timezone.now(), specification_id=specification.pk)
        messages.success(request, _("It is in the catalogue again."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("catalogue:overview", specification_id=specification.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, specification_id: UUID) -> HttpResponse:
    """This will set the draft back to the last version when that is confirmed, or delete it if there is none."""
    specification, parties = load(request, specification_id)
    actor = actor_of(request)
    rule = rules.may_edit if specification.is_published else rules.may_delete
    require(bool(rule(actor, parties)))
    if request.method == "POST":
        try:
            if not specification.is_published:
                operations.delete_draft(by=actor, at=timezone.now(), specification_id=specification.pk)
                messages.success(request, _("The draft was deleted."))
                return redirect("catalogue:drafts")
            posted = request.POST.get("revision", "")
            operations.discard_changes(
                by=actor,
                at=timezone.now(),
                specification_id=specification.pk,
                revision=int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 10 else 0,
            )
            messages.success(request, _("The draft is the same as the last published version again."))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect("catalogue:overview", specification_id=specification.pk)
    return render(request, "catalogue/discard.html", draft_context(specification))
