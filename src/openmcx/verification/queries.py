"""What verification asks: whom do we know, and how do they look."""

from __future__ import annotations

from openmcx.credentials.model import LangText
from openmcx.credentials.report import EstablishedIssuer, KnownIssuer
from openmcx.institutions import queries as institution_queries
from openmcx.ui.components import Mark


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


def mark_of(issuer: EstablishedIssuer | None) -> Mark | None:
    """This will tell how an issuer looks, if it was established and is an institution of this network.

    What a document claims plays no part: a look that anybody can claim would prove nothing.
    """
    if issuer is None or issuer.known is None:
        return None
    institution = institution_queries.institution_for_did(issuer.id)
    return institution_queries.mark(institution) if institution else None
