"""The audit trail: one row for each write, in the same transaction, chained within seconds.

`record` stores a row with its digest. The sealer then chains rows with a code that only the node's master key can make,
and notes the head of the chain in a file outside the database. `verify` finds whatever was changed, removed, put in
or reordered afterwards.
"""

from __future__ import annotations

import datetime
import hashlib
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, models, transaction

from openmcx.kernel import vault
from openmcx.kernel.models import AuditPending, AuditRecord, AuditSeal

if TYPE_CHECKING:
    from openmcx.kernel.actors import Actor

_ACTION = re.compile(r"[a-z]+(\.[a-z0-9-]+){2}")
_BATCH = 500
_GENESIS = bytes(32)
_PURPOSE = "audit-chain"


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
    """This will name the file that remembers the heads of the chain outside the database."""
    return Path(settings.OPENMCX_DATA_DIR) / "audit-heads.log"


def seal_pending(*, at: datetime.datetime) -> int:
    """This will chain every committed row that waits, oldest first, and return how many it chained."""
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
        _note_head(number, code, at)
    return len(seals)


def _note_head(number: int, code: bytes, at: datetime.datetime) -> None:
    path = heads_log()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as log:
        log.write(f"{number} {code.hex()} {at.astimezone(datetime.UTC).isoformat(timespec='seconds')}\n")


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
    heads, notes = _read_heads(faults)
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


def _read_heads(faults: list[Fault]) -> tuple[dict[int, bytes], list[str]]:
    try:
        lines = heads_log().read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return {}, [f"{heads_log()} does not exist, so a removed end of the trail cannot be found."]
    heads: dict[int, bytes] = {}
    for place, line in enumerate(lines, start=1):
        match = re.fullmatch(r"(\d+) ([0-9a-f]{64}) \S+", line)
        if match is None:
            faults.append(Fault("heads-changed", place, f"Line {place} of {heads_log()} is not one that was written."))
            continue
        number, code = int(match[1]), bytes.fromhex(match[2])
        if heads.setdefault(number, code) != code:
            faults.append(Fault("heads-changed", place, f"{heads_log()} notes seal {number} twice, with two codes."))
    return heads, []
