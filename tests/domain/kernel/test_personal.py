"""Personal values are unreadable in the database, and gone when their key is destroyed."""

import datetime as dt
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection
from django.db.models import F
from django.utils import timezone

from openmcx.kernel import personal, vault
from tests.fakes.things.models import Portrait

pytestmark = pytest.mark.django_db
VALUES: dict[str, Any] = {
    "name": "Zoë Łukasiewicz 王",
    "born_on": dt.date(1999, 12, 31),
    "notes": {"grades": [1, 2.5, None], "text": "é"},
    "scan": b"\x00\xff\x00",
}


@pytest.fixture
def portrait() -> Portrait:
    return Portrait.objects.create(subject_key=personal.new_subject_key(), **VALUES)


def column(portrait: Portrait, name: str) -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {name} FROM things_portrait WHERE id = %s",
            [portrait.pk if connection.vendor == "postgresql" else portrait.pk.hex],
        )
        value = cursor.fetchone()[0]
    return None if value is None else bytes(value)


def put(portrait: Portrait, name: str, value: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE things_portrait SET {name} = %s WHERE id = %s",
            [value, portrait.pk if connection.vendor == "postgresql" else portrait.pk.hex],
        )


@pytest.mark.parametrize("name", sorted(VALUES))
def test_values_come_back_as_they_were(portrait: Portrait, name: str) -> None:
    assert getattr(portrait, name) == VALUES[name]
    assert getattr(Portrait.objects.get(), name) == VALUES[name]


def test_an_absent_value_stays_absent(portrait: Portrait) -> None:
    assert Portrait.objects.get().alias is None
    assert column(portrait, "alias") is None


@pytest.mark.parametrize("value", ["", " ", "x" * 100_000])
def test_any_text_comes_back(portrait: Portrait, value: str) -> None:
    portrait.alias = value
    portrait.save()
    assert Portrait.objects.get().alias == value


def test_the_column_tells_nothing(portrait: Portrait) -> None:
    stored = column(portrait, "name")
    assert stored is not None
    assert b"Zo" not in stored
    other = Portrait.objects.create(subject_key=portrait.subject_key, name=VALUES["name"])
    assert column(other, "name") != stored


def test_an_erased_key_leaves_nothing(portrait: Portrait) -> None:
    personal.erase(portrait.subject_key, at=timezone.now())
    fresh = Portrait.objects.select_related("subject_key").get()
    assert [getattr(fresh, name) for name in VALUES] == [None] * len(VALUES)
    assert fresh.subject_key.wrapped_key is None
    assert fresh.subject_key.erased_at is not None


def test_an_object_that_is_held_forgets_with_its_key(portrait: Portrait) -> None:
    held = Portrait.objects.get()
    personal.erase(held.subject_key, at=timezone.now())
    assert held.name is None


def test_erasing_one_person_leaves_the_others(portrait: Portrait) -> None:
    other = Portrait.objects.create(subject_key=personal.new_subject_key(), name="Other")
    personal.erase(portrait.subject_key, at=timezone.now())
    assert Portrait.objects.get(pk=other.pk).name == "Other"


def test_erasing_twice_keeps_the_first_time(portrait: Portrait) -> None:
    first = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    personal.erase(portrait.subject_key, at=first)
    personal.erase(personal.SubjectKey.objects.get(), at=timezone.now())
    assert personal.SubjectKey.objects.get().erased_at == first


def test_nothing_is_written_for_an_erased_person(portrait: Portrait) -> None:
    personal.erase(portrait.subject_key, at=timezone.now())
    fresh = Portrait.objects.get()
    fresh.name = "Again"
    with pytest.raises(FieldError, match="key is erased"):
        fresh.save()


def test_saving_an_erased_person_keeps_the_row_as_it_is(portrait: Portrait) -> None:
    stored = column(portrait, "name")
    personal.erase(portrait.subject_key, at=timezone.now())
    fresh = Portrait.objects.get()
    assert fresh.name is None
    fresh.save()
    assert column(portrait, "name") == stored


def test_a_value_does_not_open_in_another_row(portrait: Portrait) -> None:
    other = Portrait.objects.create(subject_key=portrait.subject_key, name="Other")
    stored = column(other, "name")
    assert stored is not None
    put(portrait, "name", stored)
    with pytest.raises(vault.VaultError, match="changed or moved"):
        _ = Portrait.objects.get(pk=portrait.pk).name


def test_a_value_does_not_open_in_another_column(portrait: Portrait) -> None:
    stored = column(portrait, "name")
    assert stored is not None
    put(portrait, "alias", stored)
    with pytest.raises(vault.VaultError):
        _ = Portrait.objects.get().alias


