"""The kernel's own recurring work."""

import datetime

from openmcx.kernel import audit, events, jobs, ratelimit


@jobs.every(seconds=2, once=False)
def seal_audit(*, at: datetime.datetime) -> None:
    """This will chain the audit rows that wait."""
    audit.seal_pending(at=at)


@jobs.every(seconds=2, once=False)
def enqueue_due_deliveries(*, at: datetime.datetime) -> None:
    """This will try failed event deliveries again when their time has come."""
    events.enqueue_due(at=at)


@jobs.every(seconds=10, once=False)
def release_stalled_tasks(*, at: datetime.datetime) -> None:
    """This will give the tasks of workers that died to the others."""
    jobs.release_stalled(at=at)


@jobs.every(seconds=3600)
def clear_old(*, at: datetime.datetime) -> None:
    """This will remove what has served its purpose: finished tasks, delivered events, past rate counts."""
    jobs.clear_finished(before=at - datetime.timedelta(days=14))
    events.clear_delivered(before=at - datetime.timedelta(days=14))
    ratelimit.clear(before=at)
