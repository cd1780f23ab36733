"""First steps: done when they are really done, left and shown again, forgotten with the account."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from openmcx.accounts import operations as accounts_operations
from openmcx.institutions.models import Role
from openmcx.kernel import jobs
from openmcx.kernel.actors import Actor
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.models import AuditRecord
from openmcx.kernel.slots import personal_data
from openmcx.portal import operations, queries
from openmcx.portal.models import LegalKind, Tour, TourRole
from tests.cast import Cast
from tests.factories import catalogue, institutions, issuing
from tests.factories.portal import legal_text

pytestmark = pytest.mark.django_db


def done(cast: Cast, who: str, role: TourRole) -> set[str]:
    shown = queries.tour(cast.actor(getattr(cast, who)), role, at=timezone.now())
    assert shown is not None
    return {step.key for step in shown.steps if step.is_done}


@pytest.mark.parametrize(
    ("who", "roles"),
    [
        ("rita", ["registrar"]),
        ("anna", ["author"]),
        ("ada", ["institution-admin"]),
        ("carla", ["coordinator"]),
        ("mallory", ["learner"]),
        ("otto", ["registrar", "author", "institution-admin"]),
    ],
)
def test_everybody_is_shown_around_in_their_own_roles(cast: Cast, who: str, roles: list[str]) -> None:
    shown = queries.tours(cast.actor(getattr(cast, who)), at=timezone.now())
    assert [tour.role.value for tour in shown] == roles
    assert all(4 <= len(tour.steps) <= 6 for tour in shown)


def test_a_visitor_is_shown_nothing(cast: Cast) -> None:
    assert queries.tours(Actor.anonymous(), at=timezone.now()) == ()


def test_what_a_registrar_does_is_done(cast: Cast) -> None:
    assert done(cast, "rita", TourRole.REGISTRAR) == set()
    catalogue.version(cast.lakeside.pk)
    assert done(cast, "rita", TourRole.REGISTRAR) == {"published"}
    issuing.batch(cast.lakeside, by=cast.actor(cast.rita))
    assert {"upload", "mend"} <= done(cast, "rita", TourRole.REGISTRAR)


def test_what_colleagues_did_is_not_done_by_me(cast: Cast) -> None:
    issuing.batch(cast.lakeside)
    assert "upload" not in done(cast, "rita", TourRole.REGISTRAR)


def test_an_administrator_s_invitations_count(cast: Cast) -> None:
    # Rita and Anna hold their roles already; Ada is alone.
    assert done(cast, "ada", TourRole.ADMIN) == {"author", "registrar"}
    institutions.member(cast.lakeside, Role.ADMIN, "Second Administrator")
    assert done(cast, "ada", TourRole.ADMIN) == {"author", "registrar", "second"}


def test_a_coordinator_s_network_counts(cast: Cast) -> None:
    assert done(cast, "carla", TourRole.COORDINATOR) == {"members", "administrators"}
    for kind in LegalKind:
        legal_text(kind)
    assert done(cast, "carla", TourRole.COORDINATOR) == {"members", "administrators", "legal"}


def test_a_tour_is_left_and_shown_again_and_both_are_on_record(cast: Cast) -> None:
    rita, at = cast.actor(cast.rita), timezone.now()
    operations.leave_tour(by=rita, at=at, person_id=cast.rita.pk, role=TourRole.REGISTRAR)
    operations.leave_tour(by=rita, at=at + dt.timedelta(hours=1), person_id=cast.rita.pk, role=TourRole.REGISTRAR)
    assert queries.tours(rita, at=at) == ()
    assert [one.is_left for one in queries.tours(rita, at=at, with_left=True)] == [True]
    operations.show_tour(by=rita, at=at, person_id=cast.rita.pk, role=TourRole.REGISTRAR)
    assert [one.is_left for one in queries.tours(rita, at=at)] == [False]
    rows = AuditRecord.objects.filter(action__startswith="portal.").order_by("number")
    assert list(rows.values_list("action", "actor_id")) == [
        ("portal.tour.left", cast.rita.pk),
        ("portal.tour.shown", cast.rita.pk),
    ]


def test_only_what_the_node_cannot_see_is_ticked_off(cast: Cast) -> None:
    rita, at = cast.actor(cast.rita), timezone.now()

    def tick(step: str, *, is_done: bool = True) -> None:
        operations.tick_step(
            by=rita, at=at, person_id=cast.rita.pk, role=TourRole.REGISTRAR, step=step, is_done=is_done
        )

    tick("check")
    tick("check")
    assert done(cast, "rita", TourRole.REGISTRAR) == {"check"}
    tick("check", is_done=False)
    assert done(cast, "rita", TourRole.REGISTRAR) == set()
    for step in ("upload", "nonsense", ""):
        with pytest.raises(Refusal) as caught:
            tick(step)
        assert caught.value.code == "tour-step-unknown"
    deeds = AuditRecord.objects.filter(action__startswith="portal.tour.").order_by("number")
    assert list(deeds.values_list("action", "data")) == [
        ("portal.tour.ticked", {"role": "registrar", "step": "check"}),
        ("portal.tour.unticked", {"role": "registrar", "step": "check"}),
    ]


@pytest.mark.parametrize("who", ["mallory", "ada", "carla"])
def test_nobody_touches_somebody_else_s(cast: Cast, who: str) -> None:
    by, at = cast.actor(getattr(cast, who)), timezone.now()
    with pytest.raises(NotPermitted):
        operations.leave_tour(by=by, at=at, person_id=cast.rita.pk, role=TourRole.REGISTRAR)
    with pytest.raises(NotPermitted):
        operations.tick_step(by=by, at=at, person_id=cast.rita.pk, role=TourRole.REGISTRAR, step="check", is_done=True)
    assert not Tour.objects.exists()


def test_it_is_among_what_is_held_and_goes_with_the_account(cast: Cast) -> None:
    leon, at = cast.actor(cast.leon), timezone.now()
    operations.tick_step(by=leon, at=at, person_id=cast.leon.pk, role=TourRole.LEARNER, step="check", is_done=True)
    operations.leave_tour(by=leon, at=at, person_id=cast.leon.pk, role=TourRole.LEARNER)
    (held,) = [one for found in personal_data.ask(cast.leon.pk) for one in found if one.source == "portal"]
    assert (held.label, dict(held.values)["ticked"]) == ("First steps: Learner", "check")
    with transaction.atomic():
        accounts_operations.erase(by=leon, at=at, person_id=cast.leon.pk)
    jobs.run_pending()
    assert not Tour.objects.filter(person_id=cast.leon.pk).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_steps_cost_the_same_for_one_draft_and_three(cast: Cast, count: int, django_assert_max_num_queries) -> None:
    for _each in range(count):
        catalogue.specification(cast.lakeside.pk)
    with django_assert_max_num_queries(8):
        queries.tours(cast.actor(cast.anna), at=timezone.now())
