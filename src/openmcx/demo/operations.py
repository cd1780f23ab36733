"""Building the demonstration, through the same operations as the pages use. Each step may be done again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib.resources import files as resources
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.text import slugify

from openmcx.accounts import operations as accounts_operations
from openmcx.accounts import queries as accounts_queries
from openmcx.accounts.models import Person
from openmcx.catalogue import operations as catalogue_operations
from openmcx.catalogue import queries as catalogue_queries
from openmcx.catalogue.models import Specification, SpecificationVersion
from openmcx.credentials.formats import specification as specification_format
from openmcx.credentials.model import Achievement, LangText
from openmcx.demo import queries
from openmcx.institutions import operations as institution_operations
from openmcx.institutions.models import Institution, Membership, Role
from openmcx.kernel.actors import Actor
from openmcx.kernel.scopes import scope, scopes_disabled

type Say = Callable[[str], None]

# The network is this old when it is built. Units: days.
BEGAN_DAYS_AGO = 600
PUBLISHED_DAYS_AGO = 560
# The specification that has a second version, and when it got it.
REVISED, REVISED_DAYS_AGO = "predictive-maintenance", 110
DRAFT = "explainable-ai-in-production"
_PLACEHOLDER = "https://node.example/catalogue/"


@dataclass(slots=True)
class Network:
    """What has been built so far, by the names that the data files use."""

    at: dt.datetime
    institutions: dict[str, Institution] = field(default_factory=dict)
    staff: dict[tuple[str, str], UUID] = field(default_factory=dict)
    versions: dict[str, list[SpecificationVersion]] = field(default_factory=dict)

    def days_ago(self, days: int, *, hour: int = 9) -> dt.datetime:
        """This will return a morning so many days before the build."""
        return (self.at - dt.timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)

    def actor(self, slug: str, role: str) -> Actor:
        """This will return the person who holds the role at the institution, as they act today."""
        return accounts_queries.actor(self.staff[slug, role])


def is_built() -> bool:
    """This will tell whether this version of the demonstration's data has been built here."""
    try:
        return json.loads(_mark().read_text("utf-8")).get("data") == _digest()
    except (OSError, ValueError, AttributeError):
        return False


def build(*, at: dt.datetime, say: Say = lambda text: None) -> bool:
    """This will build the demonstration unless it is there, and tell whether there was something to do.

    What an interrupted build has left is kept and completed.
    """
    if is_built():
        return False
    network = Network(at=at)
    with scopes_disabled():
        say("Institutions, keys and people …")
        _institutions(network)
        say("Micro-credentials …")
        _specifications(network)
    queries.folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    _mark().write_text(json.dumps({"data": _digest(), "built_at": at.isoformat()}), encoding="utf-8")
    return True


# --- institutions and people ----------------------------------------------------------------------------------------


def _institutions(network: Network) -> None:
    founder, began = Actor.system(), network.days_ago(BEGAN_DAYS_AGO)
    for entry in queries.data("institutions"):
        slug = entry["slug"]
        institution = Institution.objects.filter(slug=slug).first()
        if institution is None:
            institution = institution_operations.add_institution(
                by=founder, at=began, slug=slug, profile=_profile(entry, network)
            )
        network.institutions[slug] = institution
        for person in entry["staff"]:
            account = _person(person["email"], person["name"], person["language"], began)
            _role(account, institution, person["role"], began)
            network.staff[slug, person["role"]] = account.pk
    name, email, language = queries.COORDINATOR
    coordinator = _person(email, name, language, began)
    _role(coordinator, network.institutions[queries.HOME], Role.COORDINATOR, began)


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


def _person(email: str, name: str, language: str, at: dt.datetime) -> Person:
    return accounts_queries.person_by_email(email) or accounts_operations.register(
        by=Actor.system(), at=at, email=email, name=name, language=language, password=queries.PASSWORD, proven=True
    )


