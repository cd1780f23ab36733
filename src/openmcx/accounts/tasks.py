"""Work in the background: notifications as e-mail, and forgetting old ones."""

from __future__ import annotations

import datetime as dt

from django.tasks import task
from django.utils import timezone

from openmcx.accounts import operations, queries


@task
def send_notifications() -> None:
    """This will e-mail the notifications that are due."""
    while operations.send_due(at=timezone.now()):
        pass


def sweep(*, at: dt.datetime) -> None:
    """This will have notifications e-mailed whose time has come."""
    if queries.mail_waits(at=at):
        send_notifications.enqueue()


def clear_old(*, at: dt.datetime) -> None:
    """This will delete notifications that have served their purpose."""
    operations.clear_old_notifications(at=at)
