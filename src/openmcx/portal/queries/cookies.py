"""The cookies of this node: what each is for, when it is set, how long it lasts. A test sets them all and compares."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.utils.translation import gettext, ngettext

from openmcx.ui import theme

_DAY, _HOUR = 86_400, 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """One cookie in the reader's language."""

    name: str
    purpose: str
    when: str
    lasting: str


def cookies() -> tuple[Cookie, ...]:
    """This will list every cookie that the node ever sets."""
    hours = settings.SESSION_COOKIE_AGE // _HOUR
    session_ends = ngettext(
        "It lasts until you sign out or close the browser, %(count)d hour at most.",
        "It lasts until you sign out or close the browser, %(count)d hours at most.",
        hours,
    )
    return (
        Cookie(
            name=settings.CSRF_COOKIE_NAME,
            purpose=gettext("Makes sure that what you send comes from a page of this site."),
            when=gettext("It is set when a page holds a form that changes something, such as signing in."),
            lasting=_days(settings.CSRF_COOKIE_AGE),
        ),
        Cookie(
            name=settings.SESSION_COOKIE_NAME,
            purpose=gettext("Keeps you signed in."),
            when=gettext("It is set when you sign in, or begin to, or make an account."),
            lasting=session_ends % {"count": hours},
        ),
        Cookie(
            name=CookieStorage.cookie_name,
            purpose=gettext("Carries a message to the next page, for instance that something was saved."),
            when=gettext("It is set when you have done something that is confirmed on the next page."),
            lasting=gettext("It lasts until that page is shown."),
        ),
        Cookie(
            name=settings.LANGUAGE_COOKIE_NAME,
            purpose=gettext("Remembers the language of the pages."),
            when=gettext("It is set when you choose a language, and when you sign in."),
            lasting=_days(settings.LANGUAGE_COOKIE_AGE),
        ),
        Cookie(
            name=theme.COOKIE,
            purpose=gettext("Remembers whether you want light or dark colours."),
            when=gettext("It is set when you choose one of the two at the foot of a page."),
            lasting=_days(theme.COOKIE_SECONDS),
        ),
    )


def _days(seconds: int) -> str:
    days = seconds // _DAY
    return ngettext("It lasts %(count)d day.", "It lasts %(count)d days.", days) % {"count": days}
