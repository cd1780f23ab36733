"""Learner records: made once, kept by the institution, claimed by the person."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openmcx.accounts import operations as account_operations
from openmcx.institutions import operations, queries
from openmcx.institutions.models import LearnerRecord
from openmcx.institutions.operations import Audit, LearnerData
from openmcx.kernel import audit, jobs, personal
from openmcx.kernel.actors import Actor
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.models import AuditRecord, SubjectKey
from openmcx.kernel.scopes import ScopeError, scope, scopes_disabled
from openmcx.kernel.slots import personal_data
from tests.cast import Cast
from tests.factories import accounts, institutions

AT = dt.datetime(2026, 3, 3, 10, 0, tzinfo=dt.UTC)


def data(number: int) -> LearnerData:
    return LearnerData(given_name=f"Given{number}", family_name="Family", email=f"learner{number}@example.org")


def record_many(cast: Cast, *numbers: int) -> list[LearnerRecord]:
    return operations.find_or_create_learners(
        by=cast.actor(cast.rita), at=AT, institution_id=cast.lakeside.pk, learners=[data(n) for n in numbers]
    )


def test_the_same_address_is_the_same_learner(cast: Cast) -> None:
    again = institutions.learner(cast.lakeside, "Leonhard", email=" LEON@example.org ")
    assert again == cast.leon_at_lakeside
    assert again.given_name == "Leon"
    assert institutions.learner(cast.hillside, email="leon@example.org") != again


def test_a_missing_date_of_birth_is_filled_in_and_a_known_one_kept(cast: Cast) -> None:
    (record,) = record_many(cast, 1)
    assert record.date_of_birth is None
    born = dt.date(2000, 2, 29)
    assert institutions.learner(cast.lakeside, email="learner1@example.org", date_of_birth=born).date_of_birth == born
    kept = institutions.learner(cast.lakeside, email="learner1@example.org", date_of_birth=dt.date(1990, 1, 1))
    assert kept.date_of_birth == born


def test_many_come_in_the_given_order_with_one_audit_row(cast: Cast) -> None:
    record_many(cast, 2)
    before = AuditRecord.objects.count()
    records = record_many(cast, 3, 2, 1, 3)
    assert [record.given_name for record in records] == ["Given3", "Given2", "Given1", "Given3"]
    assert AuditRecord.objects.count() == before + 1
    row = AuditRecord.objects.order_by("number").last()
    assert row is not None
    assert (row.action, row.data) == (Audit.LEARNERS_RECORDED, {"created": 2, "completed": 0})
    record_many(cast, 1, 2, 3)
    assert AuditRecord.objects.count() == before + 1


def test_known_learners_take_the_same_number_of_queries_however_many_they_are(cast: Cast) -> None:
    record_many(cast, *range(3))
    counts = []
    for numbers in (range(1), range(3)):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            record_many(cast, *numbers)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_is_personal_is_not_readable_in_the_table(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM institutions_learnerrecord")
        stored = repr(cursor.fetchall()).lower()
    for word in ("leon", "learner", "example.org", "1999"):
        assert word not in stored


def test_an_erased_learner_reads_as_nobody(cast: Cast) -> None:
    personal.erase(cast.leon_at_lakeside.subject_key, at=AT)
    with scopes_disabled():
        record = LearnerRecord.objects.select_related("subject_key").get(pk=cast.leon_at_lakeside.pk)
    assert (record.given_name, record.email, record.date_of_birth) == (None, None, None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"email": "nobody"}, "email-invalid"), ({"given_name": " ", "family_name": ""}, "learner-name-missing")],
)
def test_a_learner_needs_an_address_and_a_name(cast: Cast, changes: dict[str, str], code: str) -> None:
    keys = SubjectKey.objects.count()
    with pytest.raises(Refusal) as refusal:
        operations.find_or_create_learner(
            by=cast.actor(cast.rita),
            at=AT,
            institution_id=cast.lakeside.pk,
            learner=LearnerData(**{"given_name": "A", "family_name": "B", "email": "a@example.org", **changes}),
        )
    assert refusal.value.code == code
    assert SubjectKey.objects.count() == keys


@pytest.mark.parametrize("who", ["anna", "ada", "carla", "otto", "leon", "mallory", None])
def test_only_an_institutions_registrars_record_its_learners(cast: Cast, who: str | None) -> None:
    actor = cast.actor(getattr(cast, who) if who else None)
    with pytest.raises(NotPermitted):
        operations.find_or_create_learner(by=actor, at=AT, institution_id=cast.lakeside.pk, learner=data(1))
    with scopes_disabled(), pytest.raises(NotPermitted):
        operations.change_learner(
            by=actor,
            at=AT,
            learner_id=cast.leon_at_lakeside.pk,
            given_name="X",
            family_name="Y",
            date_of_birth=None,
            language="en",
        )


def test_another_institution_does_not_see_the_record(cast: Cast) -> None:
    with scope(institution=[cast.hillside.pk]):
        assert list(LearnerRecord.objects.all()) == []
    with pytest.raises(ScopeError):
        LearnerRecord.objects.count()


def test_a_record_is_corrected(cast: Cast) -> None:
    with scope(institution=[cast.lakeside.pk]):
        changed = operations.change_learner(
            by=cast.actor(cast.rita),
            at=AT,
            learner_id=cast.leon_at_lakeside.pk,
            given_name=" Léon ",
            family_name="Learner",
            date_of_birth=None,
            language="fi",
        )
    assert (changed.given_name, changed.language, changed.date_of_birth) == ("Léon", "fi", None)
    row = AuditRecord.objects.order_by("number").last()
    assert row is not None
    assert (row.action, row.data) == (Audit.LEARNER_CHANGED, {})


def test_a_person_claims_the_record_with_a_proved_address(cast: Cast) -> None:
    (about,) = queries.records_about(cast.leon.pk)
    assert (about.id, about.claimed) == (cast.leon_at_lakeside.pk, False)
    operations.claim_record(by=cast.actor(cast.leon), at=AT, learner_id=about.id, proof="address")
    assert [record.pk for record in queries.records_of(cast.leon.pk)] == [about.id]
    assert queries.records_about(cast.leon.pk)[0].claimed
    again = operations.claim_record(by=cast.actor(cast.leon), at=AT, learner_id=about.id, proof="address")
    assert again.claimed_at == AT


def test_nobody_claims_a_record_without_proof(cast: Cast) -> None:
    record = cast.leon_at_lakeside
    unproven = accounts.person("Leo Other", email="leo@example.org", proven=False)
    institutions.learner(cast.lakeside, "Leo", email="leo@example.org")
    assert queries.records_about(unproven.pk) == []
    assert queries.records_about(cast.mallory.pk) == []
    for actor in (cast.actor(cast.mallory), Actor.anonymous(), Actor.system()):
        with pytest.raises(NotPermitted):
            operations.claim_record(by=actor, at=AT, learner_id=record.pk, proof="address")


def test_a_link_alone_does_not_prove_who_somebody_is(cast: Cast) -> None:
    unproven = accounts.person("Leo Other", email="leo@example.org", proven=False)
    leo = institutions.learner(cast.lakeside, "Leo", email="leo@example.org")
    for who, record in ((cast.mallory, cast.leon_at_lakeside), (cast.rita, cast.leon_at_lakeside), (unproven, leo)):
        with pytest.raises(Refusal) as refusal:
            operations.claim_record(by=cast.actor(who), at=AT, learner_id=record.pk, proof="link")
        assert refusal.value.code == "record-other-address"
        assert queries.records_of(who.pk) == []
    operations.claim_record(by=cast.actor(cast.leon), at=AT, learner_id=cast.leon_at_lakeside.pk, proof="link")
    assert [record.pk for record in queries.records_of(cast.leon.pk)] == [cast.leon_at_lakeside.pk]


def test_a_claimed_record_is_not_claimed_by_somebody_else(cast: Cast) -> None:
    operations.claim_record(by=cast.actor(cast.leon), at=AT, learner_id=cast.leon_at_lakeside.pk, proof="link")
    EmailAddress.objects.filter(user=cast.leon).delete()
    EmailAddress.objects.create(user=cast.mallory, email="leon@example.org", verified=True)
    with pytest.raises(Refusal) as refusal:
        operations.claim_record(by=cast.actor(cast.mallory), at=AT, learner_id=cast.leon_at_lakeside.pk, proof="link")
    assert refusal.value.code == "record-claimed"


def test_a_registrar_releases_a_claimed_record(cast: Cast) -> None:
    record = cast.leon_at_lakeside
    operations.claim_record(by=cast.actor(cast.leon), at=AT, learner_id=record.pk, proof="address")
    for who in (cast.anna, cast.ada, cast.carla, cast.otto, cast.leon, cast.mallory):
        with scopes_disabled(), pytest.raises(NotPermitted):
            operations.release_learner(by=cast.actor(who), at=AT, learner_id=record.pk)
    with scope(institution=[cast.lakeside.pk]):
        for _ in range(2):
            released = operations.release_learner(by=cast.actor(cast.rita), at=AT, learner_id=record.pk)
            assert (released.person_id, released.claimed_at) == (None, None)
    assert queries.records_of(cast.leon.pk) == []
    row = AuditRecord.objects.get(action=Audit.LEARNER_RELEASED)
    assert (row.actor_id, row.data) == (cast.rita.pk, {"person": str(cast.leon.pk)})


def test_correcting_the_address_releases_the_record_unless_the_new_one_is_proved(cast: Cast) -> None:
    record = cast.leon_at_lakeside
    operations.claim_record(by=cast.actor(cast.leon), at=AT, learner_id=record.pk, proof="address")
    EmailAddress.objects.create(user=cast.leon, email="leon@second.example", verified=True)
    for email, kept in (("Leon@second.example", True), ("other@example.org", False)):
        with scope(institution=[cast.lakeside.pk]):
            operations.change_learner_email(by=cast.actor(cast.rita), at=AT, learner_id=record.pk, email=email)
        assert bool(queries.records_of(cast.leon.pk)) == kept, email
    assert AuditRecord.objects.filter(action=Audit.LEARNER_RELEASED).count() == 1


def test_an_erased_learner_is_unknown_and_may_come_anew(cast: Cast) -> None:
    record = cast.leon_at_lakeside
    operations.claim_record(by=cast.actor(cast.leon), at=AT, learner_id=record.pk, proof="address")
    with scope(institution=[cast.lakeside.pk]):
        operations.erase_learner(by=cast.actor(cast.rita), at=AT, learner_id=record.pk)
        operations.erase_learner(by=cast.actor(cast.ada), at=AT, learner_id=record.pk)  # changes nothing more
        index = queries.learner_email_index("leon@example.org")
        assert not LearnerRecord.objects.filter(email_index=index).exists()
        erased = LearnerRecord.objects.select_related("subject_key").get(pk=record.pk)
    values = (erased.given_name, erased.family_name, erased.date_of_birth, erased.email, erased.person_id)
    assert values == (None,) * 5
    assert queries.records_about(cast.leon.pk) == []
    assert AuditRecord.objects.filter(action=Audit.LEARNER_ERASED).count() == 1
    assert institutions.learner(cast.lakeside).pk != record.pk
    assert audit.verify().faults == ()


@pytest.mark.parametrize("who", ["anna", "carla", "otto", "leon", "mallory", None])
def test_only_registrars_and_administrators_erase_a_learner(cast: Cast, who: str | None) -> None:
    actor = cast.actor(getattr(cast, who) if who else None)
    with scopes_disabled(), pytest.raises(NotPermitted):
        operations.erase_learner(by=actor, at=AT, learner_id=cast.leon_at_lakeside.pk)


def test_no_token_erases_a_learner(cast: Cast) -> None:
    rita = cast.actor(cast.rita)
    program = Actor(person_id=rita.person_id, roles=rita.roles, kind="api")
    with scopes_disabled(), pytest.raises(NotPermitted):
        operations.erase_learner(by=program, at=AT, learner_id=cast.leon_at_lakeside.pk)


def test_the_records_of_institutions_outlive_a_closed_account(cast: Cast) -> None:
    operations.claim_record(by=cast.actor(cast.leon), at=AT, learner_id=cast.leon_at_lakeside.pk, proof="address")
    account_operations.erase(by=cast.actor(cast.leon), at=AT, person_id=cast.leon.pk)
    jobs.run_pending()
    with scope(institution=[cast.lakeside.pk]):
        record = LearnerRecord.objects.select_related("subject_key").get(pk=cast.leon_at_lakeside.pk)
    assert (record.given_name, record.email, record.person_id) == ("Leon", "leon@example.org", None)
    assert personal_data.ask(cast.leon.pk) == [[] for _ in personal_data.providers]


def test_what_is_held_of_a_person_can_be_listed(cast: Cast) -> None:
    operations.claim_record(by=cast.actor(cast.leon), at=AT, learner_id=cast.leon_at_lakeside.pk, proof="address")
    held = [each for answer in personal_data.ask(cast.leon.pk) for each in answer]
    values = {(each.source, name, value) for each in held for name, value in each.values}
    assert ("accounts", "email", "leon@example.org") in values
    assert ("institutions", "date_of_birth", "1999-04-05") in values
