"""What happened to a credential, as registrars read it."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from openmcx.accounts.queries import names_of
from openmcx.institutions.operations import Audit as InstitutionAudit
from openmcx.issuing.models import IssuedCredential, NoticeKind, NoticeState
from openmcx.issuing.operations import Audit
from openmcx.kernel import audit
from openmcx.ui.components import Moment, State


def of_credential(credential: IssuedCredential, *, at: dt.datetime) -> list[Moment]:
    """This will tell, the newest first, what was done with a credential, and what the learner did with it.

    Registrars are named; in which account a learner holds it is theirs alone to say.
    """
    deeds = audit.trail(
        credential,
        credential.learner,
        actions=[
            Audit.LINK_REPLACED,
            InstitutionAudit.LEARNER_CLAIMED,
            InstitutionAudit.LEARNER_RELEASED,
            InstitutionAudit.LEARNER_ERASED,
        ],
    )
    changes = list(credential.changes.select_related("subject_key"))
    batch = credential.row.batch
    names = names_of([batch.confirmed_by, *(one.by for one in changes), *(row.actor_id for row in deeds)])
    told = [Moment(at=credential.issued_at, title=_("Issued"), state=State.OK, by=names.get(batch.confirmed_by, ""))]
    for notice in credential.notices.all():
        told_of_issue = notice.kind == NoticeKind.ISSUED
        if notice.state == NoticeState.SENT and notice.sent_at is not None:
            title = _("Link sent to the learner") if told_of_issue else _("Learner told of the revocation")
            told.append(Moment(at=notice.sent_at, title=title, state=State.INFO))
        elif notice.state == NoticeState.FAILED:
            told.append(
                Moment(
                    at=notice.created_at,
                    title=_("Message to the learner could not be sent"),
                    text=notice.fault,
                    state=State.WARN,
                )
            )
    titles = {
        Audit.LINK_REPLACED: (State.INFO, _("Private link replaced")),
        InstitutionAudit.LEARNER_CLAIMED: (State.OK, _("Claimed: the learner took it into an account")),
        InstitutionAudit.LEARNER_RELEASED: (State.WARN, _("Taken out of the account")),
        InstitutionAudit.LEARNER_ERASED: (State.QUIET, _("The learner's data erased")),
    }
    for row in deeds:
        if row.at < credential.issued_at:
            continue  # it was about the learner's earlier credentials
        state, title = titles[_action(row.action)]
        is_learner = row.action == InstitutionAudit.LEARNER_CLAIMED
        by = "" if is_learner else names.get(row.actor_id, "")
        told.append(Moment(at=row.at, title=title, state=state, by=by))
    claimed_at = credential.learner.claimed_at
    if claimed_at is not None and claimed_at <= credential.issued_at:
        title = _("In the learner's account at once: it was linked before")
        told.append(Moment(at=credential.issued_at, title=title, state=State.OK))
    for change in changes:
        told.append(
            Moment(
                at=change.at,
                title=_("Revoked"),
                text=change.get_reason_display(),
                state=State.BAD,
                by=names.get(change.by, ""),
            )
        )
    if credential.valid_until is not None and credential.valid_until <= at:
        told.append(Moment(at=credential.valid_until, title=_("Expired"), state=State.WARN))
    return sorted(told, key=lambda one: one.at, reverse=True)


def _action(name: str) -> Audit | InstitutionAudit:
    return Audit(name) if name == Audit.LINK_REPLACED else InstitutionAudit(name)
