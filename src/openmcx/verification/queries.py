"""What verification asks: whom do we know, and how do they look."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from openmcx.credentials.errors import KeyMaterialError
from openmcx.credentials.model import LangText
from openmcx.credentials.report import EstablishedIssuer, KnownIssuer
from openmcx.institutions import queries as institution_queries
from openmcx.ui.components import Mark

if TYPE_CHECKING:
    from openmcx.credentials.keys.x509 import Anchors

logger = logging.getLogger(__name__)


def known_issuer(did: str) -> KnownIssuer | None:
    """This will return what this network knows of an issuer, or None when it does not know it."""
    institution = institution_queries.institution_for_did(did)
    if institution is None:
        return None
    organisation = institution_queries.organisation(institution)
    return KnownIssuer(
        name=organisation.name,
        url=organisation.url,
        country=organisation.country,
        note=LangText(institution.accreditation_note),
        former_names=institution_queries.former_names(institution),
    )


def trust_anchors() -> Anchors | None:
    """This will give the certificates that the operator trusts to say whose a seal is; None when there are none.

    The file is read anew when it changed. One that has gone since the start, or is damaged, is trusted no more: seals
    are then reported as nobody's.
    """
    path = settings.OPENMCX_TRUSTED_CERTIFICATES
    if path is None:
        return None
    try:
        return _anchors_in(path, path.stat().st_mtime_ns)
    except (OSError, KeyMaterialError):
        logger.exception("the trusted certificates in %s cannot be read", path)
        return None


@lru_cache(maxsize=1)
def _anchors_in(path: Path, changed: int) -> Anchors:
    from openmcx.credentials.keys import x509  # noqa: PLC0415 - few nodes read certificates

    return x509.Anchors(x509.read_pem(path.read_bytes(), limit=x509.MAX_ANCHORS))


def mark_of(issuer: EstablishedIssuer | None) -> Mark | None:
    """This will tell how an issuer looks, if it was established and is an institution of this network.

    What a document claims plays no part: a look that anybody can claim would prove nothing.
    """
    if issuer is None or issuer.known is None:
        return None
    institution = institution_queries.institution_for_did(issuer.id)
    return institution_queries.mark(institution) if institution else None
