"""What is done with an issued credential: revoke it, replace its private link, claim it, undo that."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from openmcx.institutions import operations as institution_operations
from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import LearnerRecord
from openmcx.issuing import notifications, queries, rules
from openmcx.issuing.events import CredentialRevoked, NoticesWaiting
from openmcx.issuing.models import (
    Award,
    CredentialLink,
    CredentialState,
    IssuedCredential,
    Notice,
    NoticeKind,
    NoticeState,
    RevocationReason,
    StatusChange,
    StatusList,
)
from openmcx.issuing.operations.audit_actions import Audit
from openmcx.issuing.operations.chunks import new_link, new_notice
from openmcx.issuing.operations.status_lists import publish
from openmcx.issuing.operations.telling import tell_learners
from openmcx.kernel import audit, events
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import Refusal
from openmcx.kernel.mail import normal_email

NOTE_LENGTH = 1000


@transaction.atomic
def revoke(*, by: Actor, at: dt.datetime, credential_id: UUID, reason: str, note: str = "") -> IssuedCredential:
    """This will take a credential back, publish that at once, and have the learner told.

    The learner may be awarded the micro-credential again. The note goes to the learner only.
    Raises: NotPermitted; IssuedCredential.DoesNotExist; Refusal ``already-revoked``, ``reason-unknown``,
    ``note-missing``, ``note-too-long``.
    """
    credential = _locked(credential_id)
    require(bool(rules.may_issue(by, credential.institution_id)))
    rules.require_revocable(credential, at)
    if reason not in RevocationReason.values:
        raise Refusal("reason-unknown", _("Choose one of the reasons on the list."))
    note = note.strip()
    if reason == RevocationReason.OTHER and not note:
        raise Refusal("note-missing", _("Say why the credential is revoked, so that the learner understands it."))
    if len(note) > NOTE_LENGTH:
        raise Refusal(
            "note-too-long", _("The note is longer than %(limit)s characters. Shorten it."), limit=NOTE_LENGTH
        )
    # The list is locked first, so that two revocations at the same time both end up in it.
    StatusList.objects.select_for_update(of=("self",)).get(pk=credential.status_list_id)
    credential.revoked_at = at
    credential.save(update_fields=["revoked_at"])
    Award.objects.filter(pk=credential.award_id, closed_at__isnull=True).update(closed_at=at)
    erased = credential.subject_key.erased_at is not None
    StatusChange.objects.create(
        institution_id=credential.institution_id,
        credential=credential,
        state=CredentialState.REVOKED,
        reason=reason,
        subject_key=credential.subject_key,
        note=None if erased or not note else note,
        at=at,
        by=by.person_id,
    )
    if not erased:
        new_notice(credential, NoticeKind.REVOKED, credential.learner, at).save(force_insert=True)
    audit.record(
        by=by,
        action=Audit.REVOKED,
        at=at,
        subject=credential,
        institution_id=credential.institution_id,
        data={"reason": reason},
    )
    publish(list_id=credential.status_list_id, at=at)
    events.emit(CredentialRevoked(credential.pk))
    events.emit(NoticesWaiting(credential.institution_id))
    tell_learners(notifications.CREDENTIAL_REVOKED, [credential], by, at)
    return credential


@transaction.atomic
def send_again(*, by: Actor, at: dt.datetime, credential_id: UUID, email: str = "") -> Notice:
    """This will have the message with the private link sent again, to another address if one is given.

    With another address the links of all credentials of the learner are replaced, since who got one by mistake may have
    got the others: they must not open anything any more. The learner is written to about each.
    Raises: NotPermitted; IssuedCredential.DoesNotExist; Refusal ``learner-erased``, ``sent-too-often``,
    ``email-invalid``, ``email-taken``.
    """
    credential = _locked(credential_id)
    require(bool(rules.may_issue(by, credential.institution_id)))
    if credential.subject_key.erased_at is not None:
        raise Refusal("learner-erased", _("The learner's data were erased on request; there is nobody to write to."))
    since = at - dt.timedelta(hours=rules.RESEND_HOURS)
    recent = Notice.objects.filter(credential=credential, kind=NoticeKind.ISSUED, created_at__gt=since)
    if recent.exclude(state=NoticeState.FAILED).count() > rules.RESENDS:
        raise Refusal(
            "sent-too-often",
            _("The message was sent %(count)s times within %(hours)s hours. Wait, or give the learner the link."),
            count=rules.RESENDS + 1,
            hours=rules.RESEND_HOURS,
        )
    email = email.strip()
    changes_address = bool(email) and normal_email(email) != normal_email(credential.learner.email or "")
    if changes_address:
        credential.learner = institution_operations.change_learner_email(
            by=by, at=at, learner_id=credential.learner_id, email=email
        )
        for each in _replace_links(by, credential.learner, at):
            _write_anew(each, credential.learner, at)
    # What waits or failed is superseded by the new message.
    Notice.objects.filter(credential=credential, kind=NoticeKind.ISSUED, state=NoticeState.WAITING).delete()
    notice = new_notice(credential, NoticeKind.ISSUED, credential.learner, at)
    notice.save(force_insert=True)
    audit.record(
        by=by,
        action=Audit.NOTICE_REQUESTED,
        at=at,
        subject=credential,
        institution_id=credential.institution_id,
        data={"notice": notice.pk, "address_changed": changes_address},
    )
    events.emit(NoticesWaiting(credential.institution_id))
    return notice


@transaction.atomic
def replace_link(*, by: Actor, at: dt.datetime, credential_id: UUID) -> CredentialLink:
    """This will withdraw a credential's private link, which fell into wrong hands, and make a new one.

    Raises: NotPermitted; IssuedCredential.DoesNotExist; Refusal ``learner-erased``.
    """
    credential = _locked(credential_id)
    require(bool(rules.may_issue(by, credential.institution_id)))
    if credential.subject_key.erased_at is not None:
        raise Refusal("learner-erased", _("The learner's data were erased on request; there is no link any more."))
    return _replace_link(by, credential, at)


@transaction.atomic
def release_claim(*, by: Actor, at: dt.datetime, credential_id: UUID) -> IssuedCredential:
    """This will take a learner's credentials out of the account that claimed them, and replace all their private links,
    which the account has shown to whoever holds it.

    Raises: NotPermitted; IssuedCredential.DoesNotExist; Refusal ``learner-erased``, ``record-unclaimed``.
    """
    credential = _locked(credential_id)
    require(bool(rules.may_issue(by, credential.institution_id)))
    if credential.subject_key.erased_at is not None:
        raise Refusal("learner-erased", _("The learner's data were erased on request; there is no link any more."))
    if credential.learner.person_id is None:
        raise Refusal("record-unclaimed", _("These credentials are in no account."))
    credential.learner = institution_operations.release_learner(by=by, at=at, learner_id=credential.learner_id)
    _replace_links(by, credential.learner, at)
    return credential


def _replace_links(by: Actor, learner: LearnerRecord, at: dt.datetime) -> list[IssuedCredential]:
    found = list(
        IssuedCredential.objects.select_for_update(of=("self",))
        .select_related("institution", "version", "subject_key")
        .filter(learner=learner)
        .order_by("issued_at", "id")
    )
    for credential in found:
        _replace_link(by, credential, at)
    return found


def _write_anew(credential: IssuedCredential, learner: LearnerRecord, at: dt.datetime) -> None:
    """Have the learner told at the address they have now: what waits goes there, and the new link too."""
    waiting = Notice.objects.filter(credential=credential, state=NoticeState.WAITING)
    kinds = {NoticeKind(kind) for kind in waiting.values_list("kind", flat=True)}
    waiting.delete()
    if credential.revoked_at is None:
        kinds.add(NoticeKind.ISSUED)
    for kind in sorted(kinds):
        new_notice(credential, kind, learner, at).save(force_insert=True)


def _replace_link(by: Actor, credential: IssuedCredential, at: dt.datetime) -> CredentialLink:
    CredentialLink.objects.filter(credential=credential, withdrawn_at__isnull=True).update(withdrawn_at=at)
    link = new_link(credential, at)
    link.save(force_insert=True)
    audit.record(by=by, action=Audit.LINK_REPLACED, at=at, subject=credential, institution_id=credential.institution_id)
    return link


def claim(*, by: Actor, at: dt.datetime, token: str) -> IssuedCredential:
    """This will link the learner record behind a private link to the account of who opened it, if the address to which
    the link was sent is theirs.

    Raises: NotPermitted; Refusal ``link-unknown``, ``record-other-address``, ``record-claimed``.
    """
    credential = queries.credential_for_token(token)
    if credential is None:
        raise Refusal("link-unknown", _("This link is not valid any more. Ask the institution to send it again."))
    institution_operations.claim_record(by=by, at=at, learner_id=credential.learner_id, proof="link")
    return credential


@transaction.atomic
def note_export(*, by: Actor, at: dt.datetime, institution_ids: list[UUID], count: int, form: str) -> None:
    """This will note that learners' data left the node in a file."""
    for institution_id in institution_ids:
        require(bool(rules.may_issue(by, institution_id)))
        institution = institution_queries.institution(institution_id)
        audit.record(
            by=by,
            action=Audit.EXPORTED,
            at=at,
            subject=institution,
            institution_id=institution_id,
            data={"count": count, "form": form},
        )


def _locked(credential_id: UUID) -> IssuedCredential:
    row: IssuedCredential = (
        IssuedCredential.objects.select_for_update(of=("self",))
        .select_related("institution", "version", "learner", "learner__subject_key", "subject_key")
        .get(pk=credential_id)
    )
    return row
