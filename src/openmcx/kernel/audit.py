"""The audit trail: one row for each write, in the same transaction, chained within seconds.

`record` stores a row with its digest. The sealer then chains rows with a code that only the node's master key can make,
and notes the head of the chain in a log outside the database. `verify` finds whatever was changed, removed, put in
or reordered afterwards.
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import functools
import hashlib
import hmac
import itertools
import json
import operator
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, models, transaction

from openmcx.kernel import vault
from openmcx.kernel.models import AuditPending, AuditRecord, AuditSeal

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

    from openmcx.kernel.actors import Actor

_ACTION = re.compile(r"[a-z]+(\.[a-z0-9-]+){2}")
_BATCH = 500
_GENESIS = bytes(32)
_PURPOSE = "audit-chain"
_HEADS_PURPOSE = "audit-heads"
# A line of the log: the seals that it speaks for, the code of the last of them, when, and a code over all that.
_LINE = re.compile(r"(\d{1,18}) (\d{1,18}) ([0-9a-f]{64}) (\S{20,32}) ([0-9a-f]{64})")
_LINE_BYTES = 256  # no line is longer
_MOST_NUMBERS_NAMED = 5


def record(
    *,
    by: Actor,
    action: str,
    at: datetime.datetime,
    subject: models.Model,
    institution_id: UUID | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """This will note that the actor did the action to the subject; call it in the transaction of the deed.

    `action` is ``<app>.<noun>.<verb>``. `data` holds ids, codes, counts and digests only, never a personal value: the
    trail outlives the right to erasure.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"the audit row of {action!r} must be written in the transaction of the deed")
    if not _ACTION.fullmatch(action):
        raise ValueError(f"{action!r} is not of the form app.noun.verb")
    row = AuditRecord(
        at=at,
        actor_kind=by.kind,
        actor_id=by.person_id,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        institution_id=institution_id,
        data=json.loads(json.dumps(dict(data or {}), default=str)),
    )
    row.digest = digest(row)
    row.save(force_insert=True)
    AuditPending(record_number=row.number).save(force_insert=True)


def trail(*subjects: models.Model, actions: Iterable[str], most: int = 100) -> list[AuditRecord]:
    """This will give what was done to the subjects, the newest first, of the actions named; at most so many rows."""
    of_one = (models.Q(subject_type=one._meta.label_lower, subject_id=str(one.pk)) for one in subjects)
    rows = AuditRecord.objects.filter(functools.reduce(operator.or_, of_one), action__in=[*map(str, actions)])
    return list(rows.order_by("-number")[:most])


def digest(row: AuditRecord) -> bytes:
    """This will return the SHA-256 over everything the row says, written the same way every time."""
    said = {
        "at": row.at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
        "actor_kind": row.actor_kind,
        "actor_id": str(row.actor_id) if row.actor_id else None,
        "action": row.action,
        "subject_type": row.subject_type,
        "subject_id": row.subject_id,
        "institution_id": str(row.institution_id) if row.institution_id else None,
        "data": row.data,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).digest()


def _code(before: bytes, number: int, record_number: int, record_digest: bytes) -> bytes:
    message = before + number.to_bytes(8) + record_number.to_bytes(8) + record_digest
    return vault.mac(message, purpose=_PURPOSE)


def heads_log() -> Path:
    """This will name the log that remembers the heads of the chain outside the database."""
    return Path(settings.OPENMCX_AUDIT_HEADS or Path(settings.OPENMCX_DATA_DIR) / "audit-heads.log")


def seal_pending(*, at: datetime.datetime) -> int:
    """This will chain every committed row that waits, oldest first, and return how many it chained."""
    if not AuditPending.objects.exists():
        return 0
    if not AuditSeal.objects.exists():
        _begin_heads(at)
    sealed = 0
    while batch := _seal_batch(at):
        sealed += batch
        if batch < _BATCH:
            break
    return sealed


def _seal_batch(at: datetime.datetime) -> int:
    try:
        with transaction.atomic():
            waiting = list(
                AuditPending.objects.order_by("record_number").values_list("record_number", flat=True)[:_BATCH]
            )
            if not waiting:
                return 0
            digests = dict(AuditRecord.objects.filter(pk__in=waiting).values_list("number", "digest"))
            head = AuditSeal.objects.order_by("-number").first()
            number, code = (head.number, bytes(head.code)) if head else (0, _GENESIS)
            seals = []
            for record_number in waiting:
                if record_number not in digests:  # removed before its seal: leave it waiting, `verify` names it
                    continue
                number += 1
                code = _code(code, number, record_number, bytes(digests[record_number]))
                seals.append(
                    AuditSeal(
                        number=number,
                        record_number=record_number,
                        record_digest=digests[record_number],
                        code=code,
                        sealed_at=at,
                    )
                )
            # Two sealers at once make the same numbers: the second fails here and finds nothing waiting next time.
            AuditSeal.objects.bulk_create(seals)
            AuditPending.objects.filter(pk__in=[one.record_number for one in seals]).delete()
    except IntegrityError:
        return 0
    if seals:
        _note_head(seals[0].number, seals[-1], at)
    return len(seals)


