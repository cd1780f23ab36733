"""Recurring functions, run by one ticker of however many there are."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.db import transaction

from openmcx.kernel.models import Tick

logger = logging.getLogger(__name__)


class Recurring(Protocol):
    """A function that is called again and again."""

    def __call__(self, *, at: datetime.datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    seconds: float
    once: bool
    run: Recurring


_entries: dict[str, _Entry] = {}
# When this process looks at an entry again; spares the database a question a second.
_looks_at: dict[str, datetime.datetime] = {}


def every(*, seconds: float, once: bool = True) -> Callable[[Recurring], Recurring]:
    """This will have the decorated function called every so many seconds.

    With `once` one ticker of all machines calls it each time, claimed through a row; without, each ticker does, for
    functions that are harmless to run side by side and should cost nothing while there is nothing to do.
    """

    def register(run: Recurring) -> Recurring:
        name = f"{getattr(run, '__module__', '')}.{getattr(run, '__qualname__', '')}"
        _entries[name] = _Entry(name, seconds, once, run)
        return run

    return register


def tick(*, at: datetime.datetime) -> int:
    """This will run what is due, and return how many functions ran. One that raises does not stop the others."""
    ran = 0
    for entry in list(_entries.values()):
        if _looks_at.get(entry.name, at) > at:
            continue
        next_at = at + datetime.timedelta(seconds=entry.seconds)
        _looks_at[entry.name] = next_at
        if entry.once and not _claim(entry, at, next_at):
            continue
        ran += 1
        try:
            entry.run(at=at)
            fault = ""
        except Exception as error:
            logger.exception("the recurring function %s failed", entry.name)
            fault = type(error).__qualname__
        if entry.once:
            Tick.objects.filter(pk=entry.name).update(ran_at=at, fault=fault)
    return ran


def _claim(entry: _Entry, at: datetime.datetime, next_at: datetime.datetime) -> bool:
    with transaction.atomic():
        if Tick.objects.filter(pk=entry.name, due_at__lte=at).update(due_at=next_at):
            return True
        row, created = Tick.objects.get_or_create(pk=entry.name, defaults={"due_at": next_at})
        if not created:
            _looks_at[entry.name] = min(next_at, row.due_at)
        return created


def recurring_faults() -> list[tuple[str, str]]:
    """This will name the recurring functions whose last run failed, with the kind of error."""
    return list(Tick.objects.exclude(fault="").order_by("name").values_list("name", "fault"))
