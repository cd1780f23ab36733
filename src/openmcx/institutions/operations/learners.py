"""Keeping learner records, and linking them to people."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from openmcx.accounts.queries import has_verified
from openmcx.institutions import queries, rules
from openmcx.institutions.events import LearnerClaimed, LearnerErased
from openmcx.institutions.models import LearnerRecord
from openmcx.institutions.operations.common import Audit
from openmcx.kernel import audit, events, personal
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.scopes import scopes_disabled


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
    """This will correct the address of a learner. An account that has not proved the new address loses the record.

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
    if record.person_id is not None and not has_verified(record.person_id, email):
        _release(by, at, record)
    return record


@transaction.atomic
def claim_record(*, by: Actor, at: dt.datetime, learner_id: UUID, proof: Literal["address", "link"]) -> LearnerRecord:
    """This will link a learner record to the acting person, who has proved that the record's address is theirs.

    A private link alone proves nothing, since a learner may show it to anybody. `proof` says how they found the record:
    by their address, or by the private link of one of its credentials, which the caller has checked; who came by a link
    is told what to do when the address is not theirs. Claiming again changes nothing.
    Raises: NotPermitted; LearnerRecord.DoesNotExist; Refusal ``record-other-address``, ``record-claimed``.
    """
    require(by.kind == "person")
    assert by.person_id is not None
    with scopes_disabled():
        record: LearnerRecord = (
            LearnerRecord.objects.select_for_update(of=("self",)).select_related("subject_key").get(pk=learner_id)
        )
        if not has_verified(by.person_id, record.email or ""):
            if proof == "address":
                raise NotPermitted
            raise Refusal(
                "record-other-address",
                _(
                    "The institution knows the learner by another address. Add that address to your account and "
                    "confirm it, or ask the institution to correct the address, then try again."
                ),
            )
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
def release_learner(*, by: Actor, at: dt.datetime, learner_id: UUID) -> LearnerRecord:
    """This will unlink a record from the account that claimed it. Releasing again changes nothing.

    Raises: NotPermitted; LearnerRecord.DoesNotExist (also outside the scope).
    """
    record: LearnerRecord = (
        LearnerRecord.objects.select_for_update(of=("self",)).select_related("subject_key").get(pk=learner_id)
    )
    require(rules.may_record_learners(by, record.institution_id))
    if record.person_id is not None:
        _release(by, at, record)
    return record


def _release(by: Actor, at: dt.datetime, record: LearnerRecord) -> None:
    was = record.person_id
    record.person_id, record.claimed_at = None, None
    record.save(update_fields=["person", "claimed_at"])
    audit.record(
        by=by,
        action=Audit.LEARNER_RELEASED,
        at=at,
        subject=record,
        institution_id=record.institution_id,
        data={"person": str(was)},
    )


@transaction.atomic
def erase_learner(*, by: Actor, at: dt.datetime, learner_id: UUID) -> LearnerRecord:
    """This will destroy what the institution knows of a learner: their key goes, and with it name, address, date of
    birth and the documents of their credentials here. The bare record stays, since credentials and the trail refer to
    it; copies that the learner kept stay verifiable and revocable. Erasing again changes nothing.

    Raises: NotPermitted; LearnerRecord.DoesNotExist (also outside the scope).
    """
    record: LearnerRecord = (
        LearnerRecord.objects.select_for_update(of=("self",)).select_related("subject_key").get(pk=learner_id)
    )
    require(rules.may_erase_learners(by, record.institution_id))
    if record.subject_key.erased_at is not None:
        return record
    personal.erase(record.subject_key, at=at)
    # Nothing leads from the address to the record any more: the same person may become a learner anew.
    record.email_index = secrets.token_bytes(32)
    record.person_id, record.claimed_at, record.language = None, None, "en"
    record.save(update_fields=["email_index", "person", "claimed_at", "language"])
    audit.record(by=by, action=Audit.LEARNER_ERASED, at=at, subject=record, institution_id=record.institution_id)
    events.emit(LearnerErased(record.pk))
    return record


@transaction.atomic
def release_records(*, at: dt.datetime, person_id: UUID) -> int:
    """This will unlink the records of a person whose account is closed; the institutions keep what is theirs."""
    with scopes_disabled():
        return int(LearnerRecord.objects.filter(person_id=person_id).update(person=None, claimed_at=None))
