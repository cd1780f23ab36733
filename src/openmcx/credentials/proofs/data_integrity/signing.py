"""Adding Data Integrity proofs: the first, one more of a set, or the next of a chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from openmcx.credentials.errors import ContextError, ProofError
from openmcx.credentials.jsonld import DEFAULT, Limits
from openmcx.credentials.jsonld.contexts import DATA_INTEGRITY_V1, DATA_INTEGRITY_V2, VC_V2
from openmcx.credentials.multibase import encode_base58btc
from openmcx.credentials.proofs import selective
from openmcx.credentials.proofs.data_integrity.hashing import hash_data, proof_hash
from openmcx.credentials.proofs.data_integrity.reading import PROOF_TYPE, matching, previous_proofs, proofs_of, text
from openmcx.credentials.proofs.data_integrity.suites import Cryptosuite, find, hash_for

if TYPE_CHECKING:
    from openmcx.credentials.keys.signer import Signer

_DEFINES_DATA_INTEGRITY = (VC_V2, DATA_INTEGRITY_V2, DATA_INTEGRITY_V1)


def sign(
    document: Mapping[str, Any],
    *,
    signer: Signer,
    created: datetime,
    cryptosuite: Cryptosuite = "eddsa-rdfc-2022",
    proof_purpose: str = "assertionMethod",
    domain: str | None = None,
    challenge: str | None = None,
    expires: datetime | None = None,
    proof_id: str | None = None,
    mandatory_pointers: Sequence[str] = (),
    limits: Limits = DEFAULT,
) -> dict[str, Any]:
    """This will give a new document with a proof, the one handed in staying as it is.

    When the document's contexts do not define Data Integrity (credentials of version 1.1), its context is added.
    `mandatory_pointers` are for ``ecdsa-sd-2023`` alone: JSON pointers to what every proof derived from it reveals.

    Raises: ProofError when there is a proof already or the signer's key does not fit; DataLossError, ContextError,
    DocumentError, WorkLimitError when the document cannot be signed whole.
    Source: VC Data Integrity 1.0, section 4.2 (Add Proof).
    """
    if "proof" in document:
        raise ProofError("proof-present", where="/proof")
    return add_proof(
        document,
        signer=signer,
        created=created,
        cryptosuite=cryptosuite,
        proof_purpose=proof_purpose,
        domain=domain,
        challenge=challenge,
        expires=expires,
        proof_id=proof_id,
        mandatory_pointers=mandatory_pointers,
        limits=limits,
    )


def add_proof(
    document: Mapping[str, Any],
    *,
    signer: Signer,
    created: datetime,
    cryptosuite: Cryptosuite = "eddsa-rdfc-2022",
    proof_purpose: str = "assertionMethod",
    domain: str | None = None,
    challenge: str | None = None,
    expires: datetime | None = None,
    proof_id: str | None = None,
    previous_proof: str | Sequence[str] = (),
    mandatory_pointers: Sequence[str] = (),
    limits: Limits = DEFAULT,
) -> dict[str, Any]:
    """This will give a new document with one proof more.

    With `previous_proof`, ids of proofs that are there, the new proof follows on from these: it covers them too.

    Raises: as ``sign``; ProofError when a previous proof is missing or the document would have too many proofs.
    Source: VC Data Integrity 1.0, section 4.3 (Add Proof Set/Chain).
    """
    suite = find(cryptosuite)
    if signer.algorithm not in suite.key_algorithms:
        raise ProofError(
            "proof-key-mismatch", found=signer.algorithm, cryptosuite=cryptosuite, expected=suite.key_kinds
        )
    present = proofs_of(document, limits) if document.get("proof") else []
    if len(present) >= limits.max_proofs:
        raise ProofError("too-many-proofs", where="/proof", count=len(present) + 1, limit=limits.max_proofs)
    signed = {key: value for key, value in document.items() if key != "proof"}
    signed["@context"] = _with_data_integrity(document)
    proof = _options(signer, created, cryptosuite, proof_purpose, domain, challenge, expires, proof_id)
    if previous_proof:
        proof["previousProof"] = previous_proof if isinstance(previous_proof, str) else list(previous_proof)
    if suite.form == "jcs":
        proof["@context"] = signed["@context"]
    previous = previous_proofs(proof, "/proof")
    covered = signed if not previous else {**signed, "proof": matching(present, previous, "/proof")}
    if suite.form == "selective":
        if previous:
            raise ProofError("proof-chain-unsupported", where="/proof/previousProof", cryptosuite=cryptosuite)
        digest = proof_hash(signed, proof, suite.form, "sha256", limits)
        proof["proofValue"] = selective.base_proof_value(
            signed, proof_hash=digest, mandatory_pointers=mandatory_pointers, signer=signer, limits=limits
        )
    else:
        if mandatory_pointers:
            raise ProofError("selective-suite-needed", cryptosuite=cryptosuite)
        data = hash_data(covered, proof, cryptosuite, algorithm=hash_for(signer.algorithm), limits=limits)
        proof["proofValue"] = encode_base58btc(signer.sign(data))
    signed["proof"] = [*(entry for _, entry in present), proof] if present else proof
    return signed


def derive(
    document: Mapping[str, Any], *, selective_pointers: Sequence[str], limits: Limits = DEFAULT
) -> dict[str, Any]:
    """This will give a new document that reveals what must be revealed and what the pointers name, and no more.

    `document` carries a base proof of ``ecdsa-sd-2023``; further proofs, which would not match any more, are left out.
    `selective_pointers` are JSON pointers (RFC 6901) into the document.

    Raises: ProofError when there is no such proof, a pointer leads nowhere, or the proof is malformed.
    Source: Data Integrity ECDSA Cryptosuites 1.0, section 3.4.6 (Add Derived Proof).
    """
    found = [
        (where, proof) for where, proof in proofs_of(document, limits) if proof.get("cryptosuite") == selective.NAME
    ]
    if len(found) != 1:
        raise ProofError("selective-base-missing", where="/proof", cryptosuite=selective.NAME)
    where, proof = found[0]
    unsecured = {key: value for key, value in document.items() if key != "proof"}
    value = text(proof, "proofValue", where)
    revealed, proof_value = selective.derive(
        unsecured, proof_value=value, selective_pointers=selective_pointers, where=where, limits=limits
    )
    revealed["proof"] = {**proof, "proofValue": proof_value}
    return revealed


def _options(
    signer: Signer,
    created: datetime,
    cryptosuite: str,
    proof_purpose: str,
    domain: str | None,
    challenge: str | None,
    expires: datetime | None,
    proof_id: str | None,
) -> dict[str, Any]:
    given = {
        "id": proof_id,
        "type": PROOF_TYPE,
        "cryptosuite": cryptosuite,
        "created": _written(created, "created"),
        "expires": None if expires is None else _written(expires, "expires"),
        "verificationMethod": signer.verification_method,
        "proofPurpose": proof_purpose,
        "domain": domain,
        "challenge": challenge,
    }
    return {member: value for member, value in given.items() if value is not None}


def _written(time: datetime, name: str) -> str:
    if time.tzinfo is None:
        raise ValueError(f"`{name}` must be an aware time")
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _with_data_integrity(document: Mapping[str, Any]) -> Any:
    context = document.get("@context")
    if not context:
        raise ContextError("context-missing")
    listed = context if isinstance(context, list) else [context]
    if any(url in listed for url in _DEFINES_DATA_INTEGRITY):
        return context
    return [*listed, DATA_INTEGRITY_V2]
