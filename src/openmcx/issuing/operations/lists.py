"""A class list from its upload to the moment it is confirmed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from openmcx.catalogue import queries as catalogue_queries
from openmcx.catalogue.models import SpecificationVersion
from openmcx.credentials.class_list import ClassListRow, Fault, Limits, Table, check_table, guess_mapping, read_table
from openmcx.issuing import mapping, queries, rules
from openmcx.issuing.events import BatchConfirmed
from openmcx.issuing.models import Batch, BatchRow, BatchState, Chunk, ColumnMapping, RowState
from openmcx.issuing.operations.audit_actions import Audit
from openmcx.kernel import audit, events, personal
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import Refusal

# Nowhere on earth is it later than this: a list may be dated with the day of whoever uploads it.
_EARLIEST_ZONE = dt.timedelta(hours=14)


class ListUnreadable(Refusal):
    """The file could not be read as a list; `faults` say why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("list-unreadable", _("The file could not be read as a class list."))
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return " ".join(mapping.said(fault) for fault in self.faults)


def _limits() -> Limits:
    return dataclasses.replace(
        Limits(), max_rows=settings.OPENMCX_CLASS_LIST_MAX_ROWS, max_bytes=settings.OPENMCX_MAX_UPLOAD_BYTES
    )


def upload(
    *,
    by: Actor,
    at: dt.datetime,
    version_id: UUID,
    data: bytes,
    filename: str,
    awarded_on: dt.date | None = None,
    language: str = "en",
    encoding: str = "",
) -> Batch:
    """This will take in a class list for a published version, read its columns and check it when they are clear.

    `awarded_on` is the date of the award for rows that state none; `language` that of the messages to learners.
    Raises: NotPermitted; ListUnreadable; Refusal ``version-not-issuable``, ``award-date-future``.
    """
    version = catalogue_queries.version_by_id(version_id)
    require(bool(rules.may_issue(by, version.institution_id)))
    _require_issuable(version)
    awarded_on = awarded_on or at.date()
    if awarded_on > (at + _EARLIEST_ZONE).date():
        raise Refusal("award-date-future", _("The date of the award lies in the future. Issue the credentials then."))
    # Reading takes time and needs no lock: it comes before the transaction.
    table = _read(data, filename, encoding)
    with transaction.atomic():
        batch = Batch(
            institution_id=version.institution_id,
            version=version,
            subject_key=personal.new_subject_key(),
            awarded_on=awarded_on,
            language=language,
            created_at=at,
            created_by=by.person_id,
        )
        _lay_in(batch, table, filename, at)
        batch.save(force_insert=True)
        _note(by, Audit.LIST_UPLOADED, at, batch, rows=batch.row_count, faults=batch.fault_count)
    return batch


def _require_issuable(version: SpecificationVersion) -> None:
    if not catalogue_queries.issuable([version.institution_id]).filter(pk=version.pk).exists():
        raise Refusal(
            "version-not-issuable",
            _("This version is not issued any more: there is a newer one, or it was withdrawn from the catalogue."),
        )


def _read(data: bytes, filename: str, encoding: str) -> Table:
    table = read_table(data, filename, limits=_limits(), encoding=encoding)
    if table.faults:
        raise ListUnreadable(table.faults)
    return table


def _lay_in(batch: Batch, table: Table, filename: str, at: dt.datetime) -> None:
    batch.table = mapping.table_to_json(table)
    batch.row_count = len(table.rows)
    # Only the last part of a path, without what could be read as markup or another direction.
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    batch.filename = "".join(char for char in name if char.isprintable())[:200]
    remembered = queries.remembered_mapping(batch.institution_id, mapping.headings_digest(table.columns))
    batch.mapping = remembered or guess_mapping(table.columns)
    _check(batch, table, at)


