"""People for tests, made by the operations that make real ones."""

import datetime as dt
from typing import Any

from django.utils import timezone

from openmcx.accounts import operations, queries
from openmcx.accounts.models import ApiToken, Person
from openmcx.kernel.actors import Actor

AT = dt.datetime(2024, 3, 4, 9, 0, tzinfo=dt.UTC)
PASSWORD = "only-for-tests-4711"


def person(name: str = "Pat Person", *, email: str = "", language: str = "en", proven: bool = True) -> Person:
    """This will register somebody whose address is proved."""
    return operations.register(
        by=Actor.system(),
        at=AT,
        email=email or f"{name.split()[0].lower()}@example.org",
        name=name,
        language=language,
        password=PASSWORD,
        proven=proven,
    )


def actor(of: Person) -> Actor:
    """This will give a person as an actor with the roles of today."""
    return queries.actor(of.pk)


def token(of: Person, *scopes: str, at: dt.datetime = AT) -> tuple[ApiToken, str]:
    """This will make an API token and give it with its secret."""
    return operations.create_token(
        by=actor(of), at=at, label="A program", scopes=scopes or ("read",), expires_at=at + dt.timedelta(days=300)
    )


def add_to_world(cast: Any) -> None:
    """This will add what the permission matrix asks for."""
    cast.things["rita_token_id"] = token(cast.rita, at=timezone.now())[0].pk
    # That she became registrar.
    cast.things["rita_notification_id"] = queries.notifications_of(cast.rita.pk)[0].pk
    cast.things["rita_unsubscribe_token"] = queries.unsubscribe_url(cast.rita.pk, "institutions.roles").split("/")[-2]
