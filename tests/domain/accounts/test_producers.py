"""What the apps tell people of when it happens, and whom."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from openmcx.accounts import queries
from openmcx.accounts.models import Notification, Person
from openmcx.catalogue import operations as catalogue_operations
from openmcx.institutions import operations as institution_operations
from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import Role
from openmcx.issuing import operations as issuing_operations
from openmcx.kernel import jobs, personal
from openmcx.kernel.models import Delivery, OutboxEvent, Tick
from openmcx.kernel.scopes import scopes_disabled
from tests.cast import Cast
from tests.factories import catalogue, institutions, issuing

AT = issuing.AT


@pytest.fixture
def quiet(cast: Cast) -> Cast:
    """The cast, of whom nobody was told anything yet; each app sees all of it."""
    Notification.objects.all().delete()
    return cast


def told(person: Person) -> list[tuple[str, str]]:
    """This will give what a person was told and where it leads, the oldest first."""
    found = queries.notifications_of(person.pk).order_by("created_at", "id")
    return [(line.sentence, line.url) for line in queries.read_out(found)]


def everybody_told() -> set[str]:
    return {row.person.email for row in Notification.objects.select_related("person")}


class TestRoles:
    def test_given_and_ended(self, quiet: Cast) -> None:
        membership = institution_operations.grant_role(
            by=quiet.actor(quiet.ada),
            at=AT,
            institution_id=quiet.lakeside.pk,
            person_id=quiet.leon.pk,
            role=Role.AUTHOR,
        )
        with scopes_disabled():
            institution_operations.end_role(
                by=quiet.actor(quiet.ada), at=AT + dt.timedelta(days=1), membership_id=membership.pk
            )
        assert told(quiet.leon) == [
            ("Your role at University of Lakeside from 1 June 2026: Course author.", "/home/"),
            ("Your role at University of Lakeside has ended: Course author.", "/home/"),
        ]
        assert everybody_told() == {"leon@example.org"}

    def test_an_accepted_invitation_is_told_to_who_invited_and_to_nobody_else(self, quiet: Cast) -> None:
        with scopes_disabled():
            invitation = institution_operations.invite(
                by=quiet.actor(quiet.ada),
                at=AT,
                institution_id=quiet.lakeside.pk,
                email=quiet.leon.email,
                role=Role.AUTHOR,
            )
        code = institution_queries.invitation_code(invitation.pk)
        institution_operations.accept_invitation(by=quiet.actor(quiet.leon), at=AT, code=code)
        assert told(quiet.ada) == [
            (
                "Leon Learner has accepted your invitation to University of Lakeside. Role: Course author.",
                reverse("institutions:people", kwargs={"slug": "lakeside"}),
            )
        ]
        assert everybody_told() == {"ada@example.org"}


class TestKeys:
    def test_replaced_by_one_administrator_the_others_are_told(self, quiet: Cast) -> None:
        second = institutions.member(quiet.lakeside, Role.ADMIN, "Abel Second")
        Notification.objects.all().delete()
        institution_operations.rotate_key(by=quiet.actor(quiet.ada), at=AT, institution_id=quiet.lakeside.pk)
        assert told(second) == [
            (
                "University of Lakeside signs with the key key-2 now. What the key before has signed stays valid.",
                reverse("institutions:keys", kwargs={"slug": "lakeside"}),
            )
        ]
        assert everybody_told() == {"abel@example.org"}

    def test_revoked_coordinators_hear_of_it_too(self, quiet: Cast) -> None:
        key = institution_queries.active_key(quiet.lakeside.pk)
        institution_operations.revoke_key(by=quiet.actor(quiet.ada), at=AT, key_id=key.pk)
        sentence = "The key key-1 of University of Lakeside was revoked: nothing that it has signed is valid any more."
        assert told(quiet.carla) == [(sentence, reverse("institutions:page", kwargs={"slug": "lakeside"}))]
        assert everybody_told() == {"carla@example.org"}

    def test_ageing_is_told_once(self, quiet: Cast) -> None:
        made = institution_queries.active_key(quiet.lakeside.pk).created_at
        day = dt.timedelta(days=1)
        assert institution_operations.tell_of_ageing_keys(at=made + 700 * day) == 0
        for days in (701, 702):
            institution_operations.tell_of_ageing_keys(at=made + days * day)
        assert told(quiet.ada) == [
            (
                "The signing key key-1 of University of Lakeside was made on 4 March 2024. "
                "Replace it when it suits you.",
                reverse("institutions:keys", kwargs={"slug": "lakeside"}),
            )
        ]


def test_a_published_version_is_told_to_authors_and_registrars_of_the_owner(quiet: Cast) -> None:
    draft = catalogue_operations.create(
        by=quiet.actor(quiet.anna),
        at=AT,
        institution_id=quiet.lakeside.pk,
        achievement=catalogue.complete_achievement(),
    )
    version = catalogue_operations.publish(by=quiet.actor(quiet.anna), at=AT, specification_id=draft.pk)
    assert told(quiet.rita) == [
        (
            "Version 1 of “Collaborative robotics” of University of Lakeside is published. "
            "Credentials are issued for it now.",
            reverse("catalogue:version", kwargs={"slug": version.slug, "number": 1}),
        )
    ]
    assert everybody_told() == {"rita@example.org"}


class TestIssuing:
    def test_a_list_that_is_done_is_told_once_to_who_confirmed_it(self, quiet: Cast) -> None:
        batch = issuing.confirmed(quiet.lakeside, by=quiet.actor(quiet.rita))
        for _time in range(2):
            issuing.issue_chunks(batch)
        assert told(quiet.rita)[-1:] == [
            (
                "3 credentials of “Collaborative robotics” were issued.",
                reverse("issuing:batch", kwargs={"batch_id": batch.pk}),
            )
        ]
        assert Notification.objects.filter(kind="issuing.list-issued").count() == 1

    def test_a_list_with_a_row_that_failed_needs_somebody_after_each_try(self, quiet: Cast) -> None:
        data = f"{issuing.HEADING}\n{issuing.LEON}\nVera,Novak,vera@example.org,1998-01-01,4,\n".encode()
        batch = issuing.confirmed(quiet.lakeside, by=quiet.actor(quiet.rita), data=data)
        Notification.objects.all().delete()
        personal.erase(quiet.leon_at_lakeside.subject_key, at=AT)
        issuing.issue_chunks(batch)
        sentence = "1 row of the class list for “Collaborative robotics” could not be issued. The list says why."
        address = reverse("issuing:batch", kwargs={"batch_id": batch.pk})
        assert told(quiet.rita) == [(sentence, address)]
        with scopes_disabled():
            issuing_operations.retry_failed(by=quiet.actor(quiet.rita), at=AT, batch_id=batch.pk)
        issuing.issue_chunks(batch)
        assert told(quiet.rita) == [(sentence, address)] * 2

    def test_learners_with_an_account_are_told_of_issuing_and_revoking_and_never_by_mail(self, quiet: Cast) -> None:
        institution_operations.claim_record(
            by=quiet.actor(quiet.leon), at=AT, learner_id=quiet.leon_at_lakeside.pk, proof="address"
        )
        credential = issuing.credential(quiet.lakeside)
        issuing.revoked(credential, at=AT + dt.timedelta(days=1))
        assert told(quiet.leon) == [
            ("University of Lakeside has awarded you “Collaborative robotics”.", "/home/"),
            (
                "University of Lakeside has revoked your credential “Collaborative robotics”. "
                "The institution has written to you why.",
                "/home/",
            ),
        ]
        assert not Notification.objects.filter(person=quiet.leon, mail_due_at__isnull=False).exists()

    def test_learners_without_an_account_cost_nothing(self, quiet: Cast) -> None:
        issuing.credential(quiet.lakeside)
        assert not Notification.objects.filter(kind__startswith="issuing.credential").exists()

    def test_a_claim_is_told_to_the_registrars_once(self, quiet: Cast) -> None:
        credential = issuing.credential(quiet.lakeside)
        Notification.objects.all().delete()
        institution_operations.claim_record(
            by=quiet.actor(quiet.leon), at=AT, learner_id=credential.learner_id, proof="address"
        )
        jobs.run_pending()
        issuing_operations.tell_of_claim(at=AT, learner_id=credential.learner_id, person_id=quiet.leon.pk)
        assert told(quiet.rita) == [
            (
                "A learner of University of Lakeside has taken their credentials into an account.",
                reverse("issuing:credential", kwargs={"credential_id": credential.pk}),
            )
        ]
        assert everybody_told() == {"rita@example.org"}


class TestTrouble:
    def test_what_was_given_up_or_fails_is_told_to_coordinators_once(self, quiet: Cast) -> None:
        now = timezone.now()
        event = OutboxEvent.objects.create(name="tests.thing", data={}, emitted_at=now)
        Delivery.objects.create(event=event, handler="tests.handler", state=Delivery.State.GIVEN_UP, due_at=now)
        Tick.objects.create(name="tests.recurring", due_at=now, ran_at=now, fault="ValueError")
        for _time in range(2):
            assert institution_operations.tell_of_trouble(at=AT) == 2
        end = "Whoever runs the node sees why in its log."
        assert told(quiet.carla) == [
            (f"The task tests.thing → tests.handler was tried several times and given up. {end}", "/home/"),
            (f"The recurring function tests.recurring failed. {end}", "/home/"),
        ]
        assert everybody_told() == {"carla@example.org"}
        institution_operations.tell_of_trouble(at=AT + dt.timedelta(days=1))
        assert len(told(quiet.carla)) == 3  # it still fails a day later

    def test_nobody_is_told_of_nothing(self, quiet: Cast) -> None:
        assert institution_operations.tell_of_trouble(at=AT) == 0


def test_every_kind_is_declared_once_and_has_its_words(quiet: Cast) -> None:
    declared = [kind for kinds in _declared() for kind in kinds]
    assert len({kind.code for kind in declared}) == len(declared)
    for kind in declared:
        assert kind.code.split(".")[0] in kind.category.code
        assert str(kind.title)
        assert set(_placeholders(str(kind.sentence % dict.fromkeys(kind.params, 2)))) == set()
        assert "2" in str(kind.several % {"count": 2})
        assert set(kind.words) <= set(kind.params)


def _declared() -> list[Any]:
    from openmcx.accounts import slots

    return slots.notification_kinds.ask(None)


def _placeholders(text: str) -> list[str]:
    import re

    return re.findall(r"%\((\w+)\)", text)
