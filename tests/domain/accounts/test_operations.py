"""Accounts: registering, changing, tokens, closing."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from openmcx.accounts import operations, queries
from openmcx.accounts.models import ApiToken, Person, Scope
from openmcx.accounts.operations import Audit
from openmcx.kernel.actors import Actor
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.models import AuditRecord
from tests.cast import Cast
from tests.factories import accounts

AT = dt.datetime(2026, 3, 3, 10, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def test_an_address_is_one_account_whatever_its_capitals(db: None) -> None:
    person = accounts.person("Pat Person", email=" Pat@Example.ORG ")
    assert person.email == "pat@example.org"
    assert queries.person_by_email("PAT@example.org") == person
    with pytest.raises(Refusal) as refusal:
        accounts.person("Other", email="pat@EXAMPLE.org")
    assert refusal.value.code == "email-taken"


def test_the_name_is_not_readable_in_the_table(db: None) -> None:
    person = accounts.person("Pat Person", email="somebody@example.org")
    assert queries.person(person.pk).name == "Pat Person"
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_person")
        assert "Pat" not in repr(cursor.fetchall())


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a b@example.org", f"{'x' * 250}@example.org"])
def test_what_is_no_address_is_refused(db: None, email: str) -> None:
    with pytest.raises(Refusal) as refusal:
        operations.register(by=Actor.system(), at=AT, email=email)
    assert refusal.value.code == "email-invalid"


def test_who_is_signed_in_registers_nobody(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        operations.register(by=cast.actor(cast.carla), at=AT, email="x@example.org")


def test_a_person_changes_only_their_own_account(cast: Cast) -> None:
    operations.change_profile(by=cast.actor(cast.leon), at=AT, person_id=cast.leon.pk, name=" Leon  L. ", language="fi")
    changed = queries.person(cast.leon.pk)
    assert (changed.name, changed.language) == ("Leon L.", "fi")
    for who in (cast.carla, cast.mallory, None):
        with pytest.raises(NotPermitted):
            operations.change_profile(by=cast.actor(who), at=AT, person_id=cast.leon.pk, name="Owned", language="en")
    program = Actor(person_id=cast.leon.pk, kind="api")
    with pytest.raises(NotPermitted):
        operations.change_profile(by=program, at=AT, person_id=cast.leon.pk, name="Owned", language="en")


def test_a_name_has_a_limit_and_an_unknown_language_becomes_the_nodes(cast: Cast) -> None:
    with pytest.raises(Refusal) as refusal:
        operations.change_profile(
            by=cast.actor(cast.leon), at=AT, person_id=cast.leon.pk, name="x" * 151, language="en"
        )
    assert refusal.value.code == "name-too-long"
    operations.change_profile(by=cast.actor(cast.leon), at=AT, person_id=cast.leon.pk, name="L", language="xx")
    assert queries.person(cast.leon.pk).language == "en"


def test_a_token_works_until_it_expires_for_what_it_may(cast: Cast) -> None:
    token, secret = accounts.token(cast.rita, "read", at=AT)
    assert secret.startswith("mcx_")
    actor = queries.actor_for_token(secret, needs=Scope.READ, at=AT)
    assert actor is not None
    assert (actor.kind, actor.person_id) == ("api", cast.rita.pk)
    assert actor.roles == cast.actor(cast.rita).roles
    assert queries.actor_for_token(secret, needs=Scope.ISSUE, at=AT) is None
    assert queries.actor_for_token(secret, needs=Scope.READ, at=AT + 299 * DAY) is not None
    assert queries.actor_for_token(secret, needs=Scope.READ, at=AT + 300 * DAY) is None
    assert queries.token_for(secret, at=AT) == token


def test_the_day_of_the_last_use_is_remembered_once_a_day(cast: Cast) -> None:
    token, secret = accounts.token(cast.rita, "read", at=AT)
    with CaptureQueriesContext(connection) as first:
        actor = operations.use_token(token=secret, needs=Scope.READ, at=AT)
    assert actor is not None
    token.refresh_from_db()
    assert token.last_used_on == AT.date()
    operations.use_token(token=secret, needs=Scope.READ, at=AT + DAY)
    token.refresh_from_db()
    assert token.last_used_on == (AT + DAY).date()
    assert operations.use_token(token=secret, needs=Scope.ISSUE, at=AT + 2 * DAY) is None
    token.refresh_from_db()
    assert token.last_used_on == (AT + DAY).date()
    assert len(first) <= 4


def test_only_the_digest_of_a_token_is_kept(cast: Cast) -> None:
    token, secret = accounts.token(cast.rita)
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in repr(row)
    assert secret[:8] == token.beginning
    rows = AuditRecord.objects.filter(action=Audit.TOKEN_CREATED)
    assert [row.data for row in rows] == [{"scopes": ["read"]}]


@pytest.mark.parametrize("secret", ["", "mcx_", "mcx_wrong", "Bearer mcx_x", "mcx_" + "x" * 5000, "mcx_\0"])
def test_a_guessed_token_is_nobody(cast: Cast, secret: str) -> None:
    accounts.token(cast.rita)
    assert queries.token_for(secret, at=AT) is None


def test_a_revoked_token_is_dead_at_once_and_only_its_person_revokes_it(cast: Cast) -> None:
    token, secret = accounts.token(cast.rita, at=AT)
    for who in (cast.mallory, cast.ada, None):
        with pytest.raises(NotPermitted):
            operations.revoke_token(by=cast.actor(who), at=AT, token_id=token.pk)
    operations.revoke_token(by=cast.actor(cast.rita), at=AT, token_id=token.pk)
    operations.revoke_token(by=cast.actor(cast.rita), at=AT + DAY, token_id=token.pk)
    assert queries.token_for(secret, at=AT) is None
    assert AuditRecord.objects.filter(action=Audit.TOKEN_REVOKED).count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scopes": []}, "token-scopes"),
        ({"scopes": ["read", "admin"]}, "token-scopes"),
        ({"expires_at": AT}, "token-expiry"),
        ({"expires_at": AT + 367 * DAY}, "token-expiry"),
        ({"label": " "}, "token-label"),
        ({"label": "x" * 81}, "token-label"),
    ],
)
def test_a_wrong_token_is_refused(cast: Cast, changes: dict[str, object], code: str) -> None:
    asked = {"label": "x", "scopes": ["read"], "expires_at": AT + DAY, **changes}
    with pytest.raises(Refusal) as refusal:
        operations.create_token(by=cast.actor(cast.rita), at=AT, **asked)  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_a_token_makes_no_tokens(cast: Cast) -> None:
    program = Actor(person_id=cast.rita.pk, kind="api")
    with pytest.raises(NotPermitted):
        operations.create_token(by=program, at=AT, label="x", scopes=["read"], expires_at=AT + DAY)


def test_there_is_a_limit_to_tokens(cast: Cast) -> None:
    ApiToken.objects.bulk_create(
        ApiToken(person=cast.rita, label="x", digest=bytes([n]) * 32, beginning="x", created_at=AT)
        for n in range(operations.MAX_TOKENS)
    )
    with pytest.raises(Refusal) as refusal:
        accounts.token(cast.rita)
    assert refusal.value.code == "too-many-tokens"


def test_a_closed_account_keeps_nothing_personal(cast: Cast) -> None:
    _token, secret = accounts.token(cast.leon, at=AT)
    operations.erase(by=cast.actor(cast.leon), at=AT, person_id=cast.leon.pk)
    person = queries.person(cast.leon.pk)
    assert (person.name, person.email, person.is_active) == (None, f"{person.pk}@erased.invalid", False)
    assert not EmailAddress.objects.filter(user=person).exists()
    assert queries.token_for(secret, at=AT) is None
    assert not person.has_usable_password()
    assert queries.person_by_email("leon@example.org") is None
    operations.erase(by=Actor.system(), at=AT + DAY, person_id=cast.leon.pk)
    assert AuditRecord.objects.filter(action=Audit.ERASED).count() == 1


def test_an_account_with_roles_is_not_closed(cast: Cast) -> None:
    with pytest.raises(Refusal) as refusal:
        operations.erase(by=cast.actor(cast.rita), at=AT, person_id=cast.rita.pk)
    assert refusal.value.code == "roles-held"
    with pytest.raises(NotPermitted):
        operations.erase(by=cast.actor(cast.mallory), at=AT, person_id=cast.leon.pk)


def test_the_database_lets_no_erased_person_sign_in(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=cast.leon.pk).update(erased_at=AT)


def test_an_account_grants_nothing_by_itself(cast: Cast) -> None:
    person = cast.carla
    assert (person.is_staff, person.is_superuser, person.has_perm("x"), person.has_module_perms("x")) == (False,) * 4


def test_only_proved_addresses_count(db: None) -> None:
    person = accounts.person("Pat", proven=False)
    assert not queries.has_verified(person.pk, person.email)
    EmailAddress.objects.create(user=person, email="Second@example.org", verified=True)
    assert queries.has_verified(person.pk, "SECOND@example.org ")
    assert queries.verified_addresses(person.pk) == ["second@example.org"]
