"""Issuing: reserve, sign, store. Each step may be repeated; a learner gets one credential all the same.

1. In a short transaction: find or make the learner records, leave out who holds the micro-credential already, reserve a
   bit of a status list for every other row. What is reserved is kept on the row, so that a repetition finds it.
2. Without a transaction: sign.
3. In one transaction: awards, credentials, links, messages, the rows' results and the chunk's mark "done". The unique
   open award of a learner decides between two lists that are issued at the same time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction

from openmcx.catalogue import queries as catalogue_queries
from openmcx.credentials import issue
from openmcx.credentials.errors import CredentialError
from openmcx.credentials.keys import Signer
from openmcx.credentials.model import Achievement, Organisation, StatusEntry
from openmcx.institutions import operations as institution_operations
from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import LearnerRecord, SigningKey
from openmcx.issuing import mapping, notifications, queries
from openmcx.issuing.events import CredentialIssued, NoticesWaiting
from openmcx.issuing.models import (
    Award,
    Batch,
    BatchRow,
    BatchState,
    Chunk,
    ChunkState,
    CredentialLink,
    IssuedCredential,
    LearnerTerm,
    Notice,
    NoticeKind,
    RowState,
)
from openmcx.issuing.operations.audit_actions import Audit
from openmcx.issuing.operations.status_lists import reserve_indices
from openmcx.issuing.operations.telling import tell_learners, tell_of_list
from openmcx.kernel import audit, events, personal
from openmcx.kernel.actors import Actor
from openmcx.kernel.ids import new_id, new_secret
from openmcx.kernel.scopes import scope

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signed:
    """A row with its signed document, ready to be stored."""

    row: BatchRow
    learner: LearnerRecord
    credential_id: UUID
    document: bytes
    awarded_on: dt.date
    valid_until: dt.datetime | None
    learner_number: str
    verification_method: str
    status_index: int


def issue_chunk(*, chunk_id: UUID, institution_id: UUID, at: dt.datetime) -> None:
    """This will issue what of a chunk is not issued yet. Calling it again, also at the same time, changes nothing."""
    with scope(institution=[institution_id]):
        rows = _reserve(chunk_id, at)
        if rows is None:
            return
        batch = queries.batch(Chunk.objects.get(pk=chunk_id).batch_id)
        signed, failed = _sign(batch, rows, at) if rows else ([], {})
        for attempt in range(5):
            try:
                _store(batch, chunk_id, signed, failed, at)
            except _KeyReplacedMeanwhile:
                signed, failed = _sign(batch, rows, at)
            except IntegrityError:
                # Another list was first with one of the learners between our question and our insertion; ask again.
                if attempt == 4:
                    raise
            else:
                return
        raise RuntimeError(f"the chunk {chunk_id} could not be stored")


# A row that failed for this reason will not go better another time.
ERASED = "learner-erased"


class _KeyReplacedMeanwhile(Exception):
    """The institution's key was replaced between signing and storing."""


# --- 1 reserve --------------------------------------------------------------------------------------------------------


@transaction.atomic
def _reserve(chunk_id: UUID, at: dt.datetime) -> list[BatchRow] | None:
    chunk = Chunk.objects.select_for_update(of=("self",)).select_related("batch__version").get(pk=chunk_id)
    if chunk.state == ChunkState.DONE:
        return None
    batch: Batch = chunk.batch
    rows = list(
        BatchRow.objects.filter(chunk=chunk, state=RowState.WAITING)
        .select_related("subject_key", "learner", "learner__subject_key", "status_list")
        .order_by("number")
    )
    without_learner = [row for row in rows if row.learner is None]
    if without_learner:
        _find_learners(batch, without_learner, at)
    held = queries.holders(batch.version.specification_id, [row.learner_id for row in rows if row.learner_id], at=at)
    reserved = [row for row in rows if row.learner_id not in held and row.status_index is None]
    reserve_indices(institution_id=batch.institution_id, rows=reserved, at=at)
    BatchRow.objects.bulk_update([*without_learner], ["learner"])
    BatchRow.objects.bulk_update(reserved, ["status_list", "status_index"])
    return rows


