"""How an institution looks: its colour and its logo."""

from __future__ import annotations

import datetime as dt
import hashlib
from uuid import UUID

from django.db import transaction

from openmcx.institutions import rules
from openmcx.institutions.models import Institution, Logo
from openmcx.institutions.operations.common import Audit, locked
from openmcx.kernel import audit
from openmcx.kernel.actors import Actor, require
from openmcx.ui import pictures

# Units: pixels. What pages show, twice as fine for screens that can show it.
SMALL, LARGE = 96, 192


@transaction.atomic
def set_accent(*, by: Actor, at: dt.datetime, institution_id: UUID, colour: str) -> Institution:
    """This will give an institution a colour of its own; "" takes it away again.

    Raises: NotPermitted; Refusal ``colour-malformed``, ``colour-unreadable``.
    """
    require(rules.may_manage(by, institution_id))
    plain = rules.check_accent(colour) if colour.strip() else ""
    institution = locked(institution_id)
    if institution.accent != plain:
        institution.accent = plain
        institution.save(update_fields=["accent"])
        audit.record(
            by=by,
            action=Audit.COLOUR_CHANGED,
            at=at,
            subject=institution,
            institution_id=institution_id,
            data={"colour": plain},
        )
    return institution


@transaction.atomic
def set_logo(*, by: Actor, at: dt.datetime, institution_id: UUID, picture: bytes) -> Institution:
    """This will give an institution a logo; the file is read with suspicion and written anew.

    Raises: NotPermitted; Refusal ``picture-too-large``, ``picture-unreadable``, ``picture-size``.
    """
    require(rules.may_manage(by, institution_id))
    files = pictures.squares(picture, (SMALL, LARGE))
    digest = hashlib.sha256(files[LARGE]).hexdigest()[:32]
    institution = locked(institution_id)
    if institution.logo_digest != digest:
        Logo.objects.update_or_create(
            institution=institution,
            defaults={"digest": digest, "small": files[SMALL], "large": files[LARGE], "set_at": at},
        )
        institution.logo_digest = digest
        institution.save(update_fields=["logo_digest"])
        audit.record(
            by=by,
            action=Audit.LOGO_CHANGED,
            at=at,
            subject=institution,
            institution_id=institution_id,
            data={"digest": digest},
        )
    return institution


@transaction.atomic
def remove_logo(*, by: Actor, at: dt.datetime, institution_id: UUID) -> Institution:
    """This will take an institution's logo away.

    Raises: NotPermitted.
    """
    require(rules.may_manage(by, institution_id))
    institution = locked(institution_id)
    if institution.logo_digest:
        Logo.objects.filter(institution=institution).delete()
        institution.logo_digest = ""
        institution.save(update_fields=["logo_digest"])
        audit.record(by=by, action=Audit.LOGO_REMOVED, at=at, subject=institution, institution_id=institution_id)
    return institution
