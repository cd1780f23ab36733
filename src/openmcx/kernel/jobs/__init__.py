"""Background work: tasks of Django's Tasks API, run by workers of ours on both engines, and recurring functions.

A task runs at least once. One that raises, or whose worker died, runs again with growing delays; after
`MAX_ATTEMPTS` it is given up and shown by ``mcx jobs status``.
"""

from openmcx.kernel.jobs.engine import clear_finished, release_stalled, retry_failed, status
from openmcx.kernel.jobs.shapes import MAX_ATTEMPTS, Claimed
from openmcx.kernel.jobs.ticker import every, recurring_faults, tick
from openmcx.kernel.jobs.worker import Worker, run_pending

__all__ = [
    "MAX_ATTEMPTS",
    "Claimed",
    "Worker",
    "clear_finished",
    "every",
    "recurring_faults",
    "release_stalled",
    "retry_failed",
    "run_pending",
    "status",
    "tick",
]
