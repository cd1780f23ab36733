"""Notifications as e-mail: each person gets one message about all that is due for them.

What is due is claimed by moving its time on, in a transaction; then the message is sent, then noted as sent. A worker
that dies before sending loses nothing: the claim runs out. One that dies between sending and noting doubles this one
message.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation

from openmcx.accounts import queries
from openmcx.accounts.models import Notification, Person
from openmcx.kernel import mail

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
# So many notifications are told in one message; the rest is counted and waits in the product.
MOST_IN_ONE = 100
_LEASE = dt.timedelta(minutes=5)
_FIRST_DELAY = dt.timedelta(minutes=1)
_LONGEST_DELAY = dt.timedelta(hours=6)


def send_due(*, at: dt.datetime, limit: int = 50) -> int:
    """This will e-mail what is due to at most so many people, and return how many of them it looked at."""
    due = Notification.objects.filter(mail_due_at__lte=at).order_by()
    people = list(due.values_list("person_id", flat=True).distinct()[:limit])
    for person_id in people:
        _send_to(person_id, at)
    return len(people)


def _send_to(person_id: UUID, at: dt.datetime) -> None:
    claimed = _claim(person_id, at)
    if not claimed:
        return
    person, rows = claimed[0].person, Notification.objects.filter(pk__in=[row.pk for row in claimed])
    language = person.language if person.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        lines = queries.read_out(claimed[:MOST_IN_ONE])
        groups = queries.grouped(lines, scattered=True)
    of_kind = queries.kinds()
    in_it = {of_kind[row.kind].category for row in claimed if row.kind in of_kind}
    # One category: this message's. Several: whoever wants no more such messages wants none of them.
    category = in_it.pop() if len(in_it) == 1 else None
    end_url = queries.unsubscribe_url(person.pk, category.code if category else queries.EVERYTHING)
    context = {
        "person": person,
        "groups": groups,
        "count": len(claimed),
        "more": len(claimed) - len(lines),
        "category": category,
        "list_url": settings.OPENMCX_BASE_URL + reverse("accounts:notifications"),
        "preferences_url": settings.OPENMCX_BASE_URL + reverse("accounts:notification-preferences"),
        "unsubscribe_url": end_url,
    }
    try:
        mail.send(
            template="accounts/mail/notifications",
            context=context,
            to=person.email,
            language=language,
            # Source: RFC 2369, section 3.2; RFC 8058, section 3.1.
            headers={
                "List-Unsubscribe": f"<{end_url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        logger.warning("e-mail about notifications was refused for good (%s)", type(error).__name__)
        rows.update(mail_due_at=None, mail_fault=type(error).__name__)
    except OSError as error:
        attempts = max(row.mail_attempts for row in claimed) + 1  # this one
        logger.warning("e-mail about notifications failed (%s), attempt %s", type(error).__name__, attempts)
        again = None if attempts >= MAX_ATTEMPTS else at + min(_FIRST_DELAY * 2 ** (attempts - 1), _LONGEST_DELAY)
        rows.update(mail_due_at=again, mail_fault=type(error).__name__)
    else:
        rows.update(mail_due_at=None, mailed_at=at, mail_fault="")


@transaction.atomic
def _claim(person_id: UUID, at: dt.datetime) -> list[Notification]:
    """Take what is due for a person, unless another worker has it. What they have read is not sent any more."""
    person = Person.objects.select_for_update(of=("self",)).select_related("subject_key").get(pk=person_id)
    due = Notification.objects.filter(person=person, mail_due_at__lte=at)
    due.filter(read_at__isnull=False).update(mail_due_at=None)
    # A message goes to an address that is known to be the person's, or to nobody.
    if not person.is_active or not queries.has_verified(person.pk, person.email):
        due.update(mail_due_at=None)
        return []
    rows = list(due.select_related("subject_key"))
    for row in rows:
        row.person = person
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(
        mail_due_at=at + _LEASE, mail_attempts=F("mail_attempts") + 1
    )
    return rows
