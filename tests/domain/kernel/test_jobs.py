"""Background work: nothing is lost, nothing is done twice, and what cannot be done is shown."""

import datetime as dt
import logging
import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from openmcx.kernel import jobs
from openmcx.kernel.jobs import engine as engines
from openmcx.kernel.jobs import ticker
from openmcx.kernel.jobs.worker import run_one
from openmcx.kernel.models import Tick
from tests.fakes import kernel_tasks
from tests.queue import make_due

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _forget() -> None:
    kernel_tasks.seen.clear()


@pytest.fixture
def recurring(monkeypatch: pytest.MonkeyPatch) -> None:
    """No recurring functions but those of the test."""
    monkeypatch.setattr(ticker, "_entries", {})
    monkeypatch.setattr(ticker, "_looks_at", {})


def test_tasks_run_in_the_order_of_their_coming() -> None:
    for text in "abc":
        kernel_tasks.note.enqueue(text)
    assert jobs.run_pending() == 3
    assert kernel_tasks.seen == ["a", "b", "c"]


def test_a_task_that_enqueues_others_is_followed() -> None:
    kernel_tasks.enqueue_more.enqueue(2)
    assert jobs.run_pending() == 3
    assert kernel_tasks.seen == ["more 0", "more 1"]


def test_the_more_urgent_task_runs_first() -> None:
    kernel_tasks.note.enqueue("later")
    kernel_tasks.note.using(priority=50).enqueue("sooner")
    jobs.run_pending()
    assert kernel_tasks.seen == ["sooner", "later"]


def test_a_task_for_later_waits() -> None:
    kernel_tasks.note.using(run_after=timezone.now() + dt.timedelta(hours=1)).enqueue("later")
    assert jobs.run_pending() == 0
    assert jobs.status(at=timezone.now()).waiting == 1


def test_a_task_of_a_transaction_that_is_rolled_back_is_gone() -> None:
    with transaction.atomic():
        kernel_tasks.note.enqueue("never")
        transaction.set_rollback(True)
    assert jobs.run_pending() == 0


def test_a_task_that_raises_waits_and_runs_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    kernel_tasks.note_attempt.enqueue()
    assert jobs.run_pending() == 1
    assert jobs.run_pending() == 0
    state = jobs.status(at=timezone.now())
    assert (state.waiting, state.running, state.failed) == (1, 0, ())
    make_due()
    assert jobs.run_pending() == 1
    assert kernel_tasks.seen == ["attempt 1", "attempt 2"]
    assert jobs.status(at=timezone.now()).waiting == 0


def test_a_task_that_always_raises_is_given_up_and_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    kernel_tasks.fail.enqueue("x")
    for _ in range(jobs.MAX_ATTEMPTS + 2):
        jobs.run_pending()
        make_due()
    assert kernel_tasks.seen == ["x"] * jobs.MAX_ATTEMPTS
    state = jobs.status(at=timezone.now())
    assert (state.waiting, state.running, len(state.failed)) == (0, 0, 1)
    failed = state.failed[0]
    assert failed.path == "tests.fakes.kernel_tasks.fail"
    assert failed.attempts == jobs.MAX_ATTEMPTS
    assert "Zoë" not in str(state)


def test_what_was_given_up_can_be_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    kernel_tasks.fail.enqueue("x")
    for _ in range(jobs.MAX_ATTEMPTS):
        jobs.run_pending()
        make_due()
    assert jobs.retry_failed(at=timezone.now()) == 1
    kernel_tasks.seen.clear()
    jobs.run_pending()
    assert kernel_tasks.seen == ["x"]


def test_a_task_whose_function_is_gone_fails_as_any_other(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.CRITICAL)
    kernel_tasks.note.enqueue("x")
    with monkeypatch.context() as gone:
        gone.delattr(kernel_tasks, "note")
        assert jobs.run_pending() == 1
    make_due()
    assert jobs.run_pending() == 1
    assert kernel_tasks.seen == ["x"]


def test_the_task_of_a_dead_worker_goes_to_another() -> None:
    kernel_tasks.note.enqueue("x")
    queue, now = engines.engine(), timezone.now()
    dead = queue.register(at=now)
    assert queue.claim(dead, at=now) is not None
    assert jobs.run_pending() == 0
    queue.unregister(dead)
    assert jobs.release_stalled(at=timezone.now()) == 1
    assert jobs.run_pending() == 1
    assert kernel_tasks.seen == ["x"]


def test_the_task_of_a_worker_that_lives_is_left_to_it() -> None:
    kernel_tasks.note.enqueue("x")
    queue, now = engines.engine(), timezone.now()
    worker = queue.register(at=now)
    claimed = queue.claim(worker, at=now)
    assert claimed is not None
    assert jobs.release_stalled(at=timezone.now()) == 0
    queue.succeed(claimed, worker, at=now)
    assert jobs.status(at=timezone.now()).running == 0


def test_a_worker_taken_for_dead_goes_on_when_it_wakes() -> None:
    queue = engines.engine()
    asleep = queue.register(at=timezone.now())
    queue.unregister(asleep)
    kernel_tasks.note.enqueue("x")
    claimed = queue.claim(asleep, at=timezone.now())
    assert claimed is not None
    queue.renew(asleep, at=timezone.now())
    assert jobs.release_stalled(at=timezone.now()) == 0
    queue.succeed(claimed, asleep, at=timezone.now())
    assert jobs.status(at=timezone.now()).running == 0


