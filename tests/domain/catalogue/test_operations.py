"""Drafts are edited together, published for good, and withdrawn without breaking what refers to them."""

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from openmcx.catalogue import operations, queries
from openmcx.catalogue.mapping import content
from openmcx.catalogue.models import Specification, SpecificationVersion
from openmcx.catalogue.queries import SearchFilters
from openmcx.credentials.model import LangText, Participation
from openmcx.institutions.models import Institution, Role
from openmcx.kernel import events, jobs
from openmcx.kernel.actors import Actor
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.models import AuditRecord
from openmcx.kernel.scopes import scope
from tests.domain.catalogue.conftest import AT, somebody
from tests.factories import catalogue as make

LATER = AT + dt.timedelta(hours=1)
pytestmark = pytest.mark.django_db


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refusal) as refusal:
        yield
    assert refusal.value.code == code


def actions() -> list[str]:
    return list(
        AuditRecord.objects.filter(action__startswith="catalogue.").order_by("pk").values_list("action", flat=True)
    )


def saved(specification: Specification) -> Specification:
    row: Specification = Specification._base_manager.get(pk=specification.pk)
    return row


def save(by: Actor, specification: Specification, seen: Specification, **values: Any) -> operations.Saved:
    base = queries.element_digests(queries.draft_achievement(seen), values)
    return operations.save_elements(by=by, at=LATER, specification_id=specification.pk, values=values, base=base)


# --- beginning ------------------------------------------------------------------------------------------------------


def test_a_title_is_enough_to_begin(north: Institution, author: Actor) -> None:
    draft = operations.create(by=author, at=AT, institution_id=north.pk, title=LangText({"fi": "Robotiikka"}))
    achievement = queries.draft_achievement(saved(draft))
    assert achievement.title == {"fi": "Robotiikka"}
    assert achievement.awarding_body.name == {"en": "North University"}
    assert (saved(draft).languages, saved(draft).slug, saved(draft).published_number) == (["fi"], None, 0)
    assert queries.parties(draft.pk).owner == north.pk
    assert actions() == ["catalogue.specification.created"]


def test_an_import_gets_our_awarding_body(north: Institution) -> None:
    draft = make.specification(north.pk)
    achievement = queries.draft_achievement(saved(draft))
    assert achievement.awarding_body.name == {"en": "North University"}
    assert achievement.id == f"urn:uuid:{draft.pk}"
    assert saved(draft).languages == ["en", "de"]


def test_no_title_is_refused(north: Institution, author: Actor) -> None:
    with refused("title-missing"):
        operations.create(by=author, at=AT, institution_id=north.pk, title=LangText({"en": "  "}))


@pytest.mark.parametrize("role", ["learner", "coordinator"])
def test_others_may_not_begin(north: Institution, role: str) -> None:
    with pytest.raises(NotPermitted):
        operations.create(by=somebody(north, role), at=AT, institution_id=north.pk, title=LangText({"en": "X"}))


def test_another_institution_may_not_touch_it(north: Institution, otto: Actor, south: Institution) -> None:
    draft = make.specification(north.pk)
    attempts: list[Any] = [
        lambda: operations.create(by=otto, at=AT, institution_id=north.pk, title=LangText({"en": "X"})),
        lambda: save(otto, draft, draft, title=LangText({"en": "X"})),
        lambda: operations.add_language(by=otto, at=AT, specification_id=draft.pk, language="sv"),
        lambda: operations.remove_language(by=otto, at=AT, specification_id=draft.pk, language="de"),
        lambda: operations.publish(by=otto, at=AT, specification_id=draft.pk),
        lambda: operations.withdraw(by=otto, at=AT, specification_id=draft.pk, reason="x"),
        lambda: operations.list_again(by=otto, at=AT, specification_id=draft.pk),
        lambda: operations.discard_changes(by=otto, at=AT, specification_id=draft.pk, revision=1),
        lambda: operations.delete_draft(by=otto, at=AT, specification_id=draft.pk),
        lambda: operations.add_partner(by=otto, at=AT, specification_id=draft.pk, institution_id=south.pk),
        lambda: operations.remove_partner(by=otto, at=AT, specification_id=draft.pk, institution_id=north.pk),
    ]
    before = actions()
    for attempt in attempts:
        with pytest.raises(NotPermitted):
            attempt()
    assert actions() == before
    with scope(institution=[south.pk]):
        assert list(queries.drafts()) == []
        with pytest.raises(Specification.DoesNotExist):
            queries.draft(draft.pk)


