"""Questions about class lists: what stands on them, what was found, how far they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from openmcx.credentials.class_list import Fault, Table
from openmcx.issuing import mapping
from openmcx.issuing.models import (
    Batch,
    BatchRow,
    BatchState,
    Chunk,
    ChunkState,
    ColumnMapping,
    Notice,
    NoticeState,
    RowState,
)
from openmcx.issuing.queries.learners import learners_called
from openmcx.kernel.scopes import scopes_disabled

# --- lists ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyIssued:
    """A row whose learner holds the micro-credential already; it is left out when the list is issued."""

    row: int
    number: str
    issued_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What checking a list as a whole has found."""

    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    already: tuple[AlreadyIssued, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a confirmed list is. Units: learners."""

    total: int
    issued: int
    already: int
    failed: int
    messages_sent: int
    messages_failed: int
    messages_waiting: int
    is_finished: bool

    @property
    def done(self) -> int:
        return self.issued + self.already + self.failed


def batches(
    words: str = "",
    *,
    state: str = "",
    institution: str = "",
    uploaded_from: dt.date | None = None,
    uploaded_until: dt.date | None = None,
) -> QuerySet[Batch]:
    """This will list the class lists of the active scope, the newest first, found by title or file.

    `institution` is a short name; both days are inclusive, in UTC.
    """
    rows: QuerySet[Batch] = Batch.objects.select_related("version", "institution")
    for word in words.split()[:8]:
        rows = rows.filter(
            Q(version__title__icontains=word) | Q(version__slug__icontains=word) | Q(filename__icontains=word)
        )
    if institution:
        rows = rows.filter(institution__slug=institution)
    if uploaded_from:
        rows = rows.filter(created_at__gte=dt.datetime.combine(uploaded_from, dt.time.min, tzinfo=dt.UTC))
    if uploaded_until:
        after = uploaded_until + dt.timedelta(days=1)
        rows = rows.filter(created_at__lt=dt.datetime.combine(after, dt.time.min, tzinfo=dt.UTC))
    if state in BatchState.values:
        return rows.filter(state=state)
    return rows.exclude(state=BatchState.DISCARDED)


def open_lists() -> QuerySet[Batch]:
    """This will list the class lists of the active scope that somebody has uploaded and not confirmed."""
    return batches().filter(state__in=(BatchState.UPLOADED, BatchState.CHECKED))


def lists_with_failures(*, since: dt.datetime) -> QuerySet[Batch]:
    """This will list the lists confirmed since then of which a learner got no credential; `failed` counts those."""
    failed = Count("rows", filter=Q(rows__state=RowState.FAILED))
    done = batches(state=BatchState.DONE).filter(confirmed_at__gte=since)
    return done.annotate(failed=failed).filter(failed__gt=0)


def batch(batch_id: UUID) -> Batch:
    """This will give one list of the active scope.

    Raises: Batch.DoesNotExist.
    """
    row: Batch = Batch.objects.select_related("version", "institution", "subject_key").get(pk=batch_id)
    return row


def table(batch: Batch) -> Table | None:
    """This will give the list as it was uploaded and mended; None once it is done and destroyed."""
    return mapping.table_from_json(batch.table) if batch.table else None


def checked(batch: Batch) -> Checked:
    """This will give what the last check found."""
    result = batch.result or {}
    return Checked(
        faults=tuple(mapping.fault_from_json(fault) for fault in result.get("faults", ())),
        notes=tuple(mapping.fault_from_json(note) for note in result.get("notes", ())),
        already=tuple(
            AlreadyIssued(row=row, number=number, issued_at=dt.datetime.fromisoformat(issued_at))
            for row, number, issued_at in result.get("already", ())
        ),
    )


def remembered_mapping(institution_id: UUID, headings_digest: str) -> dict[str, str] | None:
    """This will give what the institution said last time about a list with these headings."""
    row: ColumnMapping | None = ColumnMapping.objects.filter(
        institution_id=institution_id, headings_digest=headings_digest
    ).first()
    return dict(row.mapping) if row else None


def progress(batch: Batch) -> Progress:
    """This will count how far a confirmed list is."""
    rows = dict(
        BatchRow.objects.filter(batch=batch)
        .order_by()
        .values("state")
        .annotate(n=Count("id"))
        .values_list("state", "n")
    )
    notices = dict(
        Notice.objects.filter(credential__row__batch=batch, kind="issued")
        .order_by()
        .values("state")
        .annotate(n=Count("id"))
        .values_list("state", "n")
    )
    return Progress(
        total=sum(rows.values()),
        issued=rows.get(RowState.ISSUED, 0),
        already=rows.get(RowState.ALREADY, 0),
        failed=rows.get(RowState.FAILED, 0),
        messages_sent=notices.get(NoticeState.SENT, 0),
        messages_failed=notices.get(NoticeState.FAILED, 0),
        messages_waiting=notices.get(NoticeState.WAITING, 0),
        is_finished=batch.state == BatchState.DONE,
    )


def rows(batch: Batch, *, state: str = "", words: str = "") -> QuerySet[BatchRow]:
    """This will list the learners of a confirmed list with what came of each."""
    found: QuerySet[BatchRow] = BatchRow.objects.filter(batch=batch).select_related(
        "subject_key", "learner", "learner__subject_key", "credential"
    )
    if state in RowState.values:
        found = found.filter(state=state)
    if words.strip():
        found = found.filter(learner__in=learners_called(words))
    return found.order_by("number")


def waiting_chunks(*, enqueued_before: dt.datetime) -> list[UUID]:
    """This will list the chunks whose task seems to have gone missing."""
    with scopes_disabled():
        found = Chunk.objects.filter(state=ChunkState.WAITING, enqueued_at__lt=enqueued_before)
        return list(found.order_by("enqueued_at").values_list("pk", flat=True)[:200])


def chunks_of(batch_id: UUID) -> list[UUID]:
    """This will list the chunks of a list that are not done."""
    with scopes_disabled():
        found = Chunk.objects.filter(batch_id=batch_id, state=ChunkState.WAITING)
        return list(found.order_by("number").values_list("pk", flat=True))
