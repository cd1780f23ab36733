"""Changing and revoking signing keys."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from openmcx.accounts.slots import NotificationKind
from openmcx.credentials.keys import generate_ed25519
from openmcx.credentials.keys.multikey import encode_public_key
from openmcx.credentials.keys.signer import Ed25519Signer
from openmcx.institutions import notifications, queries, rules
from openmcx.institutions.events import SigningKeyReplaced, SigningKeyRevoked
from openmcx.institutions.models import Institution, Role, SigningKey
from openmcx.institutions.operations.common import Audit, locked, tell
from openmcx.kernel import audit, events, vault
from openmcx.kernel.actors import Actor, require


@transaction.atomic
def rotate_key(*, by: Actor, at: dt.datetime, institution_id: UUID) -> SigningKey:
    """This will have the institution sign with a new key. The old key signs no more; what it signed stays valid.

    Raises: NotPermitted.
    """
    require(rules.may_manage_keys(by, institution_id))
    institution = locked(institution_id)
    old = queries.active_key(institution_id)
    _retire(old, at)
    new = new_key(institution, at=at)
    audit.record(
        by=by,
        action=Audit.KEY_ROTATED,
        at=at,
        subject=new,
        institution_id=institution_id,
        data={**public(new), "retired": old.fragment},
    )
    events.emit(SigningKeyReplaced(institution_id, new.pk))
    _tell(by, at, notifications.KEY_REPLACED, institution, new)
    return new


@transaction.atomic
def revoke_key(*, by: Actor, at: dt.datetime, key_id: UUID) -> SigningKey:
    """This will declare a key compromised: nothing it signed is valid any more. A new key takes its place if needed.

    Raises: NotPermitted; SigningKey.DoesNotExist.
    """
    key = SigningKey.objects.select_related("institution").get(pk=key_id)
    require(rules.may_manage_keys(by, key.institution_id))
    institution = locked(key.institution_id)
    key.refresh_from_db()
    if key.revoked_at is not None:
        return key
    was_active = key.retired_at is None
    key.revoked_at, key.sealed_secret = at, None
    key.save(update_fields=["revoked_at", "sealed_secret"])
    audit.record(by=by, action=Audit.KEY_REVOKED, at=at, subject=key, institution_id=institution.pk, data=public(key))
    events.emit(SigningKeyRevoked(institution.pk, key.pk))
    _tell(by, at, notifications.KEY_REVOKED, institution, key)
    if was_active:
        new = new_key(institution, at=at)
        audit.record(
            by=by, action=Audit.KEY_CREATED, at=at, subject=new, institution_id=institution.pk, data=public(new)
        )
        events.emit(SigningKeyReplaced(institution.pk, new.pk))
    return key


def tell_of_ageing_keys(*, at: dt.datetime) -> int:
    """This will tell administrators once of a key of theirs that will soon be as old as a key should get."""
    told = 0
    for key in queries.keys_made_before(at - dt.timedelta(days=rules.KEY_AGEING_DAYS)):
        told += tell(
            Actor.system(),
            at,
            notifications.KEY_AGEING,
            key.institution,
            queries.people_with(Role.ADMIN, institution_id=key.institution_id, on=at.date()),
            url=reverse("institutions:keys", kwargs={"slug": key.institution.slug}),
            about=str(key.pk),
            key=key.fragment,
            day=key.created_at.date(),
        )
    return told


def _tell(by: Actor, at: dt.datetime, kind: NotificationKind, institution: Institution, key: SigningKey) -> None:
    people = queries.people_with(Role.ADMIN, institution_id=institution.pk, on=at.date())
    url = reverse("institutions:keys", kwargs={"slug": institution.slug})
    if Role.COORDINATOR in kind.audience:
        others = set(queries.people_with(Role.COORDINATOR, on=at.date())) - set(people)
        # Keys are an institution's own affair: coordinators see its public page.
        page = reverse("institutions:page", kwargs={"slug": institution.slug})
        tell(by, at, kind, institution, others, url=page, about=str(key.pk), key=key.fragment)
    tell(by, at, kind, institution, people, url=url, about=str(key.pk), key=key.fragment)


def _retire(key: SigningKey, at: dt.datetime) -> None:
    # The secret goes: what is not there cannot be stolen, and a retired key never signs again.
    key.retired_at, key.sealed_secret = at, None
    key.save(update_fields=["retired_at", "sealed_secret"])


def new_key(institution: Institution, *, at: dt.datetime) -> SigningKey:
    """This will draw and store the key the institution signs with from now on; the caller has retired the last."""
    secret = generate_ed25519()
    number = SigningKey.objects.filter(institution=institution).count() + 1
    key = SigningKey(institution=institution, fragment=f"key-{number}", created_at=at)
    key.public_multibase = encode_public_key(Ed25519Signer(secret, key.verification_method).public_key)
    key.sealed_secret = vault.seal(secret, purpose=queries.KEY_PURPOSE, context=queries.key_context(key))
    key.save(force_insert=True)
    return key


def public(key: SigningKey) -> dict[str, str]:
    """This will give what the audit trail says of a key."""
    return {"fragment": key.fragment, "public_key": key.public_multibase}
