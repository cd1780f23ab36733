"""Verifying Data Integrity proofs: one, a set of them, or a chain."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from openmcx.credentials.errors import ProofError
from openmcx.credentials.jsonld import DEFAULT, Limits, to_nquads
from openmcx.credentials.jsonld.limits import Meter
from openmcx.credentials.proofs import selective, signatures
from openmcx.credentials.proofs.data_integrity.hashing import canonical_form, proof_hash
from openmcx.credentials.proofs.data_integrity.reading import (
    VerifiedProof,
    check_binding,
    matching,
    proofs_of,
    read_proof,
    signature_of,
    text,
)
from openmcx.credentials.proofs.data_integrity.suites import hash_for

if TYPE_CHECKING:
    from openmcx.credentials.keys.signer import PublicKey


def verify(
    document: Mapping[str, Any],
    *,
    public_key_for: Callable[[str], PublicKey],
    allowed_cryptosuites: Collection[str],
    expected_purpose: str = "assertionMethod",
    domain: str | None = None,
    challenge: str | None = None,
    limits: Limits = DEFAULT,
) -> VerifiedProof:
    """This will verify every proof of a document, or raise.

    ``public_key_for`` gives the public key for a verification method and decides whether that method may be used for
    ``expected_purpose``; whose it is (the issuer's?) is for the caller to check. ``domain`` and ``challenge`` must
    match when they are given. Of several proofs, the first one's content is returned with the others in it.

    Raises: ProofError, KeyMaterialError, and whatever ``hash_data`` and ``public_key_for`` raise.
    Source: VC Data Integrity 1.0, sections 4.4 (Verify Proof) and 4.5 (Verify Proof Sets and Chains).
    """
    proofs = proofs_of(document, limits)
    unsecured = {key: value for key, value in document.items() if key != "proof"}
    forms: dict[tuple[str, str], tuple[str, bytes]] = {}
    meter = Meter(limits)  # one for all forms of the document, so that many proofs do not multiply the work
    verified: tuple[VerifiedProof, ...] = ()
    for where, proof in reversed(proofs):
        content, suite = read_proof(proof, where, unsecured, allowed_cryptosuites, expected_purpose, verified)
        check_binding(content, domain, challenge, where)
        previous = matching(proofs, content.previous, where) if content.previous else []
        signature = b"" if suite.form == "selective" else signature_of(proof, suite, where)
        public_key = public_key_for(content.verification_method)
        if public_key.algorithm not in suite.key_algorithms:
            raise ProofError(
                "proof-key-mismatch",
                where=where,
                found=public_key.algorithm,
                cryptosuite=content.cryptosuite,
                expected=suite.key_kinds,
            )
        signatures.check_public_key(public_key)
        algorithm = hash_for(public_key.algorithm)
        config = {key: value for key, value in proof.items() if key != "proofValue"}
        proof_digest = proof_hash(unsecured, config, suite.form, algorithm, limits)
        if suite.form == "selective":
            statements = selective.verify(
                unsecured,
                proof_value=text(proof, "proofValue", where),
                proof_hash=proof_digest,
                public_key=public_key,
                where=where,
                limits=limits,
            )
            verified = (replace(content, statements=statements), *verified)
            continue
        if len(signature) != signatures.SIGNATURE_BYTES[public_key.algorithm]:
            expected = signatures.SIGNATURE_BYTES[public_key.algorithm]
            raise ProofError("proof-value-malformed", where=f"{where}/proofValue", expected=expected)
        if previous:
            # What a chain covers besides is not the document's: its statements are made anew when they are needed.
            covered = {**content.document, "proof": previous}
            statements, digest = "", canonical_form(covered, suite.form, algorithm, meter)[1]
        elif content.document is not unsecured:
            statements, digest = canonical_form(content.document, suite.form, algorithm, meter)
        else:
            form = suite.form, algorithm
            if form not in forms:
                forms[form] = canonical_form(unsecured, suite.form, algorithm, meter)
            statements, digest = forms[form]
        if not signatures.verify(public_key, signature, proof_digest + digest):
            raise ProofError("signature-wrong", where=where)
        verified = (replace(content, statements=statements), *verified)
    return verified[0]


def statements(proof: VerifiedProof, *, limits: Limits = DEFAULT) -> list[str]:
    """This will give all that the proof's document states, as lines of N-Quads.

    They are the lines that were signed. A signature over the JSON covers what the JSON says, so they are made from it;
    so they are for a proof that follows on from others, which covers statements about these too.

    Raises: as ``to_nquads``.
    """
    if proof.statements:
        return proof.statements.split("\n")[:-1]  # a line may hold other line separators within a text
    return to_nquads(proof.document, limits=limits)
