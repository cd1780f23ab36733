"""What the deeds at institutions share: their names in the audit trail, and the lock on an institution."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from openmcx.institutions.models import Institution


class Audit(StrEnum):
    """What the audit trail calls these deeds."""

    ADDED = "institutions.institution.added"
    CHANGED = "institutions.institution.changed"
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