# --- editing together -----------------------------------------------------------------------------------------------


def test_two_authors_of_different_elements_both_keep_their_work(north: Institution, author: Actor) -> None:
    draft = make.specification(north.pk)
    seen = saved(draft)
    save(author, draft, seen, description=LangText({"en": "Hers"}), need=queries.draft_achievement(seen).need)
    second = save(
        somebody(north, Role.REGISTRAR),
        draft,
        seen,
        description=queries.draft_achievement(seen).description,
        need=LangText({"en": "His"}),
    )
    assert second.changed == ("need",)
    achievement = queries.draft_achievement(saved(draft))
    assert (achievement.description, achievement.need) == ({"en": "Hers"}, {"en": "His"})
    assert saved(draft).revision == 3


def test_two_authors_of_the_same_element_meet_a_conflict_and_lose_nothing(north: Institution, author: Actor) -> None:
    draft = make.specification(north.pk)
    seen = saved(draft)
    save(author, draft, seen, description=LangText({"en": "Hers"}))
    with pytest.raises(operations.Conflict) as conflict:
        save(author, draft, seen, description=LangText({"en": "His"}), need=LangText({"en": "His need"}))
    assert conflict.value.elements == ("description",)
    assert queries.draft_achievement(saved(draft)).description == {"en": "Hers"}
    assert queries.draft_achievement(saved(draft)).need == queries.draft_achievement(seen).need
    save(author, draft, saved(draft), description=LangText({"en": "Both"}))
    assert queries.draft_achievement(saved(draft)).description == {"en": "Both"}


def test_the_same_text_from_two_authors_is_no_conflict(north: Institution, author: Actor) -> None:
    draft = make.specification(north.pk)
    seen = saved(draft)
    save(author, draft, seen, description=LangText({"en": "Same"}))
    assert save(author, draft, seen, description=LangText({"en": "Same"})).changed == ()
    assert saved(draft).revision == 2


def test_saving_nothing_new_is_not_recorded(north: Institution, author: Actor) -> None:
    draft = make.specification(north.pk)
    assert save(author, draft, draft, title=queries.draft_achievement(draft).title).changed == ()
    assert (saved(draft).revision, actions()) == (1, ["catalogue.specification.created"])


def test_the_order_of_languages_is_no_change(north: Institution, author: Actor) -> None:
    draft = make.specification(north.pk)
    title = queries.draft_achievement(draft).title
    turned = LangText(dict(reversed(list(title.items()))))
    assert list(turned) != list(title)
    assert save(author, draft, draft, title=turned).changed == ()


def test_an_element_that_does_not_exist_is_a_bug(north: Institution, author: Actor) -> None:
    draft = make.specification(north.pk)
    with pytest.raises(ValueError, match="awarding_body"):
        save(author, draft, draft, awarding_body=None)


def test_languages_come_and_go(north: Institution, author: Actor) -> None:
    draft = make.specification(north.pk)
    operations.add_language(by=author, at=AT, specification_id=draft.pk, language="fi")
    assert saved(draft).languages == ["en", "de", "fi"]
    operations.remove_language(by=author, at=AT, specification_id=draft.pk, language="de")
    achievement = queries.draft_achievement(saved(draft))
    assert saved(draft).languages == ["en", "fi"]
    assert "de" not in content.languages_of(achievement)
    assert achievement.title == {"en": "Collaborative robotics"}
    with refused("only-language"):
        operations.remove_language(by=author, at=AT, specification_id=draft.pk, language="en")


def test_the_last_language_stays(north: Institution, author: Actor) -> None:
    draft = operations.create(by=author, at=AT, institution_id=north.pk, title=LangText({"en": "X"}))
    with refused("last-language"):
        operations.remove_language(by=author, at=AT, specification_id=draft.pk, language="en")


