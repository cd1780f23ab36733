"""The audit trail tells of whoever changes it."""

import datetime as dt
import threading
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from openmcx.kernel import audit, personal
from openmcx.kernel.actors import Actor
from openmcx.kernel.models import AuditPending, AuditRecord, AuditSeal
from tests import append_only

AT = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _heads(settings: Any, tmp_path: Any) -> None:
    settings.OPENMCX_DATA_DIR = tmp_path


def note(**data: Any) -> None:
    with transaction.atomic():
        subject = personal.new_subject_key()
        audit.record(by=Actor.system(), action="kernel.key.made", at=AT, subject=subject, data=data)


def numbers() -> list[int]:
    return list(AuditRecord.objects.order_by("number").values_list("number", flat=True))


def faults() -> list[tuple[str, int]]:
    return [(fault.code, fault.number) for fault in audit.verify().faults]


def free(number: int) -> list[tuple[str, int]]:
    """What is said of a number without a row: on PostgreSQL a note only, as rollbacks leave such numbers too."""
    return [("record-removed", number)] if connection.vendor == "sqlite" else []


@pytest.fixture
def trail() -> list[int]:
    """Five sealed rows."""
    for place in range(5):
        note(place=place)
    assert audit.seal_pending(at=AT) == 5
    return numbers()


def test_a_row_says_who_did_what_to_what() -> None:
    person, institution = uuid4(), uuid4()
    with transaction.atomic():
        subject = personal.new_subject_key()
        audit.record(
            by=Actor(person_id=person, roles=frozenset({(institution, "registrar")}), kind="person"),
            action="issuing.batch.issued",
            at=AT,
            subject=subject,
            institution_id=institution,
            data={"count": 3, "batch": uuid4()},
        )
    row = AuditRecord.objects.get()
    assert (row.actor_kind, row.actor_id, row.action) == ("person", person, "issuing.batch.issued")
    assert (row.subject_type, row.subject_id) == ("kernel.subjectkey", str(subject.pk))
    assert (row.at, row.institution_id, row.data["count"]) == (AT, institution, 3)
    assert audit.digest(row) == bytes(row.digest)


@pytest.mark.django_db(transaction=True)
def test_a_row_is_refused_outside_a_transaction() -> None:
    subject = personal.new_subject_key()
    with pytest.raises(RuntimeError, match="in the transaction of the deed"):
        audit.record(by=Actor.system(), action="kernel.key.made", at=AT, subject=subject)


def test_a_deed_that_is_rolled_back_leaves_no_row() -> None:
    with transaction.atomic():
        note()
        transaction.set_rollback(True)
    assert (AuditRecord.objects.count(), AuditPending.objects.count()) == (0, 0)


@pytest.mark.parametrize("action", ["made", "kernel.made", "kernel.key.Made", "kernel.key.made.twice", ""])
def test_an_action_has_three_parts(action: str) -> None:
    subject = personal.new_subject_key()
    with pytest.raises(ValueError, match=r"app\.noun\.verb"):
        audit.record(by=Actor.system(), action=action, at=AT, subject=subject)


def test_a_whole_trail_has_no_fault(trail: list[int]) -> None:
    report = audit.verify()
    assert (report.records, report.sealed, report.unsealed, report.faults) == (5, 5, 0, ())
    assert connection.vendor == "postgresql" or report.notes == ()


def test_the_unsealed_tail_is_reported_and_is_no_fault(trail: list[int]) -> None:
    note()
    report = audit.verify()
    assert (report.records, report.sealed, report.unsealed, report.faults) == (6, 5, 1, ())


def test_the_chain_goes_on_where_it_ended(trail: list[int]) -> None:
    note()
    assert audit.seal_pending(at=AT) == 1
    assert AuditSeal.objects.order_by("-number").values_list("number", "record_number").first() == (6, trail[-1] + 1)
    assert faults() == []


