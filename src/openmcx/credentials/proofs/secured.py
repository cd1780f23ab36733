"""What secures a credential, and what of it is covered: each way of signing leads to the same `Secured`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from openmcx.credentials import jsonld
from openmcx.credentials.errors import ProofError
from openmcx.credentials.findings import Finding
from openmcx.credentials.keys import did_jwk, did_key
from openmcx.credentials.keys.did_web import ListedKey
from openmcx.credentials.keys.jwk import read_jwk
from openmcx.credentials.keys.resolve import KeyResolver, ResolvedKey
from openmcx.credentials.keys.signer import PublicKey
from openmcx.credentials.proofs import data_integrity
from openmcx.credentials.proofs.data_integrity.suites import FORMER
from openmcx.credentials.proofs.times import CLOCK_SKEW

# Many badges still bear the proof that came before the cryptosuites; it is verified, and never made.
SUITES = data_integrity.CRYPTOSUITES | FORMER.keys()


@dataclass(frozen=True, slots=True)
class SignedBy:
    """One signature that holds: the key, how it was named, and what the signature says about its own time."""

    key: ResolvedKey
    method: str
    created: dt.datetime | None = None
    not_before: dt.datetime | None = None
    expires: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Secured:
    """What the signatures cover: read from it, not from what was handed in.

    ``statements`` are its N-Quads as far as they were made already. ``evidence`` says how it was signed.
    """

    document: dict[str, Any] = field(repr=False)
    signed_by: tuple[SignedBy, ...]
    evidence: Mapping[str, Any]
    statements: list[str] | None = field(default=None, repr=False)


def by_data_integrity(document: Mapping[str, Any], resolver: KeyResolver, limits: jsonld.Limits) -> Secured:
    """This will verify the proofs that a document carries in itself.

    Raises: CredentialError when one of them does not hold; Unreachable when a key could not be fetched.
    """
    proof = data_integrity.verify(
        document, public_key_for=resolver.public_key, allowed_cryptosuites=SUITES, limits=limits
    )
    evidence = {
        "cryptosuite": proof.cryptosuite,
        "verification_method": proof.verification_method,
        "created": proof.created.isoformat() if proof.created else None,
    }
    signed_by = tuple(
        SignedBy(
            key=resolver.found[entry.verification_method],
            method=entry.verification_method,
            created=entry.created,
            expires=entry.expires,
        )
        for entry in (proof, *proof.others)
    )
    return Secured(proof.document, signed_by, evidence, data_integrity.statements(proof, limits=limits))


def by_token(kind: str, content: str | bytes, resolver: KeyResolver, limits: jsonld.Limits) -> Secured:
    """This will verify a token; `kind` is what `recognise` calls it.

    Raises: CredentialError when it does not hold; Unreachable when its key could not be fetched.
    """
    # Most credentials carry their proof in themselves.
    from openmcx.credentials.proofs import cose, jose, sd_jwt
    from openmcx.credentials.proofs.jose import KeyReference

    found: list[ResolvedKey] = []

    def key_for(reference: KeyReference) -> PublicKey:
        found.append(_key(reference.method, reference.jwk, reference.issuer, resolver))
        return found[-1].listed.key

    if isinstance(content, bytes):
        verified = cose.verify(content, public_key_for=key_for, limits=limits)
    elif kind == "open-badge-3-jwt":
        verified = jose.verify_open_badge(content, public_key_for=key_for, limits=limits)
    elif kind == "credential-sd-jwt":
        verified = sd_jwt.verify_document(content, public_key_for=key_for, limits=limits)
    else:
        verified = jose.verify(content, public_key_for=key_for, limits=limits)
    method = verified.key.method
    evidence = {
        "algorithm": verified.algorithm,
        "media_type": verified.media_type,
        "verification_method": method,
        "created": verified.issued_at.isoformat() if verified.issued_at else None,
    }
    signed_by = SignedBy(
        key=found[0],
        method=method,
        created=verified.issued_at,
        not_before=verified.not_before,
        expires=verified.expires_at,
    )
    return Secured(verified.document, (signed_by,), evidence)


def _key(method: str, jwk: Mapping[str, Any] | None, issuer: str, resolver: KeyResolver) -> ResolvedKey:
    """This will find the key of a token by its name; one that the token brings along is its issuer's only if the
    issuer's DID is that very key.

    Raises: ProofError when the token names none; and what the resolver raises.
    """
    if method:
        resolver.public_key(method)
        return resolver.found[method]
    if jwk is None:
        raise ProofError("jws-key-missing")
    key = read_jwk(jwk)
    if issuer.startswith(did_key.PREFIX) and did_key.public_key(issuer) == key:
        return ResolvedKey(ListedKey(key), issuer, "did:key")
    if issuer.startswith(did_jwk.PREFIX) and did_jwk.public_key(issuer) == key:
        return ResolvedKey(ListedKey(key), issuer, "did:jwk")
    return ResolvedKey(ListedKey(key), "", "address")


def time_fault(signed_by: tuple[SignedBy, ...], at: dt.datetime) -> Finding | None:
    """This will say whether one of the signatures has expired, is not to hold yet or was made in the future.

    Source: Verifiable Credential Data Integrity 1.0, section 2.1 (created, expires); RFC 7519, section 4.1.
    """
    for entry in signed_by:
        if entry.expires is not None and entry.expires <= at:
            return Finding("proof-expired", {"date": entry.expires.date().isoformat()})
        if entry.not_before is not None and entry.not_before > at + CLOCK_SKEW:
            return Finding("proof-not-yet", {"date": entry.not_before.date().isoformat()})
        if entry.created is not None and entry.created > at + CLOCK_SKEW:
            return Finding("proof-from-the-future", {"date": entry.created.date().isoformat()})
    return None
