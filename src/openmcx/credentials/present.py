"""Presenting: a holder shows credentials to somebody who set a challenge, and that somebody checks who shows them.

    presentation = present([credential], holder_signer=signer, created=now, challenge=nonce, domain="https://uni.example")
    shown = verify_presentation(presentation, at=now, challenge=nonce, domain="https://uni.example")
    shown.holder, [verify(credential, at=now, fetch=get) for credential in shown.credentials]

The proof of a presentation says who shows it, to whom and now. It says nothing about the credentials in it: each has a
proof of its own, to be verified by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from openmcx.credentials import jsonld
from openmcx.credentials.errors import KeyMaterialError, ProofError
from openmcx.credentials.formats import vc
from openmcx.credentials.issue import usual_suite
from openmcx.credentials.jsonld.contexts import VC_V1, VC_V2
from openmcx.credentials.keys.resolve import Fetch, KeyResolver
from openmcx.credentials.proofs import data_integrity
from openmcx.credentials.proofs.times import time_fault

if TYPE_CHECKING:
    from openmcx.credentials.keys.signer import Signer
    from openmcx.credentials.proofs.data_integrity import Cryptosuite, VerifiedProof

MAX_CREDENTIALS = 20
"""As many credentials as one presentation may hold: each costs as much to verify as one alone."""

PURPOSE: Final = "authentication"


@dataclass(frozen=True, slots=True)
class ShownPresentation:
    """A presentation whose own proof was verified. `credentials` are what the proof covers; none is verified yet."""

    holder: str
    credentials: tuple[dict[str, Any], ...] = field(repr=False)
    proof: VerifiedProof = field(repr=False)


def present(
    credentials: Sequence[Mapping[str, Any]],
    *,
    holder_signer: Signer,
    created: dt.datetime,
    challenge: str,
    domain: str,
    cryptosuite: Cryptosuite | None = None,
    expires: dt.datetime | None = None,
    presentation_id: str | None = None,
    limits: jsonld.Limits = jsonld.DEFAULT,
) -> dict[str, Any]:
    """This will show credentials to whoever set the challenge, signed by their holder.

    `credentials` are signed credentials in JSON, or enveloped ones (type EnvelopedVerifiableCredential). `challenge`
    and `domain` are the verifier's: without them the presentation could be shown again by whoever saw it. The
    cryptosuite is that of the holder's key unless another is named.

    Raises: ProofError when there are too many credentials, or some of version 1.1 and some of 2.0; FormatError when
    one is none; and as ``data_integrity.sign``.
    Source: Verifiable Credentials Data Model 2.0, section 4.13; VC Data Integrity 1.0, section 2.1 (domain, challenge).
    """
    if not challenge or not domain:
        raise ValueError("`challenge` and `domain` must be given: they bind the presentation to whoever asked")
    if len(credentials) > MAX_CREDENTIALS:
        raise ProofError("presentation-too-many", count=len(credentials), limit=MAX_CREDENTIALS)
    versions = {vc.version_of(credential) for credential in credentials}
    if len(versions) > 1:
        raise ProofError("presentation-mixed")
    presentation: dict[str, Any] = {
        "@context": [VC_V1 if versions == {"1.1"} else VC_V2],
        "type": ["VerifiablePresentation"],
        "holder": holder_signer.verification_method.partition("#")[0],
        "verifiableCredential": [dict(credential) for credential in credentials],
    }
    if presentation_id is not None:
        presentation["id"] = presentation_id
    vc.check_presentation(presentation)
    if cryptosuite is None:
        cryptosuite = usual_suite(holder_signer)
    return data_integrity.sign(
        presentation,
        signer=holder_signer,
        created=created,
        cryptosuite=cryptosuite,
        proof_purpose=PURPOSE,
        domain=domain,
        challenge=challenge,
        expires=expires,
        limits=limits,
    )


def verify_presentation(
    presentation: Mapping[str, Any],
    *,
    at: dt.datetime,
    challenge: str,
    domain: str,
    fetch: Fetch | None = None,
    allowed_cryptosuites: Collection[str] = data_integrity.CRYPTOSUITES,
    limits: jsonld.Limits = jsonld.DEFAULT,
) -> ShownPresentation:
    """This will verify who shows a presentation: its own proof, not those of the credentials in it.

    All its proofs must answer `challenge` for `domain`, hold at the time `at`, and be made with a key that the holder
    lists for authentication. `fetch` gets DID documents.

    Raises: ProofError, KeyMaterialError, Unreachable, FormatError, and as ``data_integrity.verify``.
    Source: VC Data Integrity 1.0, section 4.4; Verifiable Credentials Data Model 2.0, sections 4.13 and 7.1.
    """
    if not challenge or not domain:
        raise ValueError("`challenge` and `domain` must be given: without them anything old could be shown again")
    resolver = KeyResolver(fetch)
    vc.check_presentation(presentation)
    proof = data_integrity.verify(
        presentation,
        public_key_for=partial(resolver.public_key, purpose=PURPOSE),
        allowed_cryptosuites=allowed_cryptosuites,
        expected_purpose=PURPOSE,
        domain=domain,
        challenge=challenge,
        limits=limits,
    )
    document = proof.document  # from here on only what the signature covers counts
    vc.check_presentation(document)
    # A signature over the JSON covers terms that mean nothing; they are refused all the same.
    data_integrity.statements(proof, limits=limits)
    fault = time_fault(proof, at)
    if fault is not None:
        raise ProofError("presentation-out-of-time", date=fault.params["date"])
    holder = _holder(document, proof, resolver, at)
    held = document.get("verifiableCredential", [])
    credentials = held if isinstance(held, list) else [held]
    if len(credentials) > MAX_CREDENTIALS:
        raise ProofError("presentation-too-many", count=len(credentials), limit=MAX_CREDENTIALS)
    return ShownPresentation(holder=holder, credentials=tuple(credentials), proof=proof)


def _holder(document: Mapping[str, Any], proof: VerifiedProof, resolver: KeyResolver, at: dt.datetime) -> str:
    """This will give who showed it: who controls the keys of all its proofs, and no other than it names."""
    claimed = vc.holder_of(document)
    for entry in (proof, *proof.others):
        key = resolver.found[entry.verification_method]
        if key.source == "address":
            raise KeyMaterialError("presentation-key-unproven", address=key.controller)
        for over in (key.listed.revoked_at, key.listed.expires_at):
            if over is not None and over <= at:
                raise KeyMaterialError("presentation-key-over", date=over.date().isoformat())
        claimed = claimed or key.controller
        if key.controller != claimed:
            raise ProofError("presentation-holder-differs", claimed=claimed, found=key.controller)
    return claimed