def test_sealing_twice_seals_once(trail: list[int]) -> None:
    assert audit.seal_pending(at=AT) == 0
    assert AuditSeal.objects.count() == 5


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "kernel.key.lost"),
        ("actor_id", uuid4()),
        ("actor_kind", "person"),
        ("at", AT + dt.timedelta(microseconds=1)),
        ("data", {"place": 9}),
        ("digest", bytes(32)),
        ("institution_id", uuid4()),
        ("subject_id", str(UUID(int=7))),
        ("subject_type", "accounts.person"),
    ],
)
def test_a_changed_row_is_named(trail: list[int], column: str, value: Any) -> None:
    with append_only.lifted():
        AuditRecord.objects.filter(pk=trail[2]).update(**{column: value})
    assert faults() == [("record-changed", trail[2])]


def test_a_row_changed_together_with_its_digest_is_named(trail: list[int]) -> None:
    with append_only.lifted():
        row = AuditRecord.objects.get(pk=trail[1])
        row.action = "kernel.key.lost"
        row.digest = audit.digest(row)
        row.save()
    assert faults() == [("record-changed", trail[1])]


def test_a_row_changed_with_digest_and_seal_is_named_by_the_chain(trail: list[int]) -> None:
    with append_only.lifted():
        row = AuditRecord.objects.get(pk=trail[1])
        row.action = "kernel.key.lost"
        row.digest = audit.digest(row)
        row.save()
        AuditSeal.objects.filter(number=2).update(record_digest=row.digest)
    assert faults() == [("seal-changed", 2)]


def test_a_removed_row_is_named(trail: list[int]) -> None:
    with append_only.lifted():
        AuditRecord.objects.filter(pk=trail[3]).delete()
    assert faults() == [("record-removed", trail[3])]


def test_a_row_removed_with_its_seal_is_named(trail: list[int]) -> None:
    with append_only.lifted():
        AuditRecord.objects.filter(pk=trail[3]).delete()
        AuditSeal.objects.filter(number=4).delete()
    assert faults() == [("seal-removed", 4), *free(trail[3])]


def test_two_rows_that_changed_places_are_named(trail: list[int]) -> None:
    with append_only.lifted():
        first, second = AuditRecord.objects.get(pk=trail[0]), AuditRecord.objects.get(pk=trail[1])
        first.number, second.number = second.number, first.number
        first.save()
        second.save()
    assert faults() == [("record-changed", trail[0]), ("record-changed", trail[1])]


def test_two_seals_that_changed_places_are_named(trail: list[int]) -> None:
    with append_only.lifted():
        AuditSeal.objects.filter(number=2).update(number=99)
        AuditSeal.objects.filter(number=3).update(number=2)
        AuditSeal.objects.filter(number=99).update(number=3)
    # Both places carry a wrong code, and so does the one that follows.
    assert faults() == [
        ("seal-changed", 2),
        ("seal-changed", 3),
        ("seal-changed", 4),
    ]


def test_a_removed_end_is_found_by_the_noted_heads(trail: list[int]) -> None:
    with append_only.lifted():
        AuditRecord.objects.filter(pk__in=trail[3:]).delete()
        AuditSeal.objects.filter(number__gt=3).delete()
    assert faults() == [("tail-removed", 5), *free(trail[3])]


def test_a_removed_end_is_found_when_the_noted_heads_are_removed_with_it(trail: list[int]) -> None:
    with append_only.lifted():
        AuditRecord.objects.filter(pk__in=trail[3:]).delete()
        AuditSeal.objects.filter(number__gt=3).delete()
    audit.heads_log().unlink()
    assert faults() == [("heads-missing", 1), *free(trail[3])]
    # The next seal does not make a log that looks as if it had been there from the beginning.
    note()
    audit.seal_pending(at=AT)
    assert faults() == [("heads-changed", 1), *free(trail[3])]