def _check(batch: Batch, table: Table, at: dt.datetime) -> Sequence[ClassListRow]:
    """Check the whole list and put what was found onto the batch; give the rows as they would be issued."""
    today = (at + _EARLIEST_ZONE).date()
    found = check_table(table, mapping=batch.mapping, today=today, limits=_limits())
    faults, notes = list(found.faults), list(found.notes)
    already: list[list[Any]] = []
    if found.rows:
        faults += _contradictions(batch, found.rows, table)
        faults += _expired(batch, found.rows, table, at)
        faults.sort(key=lambda fault: fault.row or 0)
        already = _already(batch, found.rows, at)
        if without := _without_birth_date(batch, found.rows, table):
            notes.append(Fault(code="note-no-birth-date", params={"count": without}))
    if any(fault.row is None for fault in faults) and not found.rows:
        batch.state = BatchState.UPLOADED
    else:
        batch.state = BatchState.CHECKED
    batch.fault_count = len(faults)
    batch.result = {
        "faults": [mapping.fault_to_json(fault) for fault in faults],
        "notes": [mapping.fault_to_json(note) for note in notes],
        "already": already,
    }
    return found.rows


def _without_birth_date(batch: Batch, rows: Sequence[ClassListRow], table: Table) -> int:
    """Rows that say nothing. One whose date is wrong is a fault already, and is not told to add what it has."""
    mapped = batch.mapping or {}
    at = next((column.index for column in table.columns if mapped.get(column.key) == "date_of_birth"), None)
    stated = {row.number for row in table.rows if at is not None and (row.cells[at].strip() or at in row.marks)}
    return sum(1 for row in rows if row.date_of_birth is None and row.number not in stated)


def _contradictions(batch: Batch, rows: Sequence[ClassListRow], table: Table) -> list[Fault]:
    """Rows whose address belongs to a learner with another date of birth: two people, one address."""
    known = queries.learners_by_email(batch.institution_id, [row.email for row in rows if row.email])
    column = _column(batch, table, "email")
    return [
        Fault(code="learner-differs", row=row.number, column=column, field="email", value=row.email)
        for row in rows
        if (record := known.get(row.email))
        and row.date_of_birth
        and record.date_of_birth
        and record.date_of_birth != row.date_of_birth
    ]


def _expired(batch: Batch, rows: Sequence[ClassListRow], table: Table, at: dt.datetime) -> list[Fault]:
    """Rows whose award is so long ago that the credential would be issued expired."""
    achievement = catalogue_queries.achievement(batch.version)
    column = _column(batch, table, "awarded_on")
    faults = []
    for row in rows:
        awarded_on = row.awarded_on or batch.awarded_on
        ends_at = mapping.valid_until(achievement, awarded_on)
        if ends_at is not None and ends_at <= at:
            faults.append(
                Fault(
                    code="award-expired",
                    row=row.number,
                    column=column,
                    field="awarded_on" if column else "",
                    value=awarded_on.isoformat(),
                    params={"day": ends_at.date().isoformat()},
                )
            )
    return faults


def _column(batch: Batch, table: Table, field: str) -> str:
    mapped = batch.mapping or {}
    return next((str(column) for column in table.columns if mapped.get(column.key) == field), "")


def _already(batch: Batch, rows: Sequence[ClassListRow], at: dt.datetime) -> list[list[Any]]:
    known = queries.learners_by_email(batch.institution_id, [row.email for row in rows if row.email])
    held = queries.holders(batch.version.specification_id, [record.pk for record in known.values()], at=at)
    return [
        [row.number, credential.number, credential.issued_at.isoformat()]
        for row in rows
        if (record := known.get(row.email)) and (credential := held.get(record.pk))
    ]


@transaction.atomic
def choose_columns(*, by: Actor, at: dt.datetime, batch_id: UUID, columns: Mapping[str, str], revision: int) -> Batch:
    """This will say what each column means (key to field, "" for none), remember it, and check the list again.

    Raises: NotPermitted; Batch.DoesNotExist; Refusal ``batch-closed``, ``list-changed-meanwhile``.
    """
    batch, table = _open(by, batch_id, revision)
    keys = {column.key for column in table.columns}
    batch.mapping = {key: field for key, field in columns.items() if key in keys and field}
    _check(batch, table, at)
    _save(batch)
    ColumnMapping.objects.update_or_create(
        institution_id=batch.institution_id,
        headings_digest=mapping.headings_digest(table.columns),
        defaults={"mapping": batch.mapping, "used_at": at},
    )
    _note(by, Audit.LIST_MAPPED, at, batch, faults=batch.fault_count)
    return batch


