"""Who may do what with an account: the person alone, and the node itself; what no name holds; when e-mail is due."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from uuid import UUID

import rules

from openmcx.accounts.slots import Mail
from openmcx.kernel.actors import Actor

# What mail programs make a link of: a scheme, “www.”, or a domain with a path. “J.R.R. Tolkien” is none.
_ADDRESS = re.compile(r"://|\bwww\.|[^\W_]\.[^\W\d_]{2,}[/:?#]", re.IGNORECASE)
# Signs that turn the direction of what follows them, beyond the name itself.
# Source: UAX #9, sections 2.1, 2.2 and 2.4 (explicit embeddings, overrides, isolates).
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def has_address(name: str) -> bool:
    """This will tell whether a name holds a web address: it would be a link in e-mail that the node sends."""
    return _ADDRESS.search(unicodedata.normalize("NFKC", name)) is not None


def has_controls(name: str) -> bool:
    """This will tell whether a name holds signs that are not seen and change how the text around it reads."""
    return _TURNING.search(name) is not None or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name)


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