def _find_learners(batch: Batch, rows: list[BatchRow], at: dt.datetime) -> None:
    data = []
    for row in rows:
        said = mapping.row_from_json(row.award)
        data.append(
            institution_operations.LearnerData(
                given_name=said.given_name,
                family_name=said.family_name,
                email=said.email,
                date_of_birth=said.date_of_birth,
                language=said.language or batch.language,
            )
        )
    records = institution_operations.find_or_create_learners(
        by=Actor.system(), at=at, institution_id=batch.institution_id, learners=data
    )
    for row, record in zip(rows, records, strict=True):
        row.learner = record
    terms = [
        LearnerTerm(institution_id=batch.institution_id, learner=record, term=queries.term_digest(word))
        for record, said in zip(records, data, strict=True)
        for word in mapping.beginnings(said.given_name, said.family_name, said.email)
    ]
    LearnerTerm.objects.bulk_create(terms, ignore_conflicts=True, batch_size=200)


# --- 2 sign -----------------------------------------------------------------------------------------------------------


def _sign(batch: Batch, rows: Iterable[BatchRow], at: dt.datetime) -> tuple[list[_Signed], dict[UUID, str]]:
    signer = institution_queries.signer(batch.institution_id)
    issuer = institution_queries.organisation(batch.institution)
    achievement = catalogue_queries.achievement(batch.version)
    signed: list[_Signed] = []
    failed: dict[UUID, str] = {}
    for row in rows:
        if row.status_index is None:
            continue  # holds the micro-credential already
        if row.learner is None or row.learner.subject_key.erased_at is not None:
            failed[row.pk] = ERASED
            continue
        try:
            signed.append(_sign_row(batch, row, signer, issuer=issuer, achievement=achievement, at=at))
        except CredentialError as error:
            failed[row.pk] = error.code
    return signed, failed


def _sign_row(
    batch: Batch, row: BatchRow, signer: Signer, *, issuer: Organisation, achievement: Achievement, at: dt.datetime
) -> _Signed:
    said = mapping.row_from_json(row.award)
    learner, status_list, index = row.learner, row.status_list, row.status_index
    assert learner is not None
    assert status_list is not None
    assert index is not None
    awarded_on = said.awarded_on or batch.awarded_on
    credential_id = new_id()
    credential = mapping.credential(
        credential_id=credential_id,
        issuer=issuer,
        achievement=achievement,
        row=said,
        learner_id=learner.pk,
        awarded_on=awarded_on,
        issued_at=at,
        status=StatusEntry(list_url=queries.status_list_url(status_list.pk), index=index),
    )
    document = orjson.dumps(issue(credential, signer=signer, created=at))
    return _Signed(
        row=row,
        learner=learner,
        credential_id=credential_id,
        document=document,
        awarded_on=awarded_on,
        valid_until=credential.valid_until,
        learner_number=said.learner_number,
        verification_method=signer.verification_method,
        status_index=index,
    )


# --- 3 store ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def _store(batch: Batch, chunk_id: UUID, signed: list[_Signed], failed: dict[UUID, str], at: dt.datetime) -> None:
    chunk = Chunk.objects.select_for_update(of=("self",)).get(pk=chunk_id)
    if chunk.state == ChunkState.DONE:
        return
    rows = {row.pk: row for row in BatchRow.objects.filter(chunk=chunk, state=RowState.WAITING)}
    held = _close_expired(batch, signed, at)
    # A key that was replaced while we signed must not sign what is dated after its end.
    key = (
        SigningKey.objects.select_for_update(of=("self",))
        .select_related("institution")
        .filter(institution_id=batch.institution_id, retired_at__isnull=True, revoked_at__isnull=True)
        .first()
    )
    stored = [each for each in signed if each.learner.pk not in held and each.row.pk in rows]
    if key is None or any(each.verification_method != key.verification_method for each in stored):
        raise _KeyReplacedMeanwhile
    credentials = _insert(batch, stored, key, at)
    issued_rows = {credential.row_id for credential in credentials}
    for row in rows.values():
        if row.pk in issued_rows:
            row.state = RowState.ISSUED
        elif row.pk in failed:
            row.state, row.fault = RowState.FAILED, failed[row.pk]
        else:
            row.state = RowState.ALREADY
    BatchRow.objects.bulk_update(rows.values(), ["state", "fault"])
    chunk.state, chunk.done_at = ChunkState.DONE, at
    chunk.save(update_fields=["state", "done_at"])
    audit.record(
        by=Actor.system(),
        action=Audit.CHUNK_ISSUED,
        at=at,
        subject=chunk,
        institution_id=batch.institution_id,
        data={
            "batch": batch.pk,
            "issued": len(credentials),
            "already": sum(row.state == RowState.ALREADY for row in rows.values()),
            "failed": len(failed),
            # One digest over all documents of the chunk, in the order of the rows.
            "documents": hashlib.sha256("".join(each.digest for each in credentials).encode()).hexdigest(),
        },
    )
    for credential in credentials:
        events.emit(CredentialIssued(credential.pk))
    if credentials:
        events.emit(NoticesWaiting(batch.institution_id))
        tell_learners(notifications.CREDENTIAL_ISSUED, credentials, Actor.system(), at)
    finish(batch, at)


