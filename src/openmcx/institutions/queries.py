"""Questions about institutions, their people, keys and learners."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from openmcx.accounts.models import Person
from openmcx.accounts.queries import verified_addresses
from openmcx.accounts.slots import HeldRole
from openmcx.credentials.errors import KeyMaterialError
from openmcx.credentials.keys import Ed25519Signer, Signer
from openmcx.credentials.keys.did_web import document_url
from openmcx.credentials.model import LangText, Organisation
from openmcx.institutions import mapping, rules, slots
from openmcx.institutions.models import Institution, Invitation, LearnerRecord, Membership, Role, SigningKey, holding_on
from openmcx.kernel import personal, vault
from openmcx.kernel.mail import normal_email
from openmcx.kernel.scopes import scopes_disabled
from openmcx.kernel.slots import PersonalData, StaticDocument
from openmcx.ui.components import Mark

KEY_PURPOSE = "institutions/signing-key"
SMALL, LARGE = "small", "large"
LEARNER_EMAIL = "institutions/learner-email"
INVITATION_EMAIL = "institutions/invitation-email"
_INVITATION_CODE = "institutions/invitation-code"
_DID_PATH = re.compile(r"/institutions/([a-z0-9-]{1,60})/did\.json")


# --- institutions ---------------------------------------------------------------------------------------------------


def institution(institution_id: UUID) -> Institution:
    """This will give one institution.

    Raises: Institution.DoesNotExist.
    """
    return Institution.objects.get(pk=institution_id)


NOT_STATED = "not-stated"


def search(words: str = "", *, country: str = "", kind: str = "", accreditation: str = "") -> QuerySet[Institution]:
    """This will list the institutions whose names, places or short names hold all of the words.

    `accreditation` is a status, or `NOT_STATED`.
    """
    found = Institution.objects.all()
    if kind:
        found = found.filter(kind=kind)
    if accreditation:
        found = found.filter(accreditation_status="" if accreditation == NOT_STATED else accreditation)
    if country:
        found = found.filter(country=country)
    for word in words.split()[:10]:
        # Language by language: as a whole the column holds JSON, in which letters may be written as escapes.
        names = [f"name__{code}" for code, _name in settings.LANGUAGES]
        fields = [*names, "legal_name", "slug", "region", "address"]
        found = found.filter(reduce(or_, (Q(**{f"{field}__icontains": word}) for field in fields)))
    return found


def organisation(institution: Institution) -> Organisation:
    """This will describe an institution as credentials name it."""
    return mapping.organisation(institution)


def former_names(institution: Institution) -> tuple[LangText, ...]:
    """This will list what an institution was called before, the latest last."""
    return tuple(LangText(name) for name in institution.former_names)


def bearer_of_a_name(names: Iterable[str], *, but: UUID | None = None) -> Institution | None:
    """This will find an institution that bears or bore one of the names, in any language, other than `but`.

    Names that readers cannot tell apart are one; see `rules.compared_names`.
    """
    wanted = {form for name in names if name for form in rules.compared_names(name)}
    for one in Institution.objects.all():
        borne = [one.legal_name, *(name for texts in (one.name, *former_names(one)) for name in texts.values())]
        if one.pk != but and any(wanted & rules.compared_names(name) for name in borne if name):
            return one
    return None


def institution_for_did(did: str) -> Institution | None:
    """This will find the institution of this node to which a DID (with or without fragment) belongs."""
    if not did.startswith("did:web:"):
        return None
    try:
        return institution_at(document_url(did))
    except KeyMaterialError:
        return None


def institution_at(url: str) -> Institution | None:
    """This will find the institution whose DID document lies at an address of this node."""
    base, asked = urlsplit(settings.OPENMCX_BASE_URL), urlsplit(url)
    if asked.netloc.lower() != base.netloc.lower() or not asked.path.startswith(base.path.rstrip("/")):
        return None
    match = _DID_PATH.fullmatch(asked.path.removeprefix(base.path.rstrip("/")))
    return Institution.objects.filter(slug=match[1]).first() if match else None


# --- how they look ----------------------------------------------------------------------------------------------------


def mark(institution: Institution) -> Mark:
    """This will tell pages how an institution looks; it asks the database nothing."""
    look = mapping.look(institution.accent)
    address = {"slug": institution.slug}
    return Mark(
        name=str(institution),
        logo=_logo_address(institution, LARGE),
        small_logo=_logo_address(institution, SMALL),
        look=look.name if look else "",
        stylesheet=reverse("institutions:stylesheet", kwargs={**address, "digest": look.digest}) if look else "",
    )


def _logo_address(institution: Institution, size: str) -> str:
    if not institution.logo_digest:
        return ""
    found = {"slug": institution.slug, "digest": institution.logo_digest, "size": size}
    return reverse("institutions:logo", kwargs=found)


# --- keys and DID documents -----------------------------------------------------------------------------------------


def keys(institution_id: UUID) -> QuerySet[SigningKey]:
    """This will list an institution's signing keys, the newest first."""
    return SigningKey.objects.filter(institution_id=institution_id).select_related("institution")