def _role(person: Person, institution: Institution, role: str, at: dt.datetime) -> None:
    if not Membership.objects.filter(person=person, institution=institution, role=role, ended_at__isnull=True).exists():
        institution_operations.grant_role(
            by=Actor.system(), at=at, institution_id=institution.pk, person_id=person.pk, role=role, begins_on=at.date()
        )


# --- micro-credentials ----------------------------------------------------------------------------------------------


def _specifications(network: Network) -> None:
    achievements = {name: _achievement(name) for name in specification_names()}
    addresses = {
        f"{_PLACEHOLDER}{name}/": f"{settings.OPENMCX_BASE_URL}/catalogue/{slugify(one.title['en'])[:60].strip('-')}/"
        for name, one in achievements.items()
    }
    published = [name for name in achievements if "." not in name]
    for place, name in enumerate(published):
        achievement = _linked(achievements[name], addresses)
        slug = _owner(achievement)
        author = network.actor(slug, Role.AUTHOR)
        at = network.days_ago(PUBLISHED_DAYS_AGO - place)
        specification = _specification(network, slug, author, achievement, at)
        if not specification.is_published:
            catalogue_operations.publish(by=author, at=at, specification_id=specification.pk)
        if name == REVISED and specification.published_number < 2:
            _revise(network, author, specification.pk, _linked(achievements[f"{name}.v2"], addresses))
        network.versions[name] = list(catalogue_queries.versions(specification.pk).order_by("number"))
    draft = _linked(achievements[f"{DRAFT}.draft"], addresses)
    slug = _owner(draft)
    _specification(network, slug, network.actor(slug, Role.AUTHOR), draft, network.days_ago(6))


def _revise(network: Network, author: Actor, specification_id: UUID, achievement: Achievement) -> None:
    """Change what differs in the draft, as an author does in the form, and publish it as the second version."""
    at = network.days_ago(REVISED_DAYS_AGO)
    specification = catalogue_queries.draft(specification_id)
    before = catalogue_queries.draft_achievement(specification)
    changed = {name: getattr(achievement, name) for name in ("description", "outcomes", "contact_hours")}
    catalogue_operations.save_elements(
        by=author,
        at=at,
        specification_id=specification_id,
        values=changed,
        base=catalogue_queries.element_digests(before, changed),
    )
    catalogue_operations.publish(
        by=author,
        at=at,
        specification_id=specification_id,
        change_note="One outcome added: explaining forecasts. Four more attendance hours.",
    )


def _specification(
    network: Network, slug: str, author: Actor, achievement: Achievement, at: dt.datetime
) -> Specification:
    institution = network.institutions[slug]
    with scope(institution=[institution.pk]):
        for one in catalogue_queries.drafts():
            if one.title == achievement.title:
                return one
    return catalogue_operations.create(by=author, at=at, institution_id=institution.pk, achievement=achievement)


def specification_names() -> list[str]:
    """This will name the specifications among the data: published ones plainly, ``.v2`` and ``.draft`` besides."""
    folder = resources("openmcx.demo").joinpath("data", "specifications")
    return sorted(entry.name.removesuffix(".json") for entry in folder.iterdir() if entry.name.endswith(".json"))


def _achievement(name: str) -> Achievement:
    return specification_format.read(queries.data(f"specifications/{name}"))


def _owner(achievement: Achievement) -> str:
    return achievement.awarding_body.id.rpartition(":")[2]


def _linked(achievement: Achievement, addresses: dict[str, str]) -> Achievement:
    """Let relations point to the pages of this node."""
    relations = tuple(replace(one, iri=addresses.get(one.iri, one.iri)) for one in achievement.relations)
    return replace(achievement, relations=relations)


# --- the mark of a complete build -----------------------------------------------------------------------------------


def _mark() -> Any:
    return queries.folder() / "built.json"


def _digest() -> str:
    """What the demonstration is made of, in short: other data make another demonstration."""
    whole = hashlib.sha256()
    for name in (
        "institutions",
        "learners",
        "runs",
        "class_list",
        *(f"specifications/{n}" for n in specification_names()),
    ):
        whole.update(json.dumps(queries.data(name), sort_keys=True).encode())
    return whole.hexdigest()
