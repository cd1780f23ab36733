"""When a learner is erased, nothing personal can be read here any more, and what others rely on stays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from openmcx.credentials.report import Verdict
from openmcx.institutions import operations as institution_operations
from openmcx.issuing import operations, queries
from openmcx.issuing.models import (
    Batch,
    BatchRow,
    CredentialLink,
    IssuedCredential,
    LearnerTerm,
    Notice,
    RowState,
    StatusChange,
)
from openmcx.issuing.operations import Audit, chunks
from openmcx.kernel import audit, jobs
from openmcx.kernel.actors import Actor
from openmcx.kernel.models import AuditRecord
from openmcx.verification import operations as verification
from openmcx.verification.models import Channel
from tests.cast import Cast
from tests.factories import issuing

pytestmark = pytest.mark.django_db
AT = issuing.AT
ROW = "Leonidas,Learnerson,leonidas@example.org,1997-04-05,5,2026-05-29,M-4711"
LIST = f"{issuing.HEADING},learner_number\n{ROW}\nVera,Verner,vera@example.org,1998-01-02,4,2026-05-29,M-4712\n"


def erase(cast: Cast, credential: IssuedCredential) -> None:
    institution_operations.erase_learner(by=cast.actor(cast.rita), at=AT, learner_id=credential.learner_id)
    jobs.run_pending()


def everything_stored() -> bytes:
    """Every value of every row, opened where a key is left: what somebody with the database and the keys can read."""
    found = []
    for model in apps.get_models():
        names = [field.attname for field in model._meta.concrete_fields]
        related = ["subject_key"] if "subject_key_id" in names else []
        rows = model._base_manager.select_related(*related) if related else model._base_manager.all()
        for row in rows:
            found += [repr(getattr(row, name)) for name in names]
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM kernel_auditrecord")
        found += [repr(row) for row in cursor.fetchall()]
    return "\n".join(found).encode()


def test_nothing_personal_is_readable_afterwards(lakeside: Cast) -> None:
    one, other = issuing.issued(lakeside.lakeside, data=LIST.encode())
    issuing.revoked(one)
    document = queries.document(one)
    path = queries.private_url(one)
    assert document is not None
    before = everything_stored()
    words = (b"Leonidas", b"Learnerson", b"leonidas@example.org", b"1997, 4, 5", path.split("/")[-2].encode())
    assert [word for word in words if word not in before] == []
    erase(lakeside, one)
    after = everything_stored()
    assert [word for word in words if word in after] == []
    assert b"Verner" in after
    assert not LearnerTerm.objects.filter(learner_id=one.learner_id).exists()
    assert not CredentialLink.objects.filter(credential=one).exists()
    assert queries.credential_for_token(path.split("/")[-2]) is None
    for asked in ("Leonidas", "leonidas@example.org", "M-4711"):
        assert list(queries.credentials(asked, at=AT)) == [], asked
    assert list(queries.credentials("M-4712", at=AT)) == [other]
    assert queries.private_url(other)


def test_a_copy_still_verifies_and_can_be_revoked(lakeside: Cast, settings: Any) -> None:
    credential = issuing.credential(lakeside.lakeside)
    copy = queries.document(credential)
    assert copy is not None
    erase(lakeside, credential)

    def verdict() -> Verdict:
        return verification.check(by=Actor.anonymous(), document=copy, channel=Channel.FILE, at=AT).verdict

    assert verdict() == Verdict.VERIFIED
    operations.revoke(by=lakeside.actor(lakeside.rita), at=AT, credential_id=credential.pk, reason="learner-request")
    assert verdict() == Verdict.NOT_VERIFIED
    assert StatusChange.objects.get().note is None
    assert not Notice.objects.filter(kind="revoked").exists()
    assert audit.verify().faults == ()


def test_it_is_in_the_trail_once_and_names_nobody(lakeside: Cast) -> None:
    credential = issuing.credential(lakeside.lakeside)
    erase(lakeside, credential)
    operations.forget_learner(at=AT, learner_id=credential.learner_id)
    rows = AuditRecord.objects.filter(action__in=("institutions.learner.erased", Audit.LEARNER_FORGOTTEN))
    assert sorted((row.action, row.data) for row in rows) == [
        ("institutions.learner.erased", {}),
        ("issuing.learner.forgotten", {"links": 1, "lists": 0}),
    ]


def test_a_message_that_waits_is_not_sent(lakeside: Cast, mailoutbox: list[Any]) -> None:
    credential = issuing.credential(lakeside.lakeside)
    institution_operations.erase_learner(by=Actor.system(), at=AT, learner_id=credential.learner_id)
    assert operations.send_due(at=AT + dt.timedelta(hours=1)) == 1  # the event is not delivered yet
    jobs.run_pending()
    assert mailoutbox == []
    assert [notice.state for notice in Notice.objects.all()] == ["failed"]


def test_a_list_that_waits_for_another_try_forgets_the_row(lakeside: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: Any, **_more: Any) -> Any:
        raise chunks.CredentialError("not-json-data", found="x")

    monkeypatch.setattr(chunks, "_sign_row", refuse)
    batch = issuing.confirmed(lakeside.lakeside, data=LIST.encode())
    issuing.issue_chunks(batch)
    monkeypatch.undo()
    first = BatchRow.objects.get(batch=batch, number=2)
    assert first.state == RowState.FAILED
    institution_operations.erase_learner(by=Actor.system(), at=AT, learner_id=first.learner_id)
    jobs.run_pending()
    after = everything_stored()
    assert b"Leonidas" not in after
    assert b"Verner" in after
    operations.retry_failed(by=Actor.system(), at=AT, batch_id=batch.pk)
    jobs.run_pending()
    assert sorted(BatchRow.objects.values_list("number", "state", "fault")) == [
        (2, RowState.FAILED, "learner-erased"),
        (3, RowState.ISSUED, ""),
    ]
    # Nothing is left to be tried, so that the list is destroyed with its key.
    done = Batch.objects.select_related("subject_key").get(pk=batch.pk)
    assert done.subject_key.erased_at is not None