def active_key(institution_id: UUID) -> SigningKey:
    """This will give the key the institution signs with now.

    Raises: SigningKey.DoesNotExist.
    """
    return keys(institution_id).get(retired_at__isnull=True, revoked_at__isnull=True)


def signer(institution_id: UUID) -> Signer:
    """This will open the institution's active key for signing. Keep the signer no longer than the work takes."""
    key = active_key(institution_id)
    assert key.sealed_secret is not None  # held by a constraint
    secret = vault.unseal(bytes(key.sealed_secret), purpose=KEY_PURPOSE, context=key_context(key))
    return Ed25519Signer(secret, key.verification_method)


def keys_made_before(at: dt.datetime) -> list[SigningKey]:
    """This will list the keys in use that are older than that."""
    rows = SigningKey.objects.filter(retired_at__isnull=True, revoked_at__isnull=True, created_at__lt=at)
    return list(rows.select_related("institution"))


def key_context(key: SigningKey) -> str:
    """This will name the one place at which the sealed secret opens."""
    return f"{SigningKey._meta.db_table}/sealed_secret/{key.pk}"


def key_uses(key_id: UUID) -> list[slots.KeyUse]:
    """This will list what was signed with a key."""
    return [use for uses in slots.key_uses.ask(key_id) for use in uses]


def did_document(institution: Institution) -> dict[str, object]:
    """This will give the DID document of an institution as it is now."""
    return mapping.did_document(institution, list(SigningKey.objects.filter(institution=institution)))


def did_document_bytes(institution: Institution) -> bytes:
    """This will give the DID document as it is served."""
    return orjson.dumps(did_document(institution), option=orjson.OPT_INDENT_2)


def local_did_document(url: str) -> bytes | None:
    """This will answer the kernel: the DID document at an address of this node, or None."""
    found = institution_at(url)
    return did_document_bytes(found) if found else None


def static_did_documents(_question: None) -> list[StaticDocument]:
    """This will answer the kernel: every DID document as a file, for the time after this node."""
    by_institution: defaultdict[UUID, list[SigningKey]] = defaultdict(list)
    for key in SigningKey.objects.all():
        by_institution[key.institution_id].append(key)
    return [
        StaticDocument(
            f"institutions/{each.slug}/did.json",
            "application/did+json",
            orjson.dumps(mapping.did_document(each, by_institution[each.pk]), option=orjson.OPT_INDENT_2),
        )
        for each in Institution.objects.all()
    ]


# --- people and roles -----------------------------------------------------------------------------------------------


def roles_of(person_id: UUID, *, on: dt.date) -> list[HeldRole]:
    """This will list the roles a person holds on a day. A coordinator's counts at every institution."""
    with scopes_disabled():
        held = [
            HeldRole(institution_id, role)
            for institution_id, role in Membership.objects.filter(holding_on(on), person_id=person_id)
            .order_by()
            .values_list("institution_id", "role")
        ]
    if any(each.role == Role.COORDINATOR for each in held):
        held += [HeldRole(each, Role.COORDINATOR.value) for each in Institution.objects.values_list("pk", flat=True)]
    return held


def members(institution_id: UUID, *, on: dt.date) -> QuerySet[Membership]:
    """This will list who holds a role at an institution on a day or later."""
    rows: QuerySet[Membership] = Membership.objects.filter(institution_id=institution_id, ended_at__isnull=True)
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on)).select_related(
        "person", "person__subject_key", "granted_by", "granted_by__subject_key"
    )


def people_with(*roles: str, institution_id: UUID | None = None, on: dt.date) -> list[UUID]:
    """This will name who holds one of the roles on a day: at an institution, or anywhere."""
    with scopes_disabled():
        rows = Membership.objects.filter(holding_on(on), role__in=roles)
        if institution_id is not None:
            rows = rows.filter(institution_id=institution_id)
        return list(rows.order_by().values_list("person_id", flat=True).distinct())