# --- publishing -----------------------------------------------------------------------------------------------------


def test_publishing_makes_an_immutable_version(north: Institution, author: Actor) -> None:
    draft = make.specification(north.pk)
    version = operations.publish(by=author, at=LATER, specification_id=draft.pk, revision=1, change_note=" First. ")
    assert (version.slug, version.number, version.change_note) == ("collaborative-robotics", 1, "First.")
    achievement = queries.achievement(version)
    assert achievement.id == "http://testserver/catalogue/collaborative-robotics/v1/"
    assert achievement.version == "1"
    assert version.digest == content.digest(version.content)
    assert replace(achievement, id="", version="") == replace(
        queries.draft_achievement(saved(draft)), id="", version=""
    )
    assert not saved(draft).has_changes
    assert actions()[-1] == "catalogue.specification.published"
    for change in (
        "UPDATE catalogue_specificationversion SET number = 9",
        "DELETE FROM catalogue_specificationversion",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert SpecificationVersion.objects.get(pk=version.pk).number == 1


def test_a_published_version_is_told_to_other_apps(north: Institution) -> None:
    told: list[Any] = []

    def tell(event: Any, *, at: dt.datetime) -> None:
        told.append(event)

    from openmcx.catalogue.events import SpecificationPublished

    events.subscribe(SpecificationPublished, tell, name="tests.told")
    try:
        version = make.version(north.pk)
        jobs.run_pending()
    finally:
        events._handlers[SpecificationPublished.name].pop("tests.told")
    assert told == [SpecificationPublished(specification_id=version.specification_id, version_id=version.pk)]


@pytest.mark.parametrize(
    "missing",
    [
        ("outcomes",),
        ("workload_ects", "workload_hours"),
        ("contact_hours",),
        ("eqf_level", "nqf_levels", "cycle"),
        ("assessments",),
        ("participation",),
        ("quality_assurance",),
    ],
)
def test_a_missing_mandatory_element_prevents_publication(
    north: Institution, author: Actor, missing: tuple[str, ...]
) -> None:
    lists = ("outcomes", "assessments", "quality_assurance", "nqf_levels")
    draft = make.specification(north.pk, **{name: () if name in lists else None for name in missing})
    with pytest.raises(Refusal) as refusal:
        operations.publish(by=author, at=LATER, specification_id=draft.pk)
    assert refusal.value.code == "elements-missing"
    assert "1 mandatory element is missing" in str(refusal.value)
    assert not SpecificationVersion.objects.exists()


def test_registrars_edit_and_publish(north: Institution, registrar: Actor) -> None:
    draft = make.specification(north.pk)
    assert save(registrar, draft, draft, need=LangText({"en": "Other"})).changed == ("need",)
    assert operations.publish(by=registrar, at=LATER, specification_id=draft.pk).number == 1


def test_nothing_new_is_not_published_twice(north: Institution, author: Actor) -> None:
    version = make.version(north.pk)
    with refused("nothing-new"):
        operations.publish(by=author, at=LATER, specification_id=version.specification_id)


def test_what_was_looked_at_is_what_is_published(north: Institution, author: Actor) -> None:
    draft = make.specification(north.pk)
    save(author, draft, draft, need=LangText({"en": "Other"}))
    with pytest.raises(operations.Conflict):
        operations.publish(by=author, at=LATER, specification_id=draft.pk, revision=1)
    assert not SpecificationVersion.objects.exists()


def test_a_second_version_keeps_the_address_and_leaves_the_first_alone(north: Institution, author: Actor) -> None:
    first = make.version(north.pk)
    draft = saved(first.specification)
    save(author, draft, draft, title=LangText({"en": "Robotics, renamed"}), workload_ects=Decimal(4))
    second = operations.publish(by=author, at=LATER, specification_id=draft.pk)
    assert (second.slug, second.number) == (first.slug, 2)
    assert queries.achievement(second).workload_ects == 4
    assert queries.achievement(SpecificationVersion.objects.get(pk=first.pk)).workload_ects == 3
    assert queries.latest(first.slug) == second
    assert [entry.version for entry in queries.published()] == [second]


def test_equal_titles_get_different_addresses(north: Institution, south: Institution) -> None:
    slugs = [make.version(institution.pk).slug for institution in (north, south, north)]
    assert slugs == ["collaborative-robotics", "collaborative-robotics-2", "collaborative-robotics-3"]


def test_a_title_without_latin_letters_gets_an_address(north: Institution) -> None:
    assert make.version(north.pk, title=LangText({"el": "Ρομποτική"})).slug == "micro-credential"


def test_discarding_goes_back_to_the_last_version(north: Institution, author: Actor) -> None:
    version = make.version(north.pk)
    draft = saved(version.specification)
    save(author, draft, draft, need=LangText({"en": "Other"}))
    with pytest.raises(operations.Conflict):
        operations.discard_changes(by=author, at=LATER, specification_id=draft.pk, revision=1)
    operations.discard_changes(by=author, at=LATER, specification_id=draft.pk, revision=2)
    assert queries.draft_achievement(saved(draft)).need == queries.achievement(version).need
    assert not saved(draft).has_changes


def test_only_a_draft_that_was_never_published_is_deleted(north: Institution, author: Actor) -> None:
    draft, version = make.specification(north.pk), make.version(north.pk)
    operations.delete_draft(by=author, at=LATER, specification_id=draft.pk)
    with refused("published"):
        operations.delete_draft(by=author, at=LATER, specification_id=version.specification_id)
    assert list(Specification._base_manager.values_list("pk", flat=True)) == [version.specification_id]


# --- withdrawing ----------------------------------------------------------------------------------------------------


def test_withdrawing_hides_and_keeps(north: Institution, author: Actor) -> None:
    version = make.version(north.pk)
    operations.withdraw(by=author, at=LATER, specification_id=version.specification_id, reason="Replaced")
    assert list(queries.published()) == []
    assert list(queries.search("robotics")) == []
    assert list(queries.issuable([north.pk])) == []
    assert queries.version(version.slug, 1) == version
    entry = queries.entry(version.specification_id)
    assert entry is not None
    assert (entry.withdrawn_at, entry.withdrawal_reason) == (LATER, "Replaced")
    with refused("already-withdrawn"):
        operations.withdraw(by=author, at=LATER, specification_id=version.specification_id, reason="Again")
    operations.list_again(by=author, at=LATER, specification_id=version.specification_id)
    assert [found.version for found in queries.published()] == [version]
    with refused("not-withdrawn"):
        operations.list_again(by=author, at=LATER, specification_id=version.specification_id)


def test_a_reason_is_needed(north: Institution, author: Actor) -> None:
    version = make.version(north.pk)
    with refused("reason-missing"):
        operations.withdraw(by=author, at=LATER, specification_id=version.specification_id, reason=" ")


# --- partners -------------------------------------------------------------------------------------------------------


def test_a_partner_edits_and_the_owner_publishes(
    north: Institution, south: Institution, author: Actor, otto: Actor
) -> None:
    draft = make.specification(north.pk)
    operations.add_partner(by=author, at=AT, specification_id=draft.pk, institution_id=south.pk)
    with scope(institution=[south.pk, north.pk]):
        assert list(queries.drafts()) == [draft]
    assert save(otto, draft, draft, need=LangText({"en": "Ours"})).changed == ("need",)
    with pytest.raises(NotPermitted):
        operations.publish(by=otto, at=LATER, specification_id=draft.pk)
    with refused("owner"):
        operations.remove_partner(by=author, at=AT, specification_id=draft.pk, institution_id=north.pk)
    operations.remove_partner(by=author, at=AT, specification_id=draft.pk, institution_id=south.pk)
    with pytest.raises(NotPermitted):
        save(otto, draft, draft, need=LangText({"en": "Again"}))


# --- search ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", 2),
        ("ROBOTICS", 1),
        ("kollaborative", 1),
        ("okologie", 1),
        ("Ökologie", 1),
        ("design robots", 1),
        ("rob-301", 2),
        ("north", 1),
        ("robotics nothing", 0),
        ("100%", 0),
        ("_", 0),
        ("' OR 1=1 --", 0),
        ("\x00", 2),
    ],
)
def test_search_finds_words_in_any_language(north: Institution, south: Institution, text: str, found: int) -> None:
    make.version(north.pk)
    make.version(south.pk, title=LangText({"de": "Ökologie"}), outcomes=make.complete_achievement().outcomes[1:])
    assert queries.search(text).count() == found


