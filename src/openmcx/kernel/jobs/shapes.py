"""What a queue is to a worker: the shapes that pass between them, and the rules that hold on both engines."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Protocol

MAX_ATTEMPTS = 8
# A worker that has not renewed its lease for so long is taken for dead.
LEASE_SECONDS = 30


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
