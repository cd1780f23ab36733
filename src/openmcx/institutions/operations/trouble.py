"""Telling the network's coordinators that the node needs somebody to look at it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction

from openmcx.accounts import operations as account_operations
from openmcx.accounts.slots import NotificationKind
from openmcx.institutions import notifications, queries
from openmcx.institutions.models import Role
from openmcx.kernel import events, jobs
from openmcx.kernel.actors import Actor


@transaction.atomic
def tell_of_trouble(*, at: dt.datetime) -> int:
    """This will tell coordinators of tasks and deliveries that were given up, once each, and of recurring functions
    that fail, once a day; returns how many it told of.
    """
    found: list[tuple[NotificationKind, str, str]] = [
        (notifications.TASKS_GIVEN_UP, task.path, f"task:{task.id}") for task in jobs.status(at=at).failed
    ]
    found += [
        (notifications.TASKS_GIVEN_UP, f"{delivery.event} → {delivery.handler}", f"delivery:{delivery.id}")
        for delivery in events.status().given_up
    ]
    found += [
        (notifications.RECURRING_FAILED, name, f"recurring:{at.date()}:{name}"[:120])
        for name, _fault in jobs.recurring_faults()
    ]
    if not found:
        return 0
    coordinators = queries.people_with(Role.COORDINATOR, on=at.date())
    for kind, task, about in found:
        told = [
            account_operations.Told(
                person_id=person_id, url=str(settings.LOGIN_REDIRECT_URL), params={"task": task}, about=about
            )
            for person_id in coordinators
        ]
        account_operations.notify(by=Actor.system(), at=at, kind=kind, told=told)
    return len(found)
