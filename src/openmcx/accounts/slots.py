"""Questions that accounts asks of the apps above it."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.utils.functional import Promise

from openmcx.kernel.actors import Actor
from openmcx.kernel.slots import Slot


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role a person holds today at one institution."""

    institution_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class SignInHint:
    """A ready-made sign-in that a demonstration shows on its sign-in page."""

    label: str
    email: str
    password: str
    role: str


@dataclass(frozen=True, slots=True)
class TokenUse:
    """What a program can do for a person with a token of this scope: one sentence."""

    scope: Literal["read", "issue"]
    sentence: str | Promise


roles_of: Slot[UUID, list[HeldRole]] = Slot(
    "accounts.roles-of", "Which roles does this person hold today, and at which institutions?"
)
token_uses: Slot[Actor, list[TokenUse]] = Slot(
    "accounts.token-uses", "What could a program with a token do for this person, in the roles of today?"
)
sign_in_hints: Slot[None, list[SignInHint]] = Slot(
    "accounts.sign-in-hints", "Which sign-ins may everybody see on the sign-in page?"
)
