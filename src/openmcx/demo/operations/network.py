"""Institutions with their keys, and the people who work there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from openmcx.accounts import operations as accounts_operations
from openmcx.accounts import queries as accounts_queries
from openmcx.accounts.models import Person
from openmcx.catalogue.models import SpecificationVersion
from openmcx.credentials.model import LangText
from openmcx.demo import mapping, queries
from openmcx.institutions import operations as institution_operations
from openmcx.institutions.models import Institution, Membership, Role
from openmcx.kernel.actors import Actor
from openmcx.portal import operations as portal_operations
from openmcx.portal import queries as portal_queries
from openmcx.portal.models import LegalKind

# The network is this old when it is built. Units: days.
BEGAN_DAYS_AGO = 600


@dataclass(slots=True)
class Network:
    """What has been built so far, by the names that the data files use."""

    at: dt.datetime
    institutions: dict[str, Institution] = field(default_factory=dict)
    staff: dict[tuple[str, str], UUID] = field(default_factory=dict)
    # The version of each micro-credential that is issued now.
    versions: dict[str, SpecificationVersion] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)

    def days_ago(self, days: int, *, hour: int = 9) -> dt.datetime:
        """This will return a morning so many days before the build."""
        return (self.at - dt.timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)

    def actor(self, slug: str, role: str) -> Actor:
        """This will return the person who holds the role at the institution, as they act today."""
        return accounts_queries.actor(self.staff[slug, role])


def add_institutions(network: Network) -> None:
    """This will add the institutions, their people and the network's coordinator, as far as they are not there."""
    founder, began = Actor.system(), network.days_ago(BEGAN_DAYS_AGO)
    for entry in queries.data("institutions"):
        slug = entry["slug"]
        institution = Institution.objects.filter(slug=slug).first()
        if institution is None:
            institution = institution_operations.add_institution(
                by=founder, at=began, slug=slug, profile=_profile(entry, network)
            )
        if not institution.accent:
            institution_operations.set_accent(
                by=founder, at=began, institution_id=institution.pk, colour=entry["colour"]
            )
            institution = institution_operations.set_logo(
                by=founder,
                at=began,
                institution_id=institution.pk,
                picture=mapping.logo(entry["tiles"], entry["colour"]),
            )
        network.institutions[slug] = institution
        for person in entry["staff"]:
            account = register(person["email"], person["name"], person["language"], began)
            _role(account, institution, person["role"], began)
            network.staff[slug, person["role"]] = account.pk
    name, email, language = queries.COORDINATOR
    coordinator = register(email, name, language, began)
    _role(coordinator, network.institutions[queries.HOME], Role.COORDINATOR, began)


def publish_legal_texts(network: Network) -> None:
    """This will publish the network's legal texts in its coordinator's name, as far as there are none."""
    _name, email, _language = queries.COORDINATOR
    account = accounts_queries.person_by_email(email)
    assert account is not None  # added with the institutions
    by, at = accounts_queries.actor(account.pk), network.days_ago(BEGAN_DAYS_AGO - 1)
    for kind, texts in queries.data("legal_texts").items():
        for language, body in texts.items():
            state = portal_queries.legal_draft(LegalKind(kind), language)
            if state.version is None:
                revision = state.draft.revision if state.draft else 0
                draft = portal_operations.save_legal_text(
                    by=by, at=at, kind=LegalKind(kind), language=language, body=body, revision=revision
                )
                portal_operations.publish_legal_text(
                    by=by, at=at, kind=LegalKind(kind), language=language, revision=draft.revision
                )


def _profile(entry: dict[str, Any], network: Network) -> institution_operations.Profile:
    accreditation = entry["accreditation"]
    return institution_operations.Profile(
        name=LangText(entry["name"]),
        country=entry["country"],
        kind=entry["kind"],
        legal_name=entry["legal_name"],
        region=entry["region"],
        address=entry["address"],
        website=entry["website"],
        email=entry["email"],
        identifiers=entry["identifiers"],
        accreditation_status=accreditation["status"],
        accreditation_note=LangText(accreditation["note"]),
        accrediting_body=accreditation["body"],
        accredited_from=network.days_ago(accreditation["since_days"]).date(),
        accredited_until=(network.at + dt.timedelta(days=accreditation["until_days"])).date(),
        accreditation_evidence=accreditation["evidence"],
    )


def register(email: str, name: str, language: str, at: dt.datetime) -> Person:
    """This will register a person with the demonstration's password, unless there is one with the address."""
    return accounts_queries.person_by_email(email) or accounts_operations.register(
        by=Actor.system(), at=at, email=email, name=name, language=language, password=queries.PASSWORD, proven=True
    )


def _role(person: Person, institution: Institution, role: str, at: dt.datetime) -> None:
    if not Membership.objects.filter(person=person, institution=institution, role=role, ended_at__isnull=True).exists():
        institution_operations.grant_role(
            by=Actor.system(), at=at, institution_id=institution.pk, person_id=person.pk, role=role, begins_on=at.date()
        )