def test_lines_removed_from_the_noted_heads_are_found(trail: list[int]) -> None:
    for place in range(3):
        note(place=place)
        audit.seal_pending(at=AT)
    lines = audit.heads_log().read_text().splitlines(keepends=True)
    assert [line.split()[:2] for line in lines] == [["0", "0"], ["1", "5"], ["6", "6"], ["7", "7"], ["8", "8"]]
    for removed, named in ((0, 1), (1, 2), (2, 3), (3, 4)):
        audit.heads_log().write_text("".join(lines[:removed] + lines[removed + 1 :]))
        assert faults() == [("heads-changed", named)]
    audit.heads_log().write_text("".join([*lines, lines[1]]))
    assert faults() == [("heads-changed", 6)]


@pytest.mark.parametrize("content", ["", "6 6 " + "0" * 64 + " 2026-03-01T12:00:00+00:00 " + "0" * 64 + "\n"])
def test_noted_heads_that_somebody_else_wrote_are_found(trail: list[int], content: str) -> None:
    audit.heads_log().write_text(content)
    assert faults() == [("heads-changed" if content else "heads-missing", 1)]


def test_a_node_that_ended_between_seal_and_note_goes_on_noting(trail: list[int]) -> None:
    noted = audit.heads_log().read_bytes()
    note()
    audit.seal_pending(at=AT)
    audit.heads_log().write_bytes(noted + b"6 6 half a li")  # and the disk was full
    note()
    audit.seal_pending(at=AT)
    assert audit.heads_log().read_text().splitlines()[-1].startswith("6 7 ")
    assert faults() == [("heads-changed", 3)]
    audit.heads_log().write_bytes(noted)
    note()
    audit.seal_pending(at=AT)
    assert faults() == []


def test_the_noted_heads_lie_where_the_settings_say(settings: Any, tmp_path: Any) -> None:
    settings.OPENMCX_AUDIT_HEADS = tmp_path / "elsewhere" / "heads.log"
    note()
    audit.seal_pending(at=AT)
    assert (tmp_path / "elsewhere" / "heads.log").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "audit-heads.log").exists()
    assert faults() == []


def test_an_unsealed_row_removed_with_its_place_in_the_queue_is_found(trail: list[int]) -> None:
    note()
    note()
    removed, last = numbers()[-2:]
    with append_only.lifted():
        AuditRecord.objects.filter(pk=removed).delete()
    AuditPending.objects.filter(pk=removed).delete()
    assert faults() == free(removed)
    assert bool(audit.verify().notes) == (connection.vendor == "postgresql")
    audit.seal_pending(at=AT)
    assert faults() == free(removed)
    assert AuditSeal.objects.filter(record_number=last).exists()


def test_the_last_unsealed_row_removed_with_its_place_in_the_queue_is_found(trail: list[int]) -> None:
    note()
    removed = numbers()[-1]
    with append_only.lifted():
        AuditRecord.objects.filter(pk=removed).delete()
    AuditPending.objects.filter(pk=removed).delete()
    assert faults() == free(removed)
    note()  # the number is not given again, so that it stays free
    assert numbers()[-1] == removed + 1
    audit.seal_pending(at=AT)
    assert faults() == free(removed)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite gives numbers back")
def test_a_deed_that_is_rolled_back_leaves_no_free_number(trail: list[int]) -> None:
    with transaction.atomic():
        note()
        transaction.set_rollback(True)
    note()
    assert numbers() == [*trail, trail[-1] + 1]
    assert faults() == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite counts in a table of its own")
