"""What is done with several credentials at once: each asks first, and says what will happen and what will not."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from openmcx.issuing import operations, queries
from openmcx.issuing.forms import ExportForm
from openmcx.issuing.models import CredentialState, IssuedCredential
from openmcx.issuing.views.shared import for_registrars
from openmcx.issuing.views.tables import CredentialTable
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.web import actor_of
from openmcx.ui.tables import download

# More than a page of the list shows; whoever means more filters the list and downloads it.
MOST = 200
# Why some were not done is said so often one by one.
TOLD = 5


@require_POST
@for_registrars
def send_chosen_again(request: HttpRequest) -> HttpResponse:
    """This will have the private links of the chosen credentials sent again, after asking."""
    at, chosen = timezone.now(), _chosen(request)
    sendable = [one for one in chosen if queries.state(one, at=at) in (CredentialState.VALID, CredentialState.EXPIRED)]
    if not sendable:
        return _nothing(request, chosen)
    if "confirmed" in request.POST:
        return _send(request, sendable)
    count, left_out = len(sendable), len(chosen) - len(sendable)
    consequences = [
        ngettext(
            "%(count)d learner gets an e-mail with the private link to their credential.",
            "%(count)d learners get an e-mail with the private link to their credential.",
            count,
        )
        % {"count": count},
        _("The links stay as they are; whoever has one can still open it."),
        _("Each message is noted in the audit trail."),
    ]
    if left_out:
        text = ngettext(
            "%(count)d credential is left out: it is revoked, or the learner's data were erased.",
            "%(count)d credentials are left out: they are revoked, or the learners' data were erased.",
            left_out,
        )
        consequences.append(text % {"count": left_out})
    context = {"credentials": sendable, "consequences": consequences, "hidden": _hidden(sendable)}
    return render(request, "issuing/send_chosen_again.html", context)


def _send(request: HttpRequest, credentials: list[IssuedCredential]) -> HttpResponse:
    at, sent = timezone.now(), 0
    refused: list[str] = []
    for credential in credentials:
        try:
            operations.send_again(by=actor_of(request), at=at, credential_id=credential.pk)
        except NotPermitted:
            raise
        except Refusal as refusal:
            refused.append(f"{credential.number}: {refusal}")
        else:
            sent += 1
    if sent:
        text = ngettext(
            "%(count)d message will be sent within a minute.", "%(count)d messages will be sent within a minute.", sent
        )
        messages.success(request, text % {"count": sent})
    for line in refused[:TOLD]:
        messages.warning(request, line)
    more = len(refused) - TOLD
    if more > 0:
        text = ngettext("%(count)d more was not sent.", "%(count)d more were not sent.", more)
        messages.warning(request, text % {"count": more})
    return redirect("issuing:credentials")


@require_POST
@for_registrars
def export_chosen(request: HttpRequest) -> HttpResponse:
    """This will give the chosen credentials as a file, after asking for its kind."""
    at, chosen = timezone.now(), _chosen(request)
    if not chosen:
        return _nothing(request, chosen)
    form = ExportForm(request.POST if "confirmed" in request.POST else None)
    if form.is_valid():
        kind = form.cleaned_data["kind"]
        institutions = sorted({one.institution_id for one in chosen})
        operations.note_export(by=actor_of(request), at=at, institution_ids=institutions, count=len(chosen), form=kind)
        found = queries.credentials(at=at).filter(pk__in=[one.pk for one in chosen])
        return download(request, CredentialTable(queries.with_last_message(found), at=at), kind, "credentials")
    count = len(chosen)
    consequences = [
        ngettext(
            "A file with the name of %(count)d learner is saved on your device.",
            "A file with the names of %(count)d learners is saved on your device.",
            count,
        )
        % {"count": count},
        _("You are responsible for it there: erasing a learner's data here does not reach it."),
        _("The export is noted in the audit trail."),
    ]
    context = {"form": form, "credentials": chosen, "consequences": consequences, "hidden": _hidden(chosen)}
    return render(request, "issuing/export_chosen.html", context, status=422 if form.is_bound else 200)


def _chosen(request: HttpRequest) -> list[IssuedCredential]:
    """The credentials that were ticked and that the registrar may see; anything else that was sent is not found."""
    wanted: set[UUID] = set()
    for text in ",".join(request.POST.getlist("rows")).split(",")[:MOST]:
        try:
            wanted.add(UUID(text))
        except ValueError:
            continue
    return list(queries.credentials(at=timezone.now()).select_related("subject_key").filter(pk__in=wanted))


def _hidden(credentials: list[IssuedCredential]) -> dict[str, str]:
    return {"rows": ",".join(str(one.pk) for one in credentials), "confirmed": "1"}


def _nothing(request: HttpRequest, chosen: list[IssuedCredential]) -> HttpResponse:
    text = (
        _("None of the chosen credentials can be sent: they are revoked, or the learners' data were erased.")
        if chosen
        else _("Tick at least one credential first.")
    )
    messages.error(request, text)
    return redirect("issuing:credentials")
