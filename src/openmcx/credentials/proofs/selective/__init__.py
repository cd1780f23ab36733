"""ecdsa-sd-2023: the holder of a credential shows some of its statements, and the issuer's signature still holds.

The issuer signs what must always be shown as a whole, and each other statement by itself with a key made for this one
credential and thrown away. Blank nodes go under names that only the holder can make (HMAC), so that what is hidden does
not show in how the rest is numbered. The holder derives a proof that carries the signatures of the statements shown.

Source: Data Integrity ECDSA Cryptosuites 1.0, sections 3.4 to 3.6.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from openmcx.credentials import base64url
from openmcx.credentials.errors import ProofError
from openmcx.credentials.jsonld import DEFAULT, Limits
from openmcx.credentials.jsonld.limits import Meter
from openmcx.credentials.jsonld.rdfc import canonical
from openmcx.credentials.keys.multikey import multikey_bytes
from openmcx.credentials.keys.signer import EcSigner, PublicKey, generate
from openmcx.credentials.proofs import signatures
from openmcx.credentials.proofs.selective import values
from openmcx.credentials.proofs.selective.statements import Statements, hmac_label, named_lines, select

if TYPE_CHECKING:
    from openmcx.credentials.keys.signer import Signer

NAME = "ecdsa-sd-2023"

# By whom, from when to when, revoked or not, under which terms: whoever could hide one of these could make an expired
# or revoked credential look sound.
_DECISIVE = (
    *("issuer", "validFrom", "validUntil", "issuanceDate", "expirationDate"),
    *("credentialStatus", "credentialSchema", "termsOfUse", "refreshService"),
)


def decisive_pointers(document: Mapping[str, Any]) -> list[str]:
    """This will give the JSON pointers to what decides whether a credential is valid, as far as it is there.

    An issuer makes at least these mandatory, for no verifier can tell that one of them was hidden.
    """
    return [f"/{member}" for member in _DECISIVE if member in document]


def base_proof_value(
    document: Mapping[str, Any],
    *,
    proof_hash: bytes,
    mandatory_pointers: Sequence[str],
    signer: Signer,
    hmac_key: bytes | None = None,
    statement_secret: bytes | None = None,
    limits: Limits = DEFAULT,
) -> str:
    """This will sign a document, without proofs, so that parts of it can be shown.

    `proof_hash` is the hash of the proof's own members. The HMAC key and the secret that signs single statements are
    drawn anew unless they are given, which is for reproducing test vectors.

    Raises: ProofError when a pointer leads nowhere or the document cannot be divided; as ``to_nquads``.
    Source: Data Integrity ECDSA Cryptosuites 1.0, sections 3.6.1 to 3.6.5 (Create Base Proof).
    """
    hmac_key = secrets.token_bytes(32) if hmac_key is None else hmac_key
    once = EcSigner("P-256", generate("P-256") if statement_secret is None else statement_secret, "")
    statements = Statements(document, hmac_label(hmac_key), limits)
    _check_count(len(statements.lines))
    mandatory = statements.group(mandatory_pointers).indexes
    base = values.BaseProof(
        signature=signer.sign(_signed(proof_hash, once.public_key, statements.lines, mandatory)),
        public_key=once.public_key,
        hmac_key=hmac_key,
        signatures=tuple(
            once.sign(line.encode()) for number, line in enumerate(statements.lines) if number not in mandatory
        ),
        mandatory_pointers=tuple(mandatory_pointers),
    )
    value = values.write_base(base)
    values.read_base(value, "/proof")  # what could not be read again is not handed out
    return value


def derive(
    document: Mapping[str, Any],
    *,
    proof_value: str,
    selective_pointers: Sequence[str],
    where: str = "/proof",
    limits: Limits = DEFAULT,
) -> tuple[dict[str, Any], str]:
    """This will give the part of a document that is shown, without a proof, and the proof value that goes with it.

    Raises: ProofError when the base proof is malformed or not this document's, or a pointer leads nowhere.
    Source: Data Integrity ECDSA Cryptosuites 1.0, section 3.5.8 (createDisclosureData).
    """
    base = values.read_base(proof_value, where)
    statements = Statements(document, hmac_label(base.hmac_key), limits)
    _check_count(len(statements.lines))
    mandatory = statements.group(base.mandatory_pointers).indexes
    pointers = [*base.mandatory_pointers, *selective_pointers]
    if not pointers:
        raise ProofError("selective-nothing-shown")
    shown = statements.group(pointers)
    single = [number for number in range(len(statements.lines)) if number not in mandatory]
    if len(single) != len(base.signatures):
        raise ProofError("selective-base-differs", where=where)
    _, issued = canonical(shown.quads, Meter(limits))
    labels = {int(name[len("_:c14n") :]): _label_bytes(statements.names[own]) for own, name in issued.items()}
    order = sorted(shown.indexes)
    derived = values.DerivedProof(
        signature=base.signature,
        public_key=base.public_key,
        signatures=tuple(
            signature for number, signature in zip(single, base.signatures, strict=True) if number in shown.indexes
        ),
        labels=dict(sorted(labels.items())),
        mandatory_indexes=tuple(position for position, number in enumerate(order) if number in mandatory),
    )
    revealed = select(document, pointers)
    lines, _ = named_lines(revealed, _label_of(derived.labels), limits)
    if lines != [statements.lines[number] for number in order]:
        raise ProofError("selective-not-possible")
    return revealed, values.write_derived(derived)


def verify(
    document: Mapping[str, Any],
    *,
    proof_value: str,
    proof_hash: bytes,
    public_key: PublicKey,
    where: str = "/proof",
    limits: Limits = DEFAULT,
) -> str:
    """This will verify a derived proof and give the statements it covers: all that the document, without proofs, says.

    Raises: ProofError when the value is malformed or a base proof, or a signature does not match; as ``to_nquads``.
    Source: Data Integrity ECDSA Cryptosuites 1.0, section 3.6.7 (Verify Derived Proof).
    """
    if values.is_base(proof_value):
        raise ProofError("selective-base-shown", where=where)
    proof = values.read_derived(proof_value, where)
    # Two blank nodes under one name would be two things about which the issuer said what holds for one.
    if len(set(proof.labels.values())) < len(proof.labels):
        raise ProofError("selective-value-malformed", where=f"{where}/proofValue")
    lines, names = named_lines(document, _label_of(proof.labels), limits)
    _check_count(len(lines))
    if {int(name[len("c14n") :]) for name in names} != proof.labels.keys():
        raise ProofError("signature-wrong", where=where)
    mandatory = frozenset(proof.mandatory_indexes)
    single = [line for number, line in enumerate(lines) if number not in mandatory]
    if len(single) != len(proof.signatures) or any(number >= len(lines) for number in mandatory):
        raise ProofError("signature-wrong", where=where)
    signed = _signed(proof_hash, proof.public_key, lines, mandatory)
    if not signatures.verify(public_key, proof.signature, signed):
        raise ProofError("signature-wrong", where=where)
    for line, signature in zip(single, proof.signatures, strict=True):
        if not signatures.verify(proof.public_key, signature, line.encode()):
            raise ProofError("signature-wrong", where=where)
    return "".join(lines)


def _signed(proof_hash: bytes, public_key: PublicKey, lines: Sequence[str], mandatory: frozenset[int]) -> bytes:
    """This will give what the issuer's own key signs.

    Source: Data Integrity ECDSA Cryptosuites 1.0, sections 3.4.17 (hashMandatoryNQuads) and 3.5.1
    (serializeSignData).
    """
    text = "".join(line for number, line in enumerate(lines) if number in mandatory)
    return proof_hash + multikey_bytes(public_key) + hashlib.sha256(text.encode()).digest()


def _label_of(labels: Mapping[int, bytes]) -> Any:
    def label(name: str) -> str:
        value = labels.get(int(name[len("c14n") :]))
        return name if value is None else "u" + base64url.encode(value)

    return label


def _label_bytes(name: str) -> bytes:
    return base64url.decode(name[len("_:u") :])


def _check_count(lines: int) -> None:
    if lines > values.MAX_STATEMENTS:
        raise ProofError("selective-too-many", count=lines, limit=values.MAX_STATEMENTS)