def test_a_count_that_was_set_back_is_found(trail: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sqlite_sequence SET seq = 2 WHERE name = 'kernel_auditrecord'")
    assert faults() == [("numbers-changed", 2)]


def test_a_chain_made_anew_with_another_key_is_found(trail: list[int], settings: Any) -> None:
    right = settings.OPENMCX_MASTER_KEY
    settings.OPENMCX_MASTER_KEY = bytes(32)
    with append_only.lifted():
        AuditSeal.objects.all().delete()
        AuditPending.objects.bulk_create(AuditPending(record_number=number) for number in trail)
    audit.heads_log().unlink()
    audit.seal_pending(at=AT)
    settings.OPENMCX_MASTER_KEY = right
    assert faults() == [
        *(("heads-changed", line) for line in (1, 2)),
        *(("seal-changed", number) for number in range(1, 6)),
    ]


def test_a_row_put_in_from_outside_is_named(trail: list[int]) -> None:
    row = AuditRecord.objects.get(pk=trail[0])
    row.pk = None
    row._state.adding = True
    row.save()
    assert faults() == [("record-put-in", row.number)]


def test_a_row_removed_before_its_seal_is_named(trail: list[int]) -> None:
    note()
    last = numbers()[-1]
    with append_only.lifted():
        AuditRecord.objects.filter(pk=last).delete()
    assert audit.seal_pending(at=AT) == 0
    assert faults() == [("record-removed", last)]


def test_a_row_changed_before_its_seal_is_named(trail: list[int]) -> None:
    note()
    last = numbers()[-1]
    with append_only.lifted():
        AuditRecord.objects.filter(pk=last).update(action="kernel.key.lost")
    assert faults() == [("record-changed", last)]
    audit.seal_pending(at=AT)
    assert faults() == [("record-changed", last)]


def test_a_line_of_the_heads_that_was_changed_is_found(trail: list[int]) -> None:
    text = audit.heads_log().read_text()
    audit.heads_log().write_text(text.replace(" ", " 0", 1))
    assert faults() == [("heads-changed", 1)]


def test_a_trail_without_seals_needs_no_heads() -> None:
    note()
    report = audit.verify()
    assert (report.unsealed, report.faults) == (1, ())


@pytest.mark.parametrize("model", [AuditRecord, AuditSeal])
@pytest.mark.parametrize("deed", ["update", "delete"])
def test_the_database_refuses_to_change_the_trail(trail: list[int], model: Any, deed: str) -> None:
    change = {"record_number": 0} if model is AuditSeal else {"action": "a.b.c"}
    tamper = (lambda: model.objects.update(**change)) if deed == "update" else (lambda: model.objects.all().delete())
    with pytest.raises(IntegrityError, match="is append-only"), transaction.atomic():
        tamper()


def test_replacing_a_row_is_refused(trail: list[int]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has INSERT OR REPLACE")
    with (
        pytest.raises(IntegrityError, match="is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("INSERT OR REPLACE INTO kernel_auditrecord SELECT * FROM kernel_auditrecord")


def test_many_rows_are_sealed_in_order() -> None:
    for place in range(30):
        note(place=place)
    assert audit.seal_pending(at=timezone.now()) == 30
    pairs = list(AuditSeal.objects.order_by("number").values_list("number", "record_number"))
    assert pairs == list(zip(range(1, 31), numbers(), strict=True))


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_commits_late_is_sealed_late_and_not_missed() -> None:
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            note(place="slow")
            written.set()
            go_on.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(20)
    note(place="quick")
    assert audit.seal_pending(at=AT) == 1
    go_on.set()
    thread.join(20)
    assert audit.seal_pending(at=AT) == 1
    order = [
        AuditRecord.objects.get(pk=seal.record_number).data["place"] for seal in AuditSeal.objects.order_by("number")
    ]
    assert order == ["quick", "slow"]
    assert numbers() == sorted(seal.record_number for seal in AuditSeal.objects.all())
    assert faults() == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_sealers_side_by_side_make_one_chain() -> None:
    for place in range(40):
        note(place=place)
    start = threading.Barrier(4)
    sealed: list[int] = []

    def seal() -> None:
        start.wait(20)
        sealed.append(audit.seal_pending(at=AT))
        connection.close()

    threads = [threading.Thread(target=seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    audit.seal_pending(at=AT)
    assert AuditSeal.objects.count() == 40
    assert AuditPending.objects.count() == 0
    assert faults() == []
