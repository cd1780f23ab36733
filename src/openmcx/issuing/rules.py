"""Who may issue, and what may follow what.

Issue, revoke, see learners' data and credentials: the registrars of the institution, nobody else.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import rules
from django.utils.translation import gettext_lazy as _

from openmcx.institutions.models import Role
from openmcx.issuing.models import Batch, BatchState, CredentialState, IssuedCredential
from openmcx.kernel.actors import Actor
from openmcx.kernel.errors import Refusal

# Units: rows. Small enough to be done again after a kill, large enough that a transaction pays.
CHUNK_ROWS = 100
# A list takes no more credentials than this share of its bits.
STATUS_LIST_SHARE = 0.5
# How often a message may be sent again for one credential, and within how many hours.
RESENDS, RESEND_HOURS = 3, 24


@rules.predicate
def may_issue(actor: Actor, institution_id: UUID) -> bool:
    """Upload lists, issue, revoke, resend, and see what was issued."""
    return actor.is_system or actor.holds(Role.REGISTRAR, institution_id)


@rules.predicate
def may_issue_anywhere(actor: Actor) -> bool:
    return actor.is_system or actor.holds_anywhere(Role.REGISTRAR)


def require_open(batch: Batch) -> None:
    """This will stop changes to a list that is confirmed or discarded.

    Raises: Refusal ``batch-closed``.
    """
    if batch.state not in (BatchState.UPLOADED, BatchState.CHECKED):
        raise Refusal(
            "batch-closed", _("This list has been confirmed or discarded and cannot be changed. Upload a new one.")
        )


def require_revocable(credential: IssuedCredential, at: dt.datetime) -> None:
    """This will stop a second revocation; an expired credential may still be revoked.

    Raises: Refusal ``already-revoked``.
    """
    if credential.state_at(at) == CredentialState.REVOKED:
        raise Refusal("already-revoked", _("This credential is revoked already."))