def has_other_admin(membership: Membership, *, on: dt.date) -> bool:
    """This will tell whether somebody else would still be administrator there on the day."""
    rows = Membership.objects.filter(holding_on(on), institution_id=membership.institution_id, role=Role.ADMIN)
    return bool(rows.exclude(person_id=membership.person_id).exists())


def open_invitations(institution_id: UUID, *, at: dt.datetime) -> QuerySet[Invitation]:
    """This will list the invitations that wait for an answer."""
    rows: QuerySet[Invitation] = Invitation.objects.filter(
        institution_id=institution_id, accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=at
    )
    return rows.select_related("subject_key", "invited_by", "invited_by__subject_key")


def invitation_code(invitation_id: UUID) -> str:
    """This will make the secret of an invitation's link: 128 bits that only this node can make from the row's id."""
    code = vault.mac(invitation_id.bytes, purpose=_INVITATION_CODE)[:16]
    return base64.urlsafe_b64encode(code).rstrip(b"=").decode()


def invitation_digest(code: str) -> bytes:
    """This will give what an invitation is found by."""
    return hashlib.sha256(code.encode()).digest()


def invitation_for(code: str) -> Invitation | None:
    """This will find the invitation that a link belongs to, whatever its state."""
    with scopes_disabled():
        found: Invitation | None = (
            Invitation.objects.filter(digest=invitation_digest(code))
            .select_related("institution", "subject_key", "invited_by", "invited_by__subject_key")
            .first()
        )
    return found


def member_by_email(institution_id: UUID, email: str) -> Person | None:
    """This will find who is known at an institution, with a role now or before, by the address they sign in with."""
    found: Membership | None = (
        Membership.objects.filter(institution_id=institution_id, person__email=normal_email(email))
        .select_related("person", "person__subject_key")
        .first()
    )
    return found.person if found else None


# --- learners -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAboutYou:
    """A learner record as the person it may be about sees it."""

    id: UUID
    institution: Institution
    given_name: str
    family_name: str
    email: str
    claimed: bool


def learner_email_index(email: str) -> bytes:
    """This will give what a learner's address is found by."""
    return personal.blind_index(normal_email(email), purpose=LEARNER_EMAIL)


def records_of(person_id: UUID) -> list[LearnerRecord]:
    """This will list the learner records a person has claimed, at every institution."""
    with scopes_disabled():
        return list(
            LearnerRecord.objects.filter(person_id=person_id)
            .select_related("institution", "subject_key")
            .order_by("created_at", "id")
        )


def records_about(person_id: UUID) -> list[RecordAboutYou]:
    """This will list the records a person has claimed or may claim because one of their proven addresses is on them."""
    indices = [learner_email_index(address) for address in verified_addresses(person_id)]
    with scopes_disabled():
        rows = list(
            LearnerRecord.objects.filter(Q(person_id=person_id) | Q(person__isnull=True, email_index__in=indices))
            .select_related("institution", "subject_key")
            .order_by("created_at", "id")
        )
    return [
        RecordAboutYou(
            id=row.pk,
            institution=row.institution,
            given_name=row.given_name or "",
            family_name=row.family_name or "",
            email=row.email or "",
            claimed=row.person_id is not None,
        )
        for row in rows
    ]


def roles_today(person_id: UUID) -> list[HeldRole]:
    """This will answer the accounts: the roles a person holds today."""
    return roles_of(person_id, on=timezone.now().date())


def personal_data_of(person_id: UUID) -> list[PersonalData]:
    """This will answer the kernel: the roles of a person and the learner records they claimed."""
    with scopes_disabled():
        held = list(Membership.objects.filter(person_id=person_id).select_related("institution"))
    found = [
        PersonalData(
            source="institutions",
            label=f"{row.institution} – {row.get_role_display()}",
            values=(("begins_on", str(row.begins_on)), ("ends_on", str(row.ends_on or row.ended_at or ""))),
        )
        for row in held
    ]
    for record in records_of(person_id):
        values = {
            "given_name": record.given_name,
            "family_name": record.family_name,
            "date_of_birth": record.date_of_birth,
            "email": record.email,
        }
        found.append(
            PersonalData(
                source="institutions",
                label=str(record.institution),
                values=tuple((name, str(value)) for name, value in values.items() if value),
            )
        )
    return found
