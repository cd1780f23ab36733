"""Who may do what with a specification, and what about its figures is odd.

Edit: authors, registrars and administrators of any institution that is a party. A registrar may edit because the person
who uploads the class list is often the one who finds the wrong figure.
Publish and withdraw: the same people of the owner, since its name stands under the micro-credential as awarding body. A
partner's people edit, the owner's people publish. A registrar publishes too: at a small institution the one who
describes a micro-credential is the one who issues it.
Read a draft: who may edit it, and the network's coordinators.
Published versions are public.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import rules

from openmcx.credentials.model import Achievement
from openmcx.institutions.models import Role
from openmcx.kernel.actors import Actor

EDITORS = (Role.AUTHOR, Role.REGISTRAR, Role.ADMIN)
PUBLISHERS = EDITORS  # of the owner only

HOURS_PER_ECTS = (25, 30)  # Source: ECTS Users' Guide 2015, "one credit corresponds to 25 to 30 hours of work"


@dataclass(frozen=True, slots=True)
class Parties:
    """The institutions of a specification, as the predicates need them."""

    owner: UUID
    all: frozenset[UUID]


def _holds_any(actor: Actor, roles: Iterable[str], institutions: Iterable[UUID]) -> bool:
    return actor.kind == "system" or any(actor.holds(role, one) for one in institutions for role in roles)


@rules.predicate
def may_create(actor: Actor, institution_id: UUID) -> bool:
    """This will say whether the actor may begin a specification for the institution."""
    return _holds_any(actor, EDITORS, (institution_id,))


@rules.predicate
def may_edit(actor: Actor, parties: Parties) -> bool:
    """This will say whether the actor may change the draft."""
    return _holds_any(actor, EDITORS, parties.all)


@rules.predicate
def may_read(actor: Actor, parties: Parties) -> bool:
    """This will say whether the actor may see the draft."""
    return bool(may_edit(actor, parties)) or bool(actor.institutions(Role.COORDINATOR))


@rules.predicate
def may_publish(actor: Actor, parties: Parties) -> bool:
    """This will say whether the actor may publish, withdraw, list again and name partners."""
    return _holds_any(actor, PUBLISHERS, (parties.owner,))


@rules.predicate
def may_delete(actor: Actor, parties: Parties) -> bool:
    """This will say whether the actor may delete a draft that was never published."""
    return _holds_any(actor, PUBLISHERS, (parties.owner,))


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something that is allowed but probably a slip. `element` is the element to look at."""

    code: str
    element: str
    params: dict[str, str]


def oddities(achievement: Achievement, *, hours_per_ects: tuple[int, int] = HOURS_PER_ECTS) -> list[Oddity]:
    """This will list figures that do not fit each other.

    Units: hours of 60 minutes, ECTS credits.
    """
    found: list[Oddity] = []
    ects, hours, contact = achievement.workload_ects, achievement.workload_hours, achievement.contact_hours
    low, high = hours_per_ects
    if ects and hours and not low * ects <= hours <= high * ects:
        found.append(
            Oddity(
                "hours-do-not-fit-ects",
                "workload_hours",
                {
                    "hours": plain(hours),
                    "ects": plain(ects),
                    "per_credit": plain(round(hours / ects, 1)),
                    "low": plain(low * ects),
                    "high": plain(high * ects),
                },
            )
        )
    if hours and contact and contact > hours:
        found.append(
            Oddity("attendance-exceeds-workload", "contact_hours", {"contact": plain(contact), "hours": plain(hours)})
        )
    weights = [part.weight_percent for part in achievement.assessments if part.weight_percent is not None]
    if weights and sum(weights) != 100:
        found.append(Oddity("weights-do-not-sum", "assessments", {"sum": plain(sum(weights, Decimal(0)))}))
    if weights and len(weights) != len(achievement.assessments):
        found.append(Oddity("weight-missing", "assessments", {}))
    return found


def plain(number: Decimal | int) -> str:
    """This will write a number without superfluous zeros: 2.50 as "2.5", 100 as "100"."""
    text = format(Decimal(number), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
