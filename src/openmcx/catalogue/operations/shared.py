"""What drafts and publishing have in common: the audit's actions, conflicts, locking, noting."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext_lazy as _

from openmcx.catalogue import queries, rules
from openmcx.catalogue.mapping import content
from openmcx.catalogue.models import (
    Specification,
)
from openmcx.credentials.model import Achievement
from openmcx.kernel import audit
from openmcx.kernel.actors import Actor
from openmcx.kernel.errors import Refusal
from openmcx.kernel.scopes import scopes_disabled
from openmcx.ui.sentences import sentence


class Audit(StrEnum):
    """The actions that this app records."""

    CREATED = "catalogue.specification.created"
    EDITED = "catalogue.specification.edited"
    LANGUAGE_ADDED = "catalogue.specification.language-added"
    LANGUAGE_REMOVED = "catalogue.specification.language-removed"
    CHANGES_DISCARDED = "catalogue.specification.changes-discarded"
    DELETED = "catalogue.specification.deleted"
    PUBLISHED = "catalogue.specification.published"
    WITHDRAWN = "catalogue.specification.withdrawn"
    LISTED_AGAIN = "catalogue.specification.listed-again"
    PARTNER_ADDED = "catalogue.specification.partner-added"
    PARTNER_REMOVED = "catalogue.specification.partner-removed"


class Conflict(Refusal):
    """Somebody else saved the same elements meanwhile. `current` is what is saved now; nothing was overwritten."""

    def __init__(self, *, elements: tuple[str, ...], current: Specification) -> None:
        super().__init__(
            "edited-meanwhile",
            _("Somebody else changed the same texts while you were editing. Compare both and save again."),
        )
        self.elements = elements
        self.current = current


def locked(specification_id: UUID) -> tuple[Specification, rules.Parties]:
    # Whoever asks, the rules below decide; jobs and commands have no scope of their own.
    with scopes_disabled():
        specification: Specification = Specification.objects.select_for_update().get(pk=specification_id)
    return specification, queries.parties(specification_id)


def checked_content(achievement: Achievement) -> dict[str, Any]:
    """Write the achievement, and read it again: what could not be read later is refused now."""
    written = content.to_content(achievement)
    # No text has a use for it, and PostgreSQL cannot store it.
    if b"\\u0000" in orjson.dumps(written):
        raise Refusal("null-character", _("A text holds the character U+0000. Remove it."))
    try:
        content.from_content(written)
    except content.SpecificationError as fault:
        faults = "; ".join(f"{finding.pointer}: {sentence(finding)}" for finding in fault.findings[:8])
        raise Refusal("not-storable", _("This cannot be saved: %(faults)s"), faults=faults) from fault
    return written


def plain_text(text: str) -> str:
    """This will take from a free text what no database stores."""
    return text.replace("\x00", "").strip()


def note(
    by: Actor, action: Audit, at: dt.datetime, specification: Specification, institution_id: UUID, **data: object
) -> None:
    audit.record(
        by=by,
        action=action,
        at=at,
        subject=specification,
        institution_id=institution_id,
        data={"revision": specification.revision, **data},
    )
