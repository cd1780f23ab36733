"""Questions that accounts asks of the apps above it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal
from uuid import UUID

from django.utils.functional import Promise

from openmcx.kernel.actors import Actor
from openmcx.kernel.slots import Slot

type Text = str | Promise


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


class Mail(StrEnum):
    """When a notification is sent by e-mail too."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    OFF = "off"


class Shape(StrEnum):
    """What a parameter of a notification is, and so how its reader sees it."""

    TEXTS = "texts"  # a text by language: shown in the reader's language
    PERSON = "person"  # the id of a person: shown by the name they have when it is read, if they have one still
    NUMBER = "number"
    DAY = "day"  # as in ISO 8601: shown as the reader's language writes dates
    WORD = "word"  # a code: shown by the label that the kind gives it


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationCategory:
    """What a person decides about: whether notifications of these kinds reach them, and how."""

    code: str
    label: Text
    hint: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationKind:
    """One thing that people are told of. An app declares its kinds in `notifications.py`.

    Title and sentences are translated when they are read, in the reader's language; the placeholders of `sentence` are
    the parameters. `several` stands for a group of them, with ``%(count)s``. `mail` is what happens unless the person
    decides otherwise; None where somebody else writes to them about it anyway. `audience` names the roles that get it;
    empty: everybody.
    """

    code: str
    category: NotificationCategory
    title: Text
    sentence: Text
    several: Text
    mail: Mail | None
    state: str = "info"
    audience: tuple[str, ...] = ()
    params: Mapping[str, Shape] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)


roles_of: Slot[UUID, list[HeldRole]] = Slot(
    "accounts.roles-of", "Which roles does this person hold today, and at which institutions?"
)
token_uses: Slot[Actor, list[TokenUse]] = Slot(
    "accounts.token-uses", "What could a program with a token do for this person, in the roles of today?"
)
sign_in_hints: Slot[None, list[SignInHint]] = Slot(
    "accounts.sign-in-hints", "Which sign-ins may everybody see on the sign-in page?"
)
notification_kinds: Slot[None, tuple[NotificationKind, ...]] = Slot(
    "accounts.notification-kinds", "Which things do you tell people of?"
)
