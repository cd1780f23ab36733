"""The proof values of ecdsa-sd-2023: base64url of three bytes of header and CBOR.

CBOR can say much that has no place here (tags, floats, lengths that are open, numbers written longer than they need),
so what is read is read by hand: arrays, maps, byte strings, texts and whole numbers, each in its shortest form.

Source: Data Integrity ECDSA Cryptosuites 1.0, sections 3.5.2 to 3.5.7; RFC 8949, sections 3.1 and 4.2.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from openmcx.credentials import base64url
from openmcx.credentials.errors import KeyMaterialError, ProofError
from openmcx.credentials.keys.multikey import multikey_bytes, read_multikey_bytes
from openmcx.credentials.keys.signer import PublicKey

MAX_STATEMENTS = 1_000
"""Each statement has a signature of its own, which takes as long to verify as a whole credential otherwise does."""

_BASE = b"\xd9\x5d\x00"
_DERIVED = b"\xd9\x5d\x01"
_SIGNATURE_BYTES = 64
_HMAC_BYTES = 32
_MAX_POINTERS = 200
_MAX_POINTER_CHARACTERS = 500
_MAX_CHARACTERS = 200_000
_MAX_DEPTH = 3


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
            all(isinstance(number, int) for number in labels)
            and all(isinstance(label, bytes) and len(label) == _HMAC_BYTES for label in labels.values())
            and all(isinstance(index, int) for index in indexes)
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
    # Only who issues or derives needs it.
    import cbor2  # noqa: PLC0415

    return "u" + base64url.encode(header + cbor2.dumps(content))


def _read(value: str, header: bytes, where: str) -> Any:
    if not value.startswith("u") or len(value) > _MAX_CHARACTERS:
        raise _malformed(where)
    try:
        data = base64url.decode(value[1:])
        if not data.startswith(header):
            raise ValueError("another header")
        content, end = _item(data, len(header), 1)
    except (ValueError, IndexError):
        raise _malformed(where) from None
    if end != len(data):
        raise _malformed(where)
    return content


def _item(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    """This will read one item of CBOR and give it with where it ends. Raises: ValueError, IndexError."""
    if depth > _MAX_DEPTH:
        raise ValueError("too deep")
    major, count, at = _head(data, at)
    if major == 0:
        return count, at
    if major in (2, 3):
        end = at + count
        if end > len(data):
            raise ValueError("cut off")
        return (data[at:end] if major == 2 else data[at:end].decode()), end
    if count > MAX_STATEMENTS or major not in (4, 5):
        raise ValueError("too many, or a kind that has no place here")
    if major == 4:
        items = []
        for _ in range(count):
            item, at = _item(data, at, depth + 1)
            items.append(item)
        return items, at
    members: dict[Any, Any] = {}
    for _ in range(count):
        key, at = _item(data, at, _MAX_DEPTH)
        if not isinstance(key, int) or key in members:
            raise ValueError("a key that is no number or stands twice")
        members[key], at = _item(data, at, depth + 1)
    return members, at


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """This will read the kind of an item and its number, length or count. Raises: ValueError, IndexError."""
    major, short = data[at] >> 5, data[at] & 31
    if short < 24:
        return major, short, at + 1
    if short > 26:  # more than four bytes, or of open length
        raise ValueError("too long")
    size = 1 << (short - 24)
    count = int.from_bytes(data[at + 1 : at + 1 + size])
    if at + 1 + size > len(data) or count < (24, 1 << 8, 1 << 16)[short - 24]:
        raise ValueError("cut off, or not in the shortest form")
    return major, count, at + 1 + size


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
