"""What is done at institutions: profiles, roles, keys, learners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Literal, cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from openmcx.accounts.models import Person, normal_email
from openmcx.accounts.queries import has_verified
from openmcx.credentials.keys import generate_ed25519
from openmcx.credentials.keys.multikey import encode_public_key
from openmcx.credentials.keys.signer import Ed25519Signer
from openmcx.credentials.model import LangText
from openmcx.institutions import queries, rules
from openmcx.institutions.events import InvitationSent, LearnerClaimed, SigningKeyReplaced, SigningKeyRevoked
from openmcx.institutions.models import (
    AccreditationStatus,
    Institution,
    InstitutionKind,
    Invitation,
    LearnerRecord,
    Membership,
    Role,
    SigningKey,
)
from openmcx.kernel import audit, events, personal, vault
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.scopes import scopes_disabled
from openmcx.ui.countries import COUNTRIES

INVITATION_DAYS = 14


class Audit(StrEnum):
    """What the audit trail calls these deeds."""

    ADDED = "institutions.institution.added"
    CHANGED = "institutions.institution.changed"
    ROLE_GRANTED = "institutions.role.granted"
    ROLE_ENDED = "institutions.role.ended"
    INVITED = "institutions.invitation.sent"
    INVITATION_WITHDRAWN = "institutions.invitation.withdrawn"
    INVITATION_ACCEPTED = "institutions.invitation.accepted"
    KEY_CREATED = "institutions.key.created"
    KEY_ROTATED = "institutions.key.rotated"
    KEY_REVOKED = "institutions.key.revoked"
    LEARNERS_RECORDED = "institutions.learners.recorded"
    LEARNER_CHANGED = "institutions.learner.changed"
    LEARNER_CLAIMED = "institutions.learner.claimed"


# --- institutions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What an institution says about itself."""

    name: LangText
    country: str
    kind: str = InstitutionKind.PUBLIC
    legal_name: str = ""
    region: str = ""
    address: str = ""
    website: str = ""
    email: str = ""
    identifiers: dict[str, str] = field(default_factory=dict)
    accreditation_status: str = AccreditationStatus.NOT_STATED
    accreditation_note: LangText = field(default_factory=LangText)
    accrediting_body: str = ""
    accredited_from: dt.date | None = None
    accredited_until: dt.date | None = None
    accreditation_evidence: str = ""


@transaction.atomic
def add_institution(*, by: Actor, at: dt.datetime, slug: str, profile: Profile) -> Institution:
    """This will add an institution to the network, with its first signing key.

    Raises: NotPermitted; Refusal ``slug-malformed``, ``slug-reserved``, ``slug-taken`` and those of `change_profile`.
    """
    require(rules.may_add_institution(by))
    rules.check_slug(slug)
    if Institution.objects.filter(slug=slug).exists():
        raise Refusal("slug-taken", _("There is already an institution with the short name “%(slug)s”."), slug=slug)
    institution = Institution(slug=slug, created_at=at)
    _lay_over(institution, profile)
    institution.save(force_insert=True)
    audit.record(by=by, action=Audit.ADDED, at=at, subject=institution, institution_id=institution.pk)
    key = _new_key(institution, at=at)
    audit.record(by=by, action=Audit.KEY_CREATED, at=at, subject=key, institution_id=institution.pk, data=_public(key))
    return institution


@transaction.atomic
def change_profile(*, by: Actor, at: dt.datetime, institution_id: UUID, profile: Profile) -> Institution:
    """This will change what an institution says about itself.

    Raises: NotPermitted; Refusal ``name-missing``, ``country-unknown``, ``kind-unknown``, ``address-malformed``,
    ``accreditation-dates``, ``accreditation-unknown``, ``text-too-long``, ``identifier-malformed``,
    ``identifier-checksum``, ``identifier-scheme``.
    """
    require(rules.may_manage(by, institution_id))
    institution = _locked(institution_id)
    changed = _lay_over(institution, profile)
    if changed:
        institution.save(update_fields=changed)
        audit.record(
            by=by,
            action=Audit.CHANGED,
            at=at,
            subject=institution,
            institution_id=institution_id,
            data={"fields": changed},
        )
    return institution


