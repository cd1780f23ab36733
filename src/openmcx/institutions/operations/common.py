"""What the deeds at institutions share: their names in the audit trail, the lock on an institution, telling people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Any
from uuid import UUID

from openmcx.accounts import operations as account_operations
from openmcx.accounts.slots import NotificationKind
from openmcx.institutions.models import Institution
from openmcx.kernel.actors import Actor


class Audit(StrEnum):
    """What the audit trail calls these deeds."""

    ADDED = "institutions.institution.added"
    CHANGED = "institutions.institution.changed"
    COLOUR_CHANGED = "institutions.colour.changed"
    LOGO_CHANGED = "institutions.logo.changed"
    LOGO_REMOVED = "institutions.logo.removed"
    ROLE_GRANTED = "institutions.role.granted"
    ROLE_ENDED = "institutions.role.ended"
    INVITED = "institutions.invitation.sent"
    INVITATION_WITHDRAWN = "institutions.invitation.withdrawn"
    INVITATION_ACCEPTED = "institutions.invitation.accepted"
    KEY_CREATED = "institutions.key.created"
    KEY_ROTATED = "institutions.key.rotated"
    KEY_REVOKED = "institutions.key.revoked"
    LEARNERS_RECORDED = "institutions.learners.recorded"
    LEARNER_CHANGED = "institutions.learner.changed"
    LEARNER_ERASED = "institutions.learner.erased"
    LEARNER_CLAIMED = "institutions.learner.claimed"
    LEARNER_RELEASED = "institutions.learner.released"


def locked(institution_id: UUID) -> Institution:
    """This will give an institution and keep others from changing it until the transaction ends."""
    return Institution.objects.select_for_update().get(pk=institution_id)


def tell(
    by: Actor,
    at: dt.datetime,
    kind: NotificationKind,
    institution: Institution,
    people: Iterable[UUID],
    *,
    url: str,
    about: str,
    **params: Any,
) -> int:
    """This will tell people something about an institution."""
    told = [
        account_operations.Told(
            person_id=person_id,
            url=url,
            params={"institution": institution.name, **params},
            institution_id=institution.pk,
            about=about,
        )
        for person_id in people
    ]
    return account_operations.notify(by=by, at=at, kind=kind, told=told)
