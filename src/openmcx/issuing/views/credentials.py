"""Issued credentials as registrars see them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmcx.institutions import operations as institution_operations
from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import Role
from openmcx.institutions.rules import may_erase_learners
from openmcx.issuing import operations, queries
from openmcx.issuing.forms import CredentialFilterForm, EraseForm, RevokeForm, SendAgainForm
from openmcx.issuing.mapping.presentation import shown
from openmcx.issuing.models import CredentialState, NoticeState
from openmcx.issuing.views import history
from openmcx.issuing.views.shared import for_registrars, institutions_of, printed
from openmcx.issuing.views.tables import NOTICE_STATES, CredentialTable, held_state
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.web import actor_of, download
from openmcx.ui.components import BulkAction
from openmcx.ui.tables import EXPORT_PARAMETER, respond


@require_safe
@for_registrars
def credentials(request: HttpRequest) -> HttpResponse:
    """This will list issued credentials, and give the list as a file."""
    at = timezone.now()
    language = get_language() or "en"
    specifications = [(str(pk), title.best(language)) for pk, title in queries.issued_specifications()]
    institutions = institutions_of(request)
    form = CredentialFilterForm(request.GET or None, specifications=specifications, institutions=institutions)
    given = form.given
    found = queries.credentials(
        given.get("q", ""),
        specification_id=UUID(given["specification"]) if given.get("specification") else None,
        institution=given.get("institution", ""),
        state=given.get("state", ""),
        message=given.get("message", ""),
        issued_from=given.get("issued_from"),
        issued_until=given.get("issued_until"),
        at=at,
    )
    if request.GET.get(EXPORT_PARAMETER) in ("csv", "xlsx"):
        operations.note_export(
            by=actor_of(request),
            at=at,
            institution_ids=sorted(actor_of(request).institutions(Role.REGISTRAR)),
            count=found.count(),
            form=request.GET[EXPORT_PARAMETER],
        )
    table = CredentialTable(queries.with_last_message(found), at=at)
    table.bulk_actions = (
        BulkAction(url=reverse("issuing:send-chosen-again"), text=_("Send the link again"), icon_name="mail"),
        BulkAction(url=reverse("issuing:export-chosen"), text=_("Export"), icon_name="download"),
    )
    return respond(request, table, "issuing/credentials.html", {}, file_name="credentials", form=form)


@require_safe
@for_registrars
def credential(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """This will show one credential: its state, what it says, what the learner was told."""
    at = timezone.now()
    found = queries.credential(credential_id)
    content = queries.content(found)
    state = queries.state(found, at=at)
    return render(
        request,
        "issuing/credential.html",
        {
            "credential": found,
            "state": held_state(found, at),
            "shown": shown(content) if content else None,
            "mark": institution_queries.mark(found.institution),
            "changes": found.changes.select_related("subject_key").order_by("at"),
            "history": history.of_credential(found, at=at),
            "notices": [
                (notice, NOTICE_STATES[NoticeState(notice.state)])
                for notice in found.notices.select_related("subject_key")
            ],
            "may_revoke": state != CredentialState.REVOKED and found.revoked_at is None,
            "may_erase": content is not None and bool(may_erase_learners(actor_of(request), found.institution_id)),
            "is_erased": content is None,
            "is_claimed": content is not None and found.learner.person_id is not None,
        },
    )


@require_safe
@for_registrars
def document(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """This will give the signed document."""
    found = queries.credential(credential_id)
    body = queries.document(found)
    if body is None:
        raise Http404
    return download(body, queries.download_name(found), "application/vc+ld+json")


@require_safe
@for_registrars
def document_pdf(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """This will give the credential on paper, with the signed document inside."""
    return printed(queries.credential(credential_id))


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def revoke(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """This will take a credential back, after asking why."""
    found = queries.credential(credential_id)
    if found.revoked_at is not None:
        messages.info(request, _("This credential is revoked already."))
        return redirect("issuing:credential", credential_id=found.pk)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.revoke(
                by=actor_of(request),
                at=timezone.now(),
                credential_id=found.pk,
                reason=form.cleaned_data["reason"],
                note=form.cleaned_data["note"],
            )
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error("note" if refusal.code.startswith("note") else None, str(refusal))
        else:
            messages.success(request, _("The credential is revoked. The learner will be told by e-mail."))
            return redirect("issuing:credential", credential_id=found.pk)
    status = 422 if form.is_bound else 200
    return render(request, "issuing/revoke.html", {"credential": found, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def send_again(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """This will have the private link sent again, to another address if need be."""
    found = queries.credential(credential_id)
    form = SendAgainForm(request.POST or None, initial={"email": found.learner.email or ""})
    if request.method == "POST" and form.is_valid():
        try:
            operations.send_again(
                by=actor_of(request), at=timezone.now(), credential_id=found.pk, email=form.cleaned_data["email"]
            )
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("The message will be sent within a minute."))
            return redirect("issuing:credential", credential_id=found.pk)
    status = 422 if form.is_bound else 200
    return render(request, "issuing/send_again.html", {"credential": found, "form": form}, status=status)


@require_POST
@for_registrars
def release_claim(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """This will take the learner's credentials out of the account that claimed them."""
    found = queries.credential(credential_id)
    try:
        operations.release_claim(by=actor_of(request), at=timezone.now(), credential_id=found.pk)
    except NotPermitted:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The account holds these credentials no longer. Send the new private link to the learner.")
        )
    return redirect("issuing:credential", credential_id=found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def erase_learner(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """This will destroy the data of the learner who was awarded the credential, after asking."""
    found = queries.credential(credential_id)
    if found.subject_key.erased_at is not None:
        return redirect("issuing:credential", credential_id=found.pk)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        institution_operations.erase_learner(by=actor_of(request), at=timezone.now(), learner_id=found.learner_id)
        messages.success(request, _("The learner's data are erased."))
        return redirect("issuing:credential", credential_id=found.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "issuing/erase_learner.html", {"credential": found, "form": form}, status=status)