def _lay_over(institution: Institution, profile: Profile) -> list[str]:
    """Check the profile and put it onto the row; give the names of the fields that changed."""
    if not profile.name:
        raise Refusal("name-missing", _("Give the institution's name in at least one language."))
    if profile.country not in COUNTRIES:
        raise Refusal(
            "country-unknown",
            _("“%(country)s” is not the code of a country listed here."),
            country=profile.country[:10],
        )
    if profile.kind not in InstitutionKind.values:
        raise Refusal("kind-unknown", _("“%(kind)s” is not a kind of institution."), kind=profile.kind[:40])
    if profile.accreditation_status not in AccreditationStatus.values:
        raise Refusal(
            "accreditation-unknown",
            _("“%(status)s” is not an accreditation status."),
            status=profile.accreditation_status[:40],
        )
    if profile.accredited_from and profile.accredited_until and profile.accredited_until < profile.accredited_from:
        raise Refusal("accreditation-dates", _("The accreditation ends before it begins. Correct one of the dates."))
    try:
        for address in (profile.website, profile.accreditation_evidence):
            if address:
                URLValidator(schemes=["http", "https"])(address)
        if profile.email:
            validate_email(profile.email)
    except ValidationError:
        raise Refusal(
            "address-malformed", _("A web or e-mail address is malformed. Web addresses begin with https://.")
        ) from None
    identifiers = {
        scheme: normal for scheme, value in profile.identifiers.items() if (normal := _identifier(scheme, value))
    }
    changed = []
    for each in fields(profile):
        value = identifiers if each.name == "identifiers" else getattr(profile, each.name)
        column = cast("models.Field[object, object]", Institution._meta.get_field(each.name))
        limit = column.max_length
        if isinstance(value, str):
            value = value.strip()
            if limit and len(value) > limit:
                raise Refusal(
                    "text-too-long",
                    _("“%(field)s” holds more than %(limit)s characters."),
                    field=column.verbose_name,
                    limit=limit,
                )
        if getattr(institution, each.name) != value:
            setattr(institution, each.name, value)
            changed.append(each.name)
    return changed


def _identifier(scheme: str, value: str) -> str:
    return rules.normal_identifier(scheme, value)


def _locked(institution_id: UUID) -> Institution:
    return Institution.objects.select_for_update().get(pk=institution_id)


