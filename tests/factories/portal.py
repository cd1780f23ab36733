"""Legal texts of the network, made by the real operations."""

from __future__ import annotations

from typing import Any

from openmcx.kernel.actors import Actor
from openmcx.portal import operations
from openmcx.portal.models import LegalKind, LegalVersion
from tests.factories.accounts import AT

BODY = """# Who runs this site

The **network office**, at [its own page](https://network.example/).
"""


def legal_text(kind: LegalKind = LegalKind.IMPRINT, language: str = "en", body: str = BODY) -> LegalVersion:
    """This will publish a text."""
    revision = getattr(operations.queries.legal_draft(kind, language).draft, "revision", 0)
    by = Actor.system()
    draft = operations.save_legal_text(by=by, at=AT, kind=kind, language=language, body=body, revision=revision)
    return operations.publish_legal_text(by=by, at=AT, kind=kind, language=language, revision=draft.revision)


def add_to_world(cast: Any) -> None:
    """This will add a published legal notice."""
    cast.things["imprint"] = legal_text()
