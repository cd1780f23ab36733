"""What is done with people and the tokens of their programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer

from openmcx.accounts import queries, rules
from openmcx.accounts.events import PersonErased
from openmcx.accounts.models import ApiToken, Notification, NotificationPreference, Person, Scope
from openmcx.accounts.operations.audit_actions import Audit
from openmcx.kernel import audit, events, personal
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import Refusal
from openmcx.kernel.ids import new_secret
from openmcx.kernel.mail import normal_email
from openmcx.kernel.web import set_actor

MAX_TOKENS = 50
MAX_TOKEN_DAYS = 366
NAME_CHARACTERS = 100


@transaction.atomic
def register(
    *,
    by: Actor,
    at: dt.datetime,
    email: str,
    name: str = "",
    language: str = "en",
    password: str | None = None,
    proven: bool = False,
) -> Person:
    """This will make an account. `proven` says that the address is known to be the person's.

    Raises: NotPermitted; Refusal ``email-invalid``, ``email-taken``, and those of `checked_name`.
    """
    require(rules.may_register(by))
    person = Person(email=_checked_email(email))
    if Person.objects.filter(email=person.email).exists():
        raise Refusal("email-taken", _("There is already an account with this e-mail address."))
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    complete(person=person, by=by, at=at, name=name, language=language)
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=proven)
    return person


@transaction.atomic
def complete(*, person: Person, by: Actor, at: dt.datetime, name: str, language: str) -> None:
    """This will store a person who is not stored yet, with a key of their own for what is personal.

    Raises: Refusal ``email-invalid``, and those of `checked_name`.
    """
    require(rules.may_register(by))
    person.email = _checked_email(person.email)
    person.subject_key = personal.new_subject_key()
    person.name = checked_name(name) or None
    person.language = _checked_language(language)
    person.joined_at = at
    person.save(force_insert=True)
    audit.record(by=by, action=Audit.REGISTERED, at=at, subject=person)


@transaction.atomic
def change_profile(*, by: Actor, at: dt.datetime, person_id: UUID, name: str, language: str) -> None:
    """This will change how the node addresses a person.

    Raises: NotPermitted; Refusals of `checked_name`.
    """
    require(rules.may_change(by, person_id))
    person = Person.objects.select_for_update(of=("self",)).select_related("subject_key").get(pk=person_id)
    person.name = checked_name(name) or None
    person.language = _checked_language(language)
    person.save(update_fields=["name", "language"])
    audit.record(by=by, action=Audit.CHANGED, at=at, subject=person)


@transaction.atomic
def create_token(
    *, by: Actor, at: dt.datetime, label: str, scopes: Collection[str], expires_at: dt.datetime
) -> tuple[ApiToken, str]:
    """This will make an API token for the acting person and give its secret, which cannot be shown again.

    Raises: NotPermitted; Refusal ``token-scopes``, ``token-expiry``, ``token-label``, ``too-many-tokens``.
    """
    require(by.kind == "person")
    assert by.person_id is not None
    unknown = sorted(set(scopes) - {scope.value for scope in Scope})
    if unknown or not scopes:
        raise Refusal("token-scopes", _("Say what the token may do: read, issue, or both."))
    if not at < expires_at <= at + dt.timedelta(days=MAX_TOKEN_DAYS):
        raise Refusal(
            "token-expiry", _("The token must expire after now and within %(days)s days."), days=MAX_TOKEN_DAYS
        )
    if not 1 <= len(label.strip()) <= 80:
        raise Refusal("token-label", _("Say in 1 to 80 characters what the token is for."))
    person = Person.objects.select_for_update(of=("self",)).get(pk=by.person_id)
    if ApiToken.objects.usable(at).filter(person=person).count() >= MAX_TOKENS:
        raise Refusal("too-many-tokens", _("You have %(count)s tokens. Revoke one first."), count=MAX_TOKENS)
    secret = queries.TOKEN_MARK + new_secret()
    token = ApiToken.objects.create(
        person=person,
        label=label.strip(),
        digest=queries.token_digest(secret),
        beginning=secret[: len(queries.TOKEN_MARK) + 4],
        scopes=sorted(set(scopes)),
        created_at=at,
        expires_at=expires_at,
    )
    audit.record(by=by, action=Audit.TOKEN_CREATED, at=at, subject=token, data={"scopes": token.scopes})
    return token, secret


@transaction.atomic
def revoke_token(*, by: Actor, at: dt.datetime, token_id: UUID) -> ApiToken:
    """This will end a token at once. Revoking it again changes nothing.

    Raises: NotPermitted; ApiToken.DoesNotExist.
    """
    token = ApiToken.objects.select_for_update(of=("self",)).get(pk=token_id)
    require(rules.may_change(by, token.person_id))
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        audit.record(by=by, action=Audit.TOKEN_REVOKED, at=at, subject=token)
    return token


@transaction.atomic
def erase(*, by: Actor, at: dt.datetime, person_id: UUID) -> None:
    """This will close an account for good: the key of the name is destroyed, the address overwritten.

    Raises: NotPermitted; Refusal ``roles-held``.
    """
    require(rules.may_change(by, person_id))
    if queries.actor(person_id).roles:
        raise Refusal(
            "roles-held",
            _("You still hold a role. Ask an administrator to end your roles, then close the account."),
        )
    person = Person.objects.select_for_update(of=("self",)).select_related("subject_key").get(pk=person_id)
    if person.erased_at:
        return
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    ApiToken.objects.filter(person=person).delete()
    Notification.objects.filter(person=person).delete()
    NotificationPreference.objects.filter(person=person).delete()
    personal.erase(person.subject_key, at=at)
    person.email = f"{person.pk}@erased.invalid"
    person.set_unusable_password()
    person.is_active, person.erased_at, person.last_login = False, at, None
    person.table_columns = {}
    person.save(update_fields=["email", "password", "is_active", "erased_at", "last_login", "table_columns"])
    audit.record(by=by, action=Audit.ERASED, at=at, subject=person)
    events.emit(PersonErased(person.pk))


def use_token(*, token: str, needs: Scope, at: dt.datetime) -> Actor | None:
    """This will say who acts through the API with this token, and remember the day; None when it does not allow it."""
    actor = queries.actor_for_token(token, needs=needs, at=at)
    if actor is not None:
        # Written on the first use of a day only.
        of_token = ApiToken.objects.filter(digest=queries.token_digest(token))
        of_token.exclude(last_used_on=at.date(), last_used_on__isnull=False).update(last_used_on=at.date())
    return actor


class Token(HttpBearer):
    """How an address of the API asks for a token of the account page: one that allows `needs`."""

    def __init__(self, needs: Scope) -> None:
        """This will keep what the token must allow."""
        super().__init__()
        self.needs = needs

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """This will say who acts, and note it in the request."""
        actor = use_token(token=token, needs=self.needs, at=timezone.now())
        if actor is not None:
            set_actor(request, actor)
        return actor


def checked_name(name: str) -> str:
    """This will give a person's name as it is stored, or say why it is none.

    Raises: Refusal ``name-too-long``, ``name-has-address``, ``name-has-controls``.
    """
    clean = " ".join(name.split())
    if len(clean) > NAME_CHARACTERS:
        raise Refusal("name-too-long", _("Give a name of at most %(count)s characters."), count=NAME_CHARACTERS)
    if rules.has_address(clean):
        raise Refusal("name-has-address", _("A name cannot hold a web address. Give the name alone."))
    if rules.has_controls(clean):
        raise Refusal(
            "name-has-controls",
            _("The name holds invisible signs that turn or hide text. Type it again instead of pasting it."),
        )
    return clean


def _checked_email(email: str) -> str:
    address = normal_email(email)
    try:
        validate_email(address)
    except ValidationError:
        raise Refusal("email-invalid", _("“%(email)s” is not an e-mail address."), email=address[:80]) from None
    if len(address) > 254:
        raise Refusal("email-invalid", _("“%(email)s” is not an e-mail address."), email=address[:80])
    return address


def _checked_language(language: str) -> str:
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
