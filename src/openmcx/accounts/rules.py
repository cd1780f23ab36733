"""Who may do what with an account: the person alone, and the node itself; when somebody gets e-mail."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import rules

from openmcx.accounts.slots import Mail
from openmcx.kernel.actors import Actor


@rules.predicate
def may_change(actor: Actor, person_id: UUID) -> bool:
    """This will tell whether the actor may change this account. A program that acts with a token may not."""
    return actor.is_system or (actor.kind == "person" and actor.person_id == person_id)


@rules.predicate
def may_register(actor: Actor) -> bool:
    """This will tell whether the actor may make accounts: visitors for themselves, the node for anybody."""
    return actor.kind in ("system", "anonymous")


def mail_due_at(mail: Mail | None, *, at: dt.datetime, hour: int, zone: dt.tzinfo) -> dt.datetime | None:
    """This will say when something that happened at a time is e-mailed: at once, at the next such hour, or never."""
    if mail is None or mail == Mail.OFF:
        return None
    if mail == Mail.AT_ONCE:
        return at
    here = at.astimezone(zone)
    due = dt.datetime.combine(here.date(), dt.time(hour), tzinfo=zone)
    if due <= at:
        due = dt.datetime.combine(here.date() + dt.timedelta(days=1), dt.time(hour), tzinfo=zone)
    return due.astimezone(dt.UTC)
