"""What a worker needs of a queue, and which queue this node has."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection

MAX_ATTEMPTS = 8
# A worker that has not renewed its lease for so long is taken for dead.
LEASE_SECONDS = 30
_FIRST_DELAY_SECONDS = 2
_LONGEST_DELAY_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Claimed:
    """A task that one worker has taken."""

    id: str
    path: str
    args: list[Any]
    kwargs: dict[str, Any]
    attempts: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A task that was given up."""

    id: str
    path: str
    attempts: int
    fault: str


@dataclass(frozen=True, slots=True)
class Status:
    """How the queue stands."""

    waiting: int
    running: int
    failed: tuple[Failed, ...]
    workers: int


class Engine(Protocol):
    """A queue in the database."""

    def register(self, *, at: datetime.datetime) -> str: ...
    def renew(self, worker_id: str, *, at: datetime.datetime) -> None: ...
    def unregister(self, worker_id: str) -> None: ...
    def claim(self, worker_id: str, *, at: datetime.datetime) -> Claimed | None: ...
    def succeed(self, claimed: Claimed, worker_id: str, *, at: datetime.datetime) -> None: ...
    def retry(self, claimed: Claimed, worker_id: str, *, run_after: datetime.datetime) -> None: ...
    def fail(self, claimed: Claimed, worker_id: str, error: BaseException, *, at: datetime.datetime) -> None: ...
    def release_stalled(self, *, at: datetime.datetime, lease_seconds: float) -> int: ...
    def retry_failed(self, *, at: datetime.datetime) -> int: ...
    def clear_finished(self, *, before: datetime.datetime) -> int: ...
    def status(self, *, at: datetime.datetime) -> Status: ...


def engine() -> Engine:
    """This will return the queue of the database that the node uses."""
    if connection.vendor == "postgresql":
        # Only here: Procrastinate is an extra that a node on SQLite does not have.
        from openmcx.kernel.jobs.postgresql import PostgresqlEngine  # noqa: PLC0415

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
