"""Judging what was signed: is the signer the issuer, who is that, and is the credential valid at the time?"""

from __future__ import annotations

from urllib.parse import urlsplit

from openmcx.credentials.errors import FormatError
from openmcx.credentials.formats.open_badges.organisations import read_profile
from openmcx.credentials.instants import read_instant
from openmcx.credentials.keys import did_web
from openmcx.credentials.model import LangText
from openmcx.credentials.proofs.secured import Secured, SignedBy, time_fault
from openmcx.credentials.report import EstablishedIssuer, Outcome
from openmcx.credentials.verify.work import Work

# By whether the document says since when, and until when.
_VALID = {
    (True, True): "valid-until",
    (True, False): "valid-now",
    (False, True): "valid-to",
    (False, False): "valid-always",
}


def judge_proof(work: Work, secured: Secured) -> None:
    """This will judge the signatures' own times; that they hold is known."""
    if (fault := time_fault(secured.signed_by, work.at)) is not None:
        return work.note("proof", Outcome.FAILED, fault.code, secured.evidence, **fault.params)
    created = secured.signed_by[0].created
    if created is None:
        return work.note("proof", Outcome.PASSED, "signature-right-undated", secured.evidence)
    return work.note("proof", Outcome.PASSED, "signature-right", secured.evidence, created=created.date().isoformat())


def judge_issuer_key(work: Work, secured: Secured) -> None:
    """This will tell whether one of the keys is the issuer's, and may be used; then the issuer is established."""
    claimed = read_profile(work.claimed.get("issuer"))
    by_issuer = [entry for entry in secured.signed_by if _is_of(entry, claimed.id)]
    if not by_issuer:
        found = secured.signed_by[0]
        if found.key.source == "address" and not found.key.controller:
            return work.note("issuer-key", Outcome.FAILED, "key-in-file", claimed=claimed.id)
        return work.note(
            "issuer-key", Outcome.FAILED, "key-not-issuers", found=found.key.controller, claimed=claimed.id
        )
    for entry in by_issuer:
        method, listed = {"verification_method": entry.method}, entry.key.listed
        if entry.key.source == "address":
            return work.note("issuer-key", Outcome.FAILED, "key-in-address", method, address=entry.key.controller)
        if listed.revoked_at is not None and listed.revoked_at <= work.at:
            date = listed.revoked_at.date().isoformat()
            return work.note("issuer-key", Outcome.FAILED, "key-revoked", method, date=date)
        if listed.expires_at is not None and listed.expires_at < (entry.created or work.at):
            date = listed.expires_at.date().isoformat()
            return work.note("issuer-key", Outcome.FAILED, "key-expired", method, date=date)
    key = by_issuer[0].key
    evidence = {"controller": key.controller, "found_by": key.source}
    work.note("issuer-key", Outcome.PASSED, "key-is-issuers", evidence)
    known = work.directory(claimed.id) if work.directory is not None else None
    work.issuer = EstablishedIssuer(id=claimed.id, claimed_name=claimed.name, known=known, domain=_domain(by_issuer[0]))
    return None


def _is_of(entry: SignedBy, issuer: str) -> bool:
    """This will tell whether a key is an issuer's: its controller is the issuer, or it lies on the issuer's server."""
    if entry.key.source == "jwks":
        here, there = urlsplit(entry.key.controller), urlsplit(issuer)
        return (here.scheme, here.netloc) == (there.scheme, there.netloc) == ("https", here.netloc) != ("https", "")
    return entry.key.controller == issuer


def _domain(entry: SignedBy) -> str:
    if entry.key.source == "did:web":
        return did_web.domain(entry.key.controller)
    return urlsplit(entry.key.controller).netloc if entry.key.source == "jwks" else ""


def judge_issuer(work: Work, issuer: EstablishedIssuer) -> None:
    """This will tell what is known about the issuer that was established."""
    claimed = issuer.claimed_name.best()
    evidence = {"id": issuer.id, "domain": issuer.domain, "claimed_name": issuer.claimed_name.as_dict()}
    if issuer.known is not None:
        names = (issuer.known.name, *issuer.known.former_names)
        if claimed and issuer.known.name and not any(_same_name(issuer.claimed_name, name) for name in names):
            work.note(
                "issuer", Outcome.CAUTION, "issuer-named-otherwise", evidence, issuer=issuer.name, claimed=claimed
            )
        else:
            work.note("issuer", Outcome.PASSED, "issuer-known", evidence, issuer=issuer.name)
    elif issuer.domain and work.directory is None:
        work.note("issuer", Outcome.PASSED, "issuer-is-address", evidence, domain=issuer.domain, claimed=claimed)
    else:
        work.note("issuer", Outcome.CAUTION, "issuer-unknown", evidence, issuer=issuer.name, claimed=claimed)


def judge_validity(work: Work) -> None:
    """This will compare the validity that the credential states with the time."""
    try:
        begins = read_instant(work.claimed, "validFrom", "issuanceDate")
        ends = read_instant(work.claimed, "validUntil", "expirationDate")
    except FormatError as error:
        return work.refuse("validity", error)
    evidence = {
        "valid_from": begins.isoformat() if begins else None,
        "valid_until": ends.isoformat() if ends else None,
    }
    if begins is not None and begins > work.at:
        return work.note("validity", Outcome.FAILED, "not-yet-valid", evidence, date=begins.date().isoformat())
    if ends is not None and ends <= work.at:
        return work.note("validity", Outcome.FAILED, "expired", evidence, date=ends.date().isoformat())
    bounds = {
        name: moment.date().isoformat() for name, moment in (("begins", begins), ("ends", ends)) if moment is not None
    }
    code = _VALID[begins is not None, ends is not None]
    return work.note("validity", Outcome.PASSED, code, evidence, **bounds)


def _same_name(claimed: LangText, known: LangText) -> bool:
    """This will tell whether the claimed names are the known ones: one is, and none contradicts in a known language."""

    def plain(name: str) -> str:
        return " ".join(name.casefold().split())

    names = {plain(name) for name in known.values()}
    contradicts = any(plain(name) not in names for tag, name in claimed.items() if tag in known)
    return not contradicts and any(plain(name) in names for name in claimed.values())
