"""Tasks and events for the tests of the kernel."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from django.db import transaction
from django.tasks import TaskContext, task
from django.utils import timezone

from openmcx.kernel.events import Event
from openmcx.kernel.models import Tick

seen: list[str] = []


@task
def note(text: str) -> None:
    """Remember the text."""
    seen.append(text)


@task
def fail(text: str) -> None:
    """Remember the text, then fail."""
    seen.append(text)
    raise ZeroDivisionError("Zoë Example, born 2001-01-01")


@task(takes_context=True)
def note_attempt(context: TaskContext) -> None:
    """Remember which attempt this is, and fail the first time."""
    seen.append(f"attempt {context.attempt}")
    if context.attempt == 1:
        raise ZeroDivisionError


@task
def enqueue_more(count: int) -> None:
    """Enqueue as many notes."""
    for place in range(count):
        note.enqueue(f"more {place}")


@task
def chunk(number: int) -> None:
    """Do slow work whose result and whose mark "done" commit together under a unique key."""
    key = f"chunk {number}"
    if Tick.objects.filter(pk=key).exists():
        return
    Path(os.environ["CHUNK_FOLDER"], f"{number}.{os.getpid()}").touch()
    with transaction.atomic():
        time.sleep(0.3)
        Tick.objects.create(name=key, due_at=timezone.now())


@dataclass(frozen=True)
class ThingHappened(Event):
    """An event of the tests."""

    name: ClassVar[str] = "tests.thing-happened"
    thing_id: UUID
    count: int = 0


@dataclass(frozen=True)
class NobodyListens(Event):
    """An event without handlers."""

    name: ClassVar[str] = "tests.nobody-listens"
    thing_id: UUID
