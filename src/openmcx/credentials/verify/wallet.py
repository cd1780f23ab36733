"""Verifying what wallets hold: an SD-JWT VC, whose holder shows of it what they choose."""

from __future__ import annotations

from typing import Any

from openmcx.credentials.errors import CredentialError, FormatError, ProofError
from openmcx.credentials.formats import sd_jwt_vc
from openmcx.credentials.formats.sd_jwt_vc.claims import LEARNING_CREDENTIAL
from openmcx.credentials.instants import write_instant
from openmcx.credentials.keys.did_web import ListedKey
from openmcx.credentials.keys.resolve import ResolvedKey
from openmcx.credentials.keys.signer import PublicKey
from openmcx.credentials.proofs.jose import KeyReference
from openmcx.credentials.proofs.jose import claims as jwt
from openmcx.credentials.proofs.sd_jwt import VerifiedSdJwt
from openmcx.credentials.proofs.secured import Secured, SignedBy
from openmcx.credentials.report import Outcome
from openmcx.credentials.status import token as token_status
from openmcx.credentials.verify.judging import judge_issuer, judge_issuer_key, judge_proof, judge_validity
from openmcx.credentials.verify.work import Work


def check_sd_jwt_vc(work: Work, text: str) -> None:
    """This will check the signature of an SD-JWT VC, and then what of it is shown.

    Source: SD-JWT-based Verifiable Credentials (IETF OAuth), section 2.4.
    """
    keys = sd_jwt_vc.IssuerKeys(work.resolver, work.fetch)
    try:
        verified = sd_jwt_vc.verify(text, public_key_for=keys, limits=work.limits)
    except CredentialError as error:
        work.leave_proof(error)
        return
    claims = verified.claims
    try:
        # Of a kind that is not known only the claims that every SD-JWT VC has are understood.
        if claims.get("vct") == LEARNING_CREDENTIAL:
            work.credential = sd_jwt_vc.read(claims)
        work.claimed = _as_document(claims)
    except CredentialError as error:
        work.refuse("structure", error)
        return
    work.note("structure", Outcome.PASSED, "claims-sound", {"vct": claims.get("vct")})
    shown = ["/" + "/".join(map(str, path)) for path in verified.disclosed]
    work.note("terms", Outcome.PASSED, "claims-covered", {"disclosed": shown, "hidden": verified.hidden})
    secured = _secured(work, verified, keys.source)
    judge_proof(work, secured)
    judge_issuer_key(work, secured)
    judge_validity(work)
    if work.issuer is not None:
        judge_issuer(work, work.issuer)
        work.checks["status"] = token_status.check(
            claims.get("status"),
            issuer=work.issuer.id,
            at=work.at,
            fetch=work.fetch,
            public_key_for=lambda reference: _list_key(work, reference),
        )


def _as_document(claims: dict[str, Any]) -> dict[str, Any]:
    """This will give what is judged of any credential under the names of the W3C's data model."""
    issuer, name = jwt.text_of(claims, "iss"), claims.get("issuing_authority")
    if not issuer:
        raise FormatError("format-member-missing", member="iss")
    document: dict[str, Any] = {"issuer": {"id": issuer, **({"name": name} if isinstance(name, str) else {})}}
    begins = jwt.time_of(claims, "nbf") or jwt.time_of(claims, "iat")
    for member, moment in (("validFrom", begins), ("validUntil", jwt.time_of(claims, "exp"))):
        if moment is not None:
            document[member] = write_instant(moment)
    return document


def _secured(work: Work, verified: VerifiedSdJwt, source: str) -> Secured:
    method = verified.key.method
    if source == "did":
        key = work.resolver.found[method]
    else:  # found in the metadata that the issuer publishes at its own address
        key = ResolvedKey(ListedKey(verified.public_key), verified.key.issuer, "jwks")
    evidence = {
        "algorithm": verified.algorithm,
        "media_type": verified.media_type,
        "verification_method": method,
        "created": verified.issued_at.isoformat() if verified.issued_at else None,
        "holder_bound": verified.binding is not None,
    }
    return Secured(verified.document, (SignedBy(key=key, method=method, created=verified.issued_at),), evidence)


def _list_key(work: Work, reference: KeyReference) -> PublicKey:
    """This will give the key of a list that is the issuer's own, and that the issuer has not revoked."""
    key = sd_jwt_vc.IssuerKeys(work.resolver, work.fetch)(reference)
    found = work.resolver.found.get(reference.method)
    if found is not None and found.listed.revoked_at is not None:
        raise ProofError("signature-wrong")
    return key
