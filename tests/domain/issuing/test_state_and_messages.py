"""Revoking, telling learners, sending again; and what happens when the mail server says no."""

from __future__ import annotations

import datetime as dt
import smtplib
from typing import Any

import pytest
from django.core import mail as django_mail

from openmcx.credentials import verify
from openmcx.issuing import operations, queries
from openmcx.issuing.models import Award, CredentialLink, IssuedCredential, Notice, NoticeState, StatusChange
from openmcx.kernel import jobs, personal
from openmcx.kernel.actors import Actor
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.models import AuditRecord
from tests.cast import Cast
from tests.factories import catalogue, institutions, issuing

AT = issuing.AT


def revoke(credential: IssuedCredential, **changes: Any) -> IssuedCredential:
    given = {"by": Actor.system(), "at": AT, "credential_id": credential.pk, "reason": "wrong-data", **changes}
    return operations.revoke(**given)


class TestRevoking:
    def test_everybody_learns_it_at_once(self, lakeside: Cast) -> None:
        credential = issuing.credential(lakeside.lakeside)
        body = queries.document(credential)
        assert body is not None
        revoke(credential, by=lakeside.actor(lakeside.rita), note="The grade was wrong.")
        report = verify(body, at=AT + dt.timedelta(hours=1), fetch=issuing.fetch)
        assert (report.verdict, report.headline.code) == ("not-verified", "headline-revoked")
        assert queries.state(queries.credential(credential.pk), at=AT) == "revoked"
        change = StatusChange.objects.get()
        assert (change.reason, change.note, change.by) == ("wrong-data", "The grade was wrong.", lakeside.rita.pk)
        record = AuditRecord.objects.get(action="issuing.credential.revoked")
        assert record.data == {"reason": "wrong-data"}  # the note is personal

    def test_it_can_be_awarded_again(self, lakeside: Cast) -> None:
        version = catalogue.version(lakeside.lakeside.pk)
        old = issuing.credential(lakeside.lakeside, version=version)
        revoke(old)
        new = issuing.credential(lakeside.lakeside, version=version)
        assert (new.learner_id, new.number != old.number) == (old.learner_id, True)
        assert Award.objects.filter(closed_at__isnull=True).count() == 1
        assert [each.state for each in (queries.credential(old.pk),) if each.revoked_at is None] == []

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"reason": "because"}, "reason-unknown"),
            ({"reason": "other"}, "note-missing"),
            ({"reason": "other", "note": "  "}, "note-missing"),
            ({"note": "x" * 1001}, "note-too-long"),
        ],
    )
    def test_what_is_refused(self, lakeside: Cast, changes: dict[str, str], code: str) -> None:
        credential = issuing.credential(lakeside.lakeside)
        with pytest.raises(Refusal) as refused:
            revoke(credential, **changes)
        assert refused.value.code == code
        assert queries.credential(credential.pk).revoked_at is None

    def test_once_only(self, lakeside: Cast) -> None:
        credential = issuing.credential(lakeside.lakeside)
        revoke(credential)
        with pytest.raises(Refusal) as refused:
            revoke(credential)
        assert refused.value.code == "already-revoked"
        assert StatusChange.objects.count() == 1

    @pytest.mark.parametrize("who", ["leon", "anna", "ada", "carla", "otto", "mallory"])
    def test_by_registrars_of_the_institution_only(self, lakeside: Cast, who: str) -> None:
        credential = issuing.credential(lakeside.lakeside)
        by = lakeside.actor(getattr(lakeside, who))
        steps = {"by": by, "at": AT, "credential_id": credential.pk}
        for step in (
            lambda: operations.revoke(**steps, reason="wrong-data"),
            lambda: operations.send_again(**steps),
            lambda: operations.replace_link(**steps),
        ):
            with pytest.raises(NotPermitted):
                step()
        assert queries.credential(credential.pk).revoked_at is None

    def test_of_an_erased_learner_too_and_nobody_is_written_to(self, lakeside: Cast) -> None:
        credential = issuing.credential(lakeside.lakeside)
        personal.erase(credential.subject_key, at=AT)
        revoke(credential, note="Nobody reads this.")
        assert StatusChange.objects.get().note is None
        assert Notice.objects.filter(kind="revoked").count() == 0


