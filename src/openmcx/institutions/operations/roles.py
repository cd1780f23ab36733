"""Giving and ending roles, inviting people."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openmcx.accounts.models import Person
from openmcx.accounts.queries import has_verified
from openmcx.institutions import notifications, queries, rules
from openmcx.institutions.events import InvitationSent
from openmcx.institutions.models import Institution, Invitation, Membership, Role
from openmcx.institutions.operations.common import Audit, locked, tell
from openmcx.kernel import audit, events, personal
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.mail import normal_email
from openmcx.kernel.scopes import scopes_disabled

INVITATION_DAYS = 14


@transaction.atomic
def grant_role(
    *,
    by: Actor,
    at: dt.datetime,
    institution_id: UUID,
    person_id: UUID,
    role: str,
    begins_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> Membership:
    """This will give a person a role at an institution, from `begins_on` (today) to `ends_on` (no end).

    Raises: NotPermitted; Refusal ``role-unknown``, ``role-dates``, ``role-own``, ``role-already-held``,
    ``account-closed``.
    """
    begins_on = begins_on or at.date()
    _check_role(by, institution_id, role, begins_on, ends_on, at)
    rules.require_somebody_else(by, person_id)
    institution = locked(institution_id)
    person = Person.objects.get(pk=person_id)
    if not person.is_active:
        raise Refusal("account-closed", _("This person's account is closed."))
    with scopes_disabled():
        return _grant(by, at, institution, person, role, begins_on, ends_on, granted_by=by.person_id)


def _check_role(
    by: Actor, institution_id: UUID, role: str, begins_on: dt.date, ends_on: dt.date | None, at: dt.datetime
) -> None:
    if role not in Role.values:
        raise Refusal("role-unknown", _("“%(role)s” is not a role."), role=str(role)[:40])
    require(rules.may_grant(by, institution_id, role))
    if ends_on is not None and (ends_on < begins_on or ends_on < at.date()):
        raise Refusal("role-dates", _("The last day must be today or later, and not before the first day."))


def _grant(
    by: Actor,
    at: dt.datetime,
    institution: Institution,
    person: Person,
    role: str,
    begins_on: dt.date,
    ends_on: dt.date | None,
    *,
    granted_by: UUID | None,
) -> Membership:
    held = Membership.objects.filter(institution=institution, person=person, role=role, ended_at__isnull=True)
    if any(
        (each.ends_on is None or each.ends_on >= begins_on) and (ends_on is None or each.begins_on <= ends_on)
        for each in held
    ):
        raise Refusal("role-already-held", _("This person already holds this role in that time."))
    membership = Membership.objects.create(
        institution=institution,
        person=person,
        role=role,
        begins_on=begins_on,
        ends_on=ends_on,
        granted_by_id=granted_by,
        granted_at=at,
    )
    audit.record(
        by=by,
        action=Audit.ROLE_GRANTED,
        at=at,
        subject=membership,
        institution_id=institution.pk,
        data={"person": str(person.pk), "role": str(role), "begins_on": str(begins_on), "ends_on": str(ends_on or "")},
    )
    tell(
        by,
        at,
        notifications.ROLE_GRANTED,
        institution,
        [person.pk],
        url=str(settings.LOGIN_REDIRECT_URL),
        about=str(membership.pk),
        role=str(role),
        day=begins_on,
    )
    return membership


@transaction.atomic
def end_role(*, by: Actor, at: dt.datetime, membership_id: UUID) -> Membership:
    """This will end a role at once. The last administrator of an institution stays.

    Raises: NotPermitted; Membership.DoesNotExist (also outside the scope); Refusal ``last-administrator``.
    """
    membership: Membership = Membership.objects.select_related("institution").get(pk=membership_id)
    require(rules.may_end(by, membership.institution_id, membership.role))
    locked(membership.institution_id)  # two administrators who end each other's role at once: one comes second
    membership.refresh_from_db(from_queryset=Membership.objects.all())
    if membership.ended_at is not None:
        return membership
    if membership.role == Role.ADMIN and not queries.has_other_admin(membership, on=at.date()):
        raise Refusal(
            "last-administrator",
            _("This is the last administrator of the institution. Give the role to somebody else first."),
        )
    membership.ended_at, membership.ended_by_id = at, by.person_id
    membership.save(update_fields=["ended_at", "ended_by"])
    audit.record(
        by=by,
        action=Audit.ROLE_ENDED,
        at=at,
        subject=membership,
        institution_id=membership.institution_id,
        data={"person": str(membership.person_id), "role": membership.role},
    )
    tell(
        by,
        at,
        notifications.ROLE_ENDED,
        membership.institution,
        [membership.person_id],
        url=str(settings.LOGIN_REDIRECT_URL),
        about=str(membership.pk),
        role=membership.role,
    )
    return membership


@transaction.atomic
def invite(
    *,
    by: Actor,
    at: dt.datetime,
    institution_id: UUID,
    email: str,
    role: str,
    begins_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    language: str = "en",
) -> Invitation:
    """This will offer a role to whoever reads mail at an address; a message with a link follows.

    An open invitation to the same address for the same role is replaced: only the newest link works.
    Raises: NotPermitted; Refusal ``email-invalid``, ``role-unknown``, ``role-dates``, ``role-own``.
    """
    begins_on = begins_on or at.date()
    _check_role(by, institution_id, role, begins_on, ends_on, at)
    if by.person_id is None:  # the message names who invites
        raise NotPermitted
    address = normal_email(email)
    try:
        validate_email(address)
    except ValidationError:
        raise Refusal("email-invalid", _("“%(email)s” is not an e-mail address."), email=address[:80]) from None
    if has_verified(by.person_id, address):
        rules.require_somebody_else(by, by.person_id)
    institution = locked(institution_id)
    index = personal.blind_index(address, purpose=queries.INVITATION_EMAIL)
    open_before = queries.open_invitations(institution_id, at=at).filter(email_index=index, role=role)
    for earlier in open_before:
        _withdraw(by, at, earlier)
    invitation = Invitation(
        institution=institution,
        role=role,
        begins_on=begins_on,
        ends_on=ends_on,
        subject_key=personal.new_subject_key(),
        email=address,
        email_index=index,
        language=language,
        invited_by_id=by.person_id,
        invited_at=at,
        expires_at=at + dt.timedelta(days=INVITATION_DAYS),
    )
    invitation.digest = queries.invitation_digest(queries.invitation_code(invitation.pk))
    invitation.save(force_insert=True)
    audit.record(
        by=by, action=Audit.INVITED, at=at, subject=invitation, institution_id=institution_id, data={"role": str(role)}
    )
    events.emit(InvitationSent(invitation.pk))
    return invitation


@transaction.atomic
def withdraw_invitation(*, by: Actor, at: dt.datetime, invitation_id: UUID) -> None:
    """This will make an invitation's link useless. What was accepted before stays.

    Raises: NotPermitted; Invitation.DoesNotExist (also outside the scope); Refusal ``invitation-answered``.
    """
    invitation: Invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation_id)
    require(rules.may_end(by, invitation.institution_id, invitation.role))
    if invitation.accepted_at is not None:
        raise Refusal("invitation-answered", _("The invitation was accepted already. End the role instead."))
    if invitation.withdrawn_at is None:
        _withdraw(by, at, invitation)


def _withdraw(by: Actor, at: dt.datetime, invitation: Invitation) -> None:
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    personal.erase(invitation.subject_key, at=at)  # the address is not needed any more
    audit.record(
        by=by,
        action=Audit.INVITATION_WITHDRAWN,
        at=at,
        subject=invitation,
        institution_id=invitation.institution_id,
    )


@transaction.atomic
def accept_invitation(*, by: Actor, at: dt.datetime, code: str) -> Membership:
    """This will give the acting person the role they were invited to. The invitation must be to an address of theirs.

    Raises: NotPermitted; Refusal ``invitation-unknown``, ``invitation-other-address``, ``role-own``,
    ``role-already-held``.
    """
    require(by.kind == "person")
    assert by.person_id is not None
    found = queries.invitation_for(code)
    if found is None or not is_open(found, at=at):
        raise Refusal(
            "invitation-unknown",
            _("This invitation is no longer open. Ask the person who invited you for a new one."),
        )
    with scopes_disabled():
        institution = locked(found.institution_id)
        invitation: Invitation = Invitation.objects.select_related("subject_key").get(pk=found.pk)
        if not is_open(invitation, at=at):
            raise Refusal("invitation-unknown", _("This invitation is no longer open."))
        # The address may have come to the inviter's account after the invitation was sent.
        rules.require_somebody_else(by, invitation.invited_by_id)
        if not has_verified(by.person_id, invitation.email):
            raise Refusal(
                "invitation-other-address",
                _("This invitation was sent to another address. Sign in with that address, or add it to your account."),
            )
        membership = _grant(
            by,
            at,
            institution,
            Person.objects.get(pk=by.person_id),
            invitation.role,
            max(invitation.begins_on, at.date()),
            invitation.ends_on,
            granted_by=invitation.invited_by_id,
        )
        invitation.accepted_at, invitation.accepted_by_id = at, by.person_id
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        personal.erase(invitation.subject_key, at=at)
    audit.record(by=by, action=Audit.INVITATION_ACCEPTED, at=at, subject=invitation, institution_id=institution.pk)
    tell(
        by,
        at,
        notifications.INVITATION_ACCEPTED,
        institution,
        [invitation.invited_by_id],
        url=reverse("institutions:people", kwargs={"slug": institution.slug}),
        about=str(invitation.pk),
        person=by.person_id,
        role=invitation.role,
    )
    return membership


def is_open(invitation: Invitation, *, at: dt.datetime) -> bool:
    """This will tell whether an invitation can still be accepted."""
    return (
        invitation.accepted_at is None
        and invitation.withdrawn_at is None
        and at < invitation.expires_at
        and (invitation.ends_on is None or at.date() <= invitation.ends_on)
    )
