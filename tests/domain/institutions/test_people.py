"""Roles: who gives them, how long they hold, how they end."""

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from openmcx.accounts import operations as accounts_operations
from openmcx.institutions import operations, queries
from openmcx.institutions.models import Invitation, Membership, Role
from openmcx.institutions.operations import Audit
from openmcx.kernel import jobs
from openmcx.kernel.actors import Actor
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.models import AuditRecord
from openmcx.kernel.scopes import ScopeError, scope, scopes_disabled
from tests.cast import Cast
from tests.factories import accounts, institutions

AT = dt.datetime(2026, 3, 3, 10, 0, tzinfo=dt.UTC)
TODAY = AT.date()
DAY = dt.timedelta(days=1)


def membership(cast: Cast, of: str, role: str) -> Membership:
    with scopes_disabled():
        found: Membership = Membership.objects.get(person=getattr(cast, of), role=role, institution=cast.lakeside)
    return found


def roles_on(person: object, day: dt.date) -> set[str]:
    return {held.role for held in queries.roles_of(person.pk, on=day)}  # type: ignore[attr-defined]


def test_a_role_holds_from_its_first_to_its_last_day(cast: Cast) -> None:
    operations.grant_role(
        by=cast.actor(cast.ada),
        at=AT,
        institution_id=cast.lakeside.pk,
        person_id=cast.mallory.pk,
        role=Role.AUTHOR,
        begins_on=TODAY + DAY,
        ends_on=TODAY + 3 * DAY,
    )
    held = [roles_on(cast.mallory, TODAY + n * DAY) for n in range(5)]
    assert held == [set(), {"author"}, {"author"}, {"author"}, set()]


@pytest.mark.parametrize(
    ("who", "role", "allowed"),
    [
        ("ada", Role.REGISTRAR, True),
        ("ada", Role.ADMIN, True),
        ("ada", Role.COORDINATOR, False),
        ("carla", Role.ADMIN, True),
        ("carla", Role.REGISTRAR, False),
        ("carla", Role.AUTHOR, False),
        ("carla", Role.COORDINATOR, True),
        ("rita", Role.REGISTRAR, False),
        ("anna", Role.AUTHOR, False),
        ("otto", Role.REGISTRAR, False),
        ("mallory", Role.ADMIN, False),
    ],
)
def test_who_gives_which_role(cast: Cast, who: str, role: str, allowed: bool) -> None:
    def grant() -> None:
        operations.grant_role(
            by=cast.actor(getattr(cast, who)),
            at=AT,
            institution_id=cast.lakeside.pk,
            person_id=cast.leon.pk,
            role=role,
        )

    if allowed:
        grant()
        assert role in roles_on(cast.leon, TODAY)
    else:
        with pytest.raises(NotPermitted):
            grant()
        assert roles_on(cast.leon, TODAY) == set()


@pytest.mark.parametrize(("who", "role"), [("carla", Role.ADMIN), ("carla", Role.COORDINATOR), ("ada", Role.REGISTRAR)])
@pytest.mark.parametrize("place", ["lakeside", "hillside"])
def test_nobody_gives_themselves_a_role(cast: Cast, who: str, role: str, place: str) -> None:
    person, at = getattr(cast, who), getattr(cast, place)
    if who == "ada" and place == "hillside":
        institutions.grant(at, Role.ADMIN, person)
    before = roles_on(person, TODAY)
    with scope(institution=[at.pk]):
        for give in (
            lambda: operations.grant_role(
                by=cast.actor(person), at=AT, institution_id=at.pk, person_id=person.pk, role=role
            ),
            lambda: operations.invite(
                by=cast.actor(person), at=AT, institution_id=at.pk, email=f" {person.email.upper()}", role=role
            ),
        ):
            with pytest.raises(Refusal) as refusal:
                give()
            assert refusal.value.code == "role-own"
    assert roles_on(person, TODAY) == before


def test_nobody_accepts_their_own_invitation_with_an_address_added_later(cast: Cast) -> None:
    with in_scope(cast):
        invitation = invite(cast, "second@example.org")
    EmailAddress.objects.create(user=cast.ada, email="second@example.org", verified=True)
    with pytest.raises(Refusal) as refusal:
        operations.accept_invitation(by=cast.actor(cast.ada), at=AT, code=code_of(invitation))
    assert refusal.value.code == "role-own"
    assert roles_on(cast.ada, TODAY) == {"institution-admin"}


