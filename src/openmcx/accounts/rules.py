"""Who may do what with an account: the person alone, and the node itself."""

from __future__ import annotations

from uuid import UUID

import rules

from openmcx.kernel.actors import Actor


@rules.predicate
def may_change(actor: Actor, person_id: UUID) -> bool:
    """This will tell whether the actor may change this account. A program that acts with a token may not."""
    return actor.is_system or (actor.kind == "person" and actor.person_id == person_id)


@rules.predicate
def may_register(actor: Actor) -> bool:
    """This will tell whether the actor may make accounts: visitors for themselves, the node for anybody."""
    return actor.kind in ("system", "anonymous")
