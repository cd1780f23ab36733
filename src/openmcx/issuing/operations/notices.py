"""Messages to learners: sent at least once, each at a time by one worker, failures kept where registrars see them."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from uuid import UUID

from django.db import transaction
from django.utils import translation

from openmcx.institutions.models import Institution
from openmcx.issuing import queries
from openmcx.issuing.models import Notice, NoticeKind, NoticeState
from openmcx.issuing.operations.audit_actions import Audit
from openmcx.kernel import audit, mail
from openmcx.kernel.actors import Actor
from openmcx.kernel.scopes import scopes_disabled
from openmcx.ui.languages import Written, written

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
# A message that a worker was sending when it died is sent again after this time.
_LEASE = dt.timedelta(minutes=2)
_FIRST_DELAY = dt.timedelta(minutes=1)
_LONGEST_DELAY = dt.timedelta(hours=6)


def send_due(*, at: dt.datetime, limit: int = 50) -> int:
    """This will send messages that wait, at most so many, and return how many it tried."""
    sent: dict[UUID, int] = {}
    tried = 0
    for notice_id, due_at in queries.due_notices(at=at, limit=limit):
        with scopes_disabled():
            # Moving the lease on is what claims the message: of two workers one succeeds.
            mine = Notice.objects.filter(pk=notice_id, state=NoticeState.WAITING, due_at=due_at).update(
                due_at=at + _LEASE
            )
            if not mine:
                continue
            tried += 1
            notice = (
                Notice.objects.select_related(
                    "subject_key",
                    "institution",
                    "credential__version",
                    "credential__subject_key",
                    "credential__learner",
                )
                .filter(pk=notice_id)
                .first()
            )
            if notice is not None and _send(notice, at):
                sent[notice.institution_id] = sent.get(notice.institution_id, 0) + 1
    with transaction.atomic():
        for institution_id, count in sent.items():
            audit.record(
                by=Actor.system(),
                action=Audit.NOTICES_SENT,
                at=at,
                subject=Institution(pk=institution_id),
                institution_id=institution_id,
                data={"count": count},
            )
    return tried


def _names(notice: Notice) -> dict[str, Written]:
    """What the message names, in its language where there are names in it; else they say which they are in."""
    with translation.override(notice.language):
        return {"institution": notice.institution.marked, "title": written(notice.credential.version.title)}


def _send(notice: Notice, at: dt.datetime) -> bool:
    if notice.email is None:
        return _gave_up(notice, "learner-erased")
    change = notice.credential.changes.order_by("at").last() if notice.kind == NoticeKind.REVOKED else None
    if change is not None:
        change.subject_key = notice.subject_key
    context = {
        **_names(notice),
        "institution_email": notice.institution.email,
        "number": notice.credential.number,
        "url": queries.private_url(notice.credential),
        "change": change,
    }
    if notice.kind == NoticeKind.ISSUED and not context["url"]:
        return _gave_up(notice, "link-withdrawn")
    # Asked after the link was read: when the address was corrected meanwhile, the message to the old one is withdrawn,
    # and the new link must not go there.
    if not Notice.objects.filter(pk=notice.pk, state=NoticeState.WAITING).exists():
        return False
    try:
        mail.send(template=f"issuing/mail/{notice.kind}", context=context, to=notice.email, language=notice.language)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        return _gave_up(notice, type(error).__name__)
    except OSError as error:
        _try_later(notice, type(error).__name__, at)
        return False
    _note(notice, state=NoticeState.SENT, sent_at=at, fault="")
    return True


def _gave_up(notice: Notice, fault: str) -> bool:
    _note(notice, state=NoticeState.FAILED, fault=fault[:120])
    return False


def _try_later(notice: Notice, fault: str, at: dt.datetime) -> None:
    _note(
        notice,
        state=NoticeState.FAILED if notice.attempts + 1 >= MAX_ATTEMPTS else NoticeState.WAITING,
        fault=fault[:120],
        due_at=at + min(_FIRST_DELAY * 2**notice.attempts, _LONGEST_DELAY),
    )


def _note(notice: Notice, **result: object) -> None:
    """Keep what came of it, unless the message was withdrawn meanwhile: its row is gone then."""
    Notice.objects.filter(pk=notice.pk).update(attempts=notice.attempts + 1, **result)
