"""Reading proofs: their members, what each covers, and which follow on from which. Nothing is verified here."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from openmcx.credentials.errors import KeyMaterialError, ProofError
from openmcx.credentials.jsonld import Limits
from openmcx.credentials.multibase import decode_base58btc
from openmcx.credentials.proofs.data_integrity.suites import FORMER, Suite, find

PROOF_TYPE = "DataIntegrityProof"

_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)


@dataclass(frozen=True, slots=True)
class VerifiedProof:
    """What one verified proof says.

    ``document`` is what the signature covers: the document without its proofs and, with the JCS cryptosuites, without
    contexts that were added behind the signed ones. Read from it, not from what was handed in. ``statements`` are the
    canonical N-Quads that were signed; the JCS cryptosuites sign no statements, and there are none with them, nor with
    a proof that follows on from others. ``created`` and ``expires`` are for the caller to judge; a time without an
    offset is read as UTC. ``others`` are the further proofs of the set, all verified too.
    """

    verification_method: str
    cryptosuite: str
    proof_purpose: str
    document: dict[str, Any] = field(repr=False)
    statements: str = field(default="", repr=False)
    created: datetime | None = None
    expires: datetime | None = None
    domain: tuple[str, ...] = ()
    challenge: str | None = None
    id: str | None = None
    previous: tuple[str, ...] = ()
    others: tuple[VerifiedProof, ...] = ()


def proofs_of(document: Mapping[str, Any], limits: Limits) -> list[tuple[str, Mapping[str, Any]]]:
    """This will give the proofs of a document with the place of each. Raises: ProofError."""
    found = document.get("proof")
    if not found:
        raise ProofError("proof-missing")
    proofs = [("/proof", found)] if not isinstance(found, list) else [(f"/proof/{i}", p) for i, p in enumerate(found)]
    if len(proofs) > limits.max_proofs:
        raise ProofError("too-many-proofs", where="/proof", count=len(proofs), limit=limits.max_proofs)
    for where, proof in proofs:
        if not isinstance(proof, Mapping):
            raise ProofError("proof-not-an-object", where=where)
    return proofs


def read_proof(
    proof: Mapping[str, Any],
    where: str,
    unsecured: dict[str, Any],
    allowed_cryptosuites: Collection[str],
    expected_purpose: str,
    others: tuple[VerifiedProof, ...],
) -> tuple[VerifiedProof, Suite]:
    """This will read a proof's members and compare them with what is allowed; nothing is verified yet.

    Raises: ProofError.
    """
    type_ = text(proof, "type", where)
    former = FORMER.get(type_) if type_ in allowed_cryptosuites and "cryptosuite" not in proof else None
    if former is None and type_ != PROOF_TYPE:
        raise ProofError("unsupported-proof-type", where=f"{where}/type", type=type_)
    suite = former or find(text(proof, "cryptosuite", where), where=f"{where}/cryptosuite")
    cryptosuite = suite.name
    if cryptosuite not in allowed_cryptosuites:
        raise ProofError(
            "cryptosuite-not-allowed",
            where=f"{where}/cryptosuite",
            cryptosuite=cryptosuite,
            allowed=", ".join(sorted(allowed_cryptosuites)),
        )
    purpose = text(proof, "proofPurpose", where)
    if purpose != expected_purpose:
        raise ProofError(
            "proof-purpose-mismatch", where=f"{where}/proofPurpose", found=purpose, expected=expected_purpose
        )
    previous = previous_proofs(proof, where)
    if previous and suite.form == "selective":
        raise ProofError("proof-chain-unsupported", where=f"{where}/previousProof", cryptosuite=cryptosuite)
    content = VerifiedProof(
        verification_method=text(proof, "verificationMethod", where),
        cryptosuite=cryptosuite,
        proof_purpose=purpose,
        document=_covered(unsecured, proof, suite, where),
        created=_time(proof, "created", where),
        expires=_time(proof, "expires", where),
        domain=_domain(proof, where),
        challenge=text(proof, "challenge", where) if "challenge" in proof else None,
        id=text(proof, "id", where) if "id" in proof else None,
        previous=previous,
        others=others,
    )
    return content, suite


def text(proof: Mapping[str, Any], member: str, where: str) -> str:
    """This will give a member of a proof that must be a text. Raises: ProofError."""
    if member not in proof:
        raise ProofError("proof-member-missing", where=where, member=member)
    value = proof[member]
    if not isinstance(value, str) or not value:
        raise ProofError("proof-member-not-text", where=f"{where}/{member}", member=member)
    return value


def previous_proofs(proof: Mapping[str, Any], where: str) -> tuple[str, ...]:
    """This will give the ids of the proofs that a proof follows. Raises: ProofError."""
    if "previousProof" not in proof:
        return ()
    value = proof["previousProof"]
    ids = value if isinstance(value, list) else [value]
    if not ids or not all(isinstance(entry, str) and entry for entry in ids):
        raise ProofError("proof-member-not-text", where=f"{where}/previousProof", member="previousProof")
    if len(set(ids)) < len(ids):
        raise ProofError("previous-proof-twice", where=f"{where}/previousProof")
    return tuple(ids)


def matching(
    proofs: Sequence[tuple[str, Mapping[str, Any]]], previous: tuple[str, ...], where: str
) -> list[Mapping[str, Any]]:
    """This will give the proofs with these ids, in the order in which they stand in the document.

    Raises: ProofError when one of them is missing or there are two of the same id.
    Source: VC Data Integrity 1.0, section 4.3, steps 3 to 5; section 4.5, steps 2.1 to 2.3.
    """
    found = [proof for _, proof in proofs if proof.get("id") in previous]
    if len({proof["id"] for proof in found}) < len(previous):
        raise ProofError("previous-proof-missing", where=f"{where}/previousProof")
    if len(found) > len(previous):
        raise ProofError("previous-proof-twice", where=f"{where}/previousProof")
    return found


def check_binding(content: VerifiedProof, domain: str | None, challenge: str | None, where: str) -> None:
    """This will compare domain and challenge with those that were set. Raises: ProofError."""
    if domain is not None and domain not in content.domain:
        raise ProofError("proof-domain-mismatch", where=where, expected=domain)
    if challenge is not None and challenge != content.challenge:
        raise ProofError("proof-challenge-mismatch", where=where)


def signature_of(proof: Mapping[str, Any], suite: Suite, where: str) -> bytes:
    """This will read a signature that stands in the proof by itself. Raises: ProofError."""
    value = text(proof, "proofValue", where)
    try:
        signature = decode_base58btc(value)
    except KeyMaterialError as error:
        raise ProofError(
            "proof-value-malformed", where=f"{where}/proofValue", expected=suite.signature_bytes[0]
        ) from error
    if len(signature) not in suite.signature_bytes:
        raise ProofError("proof-value-malformed", where=f"{where}/proofValue", expected=suite.signature_bytes[0])
    return signature


def _time(proof: Mapping[str, Any], member: str, where: str) -> datetime | None:
    if member not in proof:
        return None
    value = text(proof, member, where)
    try:
        if not _TIME.fullmatch(value):
            raise ValueError(value)
        time = datetime.fromisoformat(value)
    except ValueError as error:
        raise ProofError("proof-member-not-time", where=f"{where}/{member}", member=member) from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _domain(proof: Mapping[str, Any], where: str) -> tuple[str, ...]:
    value = proof.get("domain", [])
    domains = value if isinstance(value, list) else [value]
    if not all(isinstance(domain, str) and domain for domain in domains):
        raise ProofError("proof-member-not-text", where=f"{where}/domain", member="domain")
    return tuple(domains)


def _covered(unsecured: dict[str, Any], proof: Mapping[str, Any], suite: Suite, where: str) -> dict[str, Any]:
    """This will give the part of the document that the proof covers.

    Source: Data Integrity EdDSA Cryptosuites 1.0, section 3.3.2, step 4 (ECDSA likewise): the document's contexts must
    begin with the proof's, and those are the ones signed. With the RDFC cryptosuites the document's contexts count; a
    proof that brings others would be read differently by processors that prefer them.
    """
    if "@context" not in proof:
        return unsecured
    signed, present = proof["@context"], unsecured.get("@context")
    if signed == present:
        return unsecured
    signed_list = signed if isinstance(signed, list) else [signed]
    present_list = present if isinstance(present, list) else [present]
    if suite.form != "jcs" or not signed or present_list[: len(signed_list)] != signed_list:
        raise ProofError("proof-context-mismatch", where=f"{where}/@context")
    return {**unsecured, "@context": signed}
