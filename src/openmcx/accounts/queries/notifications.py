"""What people are told: which kinds there are, what waits to be read, and in which words."""

from __future__ import annotations

import datetime as dt
import itertools
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openmcx.accounts import rules, slots
from openmcx.accounts.models import Notification, NotificationPreference, Person
from openmcx.accounts.slots import Mail, NotificationCategory, NotificationKind, Shape
from openmcx.credentials.model import LangText
from openmcx.kernel.slots import PersonalData

logger = logging.getLogger(__name__)

# So many of a kind in a row are told in one sentence.
GROUP_FROM = 3
# Of a group so many are told one by one in an e-mail; the rest is counted.
LINES_IN_MAIL = 10
EVERYTHING = ""  # instead of a category: all that is e-mailed
_UNSUBSCRIBE = "accounts.unsubscribe"


# --- kinds ----------------------------------------------------------------------------------------------------------


def kinds() -> dict[str, NotificationKind]:
    """This will list what the apps tell people of, by code."""
    return {kind.code: kind for declared in slots.notification_kinds.ask(None) for kind in declared}


def categories() -> dict[str, NotificationCategory]:
    """This will list what a person decides about, by code, in the order in which the apps declare it."""
    return {kind.category.code: kind.category for kind in kinds().values()}


# --- what waits -----------------------------------------------------------------------------------------------------


def unread_count(person_id: UUID) -> int:
    """This will count what the person has not read."""
    return Notification.objects.unread().filter(person_id=person_id).count()


def notifications_of(person_id: UUID, *, unread_only: bool = False) -> QuerySet[Notification]:
    """This will list what a person was told, the newest first."""
    rows = Notification.objects.unread() if unread_only else Notification.objects.shown()
    return rows.filter(person_id=person_id).select_related("subject_key")


def mail_waits(*, at: dt.datetime) -> bool:
    """This will tell whether there is something to be e-mailed now."""
    return Notification.objects.filter(mail_due_at__lte=at).exists()


# --- words ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One notification in the words of the language that is active. `markup` is `sentence` as HTML."""

    id: UUID
    kind: str
    title: str
    sentence: str
    markup: SafeString
    several: slots.Text
    state: str
    url: str
    at: dt.datetime
    is_read: bool

    @property
    def address(self) -> str:
        """The whole address, for e-mail."""
        return str(settings.OPENMCX_BASE_URL) + self.url


@dataclass(frozen=True, slots=True)
class Group:
    """Notifications that are told together; `title` is one sentence for all of them."""

    lines: tuple[Line, ...]
    title: str

    @property
    def is_one(self) -> bool:
        return len(self.lines) == 1

    @property
    def rest(self) -> int:
        """How many of them an e-mail counts instead of telling them."""
        return max(0, len(self.lines) - LINES_IN_MAIL)

    @property
    def unread(self) -> int:
        return sum(not line.is_read for line in self.lines)


class _Number(int):
    """A number that chooses plural forms as a number and is written as the language writes it."""

    def __str__(self) -> str:
        return number_format(int(self), use_l10n=True, force_grouping=True)


def read_out(notifications: Iterable[Notification]) -> list[Line]:
    """This will put notifications into words, in the language that is active now."""
    rows, known = list(notifications), kinds()
    people = _names(known, rows)
    return [_line(row, known.get(row.kind), people) for row in rows]


def _names(known: Mapping[str, NotificationKind], rows: Sequence[Notification]) -> dict[str, str]:
    wanted = {
        str(row.params[name])
        for row in rows
        if (kind := known.get(row.kind)) and row.params
        for name, shape in kind.params.items()
        if shape == Shape.PERSON and row.params.get(name)
    }
    if not wanted:
        return {}
    found = Person.objects.filter(pk__in=wanted, erased_at__isnull=True).select_related("subject_key")
    return {str(person.pk): str(person) for person in found}


def _line(row: Notification, kind: NotificationKind | None, people: Mapping[str, str]) -> Line:
    plain: dict[str, Any] = {}
    marked: dict[str, Any] = {}
    # A kind that is gone, or that had other parameters when the row was written: something can be said all the same.
    title, sentence = _("Notification"), _("This was told by an earlier version of this node.")
    markup = SafeString(escape(sentence))
    if kind is not None:
        title = str(kind.title)
        try:
            for name, shape in kind.params.items():
                plain[name], marked[name] = _said(kind, name, shape, (row.params or {})[name], people)
            sentence = str(kind.sentence % plain) if plain else str(kind.sentence)
            filled = str(kind.sentence % marked) if marked else sentence
            markup = mark_safe(filled)  # noqa: S308  (the values are safe markup, the sentence is ours or translators')
        except (KeyError, TypeError, ValueError):
            logger.warning("the notification %s does not fit its kind %s", row.pk, kind.code)
            sentence, markup = title, SafeString(escape(title))
    return Line(
        id=row.pk,
        kind=row.kind,
        title=title,
        sentence=sentence,
        markup=markup,
        several=kind.several if kind else "",
        state=kind.state if kind else "quiet",
        url=row.url,
        at=row.created_at,
        is_read=row.read_at is not None,
    )


