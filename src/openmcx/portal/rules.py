"""Who may do what with the network's own texts and with somebody's first steps."""

from __future__ import annotations

from uuid import UUID

import rules

from openmcx.institutions.models import Role
from openmcx.kernel.actors import Actor
from openmcx.portal.models import LegalKind, TourRole

# These are pages of their own; the others stand in the accessibility statement.
LEGAL_PAGES = (LegalKind.IMPRINT, LegalKind.PRIVACY, LegalKind.TERMS)


@rules.predicate
def may_write_legal_texts(actor: Actor) -> bool:
    """This will tell whether the actor writes and publishes the network's legal texts: coordinators, in person."""
    return actor.is_system or (actor.kind == "person" and actor.holds_anywhere(Role.COORDINATOR))


@rules.predicate
def may_change_tour(actor: Actor, person_id: UUID) -> bool:
    """This will tell whether the actor may leave, show or tick off these first steps: only who is shown around."""
    return actor.is_system or (actor.kind == "person" and actor.person_id == person_id)


def tours_of(actor: Actor, *, is_learner: bool) -> tuple[TourRole, ...]:
    """This will name the roles in which somebody is shown around: those they hold, and learner if they learn here.

    Whoever has an account but no role is a learner.
    """
    held = tuple(role for role in TourRole if role != TourRole.LEARNER and actor.holds_anywhere(role))
    return (*held, TourRole.LEARNER) if is_learner or not held else held
