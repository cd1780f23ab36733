"""Two institutions, and the people who write and publish at them."""

import datetime as dt
from uuid import UUID

import pytest

from openmcx.credentials.model import LangText
from openmcx.institutions import operations as institution_operations
from openmcx.institutions.models import Institution, Role
from openmcx.institutions.operations import Profile
from openmcx.kernel.actors import Actor
from openmcx.kernel.ids import new_id

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def an_institution(slug: str, name: str, country: str) -> Institution:
    return institution_operations.add_institution(
        by=Actor.system(), at=AT, slug=slug, profile=Profile(name=LangText({"en": name}), country=country)
    )


@pytest.fixture
def north(db: None) -> Institution:
    return an_institution("north", "North University", "FI")


@pytest.fixture
def south(db: None) -> Institution:
    return an_institution("south", "South University", "ES")


def somebody(institution: Institution | UUID, role: str) -> Actor:
    """A person with one role at one institution."""
    institution_id = institution if isinstance(institution, UUID) else institution.pk
    return Actor(person_id=new_id(), roles=frozenset({(institution_id, str(role))}), kind="person")


@pytest.fixture
def author(north: Institution) -> Actor:
    return somebody(north, Role.AUTHOR)


@pytest.fixture
def registrar(north: Institution) -> Actor:
    return somebody(north, Role.REGISTRAR)


@pytest.fixture
def otto(south: Institution) -> Actor:
    """Holds rights, but at another institution."""
    return somebody(south, Role.AUTHOR)
