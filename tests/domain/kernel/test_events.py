"""Events reach every handler at least once, and what fails is tried again and shown."""

import datetime as dt
import logging
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone

from openmcx.kernel import events, jobs
from openmcx.kernel.models import Delivery, OutboxEvent, Tick
from tests.fakes.kernel_tasks import NobodyListens, ThingHappened

pytestmark = pytest.mark.django_db
THING = UUID("0190d5b0-0000-7000-8000-000000000001")


class Handler:
    """Remembers what it is told, and fails as often as wanted."""

    def __init__(self, failures: int = 0, *, writes: bool = False) -> None:
        self.heard: list[ThingHappened] = []
        self.failures = failures
        self.writes = writes

    def __call__(self, event: ThingHappened, *, at: dt.datetime) -> None:
        self.heard.append(event)
        if self.writes:
            Tick.objects.create(name=f"heard {len(self.heard)}", due_at=at)
        if len(self.heard) <= self.failures:
            raise ZeroDivisionError("Zoë Example")


@pytest.fixture(autouse=True)
def _no_other_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(events._handlers, ThingHappened.name, {})


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


def subscribe(handler: Handler, name: str = "tests.listen") -> Handler:
    events.subscribe(ThingHappened, handler, name=name)
    return handler


def emit() -> None:
    with transaction.atomic():
        events.emit(ThingHappened(THING, 3))


def make_due() -> int:
    return events.enqueue_due(at=timezone.now() + dt.timedelta(days=1))


def test_every_handler_hears_the_event_once() -> None:
    first, second = subscribe(Handler()), subscribe(Handler(), "tests.listen-too")
    emit()
    assert jobs.run_pending() == 2
    assert first.heard == second.heard == [ThingHappened(THING, 3)]
    assert {(one.state, one.attempts) for one in Delivery.objects.all()} == {("done", 1)}


def test_an_event_that_is_rolled_back_did_not_happen() -> None:
    handler = subscribe(Handler())
    with transaction.atomic():
        events.emit(ThingHappened(THING))
        transaction.set_rollback(True)
    assert jobs.run_pending() == 0
    assert handler.heard == []
    assert OutboxEvent.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="in the transaction in which it happens"):
        events.emit(ThingHappened(THING))


def test_an_event_that_nobody_hears_leaves_no_row() -> None:
    with transaction.atomic():
        events.emit(NobodyListens(THING))
    assert OutboxEvent.objects.count() == 0


def test_a_task_that_is_delivered_twice_calls_the_handler_once() -> None:
    handler = subscribe(Handler())
    emit()
    delivery = Delivery.objects.get()
    events.deliver.enqueue(str(delivery.pk))
    assert jobs.run_pending() == 2
    assert len(handler.heard) == 1


def test_a_handler_that_fails_is_called_again_later() -> None:
    handler = subscribe(Handler(failures=2))
    emit()
    for _ in range(3):
        assert jobs.run_pending() == 1
        assert jobs.run_pending() == 0
        make_due()
    assert len(handler.heard) == 3
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("done", 3)
    assert make_due() == 0


def test_the_delay_grows() -> None:
    subscribe(Handler(failures=99))
    emit()
    delays = []
    for _ in range(4):
        jobs.run_pending()
        delays.append((Delivery.objects.get().due_at - timezone.now()).total_seconds())
        make_due()
    assert delays == sorted(delays)
    assert 3 < delays[0] < 7
    assert 30 < delays[3] < 50


def test_what_a_failing_handler_wrote_is_taken_back() -> None:
    subscribe(Handler(failures=1, writes=True))
    emit()
    jobs.run_pending()
    assert list(Tick.objects.filter(name__startswith="heard")) == []
    make_due()
    jobs.run_pending()
    assert [one.name for one in Tick.objects.filter(name__startswith="heard")] == ["heard 2"]


def test_one_handler_that_fails_does_not_hold_up_another() -> None:
    bad, good = subscribe(Handler(failures=99), "tests.bad"), subscribe(Handler(), "tests.good")
    emit()
    jobs.run_pending()
    assert (len(bad.heard), len(good.heard)) == (1, 1)


def test_what_always_fails_is_given_up_shown_and_can_be_tried_again() -> None:
    handler = subscribe(Handler(failures=99))
    emit()
    for _ in range(events.MAX_ATTEMPTS + 3):
        jobs.run_pending()
        make_due()
    assert len(handler.heard) == events.MAX_ATTEMPTS
    state = events.status()
    assert state.waiting == 0
    assert [(one.event, one.handler, one.fault) for one in state.given_up] == [
        ("tests.thing-happened", "tests.listen", "builtins.ZeroDivisionError")
    ]
    assert "Zoë" not in str(state)
    assert events.retry_given_up(at=timezone.now()) == 1
    make_due()
    jobs.run_pending()
    assert len(handler.heard) == events.MAX_ATTEMPTS + 1


def test_a_delivery_whose_task_went_missing_is_picked_up() -> None:
    handler = subscribe(Handler())
    emit()
    jobs.run_pending()
    Delivery.objects.update(state="waiting", due_at=timezone.now())
    handler.heard.clear()
    assert events.enqueue_due(at=timezone.now()) == 1
    assert events.enqueue_due(at=timezone.now()) == 0
    jobs.run_pending()
    assert len(handler.heard) == 1


def test_a_handler_that_is_not_there_any_more_is_shown() -> None:
    subscribe(Handler())
    emit()
    events._handlers[ThingHappened.name].clear()
    jobs.run_pending()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.fault) == ("waiting", "builtins.KeyError")


def test_subscribing_again_under_the_same_name_replaces() -> None:
    first, second = subscribe(Handler()), subscribe(Handler())
    emit()
    jobs.run_pending()
    assert (first.heard, len(second.heard)) == ([], 1)
    assert events.subscribers()["tests.thing-happened"] == ("tests.listen",)


def test_an_event_holds_ids_and_codes_only() -> None:
    subscribe(Handler())
    with pytest.raises(TypeError, match="ids and codes"), transaction.atomic():
        events.emit(ThingHappened(THING, count={"name": "Zoë"}))  # type: ignore[arg-type]


def test_names_of_events_are_unique_and_needed() -> None:
    with pytest.raises(TypeError, match="declared twice"):
        type("Other", (events.Event,), {"name": "tests.thing-happened", "__module__": "elsewhere"})
    with pytest.raises(TypeError, match="has no name"):
        type("Nameless", (events.Event,), {"__module__": "elsewhere"})


def test_delivered_events_are_cleared_and_others_kept() -> None:
    subscribe(Handler())
    emit()
    jobs.run_pending()
    failing: Any = subscribe(Handler(failures=99))
    emit()
    jobs.run_pending()
    assert failing.heard
    later = timezone.now() + dt.timedelta(seconds=1)
    assert events.clear_delivered(before=timezone.now() - dt.timedelta(days=1)) == 0
    assert events.clear_delivered(before=later) == 2
    assert OutboxEvent.objects.count() == 1
