"""Questions that every page asks of the apps above."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from openmcx.kernel.slots import Slot


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