def test_a_lease_that_was_removed_is_opened_again() -> None:
    queue = engines.engine()
    asleep = queue.register(at=timezone.now())
    queue.unregister(asleep)
    assert jobs.status(at=timezone.now()).workers == 0
    queue.renew(asleep, at=timezone.now())
    assert jobs.status(at=timezone.now()).workers == 1


def test_a_worker_that_lost_its_task_cannot_end_it() -> None:
    kernel_tasks.note.enqueue("x")
    queue, now = engines.engine(), timezone.now()
    slow = queue.register(at=now)
    claimed = queue.claim(slow, at=now)
    assert claimed is not None
    queue.unregister(slow)
    jobs.release_stalled(at=timezone.now())
    other = queue.register(at=now)
    again = queue.claim(other, at=timezone.now())
    assert again is not None
    assert again.attempts == 2
    queue.succeed(claimed, slow, at=now)
    assert jobs.status(at=timezone.now()).running == 1
    queue.succeed(again, other, at=now)
    assert jobs.status(at=timezone.now()).running == 0


def test_a_task_that_kills_every_worker_is_given_up() -> None:
    kernel_tasks.note.enqueue("x")
    queue = engines.engine()
    for _ in range(jobs.MAX_ATTEMPTS):
        worker = queue.register(at=timezone.now())
        assert queue.claim(worker, at=timezone.now()) is not None
        queue.unregister(worker)
        assert jobs.release_stalled(at=timezone.now()) == 1
    state = jobs.status(at=timezone.now())
    assert (state.waiting, state.running, len(state.failed)) == (0, 0, 1)


def test_two_workers_do_not_take_the_same_task() -> None:
    kernel_tasks.note.enqueue("x")
    queue, now = engines.engine(), timezone.now()
    first, second = queue.register(at=now), queue.register(at=now)
    assert queue.claim(first, at=now) is not None
    assert queue.claim(second, at=now) is None


def test_tasks_without_end_are_noticed() -> None:
    for place in range(5):
        kernel_tasks.note.enqueue(str(place))
    with pytest.raises(RuntimeError, match="more than 5 tasks"):
        jobs.run_pending(limit=5)


def test_done_tasks_are_cleared_and_others_kept(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    kernel_tasks.note.enqueue("x")
    kernel_tasks.fail.enqueue("y")
    jobs.run_pending()
    assert jobs.clear_finished(before=timezone.now() - dt.timedelta(days=1)) == 0
    assert jobs.clear_finished(before=timezone.now() + dt.timedelta(seconds=1)) == 1
    assert jobs.status(at=timezone.now()).waiting == 1


def test_the_delay_doubles_and_has_an_end() -> None:
    assert 1.6 <= engines.delay_seconds(1) <= 2.4
    assert 6.4 <= engines.delay_seconds(3) <= 9.6
    assert engines.delay_seconds(50) <= 1800 * 1.2


def test_a_recurring_function_runs_when_it_is_due(recurring: None) -> None:
    ran: list[dt.datetime] = []

    @jobs.every(seconds=10)
    def remember(*, at: dt.datetime) -> None:
        ran.append(at)

    for seconds in (0, 1, 9, 10, 11, 21):
        jobs.tick(at=AT + dt.timedelta(seconds=seconds))
    assert [int((at - AT).total_seconds()) for at in ran] == [0, 10, 21]


def test_one_of_two_tickers_runs_it(recurring: None) -> None:
    ran: list[dt.datetime] = []

    @jobs.every(seconds=10)
    def remember(*, at: dt.datetime) -> None:
        ran.append(at)

    jobs.tick(at=AT)
    ticker._looks_at.clear()  # what another process would know
    jobs.tick(at=AT + dt.timedelta(seconds=5))
    assert ran == [AT]
    jobs.tick(at=AT + dt.timedelta(seconds=10))
    assert ran == [AT, AT + dt.timedelta(seconds=10)]


def test_a_recurring_function_that_raises_is_shown_and_stops_no_other(
    recurring: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    ran: list[dt.datetime] = []

    @jobs.every(seconds=10)
    def bad(*, at: dt.datetime) -> None:
        raise ZeroDivisionError

    @jobs.every(seconds=10)
    def good(*, at: dt.datetime) -> None:
        ran.append(at)

    assert jobs.tick(at=AT) == 2
    assert ran == [AT]
    faults = jobs.recurring_faults()
    assert [(name.rsplit(".", 1)[-1], fault) for name, fault in faults] == [("bad", "ZeroDivisionError")]


def test_the_kernels_recurring_work_runs() -> None:
    from openmcx.kernel import recurring as work

    for function in (
        work.seal_audit,
        work.enqueue_due_deliveries,
        work.release_stalled_tasks,
        work.clear_old,
    ):
        function(at=timezone.now())


def test_run_one_tells_whether_there_was_a_task() -> None:
    worker = engines.engine().register(at=timezone.now())
    assert run_one(worker) is False
    kernel_tasks.note.enqueue("x")
    assert run_one(worker) is True


def test_ticks_are_rows(recurring: None) -> None:
    @jobs.every(seconds=10)
    def remember(*, at: Any) -> None:
        pass

    @jobs.every(seconds=10, once=False)
    def often(*, at: Any) -> None:
        pass

    jobs.tick(at=AT)
    assert [(row.due_at, row.ran_at) for row in Tick.objects.all()] == [(AT + dt.timedelta(seconds=10), AT)]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_run_each_task_once() -> None:
    for place in range(40):
        kernel_tasks.note.enqueue(str(place))
    start = threading.Barrier(4)

    def work() -> None:
        start.wait(20)
        jobs.run_pending()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(kernel_tasks.seen, key=int) == [str(place) for place in range(40)]