def test_a_coordinator_ends_what_she_may_not_give(cast: Cast) -> None:
    with in_scope(cast):
        rogue = membership(cast, "rita", Role.REGISTRAR)
        operations.end_role(by=cast.actor(cast.carla), at=AT, membership_id=rogue.pk)
        operations.withdraw_invitation(by=cast.actor(cast.carla), at=AT, invitation_id=invite(cast).pk)
    assert roles_on(cast.rita, TODAY) == set()


def test_a_role_is_not_held_twice_at_a_time(cast: Cast) -> None:
    with pytest.raises(Refusal) as refusal:
        institutions.grant(cast.lakeside, Role.REGISTRAR, cast.rita)
    assert refusal.value.code == "role-already-held"
    with pytest.raises(IntegrityError), transaction.atomic(), scopes_disabled():
        Membership.objects.create(
            person=cast.rita, institution=cast.lakeside, role=Role.REGISTRAR, begins_on=TODAY, granted_at=AT
        )


@pytest.mark.parametrize(
    ("role", "begins", "ends", "code"),
    [
        ("boss", 0, None, "role-unknown"),
        ("author", 2, 1, "role-dates"),
        ("author", -9, -1, "role-dates"),
    ],
)
def test_a_wrong_role_or_time_is_refused(cast: Cast, role: str, begins: int, ends: int | None, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        operations.grant_role(
            by=cast.actor(cast.ada),
            at=AT,
            institution_id=cast.lakeside.pk,
            person_id=cast.leon.pk,
            role=role,
            begins_on=TODAY + begins * DAY,
            ends_on=None if ends is None else TODAY + ends * DAY,
        )
    assert refusal.value.code == code


def test_an_ended_role_holds_no_more_from_that_moment(cast: Cast) -> None:
    role = membership(cast, "rita", Role.REGISTRAR)
    with scope(institution=[cast.lakeside.pk]):
        operations.end_role(by=cast.actor(cast.ada), at=AT, membership_id=role.pk)
    assert roles_on(cast.rita, TODAY) == set()
    assert AuditRecord.objects.filter(action=Audit.ROLE_ENDED, subject_id=str(role.pk)).count() == 1
    institutions.grant(cast.lakeside, Role.REGISTRAR, cast.rita)
    assert roles_on(cast.rita, TODAY) == {"registrar"}


def test_the_last_administrator_stays(cast: Cast) -> None:
    last = membership(cast, "ada", Role.ADMIN)
    with scope(institution=[cast.lakeside.pk]):
        for who in (cast.ada, cast.carla):
            with pytest.raises(Refusal) as refusal:
                operations.end_role(by=cast.actor(who), at=AT, membership_id=last.pk)
            assert refusal.value.code == "last-administrator"
        operations.grant_role(
            by=cast.actor(cast.ada),
            at=AT,
            institution_id=cast.lakeside.pk,
            person_id=cast.anna.pk,
            role=Role.ADMIN,
            begins_on=TODAY + DAY,
        )
        with pytest.raises(Refusal):  # tomorrow's administrator does not help today
            operations.end_role(by=cast.actor(cast.ada), at=AT, membership_id=last.pk)
        operations.end_role(by=cast.actor(cast.ada), at=AT + DAY, membership_id=last.pk)


def test_another_institutions_officer_cannot_even_see_the_role(cast: Cast) -> None:
    role = membership(cast, "rita", Role.REGISTRAR)
    with scope(institution=[cast.hillside.pk]), pytest.raises(Membership.DoesNotExist):
        operations.end_role(by=cast.actor(cast.otto), at=AT, membership_id=role.pk)
    with scope(institution=[cast.lakeside.pk]), pytest.raises(NotPermitted):
        operations.end_role(by=cast.actor(cast.otto), at=AT, membership_id=role.pk)
    with pytest.raises(ScopeError):
        list(Membership.objects.all())


def invite(cast: Cast, email: str = "nina@example.org", *, at: dt.datetime = AT, **other: object) -> Invitation:
    return operations.invite(
        by=cast.actor(cast.ada),
        at=at,
        institution_id=cast.lakeside.pk,
        email=email,
        role=Role.AUTHOR,
        **other,  # type: ignore[arg-type]
    )


def code_of(invitation: Invitation) -> str:
    return queries.invitation_code(invitation.pk)


def in_scope(cast: Cast):  # type: ignore[no-untyped-def]
    return scope(institution=[cast.lakeside.pk])


def test_an_invitation_is_sent_in_its_language_and_gives_the_role(cast: Cast) -> None:
    now = timezone.now()
    with in_scope(cast):
        invitation = invite(cast, "Nina@Example.org", language="de", at=now)
    jobs.run_pending()
    (message,) = mail.outbox
    assert message.to == ["nina@example.org"]
    html = message.alternatives[0].content  # type: ignore[attr-defined]
    assert html.count('<span lang="en">University of Lakeside</span>') == 2  # who sends it, and what it says
    assert b"\nAuto-Submitted: auto-generated\n" in message.message().as_bytes()
    assert f"http://testserver/institutions/invitations/{code_of(invitation)}/" in message.body
    nina = accounts.person("Nina New")
    role = operations.accept_invitation(by=cast.actor(nina), at=now + DAY, code=code_of(invitation))
    assert (role.role, role.begins_on, role.granted_by_id) == ("author", (now + DAY).date(), cast.ada.pk)
    with scopes_disabled():
        stored = Invitation.objects.select_related("subject_key").get(pk=invitation.pk)
    assert (stored.accepted_by_id, stored.email) == (nina.pk, None)  # the address is not needed any more
    with pytest.raises(Refusal) as refusal:
        operations.accept_invitation(by=cast.actor(nina), at=now + DAY, code=code_of(invitation))
    assert refusal.value.code == "invitation-unknown"


def test_an_invitation_is_only_for_whoever_reads_mail_at_its_address(cast: Cast) -> None:
    with in_scope(cast):
        code = code_of(invite(cast))
    unproven = accounts.person("Nina New", proven=False)
    for person in (cast.mallory, unproven):
        with pytest.raises(Refusal) as refusal:
            operations.accept_invitation(by=cast.actor(person), at=AT, code=code)
        assert refusal.value.code == "invitation-other-address"
    with pytest.raises(NotPermitted):
        operations.accept_invitation(by=Actor.anonymous(), at=AT, code=code)


def test_an_invitation_ends_by_time_withdrawal_and_a_newer_one(cast: Cast) -> None:
    nina = accounts.person("Nina New")
    with in_scope(cast):
        late = invite(cast)  # sent long ago
        with pytest.raises(Refusal):
            operations.accept_invitation(by=cast.actor(nina), at=AT + 14 * DAY, code=code_of(late))
        withdrawn = invite(cast)  # replaces the earlier one
        with pytest.raises(Refusal):
            operations.accept_invitation(by=cast.actor(nina), at=AT, code=code_of(late))
        operations.withdraw_invitation(by=cast.actor(cast.ada), at=AT, invitation_id=withdrawn.pk)
        with pytest.raises(Refusal):
            operations.accept_invitation(by=cast.actor(nina), at=AT, code=code_of(withdrawn))


def test_a_withdrawn_invitation_is_not_sent(cast: Cast) -> None:
    now = timezone.now()
    with in_scope(cast):
        invitation = invite(cast, at=now)
        operations.withdraw_invitation(by=cast.actor(cast.ada), at=now, invitation_id=invitation.pk)
    jobs.run_pending()
    assert mail.outbox == []


@pytest.mark.parametrize("code", ["", "x", "A" * 22, "../", "é" * 22])
def test_a_guessed_code_opens_nothing(cast: Cast, code: str) -> None:
    assert queries.invitation_for(code) is None
    with pytest.raises(Refusal) as refusal:
        operations.accept_invitation(by=cast.actor(cast.leon), at=AT, code=code)
    assert refusal.value.code == "invitation-unknown"


def test_the_code_is_not_in_the_database(cast: Cast) -> None:
    with in_scope(cast):
        invitation = invite(cast)
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", code_of(invitation))
    with scopes_disabled():
        row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert code_of(invitation) not in repr(row)
    assert b"nina" not in repr(row).encode()


def test_only_who_may_give_a_role_invites_to_it(cast: Cast) -> None:
    for who in (cast.rita, cast.otto, cast.mallory):
        with in_scope(cast), pytest.raises(NotPermitted):
            operations.invite(
                by=cast.actor(who), at=AT, institution_id=cast.lakeside.pk, email="x@example.org", role=Role.AUTHOR
            )
    with in_scope(cast), pytest.raises(NotPermitted):
        operations.invite(
            by=cast.actor(cast.ada), at=AT, institution_id=cast.lakeside.pk, email="x@example.org", role="coordinator"
        )


def test_a_closed_account_gets_no_role_and_gives_up_its_records(cast: Cast) -> None:
    operations.claim_record(by=cast.actor(cast.leon), at=AT, learner_id=cast.leon_at_lakeside.pk, proof="address")
    accounts_operations.erase(by=cast.actor(cast.leon), at=AT, person_id=cast.leon.pk)
    jobs.run_pending()
    assert queries.records_of(cast.leon.pk) == []
    with pytest.raises(Refusal) as refusal:
        institutions.grant(cast.lakeside, Role.AUTHOR, cast.leon)
    assert refusal.value.code == "account-closed"
