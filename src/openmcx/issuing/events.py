"""What happens when credentials are issued and concerns others."""

from dataclasses import dataclass
from uuid import UUID

from openmcx.kernel.events import Event


@dataclass(frozen=True)
class BatchConfirmed(Event):
    """A registrar has confirmed a class list: its chunks wait to be issued."""

    name = "issuing.batch-confirmed"
    batch_id: UUID


@dataclass(frozen=True)
class CredentialIssued(Event):
    """A learner has been awarded a micro-credential and the credential is signed and stored."""

    name = "issuing.credential-issued"
    credential_id: UUID


@dataclass(frozen=True)
class CredentialRevoked(Event):
    """A credential is no longer valid; the published status list says so."""

    name = "issuing.credential-revoked"
    credential_id: UUID


@dataclass(frozen=True)
class NoticesWaiting(Event):
    """Messages to learners wait to be sent."""

    name = "issuing.notices-waiting"
    institution_id: UUID
