"""Ids, refusals, actors, scopes, slots, texts in languages, triggers, the log."""

import logging
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from openmcx.credentials.model import LangText
from openmcx.kernel import logs, triggers
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.fields import LangTextField
from openmcx.kernel.ids import SECRET_LENGTH, new_id, new_secret
from openmcx.kernel.scopes import ScopedManager, ScopeError, scope, scopes_disabled
from openmcx.kernel.slots import Slot, document_at, local_document
from tests.fakes.things.models import Ledger, Owned, Poster, Shared, SharedParty

HERE, THERE, ELSEWHERE = uuid4(), uuid4(), uuid4()


# --- ids ----------------------------------------------------------------------------------------------------------


def test_ids_sort_by_time_and_are_of_version_7() -> None:
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)
    assert {one.version for one in made} == {7}
    assert {type(one) for one in made} == {UUID}


def test_secrets_fit_into_an_address_and_differ() -> None:
    made = {new_secret() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(one) for one in made} == {SECRET_LENGTH}
    assert all(one.replace("-", "").replace("_", "").isalnum() for one in made)


# --- refusals and actors ------------------------------------------------------------------------------------------


def test_a_refusal_speaks_the_readers_language() -> None:
    refusal = Refusal("name-missing", _("German"))
    with translation.override("de"):
        assert str(refusal) == "Deutsch"
    with translation.override("en"):
        assert str(refusal) == "German"
    assert refusal.code == "name-missing"


def test_a_refusal_names_its_values() -> None:
    assert str(Refusal("full", "%(name)s is 100 %% full.", name="The list")) == "The list is 100 % full."
    assert str(Refusal("full", "It is 100 % full.")) == "It is 100 % full."


def test_require_stops_who_may_not() -> None:
    require(condition=True)
    with pytest.raises(NotPermitted) as caught:
        require(condition=False)
    assert caught.value.code == "not-permitted"
    assert str(caught.value)


def test_an_actor_holds_what_was_granted_and_no_more() -> None:
    actor = Actor(person_id=uuid4(), roles=frozenset({(HERE, "registrar"), (THERE, "author")}), kind="person")
    assert actor.holds("registrar", HERE)
    assert not actor.holds("registrar", THERE)
    assert not actor.holds("author", HERE)
    assert actor.institutions() == {HERE, THERE}
    assert actor.institutions("author") == {THERE}
    assert actor.holds_anywhere("author")
    assert not actor.holds_anywhere("coordinator")
    assert actor.is_signed_in
    assert not actor.is_system


def test_actors_without_a_person() -> None:
    assert Actor.system().is_system
    assert not Actor.anonymous().is_signed_in
    assert Actor.anonymous().institutions() == frozenset()


@pytest.mark.parametrize(
    "contradiction",
    [
        {"kind": "person"},
        {"kind": "api"},
        {"kind": "system", "person_id": uuid4()},
        {"kind": "anonymous", "person_id": uuid4()},
        {"kind": "anonymous", "roles": frozenset({(HERE, "registrar")})},
    ],
)
def test_an_actor_that_contradicts_itself_is_refused(contradiction: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="actor"):
        Actor(**contradiction)


# --- scopes -------------------------------------------------------------------------------------------------------


@pytest.fixture
def owned(db: None) -> None:
    with scopes_disabled():
        for institution in (HERE, THERE):
            Owned.objects.create(institution=institution)
        both, theirs = Shared.objects.create(title="both"), Shared.objects.create(title="theirs")
        for shared, institution in [(both, HERE), (both, THERE), (theirs, THERE)]:
            SharedParty.objects.create(shared=shared, institution=institution, role="owner")


def test_a_query_outside_a_scope_raises(owned: None) -> None:
    for ask in (Owned.objects.count, Owned.objects.first, lambda: list(Shared.objects.all())):
        with pytest.raises(ScopeError):
            ask()


def test_a_query_sees_its_own_institutions(owned: None) -> None:
    with scope(institution=[HERE]):
        assert [one.institution for one in Owned.objects.all()] == [HERE]
        assert [str(one) for one in Shared.objects.all()] == ["both"]
        assert not Shared.objects.filter(title="theirs").exists()


def test_a_row_with_two_of_my_parties_comes_once(owned: None) -> None:
    with scope(institution=[HERE, THERE]):
        assert sorted(str(one) for one in Shared.objects.all()) == ["both", "theirs"]
        assert Shared.objects.count() == 2


def test_a_row_found_through_parties_can_be_locked_and_changed(owned: None) -> None:
    with scope(institution=[HERE, THERE]), transaction.atomic():
        assert Shared.objects.select_for_update().get(title="both").title == "both"
        assert Shared.objects.filter(title="both").update(title="ours") == 1


def test_nobodys_scope_is_empty(owned: None) -> None:
    for nobody in ([], [ELSEWHERE]):
        with scope(institution=nobody):
            assert (Owned.objects.count(), Shared.objects.count()) == (0, 0)


def test_scopes_nest_and_close(owned: None) -> None:
    with scope(institution=[HERE]):
        with scopes_disabled():
            assert Owned.objects.count() == 2
        with scope(institution=[THERE]):
            assert [one.institution for one in Owned.objects.all()] == [THERE]
        assert [one.institution for one in Owned.objects.all()] == [HERE]
    with pytest.raises(ScopeError):
        Owned.objects.count()


