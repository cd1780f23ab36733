"""Institutions, roles and learners for tests, made by the operations that make real ones."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils import timezone

from openmcx.accounts.models import Person
from openmcx.credentials.model import LangText
from openmcx.institutions import operations, queries
from openmcx.institutions.models import Institution, LearnerRecord, Membership
from openmcx.institutions.operations import LearnerData, Profile
from openmcx.kernel.actors import Actor
from openmcx.kernel.scopes import scopes_disabled
from tests.factories import accounts

AT = accounts.AT


def profile(name: str = "University of Lakeside", **other: object) -> Profile:
    """This will describe an institution; every field may be given."""
    return Profile(**{"name": LangText({"en": name}), "country": "FI", **other})  # type: ignore[arg-type]


def institution(slug: str = "lakeside", name: str = "", **other: object) -> Institution:
    """This will add an institution with its first key; its name follows from its short name if none is given."""
    name = name or f"University of {slug.replace('-', ' ').title()}"
    return operations.add_institution(by=Actor.system(), at=AT, slug=slug, profile=profile(name, **other))


def member(of: Institution, role: str, name: str = "Rita Registrar", *, begins_on: dt.date | None = None) -> Person:
    """This will register somebody and give them a role."""
    somebody = accounts.person(name)
    grant(of, role, somebody, begins_on=begins_on)
    return somebody


def grant(of: Institution, role: str, person: Person, *, begins_on: dt.date | None = None) -> Membership:
    """This will give somebody a role."""
    return operations.grant_role(
        by=Actor.system(), at=AT, institution_id=of.pk, person_id=person.pk, role=role, begins_on=begins_on
    )


def learner(
    of: Institution | UUID,
    given_name: str = "Leon",
    family_name: str = "Learner",
    *,
    email: str = "",
    language: str = "en",
    date_of_birth: dt.date | None = dt.date(1999, 4, 5),
) -> LearnerRecord:
    """This will make the institution's record of a learner."""
    return operations.find_or_create_learner(
        by=Actor.system(),
        at=AT,
        institution_id=of.pk if isinstance(of, Institution) else of,
        learner=LearnerData(
            given_name=given_name,
            family_name=family_name,
            email=email or f"{given_name.lower()}@example.org",
            date_of_birth=date_of_birth,
            language=language,
        ),
    )


def add_to_world(cast: Any) -> None:
    """This will add what the permission matrix asks for."""
    now = timezone.now()
    with scopes_disabled():
        invitation = operations.invite(
            by=cast.actor(cast.ada), at=now, institution_id=cast.lakeside.pk, email="nina@example.org", role="author"
        )
        cast.things["rita_membership_id"] = Membership.objects.get(person=cast.rita).pk
    cast.things["invitation_id"] = invitation.pk
    cast.things["invitation_code"] = queries.invitation_code(invitation.pk)
    cast.things["key_id"] = queries.active_key(cast.lakeside.pk).pk
