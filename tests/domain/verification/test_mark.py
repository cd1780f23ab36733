"""The look of an issuer is shown only where it was established who that is."""

import datetime as dt

from openmcx.credentials.model import LangText
from openmcx.credentials.report import EstablishedIssuer
from openmcx.institutions import operations
from openmcx.institutions import queries as institution_queries
from openmcx.verification import queries
from tests.cast import Cast

AT = dt.datetime(2026, 3, 6, 9, tzinfo=dt.UTC)


def test_an_established_institution_is_shown_with_its_look(cast: Cast) -> None:
    by = cast.actor(cast.ada)
    institution = operations.set_accent(by=by, at=AT, institution_id=cast.lakeside.pk, colour="#0b6e4f")
    claimed = LangText({"en": "University of Lakeside"})
    known = queries.known_issuer(institution.did)
    established = EstablishedIssuer(id=institution.did, claimed_name=claimed, known=known)
    assert queries.mark_of(established) == institution_queries.mark(institution)
    assert institution_queries.mark(institution).look != ""


def test_a_claim_has_no_look(cast: Cast) -> None:
    claimed = LangText({"en": "University of Lakeside"})
    by_key = EstablishedIssuer(id="did:key:z6Mk", claimed_name=claimed)
    by_address = EstablishedIssuer(id="did:web:evil.example", claimed_name=claimed, domain="evil.example")
    assert [queries.mark_of(one) for one in (None, by_key, by_address)] == [None, None, None]
