"""A class list on its way: read, mapped, mended, confirmed; by whom; what is kept of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from openmcx.catalogue import operations as catalogue_operations
from openmcx.institutions.models import Role
from openmcx.issuing import mapping, operations, queries
from openmcx.issuing.models import Batch, BatchRow, BatchState, Chunk, ColumnMapping
from openmcx.kernel.actors import Actor
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.models import AuditRecord
from openmcx.kernel.scopes import scope
from tests.cast import Cast
from tests.factories import catalogue, issuing

AT = issuing.AT
FAULTY = (
    f"{issuing.HEADING}\n{issuing.LEON}\nVera,,vera@example,1999-04-03,4,\nOtto,Meier,leon@example.org,03/04/1998,3,\n"
)


def actions() -> list[str]:
    return [
        action
        for action in AuditRecord.objects.order_by("number").values_list("action", flat=True)
        if action.startswith("issuing.")
    ]


def codes(batch: Batch) -> list[tuple[int | None, str]]:
    return [(fault.row, fault.code) for fault in queries.checked(batch).faults]


class TestUpload:
    def test_a_right_list_is_checked_at_once(self, lakeside: Cast) -> None:
        batch = issuing.batch(lakeside.lakeside, by=lakeside.actor(lakeside.rita))
        assert (batch.state, batch.row_count, batch.fault_count) == (BatchState.CHECKED, 3, 0)
        assert actions() == ["issuing.list.uploaded"]
        stored = queries.table(queries.batch(batch.pk))
        assert stored is not None
        assert [row.cells[2] for row in stored.rows] == [
            "learner0@example.org",
            "learner1@example.org",
            "learner2@example.org",
        ]

    def test_every_fault_is_kept_with_row_and_column(self, lakeside: Cast) -> None:
        batch = issuing.batch(lakeside.lakeside, data=FAULTY.encode())
        assert codes(batch) == [
            (3, "value-missing"),
            (3, "email-invalid"),
            (4, "duplicate-email"),
            (4, "date-ambiguous"),
        ]
        fault = queries.checked(batch).faults[1]
        assert (fault.column, fault.value) == ("C (email)", "vera@example")
        assert mapping.said(fault) == "This is not a complete e-mail address. Write it like name@example.org."

    def test_what_cannot_be_read_leaves_nothing_behind(self, lakeside: Cast) -> None:
        with pytest.raises(operations.ListUnreadable, match="PDF"):
            issuing.batch(lakeside.lakeside, data=b"%PDF-1.7")
        assert Batch.objects.count() == 0
        assert actions() == []

    def test_unclear_columns_have_to_be_said(self, lakeside: Cast) -> None:
        batch = issuing.batch(lakeside.lakeside, data=b"Who,Whose,Where\nLeon,Korhonen,leon@example.org\n")
        assert (batch.state, batch.fault_count) == (BatchState.UPLOADED, 3)

    def test_nothing_personal_stands_in_the_clear(self, lakeside: Cast) -> None:
        batch = issuing.confirmed(lakeside.lakeside)
        with connection.cursor() as cursor:
            for table in ("issuing_batch", "issuing_batchrow"):
                cursor.execute(f"SELECT * FROM {table}")
                assert "learner1@example.org" not in repr(cursor.fetchall())
        assert BatchRow.objects.filter(batch=batch).count() == 3

    def test_a_date_of_award_in_the_future_is_refused(self, lakeside: Cast) -> None:
        with pytest.raises(Refusal) as refused:
            issuing.batch(lakeside.lakeside, awarded_on=AT.date() + dt.timedelta(days=2))
        assert refused.value.code == "award-date-future"

    def test_the_day_of_the_east_is_not_the_future(self, lakeside: Cast) -> None:
        late = dt.datetime(2026, 6, 1, 22, 0, tzinfo=dt.UTC)
        batch = issuing.batch(lakeside.lakeside, at=late, awarded_on=dt.date(2026, 6, 2))
        assert batch.awarded_on == dt.date(2026, 6, 2)

    def test_an_old_version_is_not_issued_any_more(self, lakeside: Cast) -> None:
        version = catalogue.version(lakeside.lakeside.pk)
        catalogue_operations.withdraw(
            by=Actor.system(), at=AT, specification_id=version.specification_id, reason="ended"
        )
        with pytest.raises(Refusal) as refused:
            issuing.batch(lakeside.lakeside, version=version)
        assert refused.value.code == "version-not-issuable"

    def test_an_address_of_another_learner_is_a_fault(self, lakeside: Cast) -> None:
        version = catalogue.version(lakeside.lakeside.pk)
        issuing.credential(lakeside.lakeside, version=version)
        other = issuing.batch(
            lakeside.lakeside,
            data=f"{issuing.HEADING}\n{issuing.LEON.replace('1999-04-05', '2000-01-01')}\n".encode(),
        )
        assert codes(other) == [(2, "learner-differs")]
        assert "another date of birth" in mapping.said(queries.checked(other).faults[0])

    @pytest.mark.parametrize(
        ("born", "missing"),
        [
            (("1999-04-05", "1998-03-02"), 0),
            (("1999-04-05", "2999-03-02"), 0),  # wrong, and said to be; not missing
            (("1999-04-05", "soon"), 0),
            (("1999-04-05", " "), 1),
            (("", "2999-03-02"), 1),
            (("", ""), 2),
        ],
    )
    def test_only_a_birth_date_that_is_not_there_is_missing(
        self, lakeside: Cast, born: tuple[str, str], missing: int
    ) -> None:
        rows = (
            issuing.LEON.replace("1999-04-05", born[0]),
            f"Vera,Novak,vera@example.org,{born[1]},4,2026-05-29",
        )
        batch = issuing.batch(lakeside.lakeside, data="\n".join((issuing.HEADING, *rows)).encode())
        said = [mapping.said(note) for note in queries.checked(batch).notes if note.code == "note-no-birth-date"]
        asked = "The European standard asks for it, as it tells namesakes apart."
        assert said == ([f"Rows without a date of birth: {missing}. {asked}"] if missing else [])

    def test_a_list_without_the_column_misses_every_birth_date(self, lakeside: Cast) -> None:
        data = b"given_name,family_name,email\nLeon,Learner,leon@example.org\nVera,Novak,vera@example.org\n"
        notes = queries.checked(issuing.batch(lakeside.lakeside, data=data)).notes
        assert [note.params for note in notes if note.code == "note-no-birth-date"] == [{"count": 2}]

    def test_an_award_that_would_be_expired_already_is_a_fault(self, lakeside: Cast) -> None:
        version = catalogue.version(lakeside.lakeside.pk, validity_months=12)
        row = issuing.LEON.replace("2026-05-29", "2025-05-31")
        batch = issuing.batch(lakeside.lakeside, version=version, data=f"{issuing.HEADING}\n{row}\n".encode())
        assert codes(batch) == [(2, "award-expired")]
        (fault,) = queries.checked(batch).faults
        assert (fault.column, "2026-05-31" in mapping.said(fault)) == ("F (awarded_on)", True)

    def test_who_has_it_already_is_named(self, lakeside: Cast) -> None:
        version = catalogue.version(lakeside.lakeside.pk)
        credential = issuing.credential(lakeside.lakeside, version=version)
        again = issuing.batch(
            lakeside.lakeside, version=version, data=issuing.class_list(2) + b"\n" + issuing.LEON.encode()
        )
        assert [(each.row, each.number) for each in queries.checked(again).already] == [(4, credential.number)]


class TestPermission:
    @pytest.mark.parametrize("who", ["leon", "anna", "ada", "carla", "otto", "mallory"])
    def test_only_registrars_of_the_institution(self, lakeside: Cast, who: str) -> None:
        with pytest.raises(NotPermitted):
            issuing.batch(lakeside.lakeside, by=lakeside.actor(getattr(lakeside, who)))

    @pytest.mark.parametrize("who", ["otto", "anna", "mallory"])
    def test_every_later_step_asks_again(self, lakeside: Cast, who: str) -> None:
        batch = issuing.batch(lakeside.lakeside)
        by = lakeside.actor(getattr(lakeside, who))
        steps = {"by": by, "at": AT, "batch_id": batch.pk}
        for step in (
            lambda: operations.choose_columns(**steps, columns={}, revision=batch.revision),
            lambda: operations.mend_cells(**steps, cells={(2, 0): "x"}, revision=batch.revision),
            lambda: operations.drop_row(**steps, row=2, revision=batch.revision),
            lambda: operations.replace_file(**steps, data=b"x", filename="x"),
            lambda: operations.confirm(**steps, revision=batch.revision),
            lambda: operations.discard(**steps),
            lambda: operations.retry_failed(**steps),
        ):
            with pytest.raises(NotPermitted):
                step()
        assert queries.batch(batch.pk).revision == batch.revision

    def test_another_institution_does_not_find_the_list(self, cast: Cast) -> None:
        batch = issuing.batch(cast.lakeside)
        with scope(institution=cast.actor(cast.otto).institutions(Role.REGISTRAR)):
            assert list(queries.batches()) == []
            with pytest.raises(Batch.DoesNotExist):
                queries.batch(batch.pk)


class TestColumns:
    HEADINGS = b"Who;Whose;Where\nLeon;Korhonen;leon@example.org\n"

    def test_the_answer_is_remembered_for_the_same_headings(self, lakeside: Cast) -> None:
        version = catalogue.version(lakeside.lakeside.pk)
        first = issuing.batch(lakeside.lakeside, version=version, data=self.HEADINGS)
        columns = {"Who": "given_name", "Whose": "family_name", "Where": "email"}
        chosen = operations.choose_columns(
            by=Actor.system(), at=AT, batch_id=first.pk, columns=columns, revision=first.revision
        )
        assert (chosen.state, chosen.fault_count) == (BatchState.CHECKED, 0)
        again = issuing.batch(lakeside.lakeside, version=version, data=b"Where,Who,Whose\nv@example.org,Vera,Novak\n")
        assert (again.state, again.fault_count, again.mapping) == (BatchState.CHECKED, 0, columns)

    def test_another_institution_is_asked_anew(self, cast: Cast) -> None:
        with scope(institution=[cast.lakeside.pk]):
            batch = issuing.batch(cast.lakeside, data=self.HEADINGS)
            operations.choose_columns(
                by=Actor.system(), at=AT, batch_id=batch.pk, columns={"Who": "given_name"}, revision=batch.revision
            )
            assert ColumnMapping.objects.count() == 1
        other = issuing.batch(cast.hillside, data=self.HEADINGS)
        assert other.mapping == {}

    def test_columns_that_do_not_exist_are_left_out(self, lakeside: Cast) -> None:
        batch = issuing.batch(lakeside.lakeside, data=self.HEADINGS)
        chosen = operations.choose_columns(
            by=Actor.system(), at=AT, batch_id=batch.pk, columns={"Nobody": "email"}, revision=batch.revision
        )
        assert (chosen.mapping, chosen.state) == ({}, BatchState.UPLOADED)


class TestMending:
    def mend(self, batch: Batch, cells: dict[tuple[int, int], str]) -> Batch:
        return operations.mend_cells(by=Actor.system(), at=AT, batch_id=batch.pk, cells=cells, revision=batch.revision)

    def test_three_faults_one_after_the_other(self, lakeside: Cast) -> None:
        batch = issuing.batch(lakeside.lakeside, data=FAULTY.encode())
        batch = self.mend(batch, {(3, 1): "Novak", (3, 2): "vera@example.org"})
        assert codes(batch) == [(4, "duplicate-email"), (4, "date-ambiguous")]
        batch = self.mend(batch, {(4, 3): "1998-04-03"})
        assert codes(batch) == [(4, "duplicate-email"), (4, "learner-differs")]
        batch = operations.drop_row(by=Actor.system(), at=AT, batch_id=batch.pk, row=4, revision=batch.revision)
        assert (codes(batch), batch.row_count) == ([], 2)

    def test_a_mended_cell_is_checked_like_any_other(self, lakeside: Cast) -> None:
        batch = issuing.batch(lakeside.lakeside, data=FAULTY.encode())
        batch = self.mend(batch, {(3, 1): "=cmd()", (3, 2): "still wrong"})
        assert [code for row, code in codes(batch) if row == 3] == ["formula", "email-invalid"]

    def test_two_registrars_at_once(self, lakeside: Cast) -> None:
        batch = issuing.batch(lakeside.lakeside, data=FAULTY.encode())
        self.mend(batch, {(3, 1): "Novak"})
        with pytest.raises(Refusal) as refused:
            self.mend(batch, {(3, 1): "Nowak"})
        assert refused.value.code == "list-changed-meanwhile"

    @pytest.mark.parametrize("cell", [(99, 0), (3, 99), (1, 0)])
    def test_cells_that_do_not_exist(self, lakeside: Cast, cell: tuple[int, int]) -> None:
        batch = issuing.batch(lakeside.lakeside, data=FAULTY.encode())
        with pytest.raises(Refusal) as refused:
            self.mend(batch, {cell: "x"})
        assert refused.value.code == "no-such-cell"

    def test_the_last_row_stays(self, lakeside: Cast) -> None:
        batch = issuing.batch(lakeside.lakeside, data=issuing.class_list(1))
        with pytest.raises(Refusal) as refused:
            operations.drop_row(by=Actor.system(), at=AT, batch_id=batch.pk, row=2, revision=batch.revision)
        assert refused.value.code == "last-row"

    def test_a_corrected_file_takes_the_place_of_the_list(self, lakeside: Cast) -> None:
        batch = issuing.batch(lakeside.lakeside, data=FAULTY.encode())
        batch = operations.replace_file(
            by=Actor.system(), at=AT, batch_id=batch.pk, data=issuing.class_list(5), filename="C:\\lists\\new\u202e.csv"
        )
        assert (batch.fault_count, batch.row_count, batch.filename) == (0, 5, "new.csv")

    def test_a_corrected_file_that_cannot_be_read_changes_nothing(self, lakeside: Cast) -> None:
        batch = issuing.batch(lakeside.lakeside, data=FAULTY.encode())
        with pytest.raises(operations.ListUnreadable):
            operations.replace_file(by=Actor.system(), at=AT, batch_id=batch.pk, data=b"", filename="x")
        assert queries.batch(batch.pk).fault_count == 4


class TestConfirming:
    def test_rows_and_chunks_are_laid_out(self, lakeside: Cast) -> None:
        batch = issuing.confirmed(lakeside.lakeside, data=issuing.class_list(230))
        assert batch.state == BatchState.ISSUING
        assert [chunk.rows.count() for chunk in Chunk.objects.order_by("number")] == [100, 100, 30]
        assert actions()[-1] == "issuing.list.confirmed"

    def test_a_list_with_faults_is_not_issued(self, lakeside: Cast) -> None:
        with pytest.raises(Refusal) as refused:
            issuing.confirmed(lakeside.lakeside, data=FAULTY.encode())
        assert refused.value.code == "list-has-faults"
        assert (BatchRow.objects.count(), Chunk.objects.count()) == (0, 0)

    def test_what_was_right_yesterday_is_checked_again(self, lakeside: Cast) -> None:
        version = catalogue.version(lakeside.lakeside.pk)
        batch = issuing.batch(lakeside.lakeside, version=version)
        issuing.issued(lakeside.lakeside, version=version)
        with pytest.raises(Refusal) as refused:
            operations.confirm(by=Actor.system(), at=AT, batch_id=batch.pk, revision=batch.revision)
        assert refused.value.code == "nothing-to-issue"

    def test_once_only(self, lakeside: Cast) -> None:
        batch = issuing.confirmed(lakeside.lakeside)
        with pytest.raises(Refusal) as refused:
            operations.confirm(by=Actor.system(), at=AT, batch_id=batch.pk, revision=batch.revision)
        assert refused.value.code == "batch-closed"

    def test_a_discarded_list_is_destroyed(self, lakeside: Cast) -> None:
        batch = issuing.batch(lakeside.lakeside)
        operations.discard(by=Actor.system(), at=AT, batch_id=batch.pk)
        gone = queries.batch(batch.pk)
        assert (gone.state, gone.table, gone.result, gone.filename) == (BatchState.DISCARDED, None, None, "")
        assert gone.subject_key.erased_at == AT
        assert list(queries.batches()) == []
        with pytest.raises(Refusal):
            operations.discard(by=Actor.system(), at=AT, batch_id=batch.pk)
