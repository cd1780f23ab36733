"""What happens at institutions and concerns others."""

from dataclasses import dataclass
from uuid import UUID

from openmcx.kernel.events import Event


@dataclass(frozen=True)
class InvitationSent(Event):
    """A role was offered to an e-mail address; the message is to be sent."""

    name = "institutions.invitation-sent"
    invitation_id: UUID


@dataclass(frozen=True)
class SigningKeyReplaced(Event):
    """An institution signs with another key from now on; what the old key signed stays valid."""

    name = "institutions.signing-key-replaced"
    institution_id: UUID
    key_id: UUID


@dataclass(frozen=True)
class SigningKeyRevoked(Event):
    """A key is compromised: nothing that it signed is valid any more."""

    name = "institutions.signing-key-revoked"
    institution_id: UUID
    key_id: UUID


@dataclass(frozen=True)
class LearnerErased(Event):
    """An institution has destroyed what it knew of a learner; what was derived from it must go too."""

    name = "institutions.learner-erased"
    learner_id: UUID


@dataclass(frozen=True)
class LearnerClaimed(Event):
    """A person has shown that a learner record is about them."""

    name = "institutions.learner-claimed"
    learner_id: UUID
    person_id: UUID