@transaction.atomic
def mend_cells(
    *, by: Actor, at: dt.datetime, batch_id: UUID, cells: Mapping[tuple[int, int], str], revision: int
) -> Batch:
    """This will write single cells anew (row as the list numbers it, column from 0) and check the list again.

    Raises: NotPermitted; Batch.DoesNotExist; Refusal ``batch-closed``, ``list-changed-meanwhile``, ``no-such-cell``.
    """
    batch, table = _open(by, batch_id, revision)
    try:
        for (row, column), text in cells.items():
            table = mapping.mended(table, row, column, text[:1000])
    except LookupError:
        raise Refusal("no-such-cell", _("The list has no such cell. Load the page again.")) from None
    return _mended(by, at, batch, table, cells=len(cells))


@transaction.atomic
def drop_row(*, by: Actor, at: dt.datetime, batch_id: UUID, row: int, revision: int) -> Batch:
    """This will take one row off the list and check the list again.

    Raises: NotPermitted; Batch.DoesNotExist; Refusal ``batch-closed``, ``list-changed-meanwhile``, ``no-such-cell``,
    ``last-row``.
    """
    batch, table = _open(by, batch_id, revision)
    try:
        table = mapping.without_row(table, row)
    except LookupError:
        raise Refusal("no-such-cell", _("The list has no such row. Load the page again.")) from None
    if not table.rows:
        raise Refusal("last-row", _("This is the last row. Discard the list instead."))
    return _mended(by, at, batch, table, dropped=1)


def _mended(by: Actor, at: dt.datetime, batch: Batch, table: Table, **data: int) -> Batch:
    batch.table = mapping.table_to_json(table)
    batch.row_count = len(table.rows)
    _check(batch, table, at)
    _save(batch)
    _note(by, Audit.LIST_MENDED, at, batch, faults=batch.fault_count, **data)
    return batch


def replace_file(
    *, by: Actor, at: dt.datetime, batch_id: UUID, data: bytes, filename: str, encoding: str = ""
) -> Batch:
    """This will put a corrected file in the place of the list; columns of the same headings keep their meaning.

    Raises: NotPermitted; Batch.DoesNotExist; ListUnreadable; Refusal ``batch-closed``.
    """
    require(bool(rules.may_issue(by, queries.batch(batch_id).institution_id)))
    table = _read(data, filename, encoding)
    with transaction.atomic():
        batch = _locked(batch_id)
        rules.require_open(batch)
        _lay_in(batch, table, filename, at)
        _save(batch)
        _note(by, Audit.LIST_REPLACED, at, batch, rows=batch.row_count, faults=batch.fault_count)
    return batch


@transaction.atomic
def discard(*, by: Actor, at: dt.datetime, batch_id: UUID) -> Batch:
    """This will give up a list that is not confirmed and destroy what it held.

    Raises: NotPermitted; Batch.DoesNotExist; Refusal ``batch-closed``.
    """
    batch = _locked(batch_id)
    require(bool(rules.may_issue(by, batch.institution_id)))
    rules.require_open(batch)
    batch.state, batch.finished_at = BatchState.DISCARDED, at
    batch.table = batch.result = None
    batch.filename = ""
    batch.save()
    personal.erase(batch.subject_key, at=at)
    _note(by, Audit.LIST_DISCARDED, at, batch)
    return batch


