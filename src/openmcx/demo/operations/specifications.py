"""The micro-credentials: created and published by their authors, one of them twice, one left as a draft."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from importlib.resources import files as resources

from django.conf import settings
from django.utils.text import slugify

from openmcx.catalogue import operations as catalogue_operations
from openmcx.catalogue import queries as catalogue_queries
from openmcx.catalogue.models import Specification
from openmcx.credentials.formats import specification as specification_format
from openmcx.credentials.model import Achievement, LangText
from openmcx.demo import queries
from openmcx.demo.operations.network import Network
from openmcx.institutions.models import Role
from openmcx.kernel.actors import Actor
from openmcx.kernel.scopes import scope

PUBLISHED_DAYS_AGO = 560
# The specification that has a second version, and when it got it.
REVISED, REVISED_DAYS_AGO = "predictive-maintenance", 110
DRAFT = "explainable-ai-in-production"
_PLACEHOLDER = "https://node.example/catalogue/"


def publish_all(network: Network) -> None:
    """This will create and publish the micro-credentials, and begin the draft, as far as they are not there."""
    for place, name in enumerate(one for one in specification_names() if "." not in one):
        achievement = _achievement(name)
        slug = _owner(achievement)
        author, at = network.actor(slug, Role.AUTHOR), network.days_ago(PUBLISHED_DAYS_AGO - place)
        specification = _specification(network, slug, author, achievement, at)
        if not specification.is_published:
            catalogue_operations.publish(by=author, at=at, specification_id=specification.pk)
        network.versions[name] = catalogue_queries.versions(specification.pk)[0]
        network.owners[name] = slug
    draft = _achievement(f"{DRAFT}.draft")
    slug = _owner(draft)
    _specification(network, slug, network.actor(slug, Role.AUTHOR), draft, network.days_ago(6))


def revise(network: Network) -> None:
    """This will publish the second version of one of them: its author changes the draft and publishes it again."""
    current = network.versions[REVISED]
    if current.number > 1:
        return
    author, at = network.actor(network.owners[REVISED], Role.AUTHOR), network.days_ago(REVISED_DAYS_AGO)
    achievement = _achievement(f"{REVISED}.v2")
    specification = catalogue_queries.draft(current.specification_id)
    before = catalogue_queries.draft_achievement(specification)
    changed = {name: getattr(achievement, name) for name in ("description", "outcomes", "contact_hours")}
    base = catalogue_queries.element_digests(before, changed)
    catalogue_operations.save_elements(by=author, at=at, specification_id=specification.pk, values=changed, base=base)
    network.versions[REVISED] = catalogue_operations.publish(
        by=author,
        at=at,
        specification_id=specification.pk,
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
    """One of the data files, with relations that point to the pages of this node."""
    achievement = specification_format.read(queries.data(f"specifications/{name}"))
    relations = tuple(replace(one, iri=_address(one.iri, one.title)) for one in achievement.relations)
    return replace(achievement, relations=relations)


def _address(iri: str, title: LangText) -> str:
    if not iri.startswith(_PLACEHOLDER):
        return iri
    # The short name that publication gives is made of the English title; no two of ours are alike.
    return f"{settings.OPENMCX_BASE_URL}/catalogue/{slugify(title['en'])[:60].strip('-')}/"


def _owner(achievement: Achievement) -> str:
    return achievement.awarding_body.id.rpartition(":")[2]
