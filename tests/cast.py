"""Who the tests are about.

Rita registers for Lakeside, Leon learns there, Vera verifies and has no account, Otto holds every right but at
Hillside, Mallory has an account and no right at all and must be refused. Anna is author, Ada administrator of Lakeside;
Carla coordinates the network.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from openmcx.accounts.models import Person
from openmcx.institutions.models import Institution, LearnerRecord, Role
from openmcx.kernel.actors import Actor
from tests.factories import accounts, institutions

# The apps whose factories may add things to the world of the permission matrix, in the order of the ladder.
_APPS = ("accounts", "institutions", "catalogue", "issuing", "verification", "portal")


@dataclass
class Cast:
    """The people and their institutions."""

    lakeside: Institution
    hillside: Institution
    rita: Person
    leon: Person
    otto: Person
    mallory: Person
    anna: Person
    ada: Person
    carla: Person
    leon_at_lakeside: LearnerRecord
    things: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        """This will give what a factory added to the world."""
        try:
            return self.__dict__["things"][name]
        except KeyError:
            raise AttributeError(f"nobody added “{name}” to the world of the tests") from None

    @staticmethod
    def actor(person: Person | None) -> Actor:
        """This will give somebody as an actor with the roles of today; None is Vera."""
        return Actor.anonymous() if person is None else accounts.actor(person)

    @staticmethod
    def client(person: Person | None = None, **defaults: Any) -> Client:
        """This will give somebody's browser; None is Vera's."""
        client = Client(**defaults)
        if person is not None:
            client.force_login(person)
        return client

    def visitor(self, name: str) -> Person | None:
        """This will give who plays a visitor of the permission matrix."""
        return {
            "visitor": None,
            "learner": self.leon,
            "registrar": self.rita,
            "author": self.anna,
            "admin": self.ada,
            "coordinator": self.carla,
            "other_registrar": self.otto,
            "two_places": self.things.get("toni"),
        }[name]


def make_cast() -> Cast:
    """This will bring everybody on stage."""
    lakeside = institutions.institution("lakeside", "University of Lakeside", country="FI")
    hillside = institutions.institution("hillside", "Hillside University of Applied Sciences", country="AT")
    otto = accounts.person("Otto Officer")
    for role in (Role.REGISTRAR, Role.AUTHOR, Role.ADMIN):
        institutions.grant(hillside, role, otto)
    return Cast(
        lakeside=lakeside,
        hillside=hillside,
        rita=institutions.member(lakeside, Role.REGISTRAR, "Rita Registrar"),
        leon=accounts.person("Leon Learner"),
        otto=otto,
        mallory=accounts.person("Mallory Malice"),
        anna=institutions.member(lakeside, Role.AUTHOR, "Anna Author"),
        ada=institutions.member(lakeside, Role.ADMIN, "Ada Administrator"),
        carla=institutions.member(lakeside, Role.COORDINATOR, "Carla Coordinator"),
        leon_at_lakeside=institutions.learner(lakeside),
    )


def permission_world() -> Cast:
    """This will give the cast and one of each thing they work with.

    An app's factories add theirs in a function ``add_to_world(cast)`` that fills ``cast.things``.
    """
    cast = make_cast()
    cast.things["toni"] = institutions.member(cast.lakeside, Role.AUTHOR, "Toni Twoplaces")
    institutions.grant(cast.hillside, Role.REGISTRAR, cast.toni)
    for app in _APPS:
        name = f"tests.factories.{app}"
        if apps.is_installed(f"openmcx.{app}") and find_spec(name):
            add_to_world = getattr(importlib.import_module(name), "add_to_world", None)
            if add_to_world:
                add_to_world(cast)
    return cast


@pytest.fixture
def cast(db: None) -> Cast:
    """The people and their institutions."""
    return make_cast()
