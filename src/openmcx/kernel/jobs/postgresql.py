"""The queue on PostgreSQL: Procrastinate's tables and functions, over Django's own connection.

A task is deferred in the transaction of the data it works on. Workers take tasks with ``SKIP LOCKED``, so that there
may be any number of them on any number of machines.
"""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.db import connection, transaction
from django.tasks.backends.base import BaseTaskBackend
from django.tasks.base import Task, TaskResult, TaskResultStatus
from django.tasks.signals import task_enqueued
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.exceptions import ConnectorException
from procrastinate.sql import queries
from psycopg.errors import ForeignKeyViolation

from openmcx.kernel.jobs.shapes import LEASE_SECONDS, MAX_ATTEMPTS, Claimed, Failed, Status

# All of our tasks are one task to Procrastinate: its name is the path of the function, its arguments are ours.
_ARGS, _KWARGS = "args", "kwargs"


class ProcrastinateBackend(BaseTaskBackend):
    """Defers a task through Procrastinate in the current transaction."""

    supports_defer = True
    supports_priority = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any, Any]:
        """This will store the task, if and when the current transaction commits."""
        self.validate_task(task)
        at = timezone.now()
        deferrer = app.configure_task(
            name=task.module_path,
            queue=task.queue_name,
            priority=task.priority,
            schedule_at=task.run_after,
            allow_unknown=True,
        )
        result: TaskResult[Any, Any] = TaskResult(
            task=task,
            id="",
            status=TaskResultStatus.READY,
            enqueued_at=at,
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        arguments: dict[str, Any] = {_ARGS: result.args, _KWARGS: result.kwargs}
        job_id = deferrer.defer(**arguments)
        object.__setattr__(result, "id", str(job_id))
        task_enqueued.send(type(self), task_result=result)
        return result


def _run(query: str, **arguments: Any) -> None:
    app.connector.get_sync_connector().execute_query(queries[query], **arguments)


def _rows(query: str, **arguments: Any) -> list[dict[str, Any]]:
    return list(app.connector.get_sync_connector().execute_query_all(queries[query], **arguments))


class PostgresqlEngine:
    """Claims tasks through Procrastinate's functions."""

    def register(self, *, at: datetime.datetime) -> str:
        """This will open a lease for a new worker."""
        return str(_rows("register_worker")[0]["worker_id"])

    def renew(self, worker_id: str, *, at: datetime.datetime) -> None:
        """This will say that the worker is alive, also when it was taken for dead and its row removed."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_workers (id) OVERRIDING SYSTEM VALUE VALUES (%s) "
                "ON CONFLICT (id) DO UPDATE SET last_heartbeat = NOW()",
                [int(worker_id)],
            )

    def unregister(self, worker_id: str) -> None:
        """This will end the lease."""
        _run("unregister_worker", worker_id=int(worker_id))

    def claim(self, worker_id: str, *, at: datetime.datetime) -> Claimed | None:
        """This will take the next task that is due."""
        try:
            with transaction.atomic():
                rows = _rows("fetch_job", queues=None, worker_id=int(worker_id))
        except ConnectorException as error:
            if not isinstance(error.__cause__, ForeignKeyViolation):
                raise
            # The worker was taken for dead, and a task can only be given to one that has a row.
            self.renew(worker_id, at=at)
            rows = _rows("fetch_job", queues=None, worker_id=int(worker_id))
        if not rows or rows[0]["id"] is None:
            return None
        row = rows[0]
        given = row["args"]
        if isinstance(given, str):  # Django's connection leaves jsonb as text
            given = json.loads(given)
        return Claimed(str(row["id"]), row["task_name"], given[_ARGS], given[_KWARGS], row["attempts"] + 1)

    def succeed(self, claimed: Claimed, worker_id: str, *, at: datetime.datetime) -> None:
        """This will mark the task as done, unless another worker has it by now."""
        with transaction.atomic():
            if self._is_mine(claimed, worker_id):
                _run("finish_job", job_id=int(claimed.id), status="succeeded", delete_job=False)

    def retry(self, claimed: Claimed, worker_id: str, *, run_after: datetime.datetime) -> None:
        """This will put the task back, to be run again later."""
        with transaction.atomic():
            if self._is_mine(claimed, worker_id):
                self._put_back(int(claimed.id), run_after)

    def fail(self, claimed: Claimed, worker_id: str, error: BaseException, *, at: datetime.datetime) -> None:
        """This will give the task up."""
        with transaction.atomic():
            if self._is_mine(claimed, worker_id):
                _run("finish_job", job_id=int(claimed.id), status="failed", delete_job=False)

    def release_stalled(self, *, at: datetime.datetime, lease_seconds: float) -> int:
        """This will put back the running tasks of workers without a current lease."""
        stalled = _rows(
            "select_stalled_jobs_by_heartbeat", queue=None, task_name=None, seconds_since_heartbeat=lease_seconds
        )
        released = 0
        for row in stalled:
            with transaction.atomic():
                # Looked at again under a lock: meanwhile it may have been given to another worker, or have ended.
                as_seen = ProcrastinateJob.objects.filter(pk=row["id"], status="doing", attempts=row["attempts"])
                if not as_seen.select_for_update(skip_locked=True).exists():
                    continue
                if row["attempts"] + 1 >= MAX_ATTEMPTS:
                    _run("finish_job", job_id=row["id"], status="failed", delete_job=False)
                else:
                    self._put_back(row["id"], None)
                released += 1
        _rows("prune_stalled_workers", seconds_since_heartbeat=lease_seconds)
        return released

    def retry_failed(self, *, at: datetime.datetime) -> int:
        """This will put back the tasks that were given up."""
        failed = list(ProcrastinateJob.objects.filter(status="failed").values_list("pk", flat=True))
        for job_id in failed:
            self._put_back(job_id, None)
        return len(failed)

    def clear_finished(self, *, before: datetime.datetime) -> int:
        """This will remove what succeeded before the time."""
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE status = 'succeeded' AND id IN "
                "(SELECT job_id FROM procrastinate_events WHERE type = 'succeeded' AND at < %s)",
                [before],
            )
            return int(cursor.rowcount)

    def status(self, *, at: datetime.datetime) -> Status:
        """This will count."""
        alive = ProcrastinateWorker.objects.filter(last_heartbeat__gte=at - datetime.timedelta(seconds=LEASE_SECONDS))
        return Status(
            waiting=ProcrastinateJob.objects.filter(status="todo").count(),
            running=ProcrastinateJob.objects.filter(status="doing").count(),
            failed=tuple(
                Failed(str(row.pk), row.task_name, row.attempts, "see the worker's log")
                for row in ProcrastinateJob.objects.filter(status="failed").order_by("pk")[:100]
            ),
            workers=alive.count(),
        )

    def _is_mine(self, claimed: Claimed, worker_id: str) -> bool:
        mine = ProcrastinateJob.objects.filter(
            pk=claimed.id, status="doing", worker_id=int(worker_id), attempts=claimed.attempts - 1
        )
        return mine.select_for_update().exists()

    def _put_back(self, job_id: int, run_after: datetime.datetime | None) -> None:
        _run("retry_job", job_id=job_id, retry_at=run_after, new_priority=None, new_queue_name=None, new_lock=None)
