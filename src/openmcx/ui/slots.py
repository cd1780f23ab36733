"""Questions that every page asks of the apps above."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from openmcx.kernel.actors import Actor
from openmcx.kernel.slots import Slot
from openmcx.ui.components import State


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the main navigation.

    `order` places it: 10 what a role does every day, 50 what everybody may read, 90 administration.
    `prefixes` are the paths under which the entry is marked as the current one; `url` always is.
    """

    label: str | Promise
    url: str
    order: int = 50
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeaderLink:
    """An icon in the page's header that leads somewhere; `count` tells how much waits there, `label` in words."""

    label: str | Promise
    url: str
    icon: str
    count: int = 0


navigation: Slot[HttpRequest, list[NavigationItem]] = Slot(
    "ui.navigation", "Which entries does the main navigation have for whoever made this request?"
)
header_links: Slot[HttpRequest, list[HeaderLink]] = Slot(
    "ui.header-links", "Which links does the header have, beside the account, for whoever made this request?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FooterLink:
    """A page that the foot of every page links beside the node's own."""

    label: str | Promise
    url: str


footer: Slot[HttpRequest | None, list[FooterLink]] = Slot(
    "ui.footer", "Which pages does the foot of every page link beside the node's own?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFor:
    """Whose work is asked for, in the roles they hold at that time."""

    actor: Actor
    at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that somebody should do: what, where, and how it stands.

    `state` says how urgent it is: "bad" when something goes wrong until it is done, "warn" when it should be done soon,
    "info" when it can be done. `since` is when it began to wait, `due_on` the day by which it must be done.
    """

    title: str | Promise
    url: str
    state: State
    state_text: str | Promise
    hint: str | Promise = ""
    since: dt.datetime | None = None
    due_on: dt.date | None = None


waiting: Slot[WaitingFor, list[Waiting]] = Slot(
    "ui.waiting", "What waits for this person, in all their roles? Their home page begins with it, most urgent first."
)
