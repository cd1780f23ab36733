"""What happened, told upward and sideways: an outbox row in the transaction, delivered at least once by a job.

An event carries ids only. A handler is called in a transaction of its own with the mark "done", so that a handler that
only writes to the database takes effect once; it must still be idempotent, since it may do more than that.
"""

from __future__ import annotations

import dataclasses
import datetime
import logging
import random
from collections import defaultdict
from collections.abc import Callable
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.db import connection, transaction
from django.tasks import task
from django.utils import timezone

from openmcx.kernel.models import Delivery, OutboxEvent

logger = logging.getLogger(__name__)

# After this many attempts (about a day, by the delays below) a delivery is given up and shown by `mcx jobs status`.
MAX_ATTEMPTS = 14
_FIRST_DELAY_SECONDS = 5
_LONGEST_DELAY_SECONDS = 4 * 3600
# A delivery whose task went missing is picked up again by the ticker after this time.
_PICK_UP_SECONDS = 60


@dataclasses.dataclass(frozen=True)
class Event:
    """Something that happened. A subclass is a frozen dataclass of ids with ``name = "app.noun-participle"``."""

    name: ClassVar[str] = ""
    declared: ClassVar[dict[str, type[Event]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.name:
            raise TypeError(f"the event {cls.__name__} has no name")
        earlier = Event.declared.get(cls.name)
        if earlier is not None and (earlier.__module__, earlier.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"the event {cls.name!r} is declared twice")
        Event.declared[cls.name] = cls


class Handler[E: Event](Protocol):
    """What is called with an event; it opens the scope it needs itself."""

    def __call__(self, event: E, *, at: datetime.datetime) -> None: ...


_handlers: dict[str, dict[str, Callable[..., None]]] = defaultdict(dict)


def subscribe[E: Event](event_class: type[E], handler: Handler[E], *, name: str) -> None:
    """This will have the handler called for every event of the class; call it in ``apps.ready()``."""
    _handlers[event_class.name][name] = handler


def subscribers() -> dict[str, tuple[str, ...]]:
    """This will name the handlers of every declared event."""
    return {name: tuple(_handlers[name]) for name in sorted(Event.declared)}


def emit(event: Event) -> None:
    """This will have the event told to all its handlers if, and only if, the current transaction commits."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"the event {event.name!r} must be emitted in the transaction in which it happens")
    handlers = _handlers[event.name]
    if not handlers:
        return
    at = timezone.now()
    data = {name: _encode(value) for name, value in dataclasses.asdict(event).items()}
    row = OutboxEvent.objects.create(name=event.name, data=data, emitted_at=at)
    due_at = at + datetime.timedelta(seconds=_PICK_UP_SECONDS)
    for delivery in Delivery.objects.bulk_create(
        Delivery(event=row, handler=handler, due_at=due_at) for handler in handlers
    ):
        deliver.enqueue(str(delivery.pk))


@task
def deliver(delivery_id: str) -> None:
    """This will hand the event to the handler once more, unless it was done before."""
    try:
        with transaction.atomic():
            delivery = (
                Delivery.objects.select_for_update(of=("self",)).select_related("event").filter(pk=delivery_id).first()
            )
            if delivery is None or delivery.state != Delivery.State.WAITING:
                return
            event = _decode(delivery.event)
            handler = _handlers[delivery.event.name][delivery.handler]
            handler(event, at=timezone.now())
            delivery.state = Delivery.State.DONE
            delivery.done_at = timezone.now()
            delivery.attempts += 1
            delivery.save(update_fields=["state", "done_at", "attempts"])
    except Exception as error:
        logger.exception("event delivery %s failed", delivery_id)
        _note_failure(delivery_id, error)


def _note_failure(delivery_id: str, error: Exception) -> None:
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
        if delivery.state != Delivery.State.WAITING:
            return
        delivery.attempts += 1
        # The kind of the error only: its message may quote a personal value.
        delivery.fault = f"{type(error).__module__}.{type(error).__qualname__}"
        if delivery.attempts >= MAX_ATTEMPTS:
            delivery.state = Delivery.State.GIVEN_UP
        delay = min(_FIRST_DELAY_SECONDS * 2 ** (delivery.attempts - 1), _LONGEST_DELAY_SECONDS)
        delivery.due_at = timezone.now() + datetime.timedelta(seconds=delay * random.uniform(0.8, 1.2))  # noqa: S311 - spreads the load, keeps no secret
        delivery.save(update_fields=["attempts", "fault", "state", "due_at"])


def enqueue_due(*, at: datetime.datetime) -> int:
    """This will enqueue the deliveries that are due again, and return how many there were."""
    count = 0
    due = Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=at).values_list("pk", "due_at")
    for delivery_id, due_at in list(due[:500]):
        with transaction.atomic():
            moved = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.WAITING, due_at=due_at).update(
                due_at=at + datetime.timedelta(seconds=_PICK_UP_SECONDS)
            )
            if moved:
                deliver.enqueue(str(delivery_id))
                count += 1
    return count


def retry_given_up(*, at: datetime.datetime) -> int:
    """This will have every delivery that was given up tried again from the start, and return how many there were."""
    return Delivery.objects.filter(state=Delivery.State.GIVEN_UP).update(
        state=Delivery.State.WAITING, attempts=0, due_at=at
    )


def _encode(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if value is None or isinstance(value, str | int | bool):
        return value
    raise TypeError(f"an event holds ids and codes, not {type(value).__name__}")


def _decode(row: OutboxEvent) -> Event:
    event_class = Event.declared[row.name]
    hints = {field.name: str(field.type) for field in dataclasses.fields(event_class)}
    return event_class(
        **{
            name: UUID(value) if isinstance(value, str) and "UUID" in hints[name] else value
            for name, value in row.data.items()
            if name in hints
        }
    )


@dataclasses.dataclass(frozen=True, slots=True)
class GivenUp:
    """A delivery that is tried no more."""

    id: UUID
    event: str
    handler: str
    fault: str


@dataclasses.dataclass(frozen=True, slots=True)
class OutboxStatus:
    """How the outbox stands."""

    waiting: int
    given_up: tuple[GivenUp, ...]


def status() -> OutboxStatus:
    """This will tell what waits and what was given up."""
    given_up = Delivery.objects.filter(state=Delivery.State.GIVEN_UP).select_related("event").order_by("due_at")
    return OutboxStatus(
        Delivery.objects.filter(state=Delivery.State.WAITING).count(),
        tuple(GivenUp(one.pk, one.event.name, one.handler, one.fault) for one in given_up[:100]),
    )


def clear_delivered(*, before: datetime.datetime) -> int:
    """This will remove events whose every delivery was done before the time, and return how many rows went."""
    open_ones = Delivery.objects.exclude(state=Delivery.State.DONE).values("event_id")
    return OutboxEvent.objects.filter(emitted_at__lt=before).exclude(pk__in=open_ones).delete()[0]
