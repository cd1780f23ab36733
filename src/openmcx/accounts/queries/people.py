"""Questions about people and their tokens."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from openmcx.accounts import slots
from openmcx.accounts.models import ApiToken, Person, Scope
from openmcx.kernel import slots as kernel_slots
from openmcx.kernel.actors import Actor
from openmcx.kernel.mail import normal_email
from openmcx.kernel.slots import PersonalData

TOKEN_MARK = "mcx_"  # noqa: S105  (the recognisable beginning of a token, no secret)


def person(person_id: UUID) -> Person:
    """This will give one person.

    Raises: Person.DoesNotExist.
    """
    return Person.objects.select_related("subject_key").get(pk=person_id)


def names_of(person_ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """This will name people in one query; those whose data are erased are left out."""
    wanted = {one for one in person_ids if one is not None}
    people = Person.objects.select_related("subject_key").filter(pk__in=wanted, erased_at__isnull=True)
    return {one.pk: str(one) for one in people}


def person_by_email(email: str) -> Person | None:
    """This will find who signs in with this address."""
    return Person.objects.select_related("subject_key").filter(email=normal_email(email)).first()


def verified_addresses(person_id: UUID) -> list[str]:
    """This will list the addresses of which the person has proved that they are theirs."""
    rows = EmailAddress.objects.filter(user_id=person_id, verified=True).values_list("email", flat=True)
    return [normal_email(address) for address in rows]


def has_verified(person_id: UUID, email: str) -> bool:
    """This will tell whether the person has proved that this address is theirs."""
    return normal_email(email) in verified_addresses(person_id)


def actor_of(user: Person | AnonymousUser) -> Actor:
    """This will say who acts in a request and which roles they hold today."""
    if not isinstance(user, Person) and not getattr(user, "is_authenticated", False):
        return Actor.anonymous()
    assert user.pk is not None
    return actor(user.pk)


def actor(person_id: UUID) -> Actor:
    """This will give the person as an actor with the roles that hold today."""
    held = (role for roles in slots.roles_of.ask(person_id) for role in roles)
    return Actor(person_id=person_id, roles=frozenset((role.institution_id, role.role) for role in held), kind="person")


def token_digest(token: str) -> bytes:
    """This will give what is stored of a token. It holds 128 random bits, so one round of a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def token_for(token: str, *, at: dt.datetime) -> ApiToken | None:
    """This will find a token that may be used now, by its secret."""
    if not token.startswith(TOKEN_MARK) or len(token) > 80:
        return None
    return ApiToken.objects.usable(at).select_related("person").filter(digest=token_digest(token)).first()


def actor_for_token(token: str, *, needs: Scope, at: dt.datetime) -> Actor | None:
    """This will say who acts through the API with this token, or None when the token does not allow `needs` now."""
    found = token_for(token, at=at)
    if found is None or needs.value not in found.scopes:
        return None
    return Actor(person_id=found.person_id, roles=actor(found.person_id).roles, kind="api")


def password_link(person: Person) -> str:
    """This will make an address at which whoever opens it chooses the person's password, once and within days."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(person),
            "key": app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person),
        },
    )
    return str(settings.OPENMCX_BASE_URL) + path


def tokens_of(person_id: UUID) -> QuerySet[ApiToken]:
    """This will list a person's tokens, the newest first."""
    return ApiToken.objects.filter(person_id=person_id)


def personal_data_of(person_id: UUID) -> list[PersonalData]:
    """This will list what the account holds of a person."""
    found = Person.objects.select_related("subject_key").filter(pk=person_id).first()
    if found is None or found.erased_at:
        return []
    values = [("name", found.name or ""), ("email", found.email), ("language", found.language)]
    values.append(("hour of the daily e-mail", str(found.digest_hour)))
    values += [
        ("columns of tables", f"{key}: {', '.join(names)}") for key, names in sorted(found.table_columns.items())
    ]
    values += [("email", address) for address in verified_addresses(person_id) if address != found.email]
    return [PersonalData(source="accounts", label=str(_("Account")), values=tuple(values))]


def everything_held_of(person_id: UUID) -> list[dict[str, Any]]:
    """This will gather what every app holds of a person, for the person's own eyes."""
    return [
        {
            "source": one.source,
            "label": one.label,
            "values": [{"name": name, "value": value} for name, value in one.values],
        }
        for answer in kernel_slots.personal_data.ask(person_id)
        for one in answer
    ]
