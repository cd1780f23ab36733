"""People are told what concerns them, once, in their own language, by the ways they want."""

import datetime as dt
import smtplib
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from openmcx.accounts import operations, queries, rules
from openmcx.accounts.models import Notification, NotificationPreference, Person
from openmcx.accounts.slots import Mail
from openmcx.credentials.model import LangText
from openmcx.institutions import notifications as kinds
from openmcx.kernel import personal
from openmcx.kernel.actors import Actor
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.models import AuditRecord
from tests.cast import Cast

AT = dt.datetime(2026, 6, 1, 9, 30, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def quiet(cast: Cast) -> Cast:
    """The cast, of whom nobody was told anything yet."""
    Notification.objects.all().delete()
    return cast


def tell(
    *people: Person,
    kind: Any = kinds.KEY_REPLACED,
    at: dt.datetime = AT,
    by: Actor | None = None,
    about: str = "",
    **params: Any,
) -> int:
    params = params or {"key": "key-2", "institution": LangText({"en": "Lakeside", "de": "Seeufer"})}
    told = [operations.Told(person_id=one.pk, url="/home/", params=params, about=about) for one in people]
    return operations.notify(by=by or Actor.system(), at=at, kind=kind, told=told)


def decide(
    person: Person, cast: Cast, *, mail: str = "", muted: bool = False, hour: int = 7, at: dt.datetime = AT
) -> None:
    operations.change_preferences(
        by=cast.actor(person),
        at=at,
        person_id=person.pk,
        preferences={"institutions.keys": (muted, mail)},
        digest_hour=hour,
    )


def lines(person: Person) -> list[str]:
    return [line.sentence for line in queries.read_out(queries.notifications_of(person.pk))]


class TestTelling:
    def test_each_reads_it_in_the_language_of_the_moment(self, quiet: Cast) -> None:
        tell(quiet.ada)
        with translation.override("de"):
            (german,) = queries.read_out(queries.notifications_of(quiet.ada.pk))
        (english,) = queries.read_out(queries.notifications_of(quiet.ada.pk))
        assert "Seeufer" in german.sentence
        assert english.sentence == "Lakeside signs with the key key-2 now. What the key before has signed stays valid."

    def test_a_value_in_another_language_is_marked_and_markup_in_it_is_none(self, quiet: Cast) -> None:
        tell(quiet.ada, key="<b>", institution=LangText({"fi": "Järvi & <i>"}))
        (line,) = queries.read_out(queries.notifications_of(quiet.ada.pk))
        assert '<span lang="fi">Järvi &amp; &lt;i&gt;</span>' in line.markup
        assert "key &lt;b&gt; now" in line.markup
        assert "Järvi & <i>" in line.sentence

    def test_numbers_choose_the_plural_and_are_written_as_the_language_does(self, quiet: Cast) -> None:
        from openmcx.issuing.notifications import LIST_ISSUED

        for issued in (1, 1234):
            tell(quiet.rita, kind=LIST_ISSUED, issued=issued, title=LangText({"en": "Robotics"}))
        assert lines(quiet.rita) == [
            "1,234 credentials of “Robotics” were issued.",
            "1 credential of “Robotics” was issued.",
        ]

    def test_whoever_did_it_is_not_told(self, quiet: Cast) -> None:
        assert tell(quiet.ada, quiet.carla, by=quiet.actor(quiet.ada)) == 1
        assert (queries.unread_count(quiet.ada.pk), queries.unread_count(quiet.carla.pk)) == (0, 1)

    def test_what_it_is_about_is_told_once(self, quiet: Cast) -> None:
        for _time in range(2):
            tell(quiet.ada, about="key-2")
        tell(quiet.ada, about="key-3")
        assert queries.unread_count(quiet.ada.pk) == 2

    def test_nothing_personal_stands_in_the_row(self, quiet: Cast) -> None:
        tell(
            quiet.ada,
            kind=kinds.INVITATION_ACCEPTED,
            person=quiet.leon.pk,
            role="author",
            institution=quiet.lakeside.name,
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM accounts_notification")
            stored = repr([bytes(v) if isinstance(v, memoryview) else v for row in cursor.fetchall() for v in row])
        assert not [word for word in ("Leon", "Lakeside", "author") if word in stored]
        assert lines(quiet.ada) == [
            "Leon Learner has accepted your invitation to University of Lakeside. Role: Course author."
        ]

    def test_who_has_closed_their_account_is_named_no_more(self, quiet: Cast) -> None:
        tell(
            quiet.ada,
            kind=kinds.INVITATION_ACCEPTED,
            person=quiet.leon.pk,
            role="author",
            institution=quiet.lakeside.name,
        )
        operations.erase(by=quiet.actor(quiet.leon), at=AT, person_id=quiet.leon.pk)
        assert lines(quiet.ada) == [
            "Somebody whose account is closed has accepted your invitation to University of Lakeside. "
            "Role: Course author."
        ]

    def test_a_kind_that_is_gone_or_has_changed_says_so(self, quiet: Cast) -> None:
        tell(quiet.ada)
        tell(quiet.ada)
        changed, gone = Notification.objects.select_related("subject_key")
        changed.params = {"institution": 5}
        changed.save()
        Notification.objects.filter(pk=gone.pk).update(kind="nobody.knows")
        assert lines(quiet.ada) == [
            "The signing key was replaced",
            "This was told by an earlier version of this node.",
        ]

    @pytest.mark.parametrize(
        ("told", "fault"),
        [
            ({"params": {}}, "needs exactly the parameters"),
            ({"url": "//evil.example/"}, "path of this node"),
            ({"url": "https://evil.example/"}, "path of this node"),
        ],
    )
    def test_a_slip_of_the_caller_is_a_bug(self, quiet: Cast, told: dict[str, Any], fault: str) -> None:
        whole = {"person_id": quiet.ada.pk, "url": "/home/", "params": {"key": "1", "institution": "x"}, **told}
        with pytest.raises(ValueError, match=fault):
            operations.notify(by=Actor.system(), at=AT, kind=kinds.KEY_REPLACED, told=[operations.Told(**whole)])

    def test_the_database_takes_no_address_of_elsewhere(self, quiet: Cast) -> None:
        tell(quiet.ada)
        with pytest.raises(IntegrityError), transaction.atomic():
            Notification.objects.update(url="https://evil.example/")

    def test_many_people_cost_no_more_questions_than_one(self, quiet: Cast, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(3):  # people, preferences, the insertion
            tell(quiet.ada)
        with django_assert_num_queries(3):
            tell(quiet.ada, quiet.rita, quiet.anna, quiet.otto)
        with django_assert_num_queries(0):
            operations.notify(by=Actor.system(), at=AT, kind=kinds.KEY_REPLACED, told=[])

    def test_three_of_a_kind_in_a_row_are_one_sentence(self, quiet: Cast) -> None:
        for minute in range(3):
            tell(quiet.ada, at=AT + minute * MINUTE)
        tell(quiet.ada, kind=kinds.KEY_REVOKED, at=AT + 4 * MINUTE)
        told = queries.read_out(queries.notifications_of(quiet.ada.pk))
        assert [group.title for group in queries.grouped(told)] == [
            "A signing key was revoked",
            "3 signing keys were replaced",
        ]
        assert [group.title for group in queries.grouped(told[:3])] == [
            "A signing key was revoked",
            "The signing key was replaced",
            "The signing key was replaced",
        ]


class TestReading:
    def test_one_and_all_until_a_time(self, quiet: Cast) -> None:
        for minute in range(3):
            tell(quiet.ada, at=AT + minute * MINUTE)
        newest = queries.notifications_of(quiet.ada.pk)[0]
        operations.mark_read(by=quiet.actor(quiet.ada), at=AT + DAY, notification_id=newest.pk)
        assert queries.unread_count(quiet.ada.pk) == 2
        assert operations.mark_all_read(by=quiet.actor(quiet.ada), at=AT + DAY, until=AT) == 1
        assert [row.created_at for row in queries.notifications_of(quiet.ada.pk, unread_only=True)] == [AT + MINUTE]

    def test_mallory_reads_nobody_elses(self, quiet: Cast) -> None:
        tell(quiet.ada)
        row = queries.notifications_of(quiet.ada.pk).get()
        with pytest.raises(Notification.DoesNotExist):
            operations.mark_read(by=quiet.actor(quiet.mallory), at=AT, notification_id=row.pk)
        operations.mark_all_read(by=quiet.actor(quiet.mallory), at=AT, until=AT)
        assert queries.unread_count(quiet.ada.pk) == 1
        with pytest.raises(NotPermitted):
            operations.mark_all_read(by=Actor.anonymous(), at=AT, until=AT)

    def test_reading_and_being_told_leave_no_row_in_the_trail(self, quiet: Cast) -> None:
        before = AuditRecord.objects.count()
        tell(quiet.ada)
        operations.mark_all_read(by=quiet.actor(quiet.ada), at=AT, until=AT)
        assert AuditRecord.objects.count() == before

    def test_what_is_old_is_deleted(self, quiet: Cast) -> None:
        tell(quiet.ada, at=AT)
        tell(quiet.ada, at=AT + DAY)
        operations.mark_all_read(by=quiet.actor(quiet.ada), at=AT + DAY, until=AT)
        assert operations.clear_old_notifications(at=AT + 91 * DAY) == 0
        assert operations.clear_old_notifications(at=AT + 92 * DAY) == 1
        assert operations.clear_old_notifications(at=AT + 402 * DAY) == 1

    def test_the_export_lists_them_and_closing_the_account_deletes_them(self, quiet: Cast) -> None:
        tell(quiet.leon)
        operations.change_preferences(
            by=quiet.actor(quiet.leon),
            at=AT,
            person_id=quiet.leon.pk,
            preferences={"institutions.keys": (False, "off")},
            digest_hour=7,
        )
        held = {part["label"]: part["values"] for part in queries.everything_held_of(quiet.leon.pk)}
        assert held["Notifications"] == [
            {
                "name": "2026-06-01T09:30:00+00:00",
                "value": "Lakeside signs with the key key-2 now. What the key before has signed stays valid.",
            }
        ]
        assert held["Notification preferences"] == [
            {"name": "institutions.keys", "value": "in the product: yes; e-mail: off"}
        ]
        operations.erase(by=quiet.actor(quiet.leon), at=AT, person_id=quiet.leon.pk)
        assert not Notification.objects.filter(person=quiet.leon).exists()
        assert not NotificationPreference.objects.filter(person=quiet.leon).exists()
        assert tell(quiet.leon) == 0

    def test_a_destroyed_key_leaves_a_row_without_values(self, quiet: Cast) -> None:
        tell(quiet.leon)
        personal.erase(quiet.leon.subject_key, at=AT)
        assert lines(quiet.leon) == ["The signing key was replaced"]


class TestDeciding:
    def test_by_category_and_audited(self, quiet: Cast) -> None:
        decide(quiet.ada, quiet, mail="off", hour=18)
        decide(quiet.ada, quiet, mail="off", hour=18)  # the same again is no deed
        rows = AuditRecord.objects.filter(action="accounts.preference.changed").order_by("number")
        assert [row.data for row in rows] == [
            {"digest_hour": 18},
            {"person": str(quiet.ada.pk), "category": "institutions.keys", "mail": "off", "muted": False},
        ]

    def test_muted_and_without_mail_nothing_is_kept(self, quiet: Cast) -> None:
        decide(quiet.ada, quiet, mail="off", muted=True)
        assert tell(quiet.ada) == 0

    def test_muted_but_by_mail_it_is_mailed_and_not_shown(self, quiet: Cast) -> None:
        decide(quiet.ada, quiet, mail="at-once", muted=True)
        tell(quiet.ada)
        operations.send_due(at=AT)
        assert [message.to for message in django_mail.outbox] == [["ada@example.org"]]
        assert (queries.unread_count(quiet.ada.pk), list(queries.notifications_of(quiet.ada.pk))) == (0, [])

    def test_what_waits_follows_a_new_decision(self, quiet: Cast) -> None:
        tell(quiet.ada)
        decide(quiet.ada, quiet, mail="daily", at=AT + MINUTE)
        assert queries.notifications_of(quiet.ada.pk).get().mail_due_at == dt.datetime(2026, 6, 2, 7, tzinfo=dt.UTC)
        decide(quiet.ada, quiet, mail="off", at=AT + MINUTE)
        assert queries.notifications_of(quiet.ada.pk).get().mail_due_at is None

    def test_of_what_the_institution_writes_itself_there_is_never_mail(self, quiet: Cast) -> None:
        from openmcx.issuing.notifications import CREDENTIAL_ISSUED

        operations.change_preferences(
            by=quiet.actor(quiet.leon),
            at=AT,
            person_id=quiet.leon.pk,
            preferences={"issuing.credentials": (False, "at-once")},
            digest_hour=7,
        )
        tell(quiet.leon, kind=CREDENTIAL_ISSUED, title="Robotics", institution="Lakeside")
        assert Notification.objects.get(person=quiet.leon).mail_due_at is None

    def test_categories_are_those_of_the_roles_of_today(self, quiet: Cast) -> None:
        def codes(person: Person) -> list[str]:
            return [one.category.code for one in queries.preferences_of(person.pk)]

        assert codes(quiet.leon) == ["institutions.roles", "issuing.credentials"]
        assert codes(quiet.ada) == ["institutions.roles", "institutions.keys", "issuing.credentials"]

    @pytest.mark.parametrize(
        ("preferences", "hour", "code"),
        [
            ({"no.such": (False, "off")}, 7, "category-unknown"),
            ({"institutions.keys": (False, "pigeon")}, 7, "mail-unknown"),
            ({}, 24, "hour-unknown"),
        ],
    )
    def test_what_there_is_not_is_refused(
        self, quiet: Cast, preferences: dict[str, tuple[bool, str]], hour: int, code: str
    ) -> None:
        with pytest.raises(Refusal) as refused:
            operations.change_preferences(
                by=quiet.actor(quiet.ada), at=AT, person_id=quiet.ada.pk, preferences=preferences, digest_hour=hour
            )
        assert refused.value.code == code

    def test_mallory_decides_for_nobody_else(self, quiet: Cast) -> None:
        with pytest.raises(NotPermitted):
            operations.change_preferences(
                by=quiet.actor(quiet.mallory), at=AT, person_id=quiet.ada.pk, preferences={}, digest_hour=7
            )


class TestUnsubscribing:
    def test_a_link_ends_its_category_and_no_other(self, quiet: Cast) -> None:
        token = queries.unsubscribe_url(quiet.ada.pk, "institutions.keys").split("/")[-2]
        person_id, category = queries.unsubscribe_request(token) or (None, None)
        assert (person_id, category) == (quiet.ada.pk, "institutions.keys")
        for _time in range(2):
            operations.unsubscribe(by=Actor.anonymous(), at=AT, person_id=quiet.ada.pk, category="institutions.keys")
        row = NotificationPreference.objects.get(person=quiet.ada)
        assert (row.category, row.mail, row.muted) == ("institutions.keys", "off", False)
        assert AuditRecord.objects.filter(action="accounts.preference.unsubscribed").count() == 1

    def test_the_link_of_several_ends_all(self, quiet: Cast) -> None:
        operations.unsubscribe(by=Actor.anonymous(), at=AT, person_id=quiet.ada.pk, category=queries.EVERYTHING)
        rows = NotificationPreference.objects.filter(person=quiet.ada)
        assert {row.category for row in rows} == set(queries.categories())
        assert {row.mail for row in rows} == {"off"}

    @pytest.mark.parametrize("change", [lambda token: token[:-1] + "_", lambda token: "x" + token, lambda token: ""])
    def test_a_changed_link_is_nobodys(self, quiet: Cast, change: Any) -> None:
        token = queries.unsubscribe_url(quiet.ada.pk, "institutions.keys").split("/")[-2]
        assert queries.unsubscribe_request(change(token)) is None

    def test_a_token_made_for_something_else_is_none(self, quiet: Cast) -> None:
        from django.core import signing

        assert queries.unsubscribe_request(signing.dumps([str(quiet.ada.pk), ""], salt="other")) is None


class Failing(EmailBackend):
    """A mail server that fails as the test says."""

    fault: BaseException | None = None

    def send_messages(self, messages: Any) -> int:
        if Failing.fault is not None:
            raise Failing.fault
        return super().send_messages(messages)


@pytest.fixture
def failing(settings: Any) -> Any:
    settings.MAILERS = {"default": {"BACKEND": "tests.domain.accounts.test_notifications.Failing"}}
    yield Failing
    Failing.fault = None


class TestMailing:
    def test_each_in_their_language_as_text_and_html(self, quiet: Cast) -> None:
        Person.objects.filter(pk=quiet.ada.pk).update(language="de")
        tell(quiet.ada, quiet.otto)
        assert operations.send_due(at=AT) == 2
        by_reader = {message.to[0]: message for message in django_mail.outbox}
        german, english = by_reader["ada@example.org"], by_reader["otto@example.org"]
        assert "Seeufer" in german.body
        assert "Lakeside signs with the key key-2 now." in english.body
        html = english.alternatives[0].content  # type: ignore[attr-defined]
        assert english.alternatives[0].mimetype == "text/html"  # type: ignore[attr-defined]
        assert "Lakeside signs with the key key-2 now." in html
        assert not [word for word in ("<img", "<table", "@import", "url(", "<link", "<script") if word in html]
        assert 'lang="en"' in html

    def test_it_can_be_ended_with_one_click(self, quiet: Cast) -> None:
        tell(quiet.ada)
        operations.send_due(at=AT)
        (message,) = django_mail.outbox
        headers = message.extra_headers
        url = queries.unsubscribe_url(quiet.ada.pk, "institutions.keys").rsplit("/", 2)[0]
        assert headers["List-Unsubscribe"].startswith(f"<{url}/")
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["List-Unsubscribe"].strip("<>") in message.body
        # Source: RFC 8058, section 3.1: as it is sent, an address in plain letters.
        sent = message.message().as_bytes()
        assert f"\nList-Unsubscribe: {headers['List-Unsubscribe']}\n".encode() in sent
        assert b"\nAuto-Submitted: auto-generated\n" in sent

    def test_nothing_is_sent_twice_or_when_nothing_is_new(self, quiet: Cast) -> None:
        assert operations.send_due(at=AT) == 0
        tell(quiet.ada)
        assert [operations.send_due(at=AT + minutes * MINUTE) for minutes in (0, 0, 10)] == [1, 0, 0]
        assert len(django_mail.outbox) == 1

    def test_what_was_read_is_not_sent(self, quiet: Cast) -> None:
        tell(quiet.ada)
        operations.mark_all_read(by=quiet.actor(quiet.ada), at=AT, until=AT)
        assert operations.send_due(at=AT) == 0
        tell(quiet.ada)
        Notification.objects.update(read_at=AT)  # between the sweep's look and the claim
        operations.send_due(at=AT)
        assert django_mail.outbox == []

    def test_the_daily_message_gathers_and_counts(self, quiet: Cast) -> None:
        decide(quiet.ada, quiet, mail="daily", hour=18)
        for number in range(14):
            tell(quiet.ada, at=AT + number * MINUTE, key=f"key-{number}", institution="Lakeside")
        tell(quiet.ada, kind=kinds.INVITATION_ACCEPTED, person=quiet.leon.pk, role="author", institution="Lakeside")
        assert operations.send_due(at=AT.replace(hour=17, minute=59)) == 0
        assert operations.send_due(at=AT.replace(hour=18, minute=0)) == 1
        (message,) = django_mail.outbox
        assert message.subject == "15 notifications"
        assert "14 signing keys were replaced" in message.body
        assert "and 4 more" in message.body
        assert message.body.count("* Lakeside signs with") == 10
        assert "Leon Learner has accepted your invitation" in message.body
        # Of several categories: whoever ends it wants no more such messages at all.
        token = message.extra_headers["List-Unsubscribe"].split("/")[-2]
        assert queries.unsubscribe_request(token) == (quiet.ada.pk, queries.EVERYTHING)

    def test_who_has_not_confirmed_their_address_gets_none(self, quiet: Cast) -> None:
        from allauth.account.models import EmailAddress

        tell(quiet.ada)
        EmailAddress.objects.filter(user=quiet.ada).update(verified=False)
        operations.send_due(at=AT)
        assert (django_mail.outbox, queries.mail_waits(at=AT + DAY)) == ([], False)

    def test_a_worker_that_dies_before_sending_loses_nothing(self, quiet: Cast, failing: Any) -> None:
        tell(quiet.ada)
        failing.fault = KeyboardInterrupt()
        with pytest.raises(KeyboardInterrupt):
            operations.send_due(at=AT)
        failing.fault = None
        assert operations.send_due(at=AT + MINUTE) == 0  # claimed still
        assert operations.send_due(at=AT + 6 * MINUTE) == 1
        assert len(django_mail.outbox) == 1

    def test_a_server_that_is_away_is_tried_again_with_growing_delays(self, quiet: Cast, failing: Any) -> None:
        tell(quiet.ada)
        failing.fault = ConnectionRefusedError()
        operations.send_due(at=AT)
        row = queries.notifications_of(quiet.ada.pk).get()
        assert (row.mail_due_at, row.mail_fault) == (AT + MINUTE, "ConnectionRefusedError")
        at = AT
        while (due := queries.notifications_of(quiet.ada.pk).get().mail_due_at) is not None:
            at = due
            operations.send_due(at=at)
        assert queries.notifications_of(quiet.ada.pk).get().mail_attempts == 8
        assert at - AT == 127 * MINUTE

    def test_a_server_that_refuses_for_good_is_not_asked_again(self, quiet: Cast, failing: Any) -> None:
        tell(quiet.ada)
        failing.fault = smtplib.SMTPRecipientsRefused({})
        operations.send_due(at=AT)
        row = queries.notifications_of(quiet.ada.pk).get()
        assert (row.mail_due_at, row.mailed_at, row.mail_fault) == (None, None, "SMTPRecipientsRefused")


@pytest.mark.parametrize(
    ("at", "hour", "zone", "due"),
    [
        ("2026-06-01T06:59:00+00:00", 7, "UTC", "2026-06-01T07:00:00+00:00"),
        ("2026-06-01T07:00:00+00:00", 7, "UTC", "2026-06-02T07:00:00+00:00"),
        ("2026-06-01T04:59:00+00:00", 7, "Europe/Vienna", "2026-06-01T05:00:00+00:00"),
        ("2026-01-01T22:30:00+00:00", 0, "Europe/Helsinki", "2026-01-02T22:00:00+00:00"),
        # The clock goes back in the night: the morning is 25 hours after the last.
        ("2026-10-24T05:00:00+00:00", 7, "Europe/Vienna", "2026-10-25T06:00:00+00:00"),
        # It goes forward, and half past two is not there.
        ("2026-03-29T00:30:00+00:00", 2, "Europe/Vienna", "2026-03-29T01:00:00+00:00"),
    ],
)
def test_the_daily_message_is_due_at_the_hour_of_the_place(at: str, hour: int, zone: str, due: str) -> None:
    found = rules.mail_due_at(Mail.DAILY, at=dt.datetime.fromisoformat(at), hour=hour, zone=ZoneInfo(zone))
    assert found == dt.datetime.fromisoformat(due)


def test_at_once_and_never() -> None:
    assert rules.mail_due_at(Mail.AT_ONCE, at=AT, hour=7, zone=dt.UTC) == AT
    assert rules.mail_due_at(Mail.OFF, at=AT, hour=7, zone=dt.UTC) is None
    assert rules.mail_due_at(None, at=AT, hour=7, zone=dt.UTC) is None
