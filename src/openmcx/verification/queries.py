"""What verification asks: whom do we know, and how often was what found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count

from openmcx.credentials.model import LangText
from openmcx.credentials.report import EstablishedIssuer, KnownIssuer
from openmcx.institutions import queries as institution_queries
from openmcx.ui.components import Mark
from openmcx.verification.models import Check


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


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a verdict was given."""

    verdict: str
    count: int


def tally(*, since: dt.datetime) -> list[Tally]:
    """This will count the verdicts given since then."""
    rows = (
        Check.objects.filter(checked_at__gte=since)
        .values_list("verdict")
        .annotate(count=Count("id"))
        .order_by("verdict")
    )
    return [Tally(verdict, count) for verdict, count in rows]
