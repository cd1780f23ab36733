"""Runs tasks: in a process of its own, or at once in a test."""

from __future__ import annotations

import datetime
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections, connections
from django.tasks.base import Task, TaskContext, TaskResult, TaskResultStatus
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from openmcx.kernel.jobs.engine import delay_seconds, engine
from openmcx.kernel.jobs.shapes import LEASE_SECONDS, MAX_ATTEMPTS, Claimed
from openmcx.kernel.jobs.ticker import tick

logger = logging.getLogger(__name__)

_IDLE_SECONDS = 0.3
_TICK_SECONDS = 1.0


class Worker:
    """Takes one task after the other until it is told to stop; renews its lease and ticks meanwhile."""

    def __init__(self, *, lease_seconds: float = LEASE_SECONDS, ticks: bool = True) -> None:
        """This will prepare a worker; `run` starts it."""
        self._stop = threading.Event()
        self._lease_seconds = lease_seconds
        self._ticks = ticks
        self._worker_id = ""

    def stop(self) -> None:
        """This will end the worker after the task it is at."""
        self._stop.set()

    def run(self) -> None:
        """This will work until `stop`. A database that is away for a while is waited for."""
        beside = [threading.Thread(target=self._renew, name="lease", daemon=True)]
        if self._ticks:
            beside.append(threading.Thread(target=self._tick, name="ticker", daemon=True))
        self._worker_id = engine().register(at=timezone.now())
        logger.info("worker %s starts", self._worker_id)
        for thread in beside:
            thread.start()
        try:
            while not self._stop.is_set():
                if not self._guarded(lambda: run_one(self._worker_id)):
                    self._stop.wait(_IDLE_SECONDS)
        finally:
            self._stop.set()
            for thread in beside:
                thread.join(timeout=5)
            self._guarded(lambda: engine().unregister(self._worker_id))
            logger.info("worker %s has stopped", self._worker_id)

    def _renew(self) -> None:
        while not self._stop.wait(self._lease_seconds / 3):
            self._guarded(lambda: engine().renew(self._worker_id, at=timezone.now()))
        connections.close_all()

    def _tick(self) -> None:
        while not self._stop.is_set():
            self._guarded(lambda: tick(at=timezone.now()))
            self._stop.wait(_TICK_SECONDS)
        connections.close_all()

    def _guarded[T](self, step: Callable[[], T]) -> T | None:
        close_old_connections()
        try:
            return step()
        except Exception:
            logger.exception("worker %s: a step failed; it goes on", self._worker_id)
            self._stop.wait(1)
            return None
        finally:
            close_old_connections()


def run_one(worker_id: str) -> bool:
    """This will take and run one task, and tell whether there was one."""
    queue = engine()
    claimed = queue.claim(worker_id, at=timezone.now())
    if claimed is None:
        return False
    started = time.monotonic()
    try:
        with translation.override(None, deactivate=True):
            _call(claimed, worker_id)
    except Exception as error:
        now = timezone.now()
        if claimed.attempts >= MAX_ATTEMPTS:
            logger.exception("task %s %s is given up after %s attempts", claimed.path, claimed.id, claimed.attempts)
            queue.fail(claimed, worker_id, error, at=now)
        else:
            wait = delay_seconds(claimed.attempts)
            logger.exception("task %s %s failed; it runs again in %.0f s", claimed.path, claimed.id, wait)
            queue.retry(claimed, worker_id, run_after=now + datetime.timedelta(seconds=wait))
    else:
        queue.succeed(claimed, worker_id, at=timezone.now())
        logger.info("task %s %s done in %.2f s", claimed.path, claimed.id, time.monotonic() - started)
    return True


def run_pending(*, limit: int = 10_000) -> int:
    """This will run every task that is due in this process, including those they enqueue; for tests and commands.

    Returns how many ran. A task that raises is put back as it would be by a worker.
    """
    worker_id = engine().register(at=timezone.now())
    ran = 0
    try:
        while ran < limit and run_one(worker_id):
            ran += 1
    finally:
        engine().unregister(worker_id)
    if ran == limit:
        raise RuntimeError(f"more than {limit} tasks ran: do tasks enqueue each other without end?")
    return ran


def _call(claimed: Claimed, worker_id: str) -> None:
    task = import_string(claimed.path)
    if not isinstance(task, Task):
        raise TypeError(f"{claimed.path} is no task")
    if not task.takes_context:
        task.call(*claimed.args, **claimed.kwargs)
        return
    result: TaskResult[Any, Any] = TaskResult(
        task=task,
        id=claimed.id,
        status=TaskResultStatus.RUNNING,
        enqueued_at=None,
        started_at=None,
        finished_at=None,
        last_attempted_at=None,
        args=claimed.args,
        kwargs=claimed.kwargs,
        backend=task.backend,
        errors=[],
        worker_ids=[worker_id] * claimed.attempts,
    )
    task.call(TaskContext(task_result=result), *claimed.args, **claimed.kwargs)
