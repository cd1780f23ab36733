"""Adding institutions, and what they say about themselves."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields
from typing import cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from openmcx.credentials.model import LangText
from openmcx.institutions import queries, rules
from openmcx.institutions.models import AccreditationStatus, Institution, InstitutionKind
from openmcx.institutions.operations.common import Audit, locked
from openmcx.institutions.operations.keys import new_key, public
from openmcx.kernel import audit
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import Refusal
from openmcx.ui.countries import COUNTRIES


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
    key = new_key(institution, at=at)
    audit.record(by=by, action=Audit.KEY_CREATED, at=at, subject=key, institution_id=institution.pk, data=public(key))
    return institution


@transaction.atomic
def change_profile(*, by: Actor, at: dt.datetime, institution_id: UUID, profile: Profile) -> Institution:
    """This will change what an institution says about itself.

    What it was called before stays known, so that credentials issued under that name stay its own.

    Raises: NotPermitted; Refusal ``name-missing``, ``name-mixed-alphabets``, ``name-taken``, ``country-unknown``,
    ``kind-unknown``, ``address-malformed``, ``accreditation-dates``, ``accreditation-unknown``, ``text-too-long``,
    ``identifier-malformed``, ``identifier-checksum``, ``identifier-scheme``.
    """
    require(rules.may_manage(by, institution_id))
    institution = locked(institution_id)
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
        scheme: normal
        for scheme, value in profile.identifiers.items()
        if (normal := rules.normal_identifier(scheme, value))
    }
    names = [*profile.name.values(), profile.legal_name.strip()]
    for name in names:
        rules.check_alphabets(name)
    bearer = queries.bearer_of_a_name(names, but=institution.pk)
    if bearer is not None:
        # Who checks a credential reads the name as established: nobody may take that of another member.
        raise Refusal(
            "name-taken",
            _("%(institution)s bears or bore this name. Write a name that tells the two apart."),
            institution=bearer.name.best(),
        )
    changed = []
    former = institution.name
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
    if "name" in changed and former and former.as_dict() not in institution.former_names:
        institution.former_names = [*institution.former_names, former.as_dict()]
        changed.append("former_names")
    return changed


def _identifier(scheme: str, value: str) -> str:
    return rules.normal_identifier(scheme, value)
