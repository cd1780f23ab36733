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


navigation: Slot[HttpRequest, list[NavigationItem]] = Slot(
    "ui.navigation", "Which entries does the main navigation have for whoever made this request?"
)
