"""Light, dark, or as the reader's system has it: a choice that is kept in a cookie only once somebody makes it."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "theme"
COOKIE_SECONDS = 31_536_000
PARAMETER = "theme"


class Theme(StrEnum):
    """What a reader can choose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def chosen(request: HttpRequest | None) -> Theme:
    """This will tell which theme the reader chose; what a cookie says that we never wrote counts as no choice."""
    if request is None:
        return Theme.SYSTEM
    forced = getattr(request, "forced_theme", None)
    return forced if isinstance(forced, Theme) else parse(request.COOKIES.get(COOKIE, ""))


def parse(text: str) -> Theme:
    """This will read the name of a theme, and give the system's for anything else."""
    return Theme(text) if text in {one.value for one in Theme} else Theme.SYSTEM


def force(request: HttpRequest, theme: Theme) -> None:
    """This will show one page in a theme whatever the reader chose, as the gallery does."""
    request.forced_theme = theme  # type: ignore[attr-defined]  # ours; `chosen` reads it


def remember(response: HttpResponse, theme: Theme) -> None:
    """This will keep a choice in the browser, or forget it when the reader leaves it to the system again."""
    if theme is Theme.SYSTEM:
        response.delete_cookie(COOKIE, path="/", samesite="Lax")
        return
    response.set_cookie(
        COOKIE,
        theme.value,
        max_age=COOKIE_SECONDS,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
