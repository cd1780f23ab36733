"""Telling people things, and what they decide about it.

Being told is no deed of the person's, so it leaves no row in the audit trail; neither does reading, which is nobody's
business. What a person decides leaves one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from openmcx.accounts import queries, rules
from openmcx.accounts.models import Notification, NotificationPreference, Person
from openmcx.accounts.operations.audit_actions import Audit
from openmcx.accounts.slots import Mail, NotificationKind
from openmcx.credentials.model import LangText
from openmcx.kernel import audit
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import Refusal

# What was read is kept so long, and anything at all. Units: days.
KEEP_READ_DAYS = 90
KEEP_DAYS = 400
_IN_ONE_QUERY = 500  # SQLite takes a limited number of values


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who is told what. `about` names what it is about when a person is to be told once only."""

    person_id: UUID
    url: str
    params: Mapping[str, Any] = field(default_factory=dict)
    institution_id: UUID | None = None
    about: str = ""


def notify(*, by: Actor, at: dt.datetime, kind: NotificationKind, told: Iterable[Told]) -> int:
    """This will tell people something, each in their own language when they read it, and return how many it is for.

    Call it in the transaction of what happened. Whoever did it is not told, nor is who has muted the category or closed
    the account. Nobody is told twice what it says it is `about`; whoever was told before is counted all the same.
    """
    wanted = [one for one in told if one.person_id != by.person_id]
    for one in wanted:
        _check(kind, one)
    if not wanted:
        return 0
    ids = list({one.person_id for one in wanted})
    people: dict[UUID, Person] = {}
    decided: dict[UUID, NotificationPreference] = {}
    for start in range(0, len(ids), _IN_ONE_QUERY):
        some = ids[start : start + _IN_ONE_QUERY]
        active = Person.objects.filter(pk__in=some, is_active=True, erased_at__isnull=True)
        people |= {person.pk: person for person in active.select_related("subject_key")}
        preferences = NotificationPreference.objects.filter(person_id__in=some, category=kind.category.code)
        decided |= {row.person_id: row for row in preferences}
    rows = []
    for one in wanted:
        person = people.get(one.person_id)
        if person is None:
            continue
        preference = decided.get(person.pk)
        due_at = queries.mail_due_at(queries.wanted_mail(kind, preference), person, at=at)
        is_muted = preference is not None and preference.muted
        if is_muted and due_at is None:
            continue
        rows.append(
            Notification(
                person=person,
                subject_key=person.subject_key,
                kind=kind.code,
                params=_plain(one.params),
                url=one.url,
                institution_id=one.institution_id,
                about=one.about,
                in_product=not is_muted,
                created_at=at,
                mail_due_at=due_at,
            )
        )
    Notification.objects.bulk_create(rows, ignore_conflicts=True, batch_size=200)
    return len(rows)


def _check(kind: NotificationKind, told: Told) -> None:
    if kind.code not in queries.kinds():
        raise ValueError(f"the kind {kind.code!r} is not registered in the slot accounts.notification-kinds")
    if set(told.params) != set(kind.params):
        raise ValueError(f"{kind.code!r} needs exactly the parameters {sorted(kind.params)}, not {sorted(told.params)}")
    if not told.url.startswith("/") or told.url.startswith("//"):
        raise ValueError(f"{kind.code!r} must lead to a path of this node, not to {told.url!r}")


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in params.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, LangText):
        return value.as_dict()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    return value


def mark_read(*, by: Actor, at: dt.datetime, notification_id: UUID) -> Notification:
    """This will note that the acting person has read a notification. What was read is not e-mailed any more.

    Raises: NotPermitted; Notification.DoesNotExist (also when it is somebody else's).
    """
    require(by.kind == "person")
    assert by.person_id is not None
    mine = Notification.objects.filter(pk=notification_id, person_id=by.person_id, in_product=True)
    mine.filter(read_at__isnull=True).update(read_at=at, mail_due_at=None)
    return mine.get()


def mark_all_read(*, by: Actor, at: dt.datetime, until: dt.datetime) -> int:
    """This will note that the acting person has read all they were told until a time, and return how many that were.

    Raises: NotPermitted.
    """
    require(by.kind == "person")
    assert by.person_id is not None
    unread = Notification.objects.unread().filter(person_id=by.person_id, created_at__lte=until)
    return unread.update(read_at=at, mail_due_at=None)