def _begin_heads(at: datetime.datetime) -> None:
    """Begin the log with the chain. Later a log that does not begin so has lost its beginning."""
    with _heads_to_write() as log:
        if log.seek(0, os.SEEK_END) == 0:
            log.write(_line(0, 0, _GENESIS, at))


def _note_head(first: int, last: AuditSeal, at: datetime.datetime) -> None:
    """Note the head. A line follows the one before, also when the process was ended between a seal and its line."""
    with _heads_to_write() as log:
        size = log.seek(0, os.SEEK_END)
        log.seek(max(0, size - 8 * _LINE_BYTES))
        tail = log.read()
        read = (_read_line(line) for line in reversed(tail.decode("ascii", "replace").splitlines()))
        before = next((one for one in read if one is not None), None)
        # Nothing may be bridged but what is missing at the end: a log that lost its beginning does not get one.
        start = before.last + 1 if before else first
        if start <= last.number:
            log.write(b"" if tail.endswith(b"\n") or not tail else b"\n")
            log.write(_line(start, last.number, bytes(last.code), at))


@contextlib.contextmanager
def _heads_to_write() -> Iterator[IO[bytes]]:
    """Open the log for one sealer at a time."""
    path = heads_log()
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "r+b") as log:
        fcntl.flock(log, fcntl.LOCK_EX)
        yield log
        log.flush()
        os.fsync(log.fileno())


@dataclass(frozen=True, slots=True)
class _Head:
    """What a line of the log says."""

    first: int
    last: int
    code: bytes


def _line(first: int, last: int, code: bytes, at: datetime.datetime) -> bytes:
    said = f"{first} {last} {code.hex()} {at.astimezone(datetime.UTC).isoformat(timespec='seconds')}".encode()
    return said + b" " + vault.mac(said, purpose=_HEADS_PURPOSE).hex().encode() + b"\n"


