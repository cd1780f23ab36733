"""What follows from what happened, in the background."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from openmcx.accounts.events import PersonErased
from openmcx.institutions import operations, queries
from openmcx.institutions.events import InvitationSent
from openmcx.institutions.models import Invitation
from openmcx.kernel import mail
from openmcx.kernel.scopes import scopes_disabled


def send_invitation(event: InvitationSent, *, at: dt.datetime) -> None:
    """This will send the message with the link, unless the invitation was withdrawn or answered meanwhile."""
    with scopes_disabled():
        invitation: Invitation = Invitation.objects.select_related(
            "institution", "subject_key", "invited_by", "invited_by__subject_key"
        ).get(pk=event.invitation_id)
    if not operations.is_open(invitation, at=at):
        return
    path = reverse("institutions:invitation", kwargs={"code": queries.invitation_code(invitation.pk)})
    with translation.override(invitation.language):
        institution = invitation.institution.marked
    mail.send(
        template="institutions/mail/invitation",
        context={"invitation": invitation, "institution": institution, "url": settings.OPENMCX_BASE_URL + path},
        to=invitation.email,
        language=invitation.language,
    )


def release_records(event: PersonErased, *, at: dt.datetime) -> None:
    """This will unlink what a person had claimed before they closed their account."""
    operations.release_records(at=at, person_id=event.person_id)


def tell_of_ageing_keys(*, at: dt.datetime) -> None:
    """This will have administrators told of keys that are getting old."""
    operations.tell_of_ageing_keys(at=at)


def tell_of_trouble(*, at: dt.datetime) -> None:
    """This will have coordinators told of work that was given up or fails."""
    operations.tell_of_trouble(at=at)
