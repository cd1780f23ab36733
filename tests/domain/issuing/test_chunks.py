"""Issuing a list: exactly one credential each, whatever happens meanwhile."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import IntegrityError, connection, transaction

from openmcx.credentials import verify
from openmcx.institutions import operations as institution_operations
from openmcx.institutions import queries as institution_queries
from openmcx.issuing import operations, queries, tasks
from openmcx.issuing.models import (
    Award,
    Batch,
    BatchRow,
    BatchState,
    Chunk,
    CredentialLink,
    IssuedCredential,
    LearnerTerm,
    Notice,
    RowState,
    StatusList,
)
from openmcx.issuing.operations import chunks
from openmcx.kernel import events, jobs, personal
from openmcx.kernel.actors import Actor
from openmcx.kernel.models import AuditRecord
from openmcx.kernel.scopes import scope, scopes_disabled
from tests import queue
from tests.cast import Cast
from tests.factories import catalogue, institutions, issuing

AT = issuing.AT


def states(batch: Batch) -> list[str]:
    with scopes_disabled():
        return list(BatchRow.objects.filter(batch=batch).order_by("number").values_list("state", flat=True))


class TestIssuing:
    def test_each_learner_gets_what_the_list_says(self, lakeside: Cast) -> None:
        row = "Leon,Learner,leon@example.org,1999-04-05,5,2026-05-29"
        credential = issuing.credential(lakeside.lakeside, row=row)
        content = queries.content(credential)
        assert content is not None
        assert (content.learner.given_name, content.learner.family_name) == ("Leon", "Learner")
        assert (content.learner.date_of_birth, content.learner.email) == (dt.date(1999, 4, 5), "")
        assert content.result is not None
        assert (content.result.grade, content.awarded_on) == ("5", dt.date(2026, 5, 29))
        assert content.issuer.id == lakeside.lakeside.did
        assert content.valid_until == dt.datetime(2031, 5, 29, 23, 59, 59, tzinfo=dt.UTC)
        assert credential.learner == lakeside.leon_at_lakeside
        assert content.status[0].index == credential.status_index
        assert content.status[0].list_url == f"http://testserver/status/{credential.status_list_id}"

    def test_the_document_verifies_with_what_the_node_serves(self, lakeside: Cast) -> None:
        body = queries.document(issuing.credential(lakeside.lakeside))
        assert body is not None

        report = verify(body, at=AT + dt.timedelta(days=1), fetch=issuing.fetch)
        failed = [(check.name, check.code) for check in report.checks if check.outcome == "failed"]
        assert (failed, report.verdict) == ([], "verified")
        changed = verify(body.replace(b"Leon", b"Lena"), at=AT, fetch=issuing.fetch)
        assert changed.verdict == "not-verified"

    def test_one_of_each_thing_and_one_audit_row_a_chunk(self, lakeside: Cast) -> None:
        issued = issuing.issued(lakeside.lakeside, data=issuing.class_list(120))
        assert len(issued) == 120
        assert [m.objects.count() for m in (Award, IssuedCredential, CredentialLink, Notice)] == [120] * 4
        rows = AuditRecord.objects.filter(action="issuing.chunk.issued").order_by("number")
        assert [row.data["issued"] for row in rows] == [100, 20]
        assert "learner1@example.org" not in json.dumps(list(rows.values_list("data", flat=True)), default=str)
        indices = {credential.status_index for credential in issued}
        assert len(indices) == 120
        assert max(indices) - min(indices) > 10_000  # spread over the list, not one after the other
        assert len({credential.number for credential in issued}) == 120

    def test_what_the_list_held_is_destroyed_when_it_is_done(self, lakeside: Cast) -> None:
        batch = issuing.confirmed(lakeside.lakeside)
        issuing.issue_chunks(batch)
        done = queries.batch(batch.pk)
        assert (done.state, done.table, done.result, done.subject_key.erased_at) == (BatchState.DONE, None, None, AT)
        assert [row.award for row in queries.rows(done)] == [None] * 3
        assert states(batch) == [RowState.ISSUED] * 3

    def test_what_was_published_is_issued_after_the_institution_has_changed(self, lakeside: Cast) -> None:
        batch = issuing.confirmed(lakeside.lakeside)
        institution_operations.change_profile(
            by=Actor.system(),
            at=AT,
            institution_id=lakeside.lakeside.pk,
            profile=institutions.profile("Lakeside Technical University", email="info@lakeside.example"),
        )
        issuing.issue_chunks(batch)
        documents = [queries.document(one) for one in IssuedCredential.objects.select_related("subject_key")]
        assert [json.loads(one or b"")["issuer"]["name"] for one in documents] == ["Lakeside Technical University"] * 3

    def test_a_chunk_that_is_issued_twice_issues_once(self, lakeside: Cast) -> None:
        batch = issuing.confirmed(lakeside.lakeside)
        issuing.issue_chunks(batch)
        issuing.issue_chunks(batch)
        assert IssuedCredential.objects.count() == 3
        assert AuditRecord.objects.filter(action="issuing.chunk.issued").count() == 1

    def test_a_repetition_uses_what_was_reserved(self, lakeside: Cast) -> None:
        batch = issuing.confirmed(lakeside.lakeside)
        chunk = Chunk.objects.get(batch=batch)
        reserved = chunks._reserve(chunk.pk, AT)  # and there the worker dies
        assert reserved is not None
        before = {row.pk: row.status_index for row in reserved}
        issuing.issue_chunks(batch)
        assert {c.row_id: c.status_index for c in IssuedCredential.objects.all()} == before
        assert StatusList.objects.get().assigned == 3

    def test_workers_find_the_chunks_by_themselves(self, cast: Cast) -> None:
        batch = issuing.confirmed(cast.lakeside)
        jobs.run_pending()
        with scope(institution=[cast.lakeside.pk]):
            assert queries.batch(batch.pk).state == BatchState.DONE
            assert queries.progress(batch).messages_sent == 3

    def test_chunks_whose_task_went_missing_are_found(self, cast: Cast) -> None:
        batch = issuing.confirmed(cast.lakeside)
        queue.lose_everything()
        tasks.sweep(at=AT + dt.timedelta(minutes=4))
        assert jobs.run_pending() == 0
        tasks.sweep(at=AT + dt.timedelta(minutes=6))
        tasks.sweep(at=AT + dt.timedelta(minutes=6))
        jobs.run_pending()
        assert states(batch) == [RowState.ISSUED] * 3

    def test_others_are_told_once_a_credential(self, lakeside: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        from openmcx.issuing.events import CredentialIssued

        heard: list[object] = []
        monkeypatch.setitem(events._handlers, CredentialIssued.name, {})
        events.subscribe(CredentialIssued, lambda event, *, at: heard.append(event.credential_id), name="tests.ear")
        issued = issuing.issued(lakeside.lakeside)
        jobs.run_pending()
        assert sorted(map(str, heard)) == sorted(str(credential.pk) for credential in issued)


class TestOnlyOnce:
    def test_a_second_list_leaves_out_who_has_it(self, lakeside: Cast) -> None:
        version = catalogue.version(lakeside.lakeside.pk)
        issuing.issued(lakeside.lakeside, version=version, data=issuing.class_list(2))
        batch = issuing.confirmed(lakeside.lakeside, version=version, data=issuing.class_list(4))
        issuing.issue_chunks(batch)
        assert states(batch) == [RowState.ALREADY, RowState.ALREADY, RowState.ISSUED, RowState.ISSUED]
        assert StatusList.objects.get().assigned == 4

    def test_two_registrars_with_the_same_list(self, lakeside: Cast) -> None:
        version = catalogue.version(lakeside.lakeside.pk)
        first = issuing.confirmed(lakeside.lakeside, version=version)
        second = issuing.confirmed(lakeside.lakeside, version=version)
        # Both reserve before either stores: the worst order.
        for batch in (first, second):
            chunks._reserve(Chunk.objects.get(batch=batch).pk, AT)
        issuing.issue_chunks(second)
        issuing.issue_chunks(first)
        assert (states(first), states(second)) == ([RowState.ALREADY] * 3, [RowState.ISSUED] * 3)
        assert IssuedCredential.objects.count() == 3

    def test_another_micro_credential_is_another_award(self, lakeside: Cast) -> None:
        issuing.issued(lakeside.lakeside)
        issuing.issued(lakeside.lakeside)
        assert IssuedCredential.objects.count() == 6

    def test_the_database_itself_allows_one_open_award_each(self, lakeside: Cast) -> None:
        credential = issuing.credential(lakeside.lakeside)
        with pytest.raises(IntegrityError), transaction.atomic():
            Award.objects.create(
                institution=lakeside.lakeside,
                specification_id=credential.version.specification_id,
                learner=credential.learner,
                created_at=AT,
            )

    def test_an_expired_one_can_be_issued_again(self, lakeside: Cast) -> None:
        version = catalogue.version(lakeside.lakeside.pk, validity_months=1)
        old = issuing.credential(lakeside.lakeside, version=version)
        later = AT + dt.timedelta(days=60)
        new = issuing.credential(
            lakeside.lakeside, version=version, row=issuing.LEON.replace("2026-05-29", "2026-07-30"), at=later
        )
        assert (new.learner_id, new.award_id != old.award_id) == (old.learner_id, True)
        assert Award.objects.get(pk=old.award_id).closed_at == later


class TestWhatMayGoWrong:
    def test_an_erased_learner_fails_alone_and_the_row_says_why(self, lakeside: Cast) -> None:
        version = catalogue.version(lakeside.lakeside.pk)
        data = f"{issuing.HEADING}\n{issuing.LEON}\nVera,Novak,vera@example.org,1998-01-01,4,\n".encode()
        batch = issuing.confirmed(lakeside.lakeside, version=version, data=data)
        personal.erase(lakeside.leon_at_lakeside.subject_key, at=AT)
        issuing.issue_chunks(batch)
        done = queries.batch(batch.pk)
        assert states(batch) == [RowState.FAILED, RowState.ISSUED]
        assert (done.state, queries.rows(done)[0].fault) == (BatchState.DONE, "learner-erased")
        assert done.subject_key.erased_at is not None  # another try would end the same: nothing is kept for it
        again = operations.retry_failed(by=Actor.system(), at=AT, batch_id=batch.pk)
        assert again.state == BatchState.ISSUING
        issuing.issue_chunks(batch)
        assert states(batch) == [RowState.FAILED, RowState.ISSUED]
        assert IssuedCredential.objects.count() == 1

    def test_a_key_that_is_replaced_while_we_sign(self, lakeside: Cast) -> None:
        batch = issuing.confirmed(lakeside.lakeside)
        chunk = Chunk.objects.get(batch=batch)
        rows = chunks._reserve(chunk.pk, AT)
        assert rows
        loaded = queries.batch(batch.pk)
        signed, failed = chunks._sign(loaded, rows, AT)
        key = institution_operations.rotate_key(
            by=lakeside.actor(lakeside.ada), at=AT, institution_id=lakeside.lakeside.pk
        )
        with pytest.raises(chunks._KeyReplacedMeanwhile):
            chunks._store(loaded, chunk.pk, signed, failed, AT)
        issuing.issue_chunks(batch)
        assert {c.signing_key_id for c in IssuedCredential.objects.all()} == {key.pk}

    def test_nothing_is_changed_or_deleted_afterwards(self, lakeside: Cast) -> None:
        credential = issuing.credential(lakeside.lakeside)
        for change in ({"number": "X"}, {"digest": "0" * 64}, {"status_index": 1}, {"learner_id": credential.pk}):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                IssuedCredential.objects.filter(pk=credential.pk).update(**change)
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("DELETE FROM issuing_issuedcredential")

    def test_erasing_a_learner_takes_the_document_along(self, lakeside: Cast) -> None:
        credential = issuing.credential(lakeside.lakeside)
        personal.erase(credential.subject_key, at=AT)
        found = queries.credential(credential.pk)
        assert (queries.document(found), queries.content(found)) == (None, None)
        assert queries.state(found, at=AT) == "erased"
        assert queries.private_url(found) == ""

    def test_names_are_found_by_their_beginnings_and_only_in_digests(self, lakeside: Cast) -> None:
        credential = issuing.credential(lakeside.lakeside, row="Zoë,Müßig-Åström,zoe@example.org,1999-01-01,5,")
        for words in ("zoe", "ZOË", "muss astr", "Åström", "zoe@example.org", credential.number, "mu zo"):
            assert list(queries.credentials(words, at=AT)) == [credential], words
        for words in ("ström", "z", "zoe missing", "%", "x" * 500):
            assert list(queries.credentials(words, at=AT)) == [], words
        assert all(len(term.term) == 16 for term in LearnerTerm.objects.all())


class TestStatusLists:
    def test_a_list_is_never_more_than_half_full(self, lakeside: Cast) -> None:
        issuing.issued(lakeside.lakeside)
        first = StatusList.objects.get()
        StatusList.objects.update(assigned=first.size // 2 - 2)
        issuing.issued(lakeside.lakeside)
        assert StatusList.objects.order_by("created_at", "id").values_list("assigned", flat=True)[1] == 1
        assert StatusList.objects.get(pk=first.pk).assigned == first.size // 2

    def test_institutions_have_lists_of_their_own(self, cast: Cast) -> None:
        here = issuing.issued(cast.lakeside)[0]
        there = issuing.issued(cast.hillside)[0]
        assert here.status_list_id != there.status_list_id

    def test_a_new_key_signs_the_lists_anew(self, lakeside: Cast) -> None:
        credential = issuing.credential(lakeside.lakeside)
        key = institution_operations.rotate_key(
            by=lakeside.actor(lakeside.ada), at=AT, institution_id=lakeside.lakeside.pk
        )
        jobs.run_pending()
        found = queries.status_list(credential.status_list_id)
        assert found is not None
        assert json.loads(bytes(found.document))["proof"]["verificationMethod"] == key.verification_method
        assert institution_queries.active_key(lakeside.lakeside.pk) == key

    def test_the_kernel_gets_them_for_this_node_and_for_files(self, lakeside: Cast) -> None:
        credential = issuing.credential(lakeside.lakeside)
        found = queries.status_list(credential.status_list_id)
        assert found is not None
        url = f"http://testserver/status/{found.pk}"
        assert queries.local_status_list(url) == bytes(found.document)
        for other in (url + "?x", url + "/", "http://elsewhere/status/" + str(found.pk), "http://testserver/status/x"):
            assert queries.local_status_list(other) is None
        [exported] = tasks.static_status_lists(None)
        assert exported.path == f"status/{found.pk}"
        # Signed for a year, since nobody signs it anew; otherwise what is served.
        published, kept = json.loads(bytes(found.document)), json.loads(exported.body)
        assert kept["credentialSubject"] == published["credentialSubject"]
        for document, days in ((published, 8), (kept, 365)):
            begins, ends = (dt.datetime.fromisoformat(document[name]) for name in ("validFrom", "validUntil"))
            assert ends - begins == dt.timedelta(days=days)

    def test_a_list_is_signed_anew_each_day(self, lakeside: Cast) -> None:
        credential = issuing.credential(lakeside.lakeside)
        before = queries.status_list(credential.status_list_id)
        assert before is not None
        assert before.signed_at is not None
        assert operations.publish_due(at=before.signed_at + dt.timedelta(hours=23)) == 0
        later = before.signed_at + dt.timedelta(days=1)
        assert (operations.publish_due(at=later), operations.publish_due(at=later)) == (1, 0)
        after = queries.status_list(credential.status_list_id)
        assert after is not None
        assert json.loads(bytes(after.document))["validFrom"] == later.isoformat().replace("+00:00", "Z")
