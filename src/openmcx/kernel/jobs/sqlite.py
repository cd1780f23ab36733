"""The queue on SQLite: the table of django-tasks-db, with leases of ours."""

from __future__ import annotations

import datetime
import os
import secrets
import socket
import traceback
from typing import Any

from django.db import transaction
from django.tasks.base import TaskResultStatus
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from openmcx.kernel.ids import new_id
from openmcx.kernel.jobs.shapes import LEASE_SECONDS, MAX_ATTEMPTS, Claimed, Failed, Status
from openmcx.kernel.models import WorkerLease


class SqliteBackend(DatabaseBackend):
    """Stores a task in the transaction of the data it works on."""

    def __init__(self, alias: str, params: dict[str, object]) -> None:
        """This will give tasks ids that sort by time."""
        super().__init__(alias, params)
        self.id_function = new_id


class SqliteEngine:
    """Claims tasks in SQLite's immediate transactions, of which there is one at a time."""

    def register(self, *, at: datetime.datetime) -> str:
        """This will open a lease for a new worker."""
        worker_id = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(6)}"
        WorkerLease.objects.create(worker_id=worker_id, started_at=at, renewed_at=at)
        return worker_id

    def renew(self, worker_id: str, *, at: datetime.datetime) -> None:
        """This will say that the worker is alive, also when it was taken for dead."""
        WorkerLease.objects.update_or_create(
            worker_id=worker_id, defaults={"renewed_at": at}, create_defaults={"renewed_at": at, "started_at": at}
        )

    def unregister(self, worker_id: str) -> None:
        """This will end the lease."""
        WorkerLease.objects.filter(pk=worker_id).delete()

    def claim(self, worker_id: str, *, at: datetime.datetime) -> Claimed | None:
        """This will take the next task that is due."""
        # Looked for without the write lock first, as an idle worker asks often.
        if not DBTaskResult.objects.ready().exists():
            return None
        with transaction.atomic():
            row = DBTaskResult.objects.ready().first()
            if row is None:
                return None
            row.claim(worker_id)
        content = row.args_kwargs
        return Claimed(str(row.pk), row.task_path, content["args"], content["kwargs"], len(row.worker_ids))

    def succeed(self, claimed: Claimed, worker_id: str, *, at: datetime.datetime) -> None:
        """This will mark the task as done, unless another worker has it by now."""
        with transaction.atomic():
            row = self._mine(claimed, worker_id)
            if row is not None:
                row.set_successful(None)

    def retry(self, claimed: Claimed, worker_id: str, *, run_after: datetime.datetime) -> None:
        """This will put the task back, to be run again later."""
        with transaction.atomic():
            row = self._mine(claimed, worker_id)
            if row is not None:
                row.status = TaskResultStatus.READY
                row.run_after = run_after
                row.save(update_fields=["status", "run_after"])

    def fail(self, claimed: Claimed, worker_id: str, error: BaseException, *, at: datetime.datetime) -> None:
        """This will give the task up. The places in the code are kept, the message is not: it may quote a person."""
        with transaction.atomic():
            row = self._mine(claimed, worker_id)
            if row is not None:
                row.status = TaskResultStatus.FAILED
                row.finished_at = at
                row.exception_class_path = f"{type(error).__module__}.{type(error).__qualname__}"
                row.traceback = "".join(traceback.format_tb(error.__traceback__))
                row.save(update_fields=["status", "finished_at", "exception_class_path", "traceback"])

    def release_stalled(self, *, at: datetime.datetime, lease_seconds: float) -> int:
        """This will put back the running tasks of workers without a current lease."""
        if not DBTaskResult.objects.running().exists():
            return 0
        released = 0
        with transaction.atomic():
            WorkerLease.objects.filter(renewed_at__lt=at - datetime.timedelta(seconds=lease_seconds)).delete()
            alive = set(WorkerLease.objects.values_list("worker_id", flat=True))
            for row in DBTaskResult.objects.running():
                if row.worker_ids and row.worker_ids[-1] in alive:
                    continue
                if len(row.worker_ids) >= MAX_ATTEMPTS:
                    row.status, row.finished_at = TaskResultStatus.FAILED, at
                    row.exception_class_path = "openmcx.kernel.jobs.WorkerDied"
                else:
                    row.status = TaskResultStatus.READY
                row.save(update_fields=["status", "finished_at", "exception_class_path"])
                released += 1
        return released

    def retry_failed(self, *, at: datetime.datetime) -> int:
        """This will put back the tasks that were given up, as new ones."""
        return DBTaskResult.objects.failed().update(
            status=TaskResultStatus.READY, run_after=at, worker_ids=[], finished_at=None
        )

    def clear_finished(self, *, before: datetime.datetime) -> int:
        """This will remove what succeeded before the time."""
        return int(DBTaskResult.objects.successful().filter(finished_at__lt=before).delete()[0])

    def status(self, *, at: datetime.datetime) -> Status:
        """This will count."""
        alive = WorkerLease.objects.filter(renewed_at__gte=at - datetime.timedelta(seconds=LEASE_SECONDS))
        return Status(
            waiting=DBTaskResult.objects.filter(status=TaskResultStatus.READY).count(),
            running=DBTaskResult.objects.running().count(),
            failed=tuple(
                Failed(str(row.pk), row.task_path, len(row.worker_ids), row.exception_class_path)
                for row in DBTaskResult.objects.failed().order_by("finished_at")[:100]
            ),
            workers=alive.count(),
        )

    def _mine(self, claimed: Claimed, worker_id: str) -> DBTaskResult[Any, Any] | None:
        row = DBTaskResult.objects.running().filter(pk=claimed.id).first()
        return row if row is not None and row.worker_ids[-1:] == [worker_id] else None