def _read_line(line: str) -> _Head | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    said = line.rpartition(" ")[0].encode()
    if not hmac.compare_digest(vault.mac(said, purpose=_HEADS_PURPOSE).hex(), match[5]):
        return None
    return _Head(int(match[1]), int(match[2]), bytes.fromhex(match[3]))


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the trail that is not as it was written."""

    code: str
    number: int
    sentence: str


@dataclass(frozen=True, slots=True)
class TrailReport:
    """What a check of the whole trail found."""

    records: int
    sealed: int
    unsealed: int
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]


def verify() -> TrailReport:
    """This will read the whole trail and name every row that was changed, removed, put in or reordered."""
    faults: list[Fault] = []
    notes: list[str] = []
    heads = _read_heads(faults)
    before, expected, sealed = _GENESIS, 1, 0
    for seals in itertools.batched(AuditSeal.objects.order_by("number").iterator(chunk_size=2000), 2000):
        records = AuditRecord.objects.in_bulk([seal.record_number for seal in seals])
        for seal in seals:
            if seal.number != expected:
                missing = f"{expected}" if seal.number == expected + 1 else f"{expected} to {seal.number - 1}"
                faults.append(Fault("seal-removed", expected, f"The seals {missing} are missing."))
                # The code before the gap is unknown; this seal's own is checked against nothing and carries on.
            elif bytes(seal.code) != _code(before, seal.number, seal.record_number, bytes(seal.record_digest)):
                faults.append(
                    Fault("seal-changed", seal.number, f"The seal {seal.number} does not follow from the one before.")
                )
            faults.extend(_faults_of(seal, records.get(seal.record_number)))
            head = heads.pop(seal.number, None)
            if head is not None and head != bytes(seal.code):
                faults.append(
                    Fault("head-differs", seal.number, f"The seal {seal.number} is not the one in {heads_log()}.")
                )
            before, expected, sealed = bytes(seal.code), seal.number + 1, sealed + 1
    if heads:
        last = max(heads)
        faults.append(
            Fault(
                "tail-removed",
                last,
                f"{heads_log()} notes a chain up to seal {last}, but the database ends at seal {expected - 1}.",
            )
        )
    waiting = _check_unsealed(faults)
    _check_numbers(faults, notes)
    return TrailReport(AuditRecord.objects.count(), sealed, waiting, tuple(faults), tuple(notes))


def _faults_of(seal: AuditSeal, record: AuditRecord | None) -> Iterator[Fault]:
    if record is None:
        yield Fault("record-removed", seal.record_number, f"The row {seal.record_number} was removed after its seal.")
    elif digest(record) != bytes(seal.record_digest) or bytes(record.digest) != bytes(seal.record_digest):
        yield Fault(
            "record-changed",
            seal.record_number,
            f"The row {seal.record_number} ({record.action}) was changed after its seal, or replaced.",
        )


def _check_unsealed(faults: list[Fault]) -> int:
    pending = set(AuditPending.objects.values_list("record_number", flat=True))
    sealed = AuditSeal.objects.filter(record_number=models.OuterRef("number"))
    unsealed = 0
    for record in AuditRecord.objects.filter(~models.Exists(sealed)).order_by("number").iterator():
        unsealed += 1
        if record.number not in pending:
            faults.append(
                Fault(
                    "record-put-in",
                    record.number,
                    f"The row {record.number} ({record.action}) waits for no seal and has none: it was put in from "
                    "outside, or its seal was removed.",
                )
            )
        elif digest(record) != bytes(record.digest):
            faults.append(
                Fault("record-changed", record.number, f"The row {record.number} ({record.action}) was changed.")
            )
        pending.discard(record.number)
    sealed_numbers = AuditSeal.objects.filter(record_number__in=pending).values_list("record_number", flat=True)
    for number in sorted(pending - set(sealed_numbers)):
        faults.append(Fault("record-removed", number, f"The row {number} was removed before its seal."))
    return unsealed


def _check_numbers(faults: list[Fault], notes: list[str]) -> None:
    """Find rows that were removed together with everything that points at them, by the numbers that they left free."""
    table = AuditRecord._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT before + 1, number - 1 FROM"  # noqa: S608  (a name of ours, no value)
            f" (SELECT number, COALESCE(LAG(number) OVER (ORDER BY number), 0) AS before FROM {table}) AS numbered"
            f" WHERE number > before + 1 ORDER BY number"
        )
        gaps: list[tuple[int, int]] = cursor.fetchall()
        if connection.vendor == "sqlite":
            gaps += _numbers_missing_at_the_end(cursor, faults)
    told = {fault.number for fault in faults if fault.code == "record-removed"}
    gaps = [(a, b) for a, b in gaps if sum(a <= number <= b for number in told) < b - a + 1]
    if connection.vendor == "sqlite":
        # A transaction that is rolled back gives its numbers back, so that each free number was once a row.
        for first, last in gaps:
            faults.append(Fault("record-removed", first, f"{_rows(first, last)} removed; nothing else is left of it."))
    elif gaps:
        some = [f"{a}" if a == b else f"{a} to {b}" for a, b in gaps[:_MOST_NUMBERS_NAMED]]
        some += ["…"] if len(gaps) > _MOST_NUMBERS_NAMED else []
        notes.append(
            f"Numbers of rows are free in {len(gaps)} places ({', '.join(some)}). "
            "Transactions that were rolled back leave such gaps; so would a row that was removed before its seal."
        )


def _numbers_missing_at_the_end(cursor: CursorWrapper, faults: list[Fault]) -> list[tuple[int, int]]:
    table = AuditRecord._meta.db_table
    cursor.execute(
        "SELECT (SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s),"  # noqa: S608  (a name of ours)
        " (SELECT seq FROM sqlite_sequence WHERE name = %s),"
        f" (SELECT MAX(number) FROM {table})",
        [table, table],
    )
    made, given, last = cursor.fetchone()
    given, last = given or 0, last or 0
    if "AUTOINCREMENT" not in made.upper():
        faults.append(
            Fault("numbers-changed", last, f"{table} no longer counts with AUTOINCREMENT: it would use numbers twice.")
        )
    elif given < last:
        faults.append(
            Fault(
                "numbers-changed",
                given,
                f"The database says that it numbered rows up to {given}, but there is a row {last}: the count of "
                f"{table} was changed.",
            )
        )
    return [(last + 1, given)] if given > last else []


def _rows(first: int, last: int) -> str:
    return f"The row {first} was" if first == last else f"The rows {first} to {last} were"


def _read_heads(faults: list[Fault]) -> dict[int, bytes]:
    """Read the log: the code of each head that it notes. Its lines must join up from the beginning of the chain."""
    path = heads_log()
    there_are_seals = AuditSeal.objects.exists()
    try:
        lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        lines = []
    if not lines:
        if there_are_seals:
            faults.append(
                Fault(
                    "heads-missing",
                    1,
                    f"{path} is missing or empty although rows are sealed, so that a removed end of the trail would "
                    "not show. Run this where the log is, or name its place in OPENMCX_AUDIT_HEADS.",
                )
            )
        return {}
    heads: dict[int, bytes] = {}
    following: int | None = 0
    for place, line in enumerate(lines, start=1):
        head = _read_line(line)
        if head is None:
            faults.append(Fault("heads-changed", place, f"Line {place} of {path} is not one that was written."))
            following = None  # what this line spoke of is not known
            continue
        if following is not None and head.first != following:
            faults.append(
                Fault(
                    "heads-changed",
                    place,
                    f"Line {place} of {path} speaks of the seals from {head.first} on, the one before ends with seal "
                    f"{following - 1}: lines were removed or put in.",
                )
            )
        if head.last:
            heads[head.last] = head.code
        following = head.last + 1
    return heads