def _close_expired(batch: Batch, signed: list[_Signed], at: dt.datetime) -> set[UUID]:
    """Who holds the micro-credential; an open award whose credential has expired is closed, for a new one."""
    specification_id = batch.version.specification_id
    learner_ids = [each.learner.pk for each in signed]
    held = set(queries.holders(specification_id, learner_ids, at=at))
    expired = queries.open_award_learners(specification_id, learner_ids) - held
    if expired:
        Award.objects.filter(
            specification_id=specification_id,
            learner_id__in=expired,
            closed_at__isnull=True,
            credential__valid_until__lte=at,
        ).update(closed_at=at)
    return held


def _insert(batch: Batch, stored: list[_Signed], key: SigningKey, at: dt.datetime) -> list[IssuedCredential]:
    awards = [
        Award(
            institution_id=batch.institution_id,
            specification_id=batch.version.specification_id,
            learner=each.learner,
            created_at=at,
        )
        for each in stored
    ]
    Award.objects.bulk_create(awards)
    credentials = []
    links = []
    notices = []
    for each, award in zip(stored, awards, strict=True):
        credential = IssuedCredential(
            id=each.credential_id,
            institution_id=batch.institution_id,
            version=batch.version,
            learner=each.learner,
            award=award,
            row=each.row,
            number=mapping.new_number(),
            signing_key=key,
            status_list=each.row.status_list,
            status_index=each.status_index,
            subject_key=each.learner.subject_key,
            document=each.document,
            digest=hashlib.sha256(each.document).hexdigest(),
            learner_number_index=queries.learner_number_index(each.learner_number) if each.learner_number else None,
            awarded_on=each.awarded_on,
            issued_at=at,
            valid_until=each.valid_until,
        )
        credentials.append(credential)
        links.append(new_link(credential, at))
        notices.append(new_notice(credential, NoticeKind.ISSUED, each.learner, at))
    IssuedCredential.objects.bulk_create(credentials)
    CredentialLink.objects.bulk_create(links)
    Notice.objects.bulk_create(notices)
    return credentials


def new_link(credential: IssuedCredential, at: dt.datetime) -> CredentialLink:
    """This will make a private link for a credential, not stored yet."""
    token = new_secret()
    return CredentialLink(
        institution_id=credential.institution_id,
        credential=credential,
        subject_key=credential.subject_key,
        digest=queries.link_digest(token),
        token=token,
        created_at=at,
    )


def new_notice(
    credential: IssuedCredential, kind: NoticeKind, learner: LearnerRecord, at: dt.datetime, email: str = ""
) -> Notice:
    """This will make a message to the learner about a credential, not stored yet."""
    return Notice(
        institution_id=credential.institution_id,
        credential=credential,
        kind=kind,
        subject_key=credential.subject_key,
        email=email or learner.email,
        language=queries.reader_language(learner.person_id, learner),
        due_at=at,
        created_at=at,
    )


def finish(batch: Batch, at: dt.datetime) -> None:
    """This will close the list with its last chunk, and destroy what it held unless a row has to be tried again."""
    # The lock makes two last chunks see one another.
    locked = Batch.objects.select_for_update(of=("self",)).select_related("subject_key").get(pk=batch.pk)
    if Chunk.objects.filter(batch=locked, state=ChunkState.WAITING).exists():
        return
    if locked.state != BatchState.DONE:
        tell_of_list(batch, at)
    locked.state, locked.finished_at = BatchState.DONE, locked.finished_at or at
    if BatchRow.objects.filter(batch=locked, state=RowState.FAILED).exclude(fault=ERASED).exists():
        locked.save(update_fields=["state", "finished_at"])
        return
    locked.table = locked.result = None
    locked.save(update_fields=["state", "finished_at", "table", "result"])
    personal.erase(locked.subject_key, at=at)
