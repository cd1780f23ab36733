"""Who does something: a person, a holder of a link or token, or the node itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from openmcx.kernel.errors import NotPermitted

Kind = Literal["person", "system", "api", "link", "anonymous"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and which roles they hold at which institutions, at the time of asking."""

    person_id: UUID | None = None
    roles: frozenset[tuple[UUID, str]] = field(default_factory=frozenset)
    kind: Kind = "anonymous"

    def __post_init__(self) -> None:
        """This will refuse an actor that contradicts itself."""
        if (self.kind in {"person", "api"}) != (self.person_id is not None):
            raise ValueError(f"an actor of kind {self.kind!r} {'needs' if self.person_id is None else 'has no'} person")
        if self.kind == "anonymous" and self.roles:
            raise ValueError("an anonymous actor holds no roles")

    @classmethod
    def system(cls) -> Actor:
        """This will return the node itself, for jobs and commands."""
        return cls(kind="system")

    @classmethod
    def anonymous(cls) -> Actor:
        """This will return a visitor of whom nothing is known."""
        return cls(kind="anonymous")

    @property
    def is_system(self) -> bool:
        """This will tell whether the node itself acts."""
        return self.kind == "system"

    @property
    def is_signed_in(self) -> bool:
        """This will tell whether a known person acts, on a page or through the API."""
        return self.person_id is not None

    def holds(self, role: str, institution_id: UUID) -> bool:
        """This will tell whether the actor holds the role at the institution."""
        return (institution_id, str(role)) in self.roles

    def holds_anywhere(self, role: str) -> bool:
        """This will tell whether the actor holds the role at any institution."""
        return any(held == str(role) for _, held in self.roles)

    def institutions(self, role: str | None = None) -> frozenset[UUID]:
        """This will return the institutions at which the actor holds the role, or any role."""
        return frozenset(at for at, held in self.roles if role is None or held == str(role))


def require(condition: bool) -> None:
    """This will stop here unless the condition holds.

    Raises: NotPermitted.
    """
    if not condition:
        raise NotPermitted
