"""The cast stands as it is described."""

from openmcx.institutions.models import Role
from tests.cast import Cast


def test_everybody_holds_what_they_are_said_to_hold(cast: Cast) -> None:
    lakeside, hillside = cast.lakeside.pk, cast.hillside.pk
    assert cast.actor(cast.rita).roles == {(lakeside, Role.REGISTRAR)}
    assert cast.actor(cast.anna).roles == {(lakeside, Role.AUTHOR)}
    assert cast.actor(cast.ada).roles == {(lakeside, Role.ADMIN)}
    assert cast.actor(cast.otto).roles == {(hillside, role) for role in (Role.REGISTRAR, Role.AUTHOR, Role.ADMIN)}
    assert cast.actor(cast.carla).roles == {(lakeside, Role.COORDINATOR), (hillside, Role.COORDINATOR)}
    assert cast.actor(cast.leon).roles == cast.actor(cast.mallory).roles == cast.actor(None).roles == frozenset()