def test_a_changed_value_does_not_open(portrait: Portrait) -> None:
    stored = column(portrait, "name")
    assert stored is not None
    put(portrait, "name", stored[:-1] + bytes([stored[-1] ^ 1]))
    with pytest.raises(vault.VaultError):
        _ = Portrait.objects.get().name


@pytest.mark.parametrize("value", [b"", b"\x01", b"\x02" + bytes(40)])
def test_a_value_of_another_form_does_not_open(portrait: Portrait, value: bytes) -> None:
    put(portrait, "name", value)
    with pytest.raises(vault.VaultError, match="unknown form"):
        _ = Portrait.objects.get().name


def test_another_master_key_opens_nothing(portrait: Portrait, settings: Any) -> None:
    settings.OPENMCX_MASTER_KEY = bytes(32)
    with pytest.raises(vault.VaultError, match="master key"):
        _ = Portrait.objects.get().name


def test_a_key_does_not_open_in_place_of_another(portrait: Portrait) -> None:
    other = personal.new_subject_key()
    personal.SubjectKey.objects.filter(pk=other.pk).update(wrapped_key=portrait.subject_key.wrapped_key)
    Portrait.objects.update(subject_key=other)
    with pytest.raises(vault.VaultError):
        _ = Portrait.objects.get().name


def test_saving_what_was_not_read_changes_nothing(portrait: Portrait) -> None:
    stored = column(portrait, "name")
    Portrait.objects.get().save()
    assert column(portrait, "name") == stored


def test_a_deferred_value_is_fetched_and_opened(portrait: Portrait) -> None:
    assert Portrait.objects.only("id").get().name == VALUES["name"]
    assert Portrait.objects.defer("name").get().name == VALUES["name"]


def test_many_are_created_at_once() -> None:
    key = personal.new_subject_key()
    Portrait.objects.bulk_create(Portrait(subject_key=key, name=f"Person {place}") for place in range(3))
    assert sorted(one.name for one in Portrait.objects.all()) == ["Person 0", "Person 1", "Person 2"]


@pytest.mark.parametrize(
    "search",
    [{"name": "Zoë"}, {"name__contains": "Z"}, {"name__in": ["Z"]}, {"notes__grades": 1}, {"name": F("alias")}],
)
def test_searching_is_refused(portrait: Portrait, search: dict[str, Any]) -> None:
    with pytest.raises(FieldError, match="cannot be searched"):
        Portrait.objects.filter(**search).count()


def test_asking_whether_there_is_a_value_is_not(portrait: Portrait) -> None:
    assert Portrait.objects.filter(name__isnull=False, alias__isnull=True).count() == 1


def test_writing_past_the_key_is_refused(portrait: Portrait) -> None:
    with pytest.raises(FieldError, match="write it with save"):
        Portrait.objects.update(name="Plain")
    portrait.name = "Plain"
    with pytest.raises(FieldError, match="write it with save"):
        Portrait.objects.bulk_update([portrait], ["name"])


def test_values_are_not_written_into_fixtures(portrait: Portrait) -> None:
    with pytest.raises((FieldError, serializers.base.SerializationError)):
        serializers.serialize("json", Portrait.objects.all())


def test_a_row_without_a_key_is_refused() -> None:
    with pytest.raises(Exception, match="subject_key"):
        Portrait(name="Nobody").save()


def test_a_list_is_read_with_one_query(django_assert_num_queries: Any) -> None:
    for place in range(5):
        Portrait.objects.create(subject_key=personal.new_subject_key(), name=f"Person {place}")
    with django_assert_num_queries(1):
        names = [one.name for one in Portrait.objects.select_related("subject_key")]
    assert len(names) == 5


def test_a_blind_index_finds_and_does_not_tell() -> None:
    found = personal.blind_index("ada@example.org", purpose="e-mail")
    assert found == personal.blind_index("ada@example.org", purpose="e-mail")
    assert found != personal.blind_index("Ada@example.org", purpose="e-mail")
    assert found != personal.blind_index("ada@example.org", purpose="number")
    assert found != personal.blind_index("eda@example.org", purpose="e-mail")
    assert len(found) == 32


def test_a_wrong_type_is_refused(portrait: Portrait) -> None:
    portrait.name = 5  # type: ignore[assignment]
    with pytest.raises(TypeError, match="must be a string"):
        portrait.save()


def test_the_vault_binds_to_purpose_and_place() -> None:
    sealed = vault.seal(b"secret", purpose="signing-key", context="a")
    assert vault.unseal(sealed, purpose="signing-key", context="a") == b"secret"
    for purpose, context in [("signing-key", "b"), ("other", "a")]:
        with pytest.raises(vault.VaultError):
            vault.unseal(sealed, purpose=purpose, context=context)
