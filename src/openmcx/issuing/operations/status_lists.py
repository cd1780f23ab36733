"""Status lists: bits given away at random, lists signed anew whenever a bit changes or the key does."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Sequence
from uuid import UUID

import orjson
from django.db import transaction

from openmcx.credentials.issue import issue_status_list
from openmcx.credentials.status import bitstring
from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import Institution
from openmcx.issuing import queries, rules
from openmcx.issuing.models import BatchRow, StatusList
from openmcx.issuing.operations.audit_actions import Audit
from openmcx.kernel import audit
from openmcx.kernel.actors import Actor

logger = logging.getLogger(__name__)

# Verifiers may keep a copy for so long; a revocation is seen by everybody after this time at the latest.
TTL_SECONDS = 300
# A list is signed anew each day and holds for eight: an old copy of it, from before a revocation, is soon of no use to
# anybody, and a node may stand still for a week. Lists for the time after the node hold for a year.
SIGNED_EVERY = dt.timedelta(days=1)
HOLDS_FOR = dt.timedelta(days=8)
EXPORT_HOLDS_FOR = dt.timedelta(days=365)


def reserve_indices(*, institution_id: UUID, rows: Sequence[BatchRow], at: dt.datetime) -> None:
    """This will give each row a free bit, drawn at random, of a list that is no more than half full. Not saved yet.

    Call it inside the transaction that saves the rows: the list stays locked until then.
    Source: Bitstring Status List 1.0, section 6.1 (random assignment).
    """
    waiting = list(rows)
    while waiting:
        status_list = _open_list(institution_id, at)
        room = int(status_list.size * rules.STATUS_LIST_SHARE) - status_list.assigned
        now, waiting = waiting[:room], waiting[room:]
        for row, index in zip(now, _draw(status_list, len(now)), strict=True):
            row.status_list, row.status_index = status_list, index
        status_list.assigned += len(now)
        status_list.save(update_fields=["assigned"])


def _draw(status_list: StatusList, count: int) -> list[int]:
    drawn: list[int] = []
    while len(drawn) < count:
        # At most half of the bits are taken, so that twice as many as needed nearly always suffice.
        candidates = bitstring.random_free_indices(2 * (count - len(drawn)), set(drawn), size=status_list.size)
        taken = queries.taken_indices(status_list.pk, candidates)
        drawn += [index for index in candidates if index not in taken]
    return drawn[:count]


def _open_list(institution_id: UUID, at: dt.datetime) -> StatusList:
    # The institution's row is the lock: two chunks must not both begin a new list.
    Institution.objects.select_for_update().get(pk=institution_id)
    lists = StatusList.objects.select_for_update(of=("self",)).filter(institution_id=institution_id)
    for status_list in lists.order_by("-created_at", "-id")[:1]:
        if status_list.assigned < int(status_list.size * rules.STATUS_LIST_SHARE):
            return status_list
    status_list = StatusList.objects.create(
        institution_id=institution_id, size=bitstring.MINIMUM_ENTRIES, created_at=at
    )
    audit.record(
        by=Actor.system(),
        action=Audit.STATUS_LIST_CREATED,
        at=at,
        subject=status_list,
        institution_id=institution_id,
        data={"size": status_list.size},
    )
    # Published before the first credential points to it.
    _publish(status_list, at)
    return status_list


@transaction.atomic
def publish(*, list_id: UUID, at: dt.datetime) -> StatusList:
    """This will sign a status list anew from what is stored, with the institution's key of today."""
    status_list = StatusList.objects.select_for_update(of=("self",)).get(pk=list_id)
    _publish(status_list, at)
    audit.record(
        by=Actor.system(),
        action=Audit.STATUS_LIST_SIGNED,
        at=at,
        subject=status_list,
        institution_id=status_list.institution_id,
        data={"digest": status_list.digest},
    )
    return status_list


def _publish(status_list: StatusList, at: dt.datetime) -> None:
    body = _signed(status_list, at, HOLDS_FOR)
    status_list.document, status_list.digest = body, hashlib.sha256(body).hexdigest()
    status_list.signed_at = at
    status_list.save(update_fields=["document", "digest", "signed_at"])


def _signed(status_list: StatusList, at: dt.datetime, holds_for: dt.timedelta) -> bytes:
    bits = bitstring.new_bits(status_list.size)
    for index in queries.revoked_indices(status_list.pk):
        bitstring.put(bits, index, value=True)
    signer = institution_queries.signer(status_list.institution_id)
    unsigned = bitstring.status_list_credential(
        id=queries.status_list_url(status_list.pk),
        issuer=signer.verification_method.partition("#")[0],
        bits=bits,
        valid_from=at,
        valid_until=at + holds_for,
        purpose=status_list.purpose,
        ttl_seconds=TTL_SECONDS,
    )
    return orjson.dumps(issue_status_list(unsigned, signer=signer, created=at))


def exported(*, at: dt.datetime) -> list[tuple[UUID, bytes]]:
    """This will sign every status list for the time after this node, when nobody signs it anew; nothing is saved."""
    lists = StatusList.objects.filter(signed_at__isnull=False).order_by("created_at", "id")
    return [(status_list.pk, _signed(status_list, at, EXPORT_HOLDS_FOR)) for status_list in lists]


def publish_due(*, at: dt.datetime) -> int:
    """This will sign the status lists anew that were signed a day ago or earlier; returns how many.

    One that cannot be signed does not keep the others from it.
    """
    due = StatusList.objects.filter(signed_at__lte=at - SIGNED_EVERY).order_by("signed_at", "id")
    count = 0
    for list_id in list(due.values_list("pk", flat=True)):
        try:
            publish(list_id=list_id, at=at)
            count += 1
        except Exception:
            logger.exception("the status list %s could not be signed anew", list_id)
    return count


def publish_all(*, institution_id: UUID, at: dt.datetime) -> int:
    """This will sign every status list of an institution anew, after its key was replaced; returns how many."""
    list_ids = list(StatusList.objects.filter(institution_id=institution_id).values_list("pk", flat=True))
    for list_id in list_ids:
        publish(list_id=list_id, at=at)
    return len(list_ids)
