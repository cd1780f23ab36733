"""Which queue this node has, and what is done with it whichever it is."""

from __future__ import annotations

import datetime
import random

from django.db import connection

from openmcx.kernel.jobs.shapes import LEASE_SECONDS, Engine, Status

_FIRST_DELAY_SECONDS = 2
_LONGEST_DELAY_SECONDS = 1800


def engine() -> Engine:
    """This will return the queue of the database that the node uses."""
    if connection.vendor == "postgresql":
        # Only here: Procrastinate is an extra that a node on SQLite does not have.
        from openmcx.kernel.jobs.postgresql import PostgresqlEngine  # noqa: PLC0415 - its library is there only with PostgreSQL

        return PostgresqlEngine()
    from openmcx.kernel.jobs.sqlite import SqliteEngine  # noqa: PLC0415  (its table is not there on PostgreSQL)

    return SqliteEngine()


def delay_seconds(attempts: int) -> float:
    """This will return how long a task waits after so many failed attempts: doubling, with some chance in it.

    Units: seconds.
    """
    delay: float = min(_FIRST_DELAY_SECONDS * 2 ** (attempts - 1), _LONGEST_DELAY_SECONDS)
    return delay * random.uniform(0.8, 1.2)  # noqa: S311  (spreads load, guards nothing)


def release_stalled(*, at: datetime.datetime, lease_seconds: float = LEASE_SECONDS) -> int:
    """This will make the tasks of dead workers ready again, and return how many there were."""
    return engine().release_stalled(at=at, lease_seconds=lease_seconds)


def retry_failed(*, at: datetime.datetime) -> int:
    """This will make the tasks that were given up ready again, and return how many there were."""
    return engine().retry_failed(at=at)


def clear_finished(*, before: datetime.datetime) -> int:
    """This will remove tasks that succeeded before the time, and return how many there were."""
    return engine().clear_finished(before=before)


def status(*, at: datetime.datetime) -> Status:
    """This will tell how the queue stands."""
    return engine().status(at=at)