def test_the_scope_of_nothing_is_not_the_scope_of_everything(owned: None) -> None:
    import django_scopes

    with django_scopes.scope(institution=None), pytest.raises(ScopeError, match="collection"):
        Owned.objects.count()


def test_related_rows_are_reached_through_the_object(owned: None) -> None:
    with scope(institution=[HERE]):
        assert Shared.objects.get(title="both").parties.count() == 2


def test_a_manager_is_a_manager() -> None:
    from django.db import models

    assert isinstance(ScopedManager(institution="institution"), models.Manager)


# --- slots --------------------------------------------------------------------------------------------------------


def test_a_slot_asks_everyone_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Slot, "declared", {})
    slot: Slot[int, str] = Slot("tests.numbers", "What do you say to this number?")
    assert slot.ask(1) == []
    slot.register(lambda number: f"a{number}", name="first")
    slot.register(lambda number: f"b{number}", name="second")
    assert slot.ask(7) == ["a7", "b7"]
    slot.register(lambda number: f"c{number}", name="first")
    assert slot.ask(7) == ["c7", "b7"]
    assert slot.providers == ("first", "second")


def test_a_slot_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        Slot(local_document.name, "Again")


def test_the_first_that_knows_a_local_document_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        local_document,
        "_providers",
        {"none": lambda url: None, "some": lambda url: url.encode(), "more": lambda url: b""},
    )
    assert document_at("https://node.example/x") == b"https://node.example/x"
    monkeypatch.setattr(local_document, "_providers", {"none": lambda url: None})
    assert document_at("https://node.example/x") is None


# --- texts in languages -------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (LangText({"en": "Robotics", "de": "Robotik"}), {"en": "Robotics", "de": "Robotik"}),
        ({"fi": "Robotiikka"}, {"fi": "Robotiikka"}),
        ("Robotics", {"und": "Robotics"}),
        (LangText(), {}),
    ],
)
def test_a_text_in_languages_comes_back(given: Any, kept: dict[str, str]) -> None:
    poster = Poster.objects.create(title=given)
    assert poster.title == LangText(kept)
    loaded = Poster.objects.get().title
    assert (type(loaded), list(loaded.items())) == (LangText, list(kept.items()))  # in the order written


@pytest.mark.django_db
def test_a_text_in_languages_is_found_and_empty_at_first() -> None:
    Poster.objects.create(title={"de": "Robotik"})
    assert Poster.objects.filter(title__de="Robotik").count() == 1
    assert Poster().title == LangText()


@pytest.mark.parametrize("wrong", [{"not a tag": "x"}, {"en": 5}, 5, ["en"]])
def test_what_is_no_text_in_languages_is_refused(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        LangTextField().to_python(wrong)


# --- triggers -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_append_only_row_changes_only_where_it_may() -> None:
    row = Ledger.objects.create(text="kept", note="first")
    Ledger.objects.update(note="second")
    for tamper in (
        lambda: Ledger.objects.update(text="changed"),
        lambda: Ledger.objects.update(text=None),
        lambda: Ledger.objects.update(text="changed", note="third"),
        lambda: Ledger.objects.update(id=row.pk + 1),
        lambda: Ledger.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="things_ledger is append-only"), transaction.atomic():
            tamper()
    row.refresh_from_db()
    assert (row.text, row.note) == ("kept", "second")


@pytest.mark.django_db
def test_an_empty_value_cannot_be_filled_later() -> None:
    Ledger.objects.create(text=None, note="")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Ledger.objects.update(text="filled")


@pytest.mark.postgresql
@pytest.mark.django_db
def test_an_append_only_table_cannot_be_emptied() -> None:
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE things_ledger")


@pytest.mark.parametrize("name", ["a; DROP TABLE b", "A", "", "1a", 'a"b'])
def test_only_plain_names_become_triggers(name: str) -> None:
    with pytest.raises(ValueError, match="plain"):
        triggers.append_only(name)
    with pytest.raises(ValueError, match="plain"):
        triggers.append_only("a", allow_columns=[name])


class Editor:
    """Stands for the schema editor, which SQLite opens only outside of transactions."""

    connection = connection


@pytest.mark.django_db
def test_a_trigger_for_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no column nothing"):
        triggers._statements(Editor(), "things_ledger", ("nothing",))  # type: ignore[arg-type]


# --- the log ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("GET /c/Ab3dEf6hIj9lMn2pQr5tUv/ 500", "GET /c/[hidden]/ 500"),
        ("/claim?token=Ab3dEf6hIj9lMn2pQr5tUv&x=1", "/claim?token=[hidden]&x=1"),
        ("GET /accounts/password/reset/key/01a2-dieza-9f0c/ 200", "GET /accounts/password/reset/key/[hidden]/ 200"),
        ("/status/0190d5b0-0000-7000-8000-000000000001", "/status/0190d5b0-0000-7000-8000-000000000001"),
        ("/catalogue/introduction-to-robotics/", "/catalogue/introduction-to-robotics/"),
        ("nothing secret here", "nothing secret here"),
    ],
)
def test_the_log_hides_secrets_in_addresses(message: str, shown: str) -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s", (message,), None)
    assert logs.HideSecrets().filter(record)
    assert record.getMessage() == shown


def test_the_log_hides_every_secret_we_make() -> None:
    assert {logs.hide(f"/c/{new_secret()}/") for _place in range(2000)} == {"/c/[hidden]/"}