class TestMessages:
    def test_each_learner_is_written_to_in_their_language(self, lakeside: Cast) -> None:
        data = "given_name,family_name,email,language\nAino,Aalto,aino@example.org,fi\nJan,Berg,jan@example.org,\n"
        issued = issuing.issued(lakeside.lakeside, data=data.encode(), language="de")
        assert [notice.language for notice in Notice.objects.order_by("credential__row__number")] == ["fi", "de"]
        assert operations.send_due(at=AT) == 2
        assert operations.send_due(at=AT) == 0
        sent = {message.to[0]: message for message in django_mail.outbox}
        assert sorted(sent) == ["aino@example.org", "jan@example.org"]
        # A text without a translation is said in English, the title in the reader's language where there is one.
        assert "Kollaborative Robotik" in sent["jan@example.org"].body
        assert queries.private_url(issued[1]) in sent["jan@example.org"].body
        assert queries.private_url(issued[0]) not in sent["jan@example.org"].body

    def test_a_message_says_of_what_it_names_which_language_it_is_in(self, lakeside: Cast) -> None:
        row = "Aino,Virtanen,aino@example.org,1999-04-05,5,2026-05-29"
        credential = issuing.credential(lakeside.lakeside, row=row)
        Notice.objects.update(language="es")
        operations.send_due(at=AT)
        issuing.revoked(credential, at=AT)
        Notice.objects.filter(state=NoticeState.WAITING).update(language="es")
        operations.send_due(at=AT)
        assert len(django_mail.outbox) == 2
        for message in django_mail.outbox:
            assert message.subject.endswith("Collaborative robotics (inglés)")
            html = message.alternatives[0].content  # type: ignore[attr-defined]
            assert '<span lang="en">University of Lakeside</span>' in html
            assert '<span lang="en">Collaborative robotics</span>' in html
            assert "<span" not in message.body
            assert "University of Lakeside" in message.body
            assert b"\nAuto-Submitted: auto-generated\n" in message.message().as_bytes()

    def test_a_server_that_is_away_is_tried_again_later(self, lakeside: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        issuing.credential(lakeside.lakeside)
        mail_server(monkeypatch, OSError("away"))
        assert operations.send_due(at=AT) == 1
        notice = Notice.objects.get()
        assert (notice.state, notice.attempts, notice.fault) == (NoticeState.WAITING, 1, "OSError")
        assert operations.send_due(at=AT + dt.timedelta(seconds=30)) == 0
        at = AT
        for _ in range(7):
            at += dt.timedelta(hours=7)
            operations.send_due(at=at)
        assert Notice.objects.get().state == NoticeState.FAILED

    def test_a_refused_address_is_shown_at_once(self, lakeside: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        credential = issuing.credential(lakeside.lakeside)
        mail_server(monkeypatch, smtplib.SMTPRecipientsRefused({"leon@example.org": (550, b"unknown")}))
        operations.send_due(at=AT)
        notice = Notice.objects.get()
        assert (notice.state, notice.fault) == (NoticeState.FAILED, "SMTPRecipientsRefused")
        assert queries.progress(credential.row.batch).messages_failed == 1

    def test_a_worker_that_dies_while_sending_sends_again(
        self, lakeside: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        issuing.credential(lakeside.lakeside)
        mail_server(monkeypatch, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            operations.send_due(at=AT)
        monkeypatch.undo()
        assert operations.send_due(at=AT + dt.timedelta(minutes=1)) == 0  # somebody may still be sending it
        assert operations.send_due(at=AT + dt.timedelta(minutes=3)) == 1
        assert Notice.objects.get().state == NoticeState.SENT

    def test_another_address_gets_another_link(self, lakeside: Cast) -> None:
        credential = issuing.credential(lakeside.lakeside)
        old = queries.private_url(credential)
        operations.send_again(by=Actor.system(), at=AT, credential_id=credential.pk, email="new@example.org")
        new = queries.private_url(credential)
        assert old != new
        assert queries.credential_for_token(old.split("/")[-2]) is None
        jobs.run_pending()
        assert [(message.to, new in message.body) for message in django_mail.outbox] == [(["new@example.org"], True)]
        assert queries.credential(credential.pk).learner.email == "new@example.org"
        assert CredentialLink.objects.filter(withdrawn_at__isnull=True).count() == 1

    def test_another_address_replaces_the_links_of_all_credentials_and_what_waits(self, lakeside: Cast) -> None:
        first, second, revoked = (issuing.credential(lakeside.lakeside) for _ in range(3))
        assert len({each.learner_id for each in (first, second, revoked)}) == 1
        operations.send_due(at=AT)
        revoke(revoked)
        old = {each.pk: queries.private_url(each) for each in (first, second, revoked)}
        django_mail.outbox.clear()
        operations.send_again(by=Actor.system(), at=AT, credential_id=first.pk, email="new@example.org")
        for url in old.values():
            assert queries.credential_for_token(url.split("/")[-2]) is None
        jobs.run_pending()
        assert {message.to[0] for message in django_mail.outbox} == {"new@example.org"}
        said = "\n".join(message.body for message in django_mail.outbox)
        assert [queries.private_url(each) in said for each in (first, second)] == [True, True]
        assert len(django_mail.outbox) == 3  # two links, and that the third is revoked
        assert CredentialLink.objects.filter(withdrawn_at__isnull=True).count() == 3

    def test_the_same_address_in_other_capitals_changes_no_link(self, lakeside: Cast) -> None:
        credential = issuing.credential(lakeside.lakeside)
        old = queries.private_url(credential)
        operations.send_again(by=Actor.system(), at=AT, credential_id=credential.pk, email="LEON@example.org")
        assert queries.private_url(credential) == old

    def test_a_message_that_is_withdrawn_while_it_is_prepared_is_not_sent(
        self, lakeside: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        credential = issuing.credential(lakeside.lakeside)
        link = queries.private_url

        def corrected_meanwhile(of: IssuedCredential) -> str:
            monkeypatch.undo()
            operations.send_again(by=Actor.system(), at=AT, credential_id=of.pk, email="new@example.org")
            return link(of)

        monkeypatch.setattr(queries, "private_url", corrected_meanwhile)
        operations.send_due(at=AT)
        assert django_mail.outbox == []
        operations.send_due(at=AT)
        assert [message.to for message in django_mail.outbox] == [["new@example.org"]]
        assert link(credential) in django_mail.outbox[0].body

    def test_a_claim_is_undone_with_its_links(self, lakeside: Cast) -> None:
        credential, other = (issuing.credential(lakeside.lakeside) for _ in range(2))
        rita = lakeside.actor(lakeside.rita)
        with pytest.raises(Refusal) as refused:
            operations.release_claim(by=rita, at=AT, credential_id=credential.pk)
        assert refused.value.code == "record-unclaimed"
        old = [queries.private_url(each) for each in (credential, other)]
        operations.claim(by=lakeside.actor(lakeside.leon), at=AT, token=old[0].split("/")[-2])
        assert len(queries.credentials_of(lakeside.leon.pk, at=AT)) == 2
        for who in ("leon", "anna", "ada", "carla", "otto", "mallory"):
            with pytest.raises(NotPermitted):
                operations.release_claim(by=lakeside.actor(getattr(lakeside, who)), at=AT, credential_id=credential.pk)
        operations.release_claim(by=rita, at=AT, credential_id=credential.pk)
        assert queries.credentials_of(lakeside.leon.pk, at=AT) == []
        assert [queries.credential_for_token(url.split("/")[-2]) for url in old] == [None, None]
        assert AuditRecord.objects.filter(action="institutions.learner.released").count() == 1

    def test_an_address_of_somebody_else_is_refused(self, lakeside: Cast) -> None:
        credential = issuing.credential(lakeside.lakeside)
        institutions.learner(lakeside.lakeside, "Vera", "Novak")
        with pytest.raises(Refusal) as refused:
            operations.send_again(by=Actor.system(), at=AT, credential_id=credential.pk, email="vera@example.org")
        assert refused.value.code == "email-taken"

    def test_not_too_often(self, lakeside: Cast) -> None:
        credential = issuing.credential(lakeside.lakeside)
        for minute in range(3):
            at = AT + dt.timedelta(minutes=minute)
            operations.send_due(at=at)
            operations.send_again(by=Actor.system(), at=at, credential_id=credential.pk)
        operations.send_due(at=AT + dt.timedelta(minutes=5))
        with pytest.raises(Refusal) as refused:
            operations.send_again(by=Actor.system(), at=AT + dt.timedelta(hours=1), credential_id=credential.pk)
        assert refused.value.code == "sent-too-often"
        operations.send_again(by=Actor.system(), at=AT + dt.timedelta(hours=25), credential_id=credential.pk)


def mail_server(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Have the mail server answer with an error: the server is not ours."""

    def send(self: object, fail_silently: bool = False, **more: object) -> int:
        raise error

    monkeypatch.setattr(django_mail.EmailMultiAlternatives, "send", send)