# --- roles ----------------------------------------------------------------------------------------------------------


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

    Raises: NotPermitted; Refusal ``role-unknown``, ``role-dates``, ``role-already-held``, ``account-closed``.
    """
    begins_on = begins_on or at.date()
    _check_role(by, institution_id, role, begins_on, ends_on, at)
    institution = _locked(institution_id)
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
    return membership


@transaction.atomic
def end_role(*, by: Actor, at: dt.datetime, membership_id: UUID) -> Membership:
    """This will end a role at once. The last administrator of an institution stays.

    Raises: NotPermitted; Membership.DoesNotExist (also outside the scope); Refusal ``last-administrator``.
    """
    membership: Membership = Membership.objects.select_related("institution").get(pk=membership_id)
    require(rules.may_grant(by, membership.institution_id, membership.role))
    _locked(membership.institution_id)  # two administrators who end each other's role at once: one comes second
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
    Raises: NotPermitted; Refusal ``email-invalid``, ``role-unknown``, ``role-dates``.
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
    institution = _locked(institution_id)
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
    require(rules.may_grant(by, invitation.institution_id, invitation.role))
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

    Raises: NotPermitted; Refusal ``invitation-unknown``, ``invitation-other-address``, ``invitation-inviter``,
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
        institution = _locked(found.institution_id)
        invitation: Invitation = Invitation.objects.select_related("subject_key").get(pk=found.pk)
        if not is_open(invitation, at=at):
            raise Refusal("invitation-unknown", _("This invitation is no longer open."))
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
    return membership


def is_open(invitation: Invitation, *, at: dt.datetime) -> bool:
    """This will tell whether an invitation can still be accepted."""
    return (
        invitation.accepted_at is None
        and invitation.withdrawn_at is None
        and at < invitation.expires_at
        and (invitation.ends_on is None or at.date() <= invitation.ends_on)
    )


# --- keys -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def rotate_key(*, by: Actor, at: dt.datetime, institution_id: UUID) -> SigningKey:
    """This will have the institution sign with a new key. The old key signs no more; what it signed stays valid.

    Raises: NotPermitted.
    """
    require(rules.may_manage_keys(by, institution_id))
    institution = _locked(institution_id)
    old = queries.active_key(institution_id)
    _retire(old, at)
    new = _new_key(institution, at=at)
    audit.record(
        by=by,
        action=Audit.KEY_ROTATED,
        at=at,
        subject=new,
        institution_id=institution_id,
        data={**_public(new), "retired": old.fragment},
    )
    events.emit(SigningKeyReplaced(institution_id, new.pk))
    return new


@transaction.atomic
def revoke_key(*, by: Actor, at: dt.datetime, key_id: UUID) -> SigningKey:
    """This will declare a key compromised: nothing it signed is valid any more. A new key takes its place if needed.

    Raises: NotPermitted; SigningKey.DoesNotExist.
    """
    key = SigningKey.objects.select_related("institution").get(pk=key_id)
    require(rules.may_manage_keys(by, key.institution_id))
    institution = _locked(key.institution_id)
    key.refresh_from_db()
    if key.revoked_at is not None:
        return key
    was_active = key.retired_at is None
    key.revoked_at, key.sealed_secret = at, None
    key.save(update_fields=["revoked_at", "sealed_secret"])
    audit.record(by=by, action=Audit.KEY_REVOKED, at=at, subject=key, institution_id=institution.pk, data=_public(key))
    events.emit(SigningKeyRevoked(institution.pk, key.pk))
    if was_active:
        new = _new_key(institution, at=at)
        audit.record(
            by=by, action=Audit.KEY_CREATED, at=at, subject=new, institution_id=institution.pk, data=_public(new)
        )
        events.emit(SigningKeyReplaced(institution.pk, new.pk))
    return key


def _retire(key: SigningKey, at: dt.datetime) -> None:
    # The secret goes: what is not there cannot be stolen, and a retired key never signs again.
    key.retired_at, key.sealed_secret = at, None
    key.save(update_fields=["retired_at", "sealed_secret"])


def _new_key(institution: Institution, *, at: dt.datetime) -> SigningKey:
    secret = generate_ed25519()
    number = SigningKey.objects.filter(institution=institution).count() + 1
    key = SigningKey(institution=institution, fragment=f"key-{number}", created_at=at)
    key.public_multibase = encode_public_key(Ed25519Signer(secret, key.verification_method).public_key)
    key.sealed_secret = vault.seal(secret, purpose=queries.KEY_PURPOSE, context=queries.key_context(key))
    key.save(force_insert=True)
    return key


def _public(key: SigningKey) -> dict[str, str]:
    return {"fragment": key.fragment, "public_key": key.public_multibase}


# --- learners -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerData:
    """A learner as a class list names them."""

    given_name: str
    family_name: str
    email: str
    date_of_birth: dt.date | None = None
    language: str = "en"


def find_or_create_learner(*, by: Actor, at: dt.datetime, institution_id: UUID, learner: LearnerData) -> LearnerRecord:
    """This will give the institution's record of a learner, found by e-mail address, made if there is none.

    What stands on an existing record is not changed, only a missing date of birth is filled in.
    Raises: NotPermitted; Refusal ``email-invalid``, ``learner-name-missing``.
    """
    return find_or_create_learners(by=by, at=at, institution_id=institution_id, learners=[learner])[0]


@transaction.atomic
def find_or_create_learners(
    *, by: Actor, at: dt.datetime, institution_id: UUID, learners: Sequence[LearnerData]
) -> list[LearnerRecord]:
    """This will do the same for many learners with few queries and one audit row; records come in the given order.

    Raises: NotPermitted; Refusal ``email-invalid``, ``learner-name-missing``.
    """
    require(rules.may_record_learners(by, institution_id))
    for learner in learners:
        _check_learner(learner)
    indices = [queries.learner_email_index(learner.email) for learner in learners]
    with scopes_disabled():
        found = _by_index(institution_id, indices)
        missing = {index: learner for index, learner in zip(indices, learners, strict=True) if index not in found}
        if missing:
            keys = {index: personal.new_subject_key() for index in missing}
            LearnerRecord.objects.bulk_create(
                [
                    LearnerRecord(
                        institution_id=institution_id,
                        subject_key=keys[index],
                        given_name=" ".join(learner.given_name.split()),
                        family_name=" ".join(learner.family_name.split()),
                        date_of_birth=learner.date_of_birth,
                        email=learner.email.strip(),
                        email_index=index,
                        language=learner.language,
                        created_at=at,
                    )
                    for index, learner in missing.items()
                ],
                ignore_conflicts=True,  # another chunk may have been first with the same learner
            )
            found = _by_index(institution_id, indices)
            unused = [key.pk for index, key in keys.items() if found[index].subject_key_id != key.pk]
            personal.SubjectKey.objects.filter(pk__in=unused).delete()
        completed = 0
        for index, learner in zip(indices, learners, strict=True):
            record = found[index]
            if learner.date_of_birth and record.date_of_birth is None and record.subject_key.erased_at is None:
                record.date_of_birth = learner.date_of_birth
                record.save(update_fields=["date_of_birth"])
                completed += 1
    if missing or completed:
        audit.record(
            by=by,
            action=Audit.LEARNERS_RECORDED,
            at=at,
            subject=found[indices[0]],
            institution_id=institution_id,
            data={"created": len(missing), "completed": completed},
        )
    return [found[index] for index in indices]


def _by_index(institution_id: UUID, indices: Sequence[bytes]) -> dict[bytes, LearnerRecord]:
    found = {}
    for start in range(0, len(indices), 500):  # SQLite takes a limited number of values in one query
        rows = LearnerRecord.objects.filter(institution_id=institution_id, email_index__in=indices[start : start + 500])
        for record in rows.select_related("subject_key", "institution"):
            found[bytes(record.email_index)] = record
    return found


def _check_learner(learner: LearnerData) -> None:
    try:
        validate_email(learner.email.strip())
    except ValidationError:
        raise Refusal(
            "email-invalid", _("“%(email)s” is not an e-mail address."), email=learner.email.strip()[:80]
        ) from None
    if not learner.given_name.strip() and not learner.family_name.strip():
        raise Refusal("learner-name-missing", _("A learner needs a given name or a family name."))


@transaction.atomic
def change_learner(
    *,
    by: Actor,
    at: dt.datetime,
    learner_id: UUID,
    given_name: str,
    family_name: str,
    date_of_birth: dt.date | None,
    language: str,
) -> LearnerRecord:
    """This will correct an institution's record of a learner. Credentials issued before keep what they say.

    Raises: NotPermitted; LearnerRecord.DoesNotExist (also outside the scope); Refusal ``learner-name-missing``.
    """
    record: LearnerRecord = (
        LearnerRecord.objects.select_for_update(of=("self",)).select_related("subject_key").get(pk=learner_id)
    )
    require(rules.may_record_learners(by, record.institution_id))
    if not given_name.strip() and not family_name.strip():
        raise Refusal("learner-name-missing", _("A learner needs a given name or a family name."))
    record.given_name, record.family_name = " ".join(given_name.split()), " ".join(family_name.split())
    record.date_of_birth, record.language = date_of_birth, language
    record.save(update_fields=["given_name", "family_name", "date_of_birth", "language"])
    audit.record(by=by, action=Audit.LEARNER_CHANGED, at=at, subject=record, institution_id=record.institution_id)
    return record


@transaction.atomic
def change_learner_email(*, by: Actor, at: dt.datetime, learner_id: UUID, email: str) -> LearnerRecord:
    """This will correct the address of a learner. A record that its person has claimed stays theirs.

    Raises: NotPermitted; LearnerRecord.DoesNotExist (also outside the scope); Refusal ``email-invalid``,
    ``email-taken`` when another learner of the institution has it.
    """
    record: LearnerRecord = (
        LearnerRecord.objects.select_for_update(of=("self",))
        .select_related("subject_key", "institution")
        .get(pk=learner_id)
    )
    require(rules.may_record_learners(by, record.institution_id))
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError:
        raise Refusal("email-invalid", _("“%(email)s” is not an e-mail address."), email=email[:80]) from None
    index = queries.learner_email_index(email)
    others = LearnerRecord.objects.filter(institution_id=record.institution_id, email_index=index)
    if others.exclude(pk=record.pk).exists():
        raise Refusal("email-taken", _("Another learner of this institution has this address."))
    record.email, record.email_index = email, index
    record.save(update_fields=["email", "email_index"])
    audit.record(by=by, action=Audit.LEARNER_CHANGED, at=at, subject=record, institution_id=record.institution_id)
    return record


@transaction.atomic
def claim_record(*, by: Actor, at: dt.datetime, learner_id: UUID, proof: Literal["address", "link"]) -> LearnerRecord:
    """This will link a learner record to the acting person.

    `proof` says why it is theirs: the record's address is one they have verified, or they came through the private
    link of one of the record's credentials, which the caller has checked. Claiming again changes nothing.
    Raises: NotPermitted; LearnerRecord.DoesNotExist; Refusal ``record-claimed``.
    """
    require(by.kind == "person")
    assert by.person_id is not None
    with scopes_disabled():
        record: LearnerRecord = (
            LearnerRecord.objects.select_for_update(of=("self",)).select_related("subject_key").get(pk=learner_id)
        )
        if proof == "address" and not has_verified(by.person_id, record.email or ""):
            raise NotPermitted
        if record.person_id == by.person_id:
            return record
        if record.person_id is not None:
            raise Refusal("record-claimed", _("These credentials are linked to another account already."))
        record.person_id, record.claimed_at = by.person_id, at
        record.save(update_fields=["person", "claimed_at"])
    audit.record(
        by=by,
        action=Audit.LEARNER_CLAIMED,
        at=at,
        subject=record,
        institution_id=record.institution_id,
        data={"proof": proof},
    )
    events.emit(LearnerClaimed(record.pk, by.person_id))
    return record


@transaction.atomic
def release_records(*, at: dt.datetime, person_id: UUID) -> int:
    """This will unlink the records of a person whose account is closed; the institutions keep what is theirs."""
    with scopes_disabled():
        return int(LearnerRecord.objects.filter(person_id=person_id).update(person=None, claimed_at=None))