def test_filters_narrow(north: Institution, south: Institution) -> None:
    robotics = make.version(north.pk)
    small = make.version(
        south.pk, workload_ects=Decimal(1), eqf_level=5, languages=("es",), participation=Participation.ONLINE
    )
    subject = make.complete_achievement().fields_of_study[0].iri
    expected: list[tuple[SearchFilters, list[SpecificationVersion]]] = [
        (SearchFilters(field=subject, sort="ects"), [small, robotics]),
        (SearchFilters(ects_from=Decimal(2)), [robotics]),
        (SearchFilters(ects_to=Decimal(1)), [small]),
        (SearchFilters(eqf_level=5), [small]),
        (SearchFilters(language="de"), [robotics]),
        (SearchFilters(participation="blended"), [robotics]),
        (SearchFilters(institution="south"), [small]),
        (SearchFilters(sort="-ects"), [robotics, small]),
    ]
    for filters, versions in expected:
        assert [entry.version for entry in queries.search("", filters)] == versions


def test_titles_come_first(north: Institution) -> None:
    elsewhere = make.version(north.pk, title=LangText({"en": "A first"}), description=LangText({"en": "about weaving"}))
    named = make.version(north.pk, title=LangText({"en": "Weaving"}))
    assert [entry.version for entry in queries.search("weaving")] == [named, elsewhere]