def _said(kind: NotificationKind, name: str, shape: Shape, value: Any, people: Mapping[str, str]) -> tuple[Any, Any]:
    """A parameter as text and as markup."""
    if shape == Shape.NUMBER:
        return _Number(value), _Number(value)
    if shape == Shape.TEXTS:
        texts, here = LangText(value), get_language() or "en"
        text, tag = texts.best(here), texts.best_tag(here)
        if tag in ("", "und", here):
            return text, escape(text)
        return text, format_html('<span lang="{}">{}</span>', tag, text)
    if shape == Shape.DAY:
        text = date_format(dt.date.fromisoformat(value), "DATE_FORMAT")
    elif shape == Shape.PERSON:
        text = people.get(str(value)) or _("Somebody whose account is closed")
    else:
        text = str(kind.words.get(name, {}).get(value, value))
    return text, escape(text)


def grouped(lines: Sequence[Line], *, scattered: bool = False) -> list[Group]:
    """This will gather notifications of a kind that follow one another, or `scattered` ones too, if there are many."""
    ordered = list(lines)
    if scattered:
        first = {line.kind: place for place, line in reversed(list(enumerate(ordered)))}
        ordered.sort(key=lambda line: first[line.kind])
    groups: list[Group] = []
    for _kind, members in itertools.groupby(ordered, key=lambda line: line.kind):
        alike = tuple(members)
        if len(alike) >= GROUP_FROM and alike[0].several:
            groups.append(Group(alike, str(alike[0].several % {"count": _Number(len(alike))})))
        else:
            groups += [Group((line,), line.title) for line in alike]
    return groups


# --- preferences ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """What holds for a person in a category. `mail` "" leaves it to each kind."""

    category: NotificationCategory
    kinds: tuple[NotificationKind, ...]
    muted: bool
    mail: str

    @property
    def may_be_mailed(self) -> bool:
        """Whether anything of the category is ever e-mailed."""
        return any(kind.mail is not None for kind in self.kinds)


def preferences_of(person_id: UUID) -> list[Preference]:
    """This will list the categories that concern the person in their roles of today, with what they have decided."""
    held = {role.role for roles in slots.roles_of.ask(person_id) for role in roles}
    decided = {row.category: row for row in NotificationPreference.objects.filter(person_id=person_id)}
    declared = kinds().values()
    found = []
    for code, category in categories().items():
        mine = tuple(
            kind
            for kind in declared
            if kind.category.code == code and (not kind.audience or held & set(kind.audience) or code in decided)
        )
        if mine:
            row = decided.get(code)
            found.append(
                Preference(
                    category=category,
                    kinds=mine,
                    muted=row.muted if row else False,
                    mail=row.mail if row else "",
                )
            )
    return found


def wanted_mail(kind: NotificationKind, preference: NotificationPreference | None) -> Mail | None:
    """This will say when a notification of the kind is e-mailed to somebody who has decided so."""
    if kind.mail is None or preference is None or not preference.mail:
        return kind.mail
    return Mail(preference.mail)


def mail_due_at(mail: Mail | None, person: Person, *, at: dt.datetime) -> dt.datetime | None:
    """This will say when something that happened at a time is e-mailed to the person, by the clock of the node."""
    return rules.mail_due_at(mail, at=at, hour=person.digest_hour, zone=timezone.get_default_timezone())


# --- unsubscribing --------------------------------------------------------------------------------------------------


def unsubscribe_url(person_id: UUID, category: str) -> str:
    """This will make the address at which e-mail of a category, or all of it, is ended without signing in.

    It works as long as the account and the node's secret key are there: who finds an old message may use it still.
    """
    token = signing.dumps([str(person_id), category], salt=_UNSUBSCRIBE)
    return str(settings.OPENMCX_BASE_URL) + reverse("accounts:unsubscribe", kwargs={"token": token})


def unsubscribe_request(token: str) -> tuple[UUID, str] | None:
    """This will read such an address: whose e-mail, and of which category. None when we did not make it."""
    try:
        person_id, category = signing.loads(token, salt=_UNSUBSCRIBE)
        return UUID(person_id), str(category)
    except (signing.BadSignature, ValueError, TypeError):
        return None


# --- for the person's own eyes --------------------------------------------------------------------------------------


def notifications_held_of(person_id: UUID) -> list[PersonalData]:
    """This will answer the kernel: what a person was told and has decided about it."""
    rows = Notification.objects.filter(person_id=person_id).select_related("subject_key")
    told = tuple((line.at.isoformat(timespec="seconds"), line.sentence) for line in read_out(rows))
    decided = tuple(
        (row.category, f"in the product: {'no' if row.muted else 'yes'}; e-mail: {row.mail or 'as suggested'}")
        for row in NotificationPreference.objects.filter(person_id=person_id).order_by("category")
    )
    found = []
    if told:
        found.append(PersonalData(source="accounts", label=_("Notifications"), values=told))
    if decided:
        found.append(PersonalData(source="accounts", label=_("Notification preferences"), values=decided))
    return found
