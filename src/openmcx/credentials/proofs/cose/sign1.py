"""COSE_Sign1: headers, content and one signature, as a list in CBOR.

Source: RFC 9052, sections 3 (header parameters), 4.2 (signing with one signer) and 4.4; RFC 9053, section 2; RFC 9360
(x5chain); RFC 9596 (typ).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from openmcx.credentials import cbor
from openmcx.credentials.errors import KeyMaterialError, ProofError
from openmcx.credentials.keys.signer import PublicKey, Signer
from openmcx.credentials.proofs import signatures
from openmcx.credentials.proofs.jose import ALGORITHMS, KeyReference
from openmcx.credentials.proofs.jose.compact import KeyFinder

ALG, CRIT, CONTENT_TYPE, KID, TYP, X5CHAIN = 1, 2, 3, 4, 16, 33
_SIGN1_TAG = 18
_MAX_CERTIFICATES = 10

# The numbers of COSE for what JWS calls by name; ESP256, ESP384, ESP512 and Ed25519 are the newer ones.
_NAMES: Mapping[int, str] = MappingProxyType(
    {
        -7: "ES256",
        -9: "ES256",
        -35: "ES384",
        -51: "ES384",
        -36: "ES512",
        -52: "ES512",
        -8: "EdDSA",
        -19: "EdDSA",
        -37: "PS256",
        -38: "PS384",
        -39: "PS512",
        -257: "RS256",
        -258: "RS384",
        -259: "RS512",
    }
)
_NUMBERS = {"ES256": -7, "ES384": -35, "ES512": -36, "EdDSA": -8}


@dataclass(frozen=True, slots=True)
class VerifiedMessage:
    """One verified message: its content as it was signed, its protected header, and the key that signed it."""

    payload: bytes = field(repr=False)
    header: Mapping[int | str, Any] = field(repr=False)
    media_type: str
    algorithm: str
    key: KeyReference
    public_key: PublicKey = field(repr=False)


def sign1(payload: bytes, *, signer: Signer, header: Mapping[int, Any]) -> bytes:
    """This will sign bytes as a tagged COSE_Sign1; algorithm and ``kid`` are added to the protected header.

    Raises: KeyMaterialError when the signer's kind of key does not sign COSE.
    """
    algorithm = _NUMBERS.get(signatures.jws_algorithm(signer.algorithm))
    if algorithm is None:
        raise KeyMaterialError("key-type-unsupported", found=signer.algorithm)
    members = {ALG: algorithm, KID: signer.verification_method.encode(), **header}
    protected = cbor.dumps({label: members[label] for label in sorted(members)})
    signature = signer.sign(_to_be_signed(protected, payload))
    return cbor.dumps(cbor.Tagged(_SIGN1_TAG, [protected, {}, payload, signature]))


def verify1(
    data: bytes,
    *,
    public_key_for: KeyFinder,
    types: Collection[str],
    content_types: Collection[str] = (),
    algorithms: Collection[str] = ALGORITHMS,
    issuer_of: Callable[[bytes], str] | None = None,
    max_bytes: int = 4 * 1024 * 1024,
) -> VerifiedMessage:
    """This will verify a COSE_Sign1, tagged or not, or raise.

    `types` are the media types accepted as ``typ`` (16) and `content_types` those of the content (3), both without
    ``application/``; one of the two must be there, so that no message is taken for another kind. `issuer_of`
    reads from the content, which is not verified yet, where to look for the key.

    Raises: ProofError when it is malformed, not accepted or does not match; and what `public_key_for` raises.
    """
    protected, unprotected, payload, signature = _read(data, max_bytes)
    header = cbor.loads(protected) if protected else {}
    if not isinstance(header, dict):
        raise ProofError("cose-malformed", reason="cose-not-sign1")
    if header.keys() & unprotected.keys():
        raise ProofError("cose-malformed", reason="cose-label-twice")
    if CRIT in header or CRIT in unprotected:
        raise ProofError("cose-header-refused", found=CRIT)
    algorithm = _NAMES.get(header[ALG]) if type(header.get(ALG)) is int else None
    if ALG not in header:
        raise ProofError("cose-malformed", reason="cose-algorithm-missing")
    if algorithm is None or algorithm not in algorithms:
        raise ProofError("jws-algorithm-refused", algorithm=str(header[ALG]), allowed=", ".join(sorted(algorithms)))
    media_type = _check_types(header, types, content_types)
    reference = _reference({**unprotected, **header}, issuer_of(payload) if issuer_of else "")
    key = public_key_for(reference)
    try:
        right = signatures.verify(key, signature, _to_be_signed(protected, payload), jws_algorithm=algorithm)
    except KeyMaterialError as error:
        raise ProofError("jws-key-unfit", because=error) from error
    if not right:
        raise ProofError("signature-wrong")
    return VerifiedMessage(payload, header, media_type, algorithm, reference, key)


def _read(data: bytes, max_bytes: int) -> tuple[bytes, dict[int | str, Any], bytes, bytes]:
    message = cbor.loads(data, max_bytes=max_bytes)
    if isinstance(message, cbor.Tagged):
        if message.tag != _SIGN1_TAG:
            raise ProofError("cose-malformed", reason="cose-not-sign1")
        message = message.value
    if not isinstance(message, list) or list(map(type, message)) != [bytes, dict, bytes, bytes]:
        raise ProofError("cose-malformed", reason="cose-not-sign1")
    protected, unprotected, payload, signature = message
    return protected, unprotected, payload, signature


def _check_types(header: Mapping[int | str, Any], types: Collection[str], content_types: Collection[str]) -> str:
    found = ""
    for label, accepted in ((CONTENT_TYPE, content_types), (TYP, types)):
        if label not in header or not accepted:
            continue
        value = header[label]
        found = value.lower().removeprefix("application/") if isinstance(value, str) else ""
        if found not in accepted:
            raise ProofError("cose-type-mismatch", found=str(value), expected=", ".join(sorted(accepted)))
    if not found:
        raise ProofError("cose-type-mismatch", found="", expected=", ".join(sorted(types)))
    return found


def _reference(header: Mapping[int | str, Any], issuer: str) -> KeyReference:
    kid, chain = header.get(KID, b""), header.get(X5CHAIN, [])
    chain = [chain] if isinstance(chain, bytes) else chain
    if not isinstance(kid, bytes):
        raise ProofError("cose-header-refused", found=KID)
    if not isinstance(chain, list) or len(chain) > _MAX_CERTIFICATES or not all(isinstance(x, bytes) for x in chain):
        raise ProofError("cose-header-refused", found=X5CHAIN)
    try:
        return KeyReference(kid=kid.decode(), x5c=tuple(chain), issuer=issuer)
    except UnicodeDecodeError:
        raise ProofError("cose-header-refused", found=KID) from None


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor.dumps(["Signature1", protected, b"", payload])