@transaction.atomic
def confirm(*, by: Actor, at: dt.datetime, batch_id: UUID, revision: int) -> Batch:
    """This will have the list issued: it is checked once more, cut into chunks, and the chunks are put to work.

    Raises: NotPermitted; Batch.DoesNotExist; Refusal ``batch-closed``, ``list-changed-meanwhile``, ``list-has-faults``,
    ``version-not-issuable``, ``nothing-to-issue``.
    """
    batch, table = _open(by, batch_id, revision)
    _require_issuable(batch.version)
    rows = _check(batch, table, at)
    if batch.fault_count:
        raise Refusal(
            "list-has-faults",
            _("The list has faults. Mend them first; nothing is issued from a list that is not right as a whole."),
        )
    if len(queries.checked(batch).already) == len(rows):
        raise Refusal("nothing-to-issue", _("Everybody on this list has this micro-credential already."))
    batch.state, batch.confirmed_at, batch.confirmed_by = BatchState.ISSUING, at, by.person_id
    _save(batch)
    for number, start in enumerate(range(0, len(rows), rules.CHUNK_ROWS), start=1):
        chunk = Chunk.objects.create(batch=batch, institution_id=batch.institution_id, number=number, enqueued_at=at)
        BatchRow.objects.bulk_create(
            BatchRow(
                batch=batch,
                chunk=chunk,
                institution_id=batch.institution_id,
                number=row.number,
                subject_key=batch.subject_key,
                award=mapping.row_to_json(row),
            )
            for row in rows[start : start + rules.CHUNK_ROWS]
        )
    events.emit(BatchConfirmed(batch.pk))
    _note(by, Audit.LIST_CONFIRMED, at, batch, rows=len(rows), version=batch.version_id)
    return batch


@transaction.atomic
def retry_failed(*, by: Actor, at: dt.datetime, batch_id: UUID) -> Batch:
    """This will try once more to issue the rows of a list that failed.

    Raises: NotPermitted; Batch.DoesNotExist; Refusal ``nothing-failed``.
    """
    batch = _locked(batch_id)
    require(bool(rules.may_issue(by, batch.institution_id)))
    failed = BatchRow.objects.filter(batch=batch, state=RowState.FAILED)
    chunk_ids = list(failed.order_by().values_list("chunk_id", flat=True).distinct())
    if batch.state != BatchState.DONE or not chunk_ids:
        raise Refusal("nothing-failed", _("No row of this list waits to be tried again."))
    count = failed.update(state=RowState.WAITING, fault="")
    Chunk.objects.filter(pk__in=chunk_ids).update(state="waiting", done_at=None, enqueued_at=at)
    batch.state, batch.finished_at = BatchState.ISSUING, None
    batch.save(update_fields=["state", "finished_at"])
    events.emit(BatchConfirmed(batch.pk))
    _note(by, Audit.LIST_RETRIED, at, batch, rows=count)
    return batch


def rows_to_issue(batch: Batch, *, at: dt.datetime) -> Sequence[ClassListRow]:
    """This will read the rows of an open list as they would be issued, for the preview."""
    table = queries.table(batch)
    return _check(batch, table, at) if table else ()


# --- shared -----------------------------------------------------------------------------------------------------------


def _locked(batch_id: UUID) -> Batch:
    row: Batch = (
        Batch.objects.select_for_update(of=("self",))
        .select_related("version", "institution", "subject_key")
        .get(pk=batch_id)
    )
    return row


def _open(by: Actor, batch_id: UUID, revision: int) -> tuple[Batch, Table]:
    batch = _locked(batch_id)
    require(bool(rules.may_issue(by, batch.institution_id)))
    rules.require_open(batch)
    if batch.revision != revision:
        raise Refusal(
            "list-changed-meanwhile", _("Somebody else changed this list meanwhile. Look at it again before you go on.")
        )
    table = queries.table(batch)
    assert table is not None  # an open list has its table
    return batch, table


def _save(batch: Batch) -> None:
    batch.revision += 1
    batch.save()


def _note(by: Actor, action: Audit, at: dt.datetime, batch: Batch, **data: object) -> None:
    audit.record(by=by, action=action, at=at, subject=batch, institution_id=batch.institution_id, data=data)
