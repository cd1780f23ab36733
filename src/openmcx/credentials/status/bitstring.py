"""Bitstring Status List: one bit a credential, in a list that is itself a signed credential.

Index 0 is the left-most bit. A list has room for at least 131,072 credentials, so that asking for it tells nobody which
credential is being looked at; indices are drawn at random for the same reason.

Source: Bitstring Status List v1.0, sections 2.1 (entry), 2.2 (list), 3.3 and 3.4 (bitstring generation, expansion).
"""

import base64
import binascii
import datetime as dt
import secrets
import zlib
from collections.abc import Container

from openmcx.credentials.errors import StatusError
from openmcx.credentials.instants import write_instant

MINIMUM_ENTRIES = 131_072
# 16 million credentials; more than that belong into several lists.
MAXIMUM_BYTES = 2 * 1024 * 1024
_CONTEXT = "https://www.w3.org/ns/credentials/v2"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


def new_bits(entries: int = MINIMUM_ENTRIES) -> bytearray:
    """This will give the bits of an empty list.

    Raises: StatusError when the list would be shorter than the standard allows.
    """
    if entries < MINIMUM_ENTRIES:
        raise StatusError("status-list-too-short", found=entries, expected=MINIMUM_ENTRIES)
    return bytearray((entries + 7) // 8)


def encode(bits: bytes | bytearray) -> str:
    """This will pack bits as ``encodedList``: ``u`` and the base64url of their gzip, the same for the same bits."""
    deflater = zlib.compressobj(wbits=_GZIP_WINDOW)
    packed = deflater.compress(bits) + deflater.flush()
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def decode(encoded: object, *, max_bytes: int = MAXIMUM_BYTES) -> bytes:
    """This will unpack an ``encodedList``; at most `max_bytes` are unpacked, whatever the packed form promises.

    Raises: StatusError when the text is no such list, unpacks to more, or is shorter than the standard allows.
    """
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        raise StatusError("status-list-encoding", reason="no-multibase")
    text = encoded[1:].rstrip("=")
    # Packed bits are never much longer than the bits themselves.
    if len(text) > 2 * max_bytes:
        raise StatusError("status-list-too-large", limit=max_bytes)
    try:
        packed = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        inflater = zlib.decompressobj(wbits=_GZIP_WINDOW)
        bits = inflater.decompress(packed, max_bytes + 1)
    except (ValueError, binascii.Error, zlib.error):
        raise StatusError("status-list-encoding", reason="no-gzip") from None
    if len(bits) > max_bytes:
        raise StatusError("status-list-too-large", limit=max_bytes)
    if not inflater.eof or inflater.unused_data:
        raise StatusError("status-list-encoding", reason="bits-cut-off")
    if len(bits) * 8 < MINIMUM_ENTRIES:
        raise StatusError("status-list-too-short", found=len(bits) * 8, expected=MINIMUM_ENTRIES)
    return bits


def get(bits: bytes | bytearray, index: int) -> bool:
    """This will tell whether the bit at `index` is set.

    Raises: StatusError when the index lies outside the list.
    """
    _check_index(bits, index)
    return bool(bits[index >> 3] >> (7 - (index & 7)) & 1)


def put(bits: bytearray, index: int, value: bool) -> None:
    """This will set or clear the bit at `index`.

    Raises: StatusError when the index lies outside the list.
    """
    _check_index(bits, index)
    mask = 0x80 >> (index & 7)
    if value:
        bits[index >> 3] |= mask
    else:
        bits[index >> 3] &= ~mask & 0xFF


def random_free_indices(count: int, taken: Container[int], *, size: int = MINIMUM_ENTRIES) -> list[int]:
    """This will draw `count` different indices that are not in `taken`.

    Raises: StatusError when not so many free indices were found.
    """
    drawn: dict[int, None] = {}
    tries = 20 * count + 1000
    while len(drawn) < count:
        tries -= 1
        if tries < 0:
            raise StatusError("status-list-full")
        index = secrets.randbelow(size)
        if index not in taken:
            drawn[index] = None
    return list(drawn)


def status_list_credential(
    *,
    id: str,  # noqa: A002 - the member is called so
    issuer: str,
    bits: bytes | bytearray,
    valid_from: dt.datetime,
    purpose: str = "revocation",
    valid_until: dt.datetime | None = None,
    ttl_seconds: int | None = None,
) -> dict[str, object]:
    """This will write the unsigned list credential that is published at the address `id`.

    Units: `ttl_seconds` in seconds (the document holds milliseconds).
    Source: Bitstring Status List v1.0, section 2.2.
    """
    if len(bits) * 8 < MINIMUM_ENTRIES:
        raise StatusError("status-list-too-short", found=len(bits) * 8, expected=MINIMUM_ENTRIES)
    subject: dict[str, object] = {
        "id": f"{id}#list",
        "type": "BitstringStatusList",
        "statusPurpose": purpose,
        "encodedList": encode(bits),
    }
    if ttl_seconds is not None:
        subject["ttl"] = ttl_seconds * 1000
    document: dict[str, object] = {
        "@context": [_CONTEXT],
        "id": id,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": write_instant(valid_from),
    }
    if valid_until is not None:
        document["validUntil"] = write_instant(valid_until)
    document["credentialSubject"] = subject
    return document


def _check_index(bits: bytes | bytearray, index: int) -> None:
    if not 0 <= index < len(bits) * 8:
        raise StatusError("status-index-out-of-range", index=index, size=len(bits) * 8)
