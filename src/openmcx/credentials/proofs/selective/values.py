"""The proof values of ecdsa-sd-2023: base64url of three bytes of header and CBOR.

Source: Data Integrity ECDSA Cryptosuites 1.0, sections 3.5.2 to 3.5.7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from openmcx.credentials import base64url, cbor
from openmcx.credentials.errors import KeyMaterialError, ProofError
from openmcx.credentials.keys.multikey import multikey_bytes, read_multikey_bytes
from openmcx.credentials.keys.signer import PublicKey

MAX_STATEMENTS = 500
"""Each statement has a signature of its own, which takes as long to verify as a whole credential otherwise does."""

_BASE = b"\xd9\x5d\x00"
_DERIVED = b"\xd9\x5d\x01"
_SIGNATURE_BYTES = 64
_HMAC_BYTES = 32
_MAX_POINTERS = 200
_MAX_POINTER_CHARACTERS = 500
_MAX_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class BaseProof:
    """What the issuer hands to the holder. The HMAC key is the holder's secret: with it labels tell their origin."""

    signature: bytes
    public_key: PublicKey
    hmac_key: bytes
    signatures: tuple[bytes, ...]
    mandatory_pointers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DerivedProof:
    """What the holder shows: `labels` give each blank node, by its canonical number, the name it was signed under."""

    signature: bytes
    public_key: PublicKey
    signatures: tuple[bytes, ...]
    labels: Mapping[int, bytes]
    mandatory_indexes: tuple[int, ...]


def write_base(proof: BaseProof) -> str:
    """This will write a base proof value."""
    return _write(
        _BASE,
        [
            proof.signature,
            multikey_bytes(proof.public_key),
            proof.hmac_key,
            list(proof.signatures),
            list(proof.mandatory_pointers),
        ],
    )


def write_derived(proof: DerivedProof) -> str:
    """This will write a derived proof value."""
    return _write(
        _DERIVED,
        [
            proof.signature,
            multikey_bytes(proof.public_key),
            list(proof.signatures),
            dict(proof.labels),
            list(proof.mandatory_indexes),
        ],
    )


def read_base(value: str, where: str) -> BaseProof:
    """This will read a base proof value. Raises: ProofError."""
    match _read(value, _BASE, where):
        case [bytes(signature), bytes(public_key), bytes(hmac_key), list(signatures), list(pointers)] if (
            len(hmac_key) == _HMAC_BYTES
            and len(pointers) <= _MAX_POINTERS
            and all(isinstance(entry, str) and len(entry) <= _MAX_POINTER_CHARACTERS for entry in pointers)
        ):
            return BaseProof(
                signature=_signature(signature, where),
                public_key=_key(public_key, where),
                hmac_key=hmac_key,
                signatures=_signatures(signatures, where),
                mandatory_pointers=tuple(pointers),
            )
    raise _malformed(where)


def read_derived(value: str, where: str) -> DerivedProof:
    """This will read a derived proof value.

    Raises: ProofError; it says so when the value is a base proof, which is not for showing.
    """
    match _read(value, _DERIVED, where):
        case [bytes(signature), bytes(public_key), list(signatures), dict(labels), list(indexes)] if (
            all(_is_number(number) for number in labels)
            and all(isinstance(label, bytes) and len(label) == _HMAC_BYTES for label in labels.values())
            and all(_is_number(index) for index in indexes)
            and all(first < second for first, second in pairwise(indexes))
        ):
            return DerivedProof(
                signature=_signature(signature, where),
                public_key=_key(public_key, where),
                signatures=_signatures(signatures, where),
                labels=labels,
                mandatory_indexes=tuple(indexes),
            )
    raise _malformed(where)


def is_base(value: str) -> bool:
    """This will say whether a proof value is that of a base proof."""
    return value.startswith("u" + base64url.encode(_BASE))


def _write(header: bytes, content: list[Any]) -> str:
    return "u" + base64url.encode(header + cbor.dumps(content))


def _read(value: str, header: bytes, where: str) -> Any:
    if not value.startswith("u") or len(value) > _MAX_CHARACTERS:
        raise _malformed(where)
    try:
        data = base64url.decode(value[1:])
        if not data.startswith(header):
            raise _malformed(where)
        return cbor.loads(data[len(header) :])
    except (ValueError, ProofError):
        raise _malformed(where) from None


def _is_number(value: object) -> bool:
    return type(value) is int and value >= 0


def _signature(value: bytes, where: str) -> bytes:
    if len(value) != _SIGNATURE_BYTES:
        raise _malformed(where)
    return value


def _signatures(values: list[Any], where: str) -> tuple[bytes, ...]:
    if not all(isinstance(value, bytes) and len(value) == _SIGNATURE_BYTES for value in values):
        raise _malformed(where)
    return tuple(values)


def _key(value: bytes, where: str) -> PublicKey:
    try:
        key = read_multikey_bytes(value)
    except KeyMaterialError as error:
        raise ProofError("selective-value-malformed", where=f"{where}/proofValue", because=error) from error
    if key.algorithm != "P-256":
        raise _malformed(where)
    return key


def _malformed(where: str) -> ProofError:
    return ProofError("selective-value-malformed", where=f"{where}/proofValue")