def test_what_a_database_cannot_store_is_refused_or_left_out(north: Institution, author: Actor) -> None:
    draft = make.specification(north.pk)
    with refused("null-character"):
        save(author, draft, draft, need=LangText({"en": "a\x00b"}))
    with refused("null-character"):
        make.specification(north.pk, title=LangText({"en": "\x00x"}))
    version = operations.publish(by=author, at=LATER, specification_id=draft.pk, change_note="a\x00b")
    assert version.change_note == "ab"
    assert list(queries.search("", SearchFilters(language="\x00"))) == []
    with refused("reason-missing"):
        operations.withdraw(by=author, at=LATER, specification_id=draft.pk, reason="\x00")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_authors_and_publishers_at_the_same_moment(north: Institution) -> None:
    """Four save different elements at once, then four publish at once: every text is kept, one version comes of it."""
    draft = make.specification(north.pk)
    names = ("need", "standards", "admission", "monitoring")
    seen = queries.draft_achievement(draft)
    together = threading.Barrier(len(names))

    def at_once(work: Any) -> list[str]:
        def run(name: str) -> str:
            try:
                together.wait()
                work(name)
            except Refusal as refusal:
                return refusal.code
            finally:
                connection.close()
            return "done"

        with ThreadPoolExecutor(len(names)) as pool:
            return sorted(pool.map(run, names))

    def edit(name: str) -> None:
        base = queries.element_digests(seen, [name])
        values = {name: LangText({"en": f"New {name}"})}
        operations.save_elements(by=Actor.system(), at=LATER, specification_id=draft.pk, values=values, base=base)

    def publish(_name: str) -> None:
        operations.publish(by=Actor.system(), at=LATER, specification_id=draft.pk)

    def publish_another(_name: str) -> None:
        make.version(north.pk, title=LangText({"en": "Same title"}))

    assert at_once(edit) == ["done"] * 4
    achievement = queries.draft_achievement(saved(draft))
    assert [getattr(achievement, name)["en"] for name in names] == [f"New {name}" for name in names]
    assert at_once(publish) == ["done", "nothing-new", "nothing-new", "nothing-new"]
    assert at_once(publish_another) == ["done"] * 4
    slugs = set(SpecificationVersion.objects.filter(slug__startswith="same").values_list("slug", flat=True))
    assert slugs == {"same-title", "same-title-2", "same-title-3", "same-title-4"}