@transaction.atomic
def change_preferences(
    *, by: Actor, at: dt.datetime, person_id: UUID, preferences: Mapping[str, tuple[bool, str]], digest_hour: int
) -> None:
    """This will keep what a person decides: by category whether it is muted and when it is e-mailed, and at which hour
    the daily e-mail goes out. What waits to be e-mailed follows the new decision.

    Units: hours of the node's time zone.
    Raises: NotPermitted; Refusal ``category-unknown``, ``mail-unknown``, ``hour-unknown``.
    """
    require(rules.may_change(by, person_id))
    known = queries.categories()
    for category, (_muted, mail) in preferences.items():
        if category not in known:
            raise Refusal("category-unknown", _("“%(category)s” is not a category."), category=category[:60])
        if mail not in ("", *Mail):
            raise Refusal("mail-unknown", _("Choose one of the ways on the list."))
    if not 0 <= digest_hour <= 23:
        raise Refusal("hour-unknown", _("Choose an hour from 0 to 23."))
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    if person.digest_hour != digest_hour:
        person.digest_hour = digest_hour
        person.save(update_fields=["digest_hour"])
        audit.record(by=by, action=Audit.PREFERENCE_CHANGED, at=at, subject=person, data={"digest_hour": digest_hour})
    for category, (muted, mail) in preferences.items():
        _decide(by, at, person, category, muted=muted, mail=mail, action=Audit.PREFERENCE_CHANGED)
    _follow(person, at)


@transaction.atomic
def unsubscribe(*, by: Actor, at: dt.datetime, person_id: UUID, category: str) -> None:
    """This will end a person's e-mail of a category, or of all. In the product everything stays as it was.

    Anybody may who has the link in a message, which the caller has read (`queries.unsubscribe_request`): the person
    need not sign in, nor does whoever they have passed the message on to do them harm. Doing it again changes nothing.
    """
    person = Person.objects.select_for_update(of=("self",)).filter(pk=person_id, erased_at__isnull=True).first()
    if person is None:
        return  # nobody gets e-mail at that account any more
    decided = {row.category: row for row in NotificationPreference.objects.filter(person=person)}
    known = queries.categories()
    for code in known if category == queries.EVERYTHING else known.keys() & {category}:
        muted = code in decided and decided[code].muted
        _decide(by, at, person, code, muted=muted, mail=Mail.OFF.value, action=Audit.UNSUBSCRIBED)
    _follow(person, at)


def _decide(
    by: Actor, at: dt.datetime, person: Person, category: str, *, muted: bool, mail: str, action: Audit
) -> None:
    row = NotificationPreference.objects.filter(person=person, category=category).first()
    before = (row.muted, row.mail) if row else (False, "")
    if before == (muted, mail):
        return
    row = row or NotificationPreference(person=person, category=category)
    row.muted, row.mail, row.changed_at = muted, mail, at
    row.save()
    audit.record(
        by=by,
        action=action,
        at=at,
        subject=row,
        data={"person": person.pk, "category": category, "mail": mail} | ({"muted": muted}),
    )


def _follow(person: Person, at: dt.datetime) -> None:
    """Have what waits to be e-mailed go when the person wants it now."""
    kinds = queries.kinds()
    decided = {row.category: row for row in NotificationPreference.objects.filter(person=person)}
    waiting = Notification.objects.filter(person=person, mail_due_at__isnull=False)
    for code in set(waiting.order_by().values_list("kind", flat=True).distinct()):
        kind = kinds.get(code)
        mail = queries.wanted_mail(kind, decided.get(kind.category.code)) if kind else None
        waiting.filter(kind=code).update(mail_due_at=queries.mail_due_at(mail, person, at=at))


@transaction.atomic
def clear_old_notifications(*, at: dt.datetime) -> int:
    """This will delete what was read long ago, and anything that is older still; returns how many there were."""
    read = Notification.objects.filter(read_at__lt=at - dt.timedelta(days=KEEP_READ_DAYS), mail_due_at__isnull=True)
    by_mail = Notification.objects.filter(
        in_product=False, mail_due_at__isnull=True, created_at__lt=at - dt.timedelta(days=KEEP_READ_DAYS)
    )
    old = Notification.objects.filter(created_at__lt=at - dt.timedelta(days=KEEP_DAYS))
    return read.delete()[0] + by_mail.delete()[0] + old.delete()[0]
