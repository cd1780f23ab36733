"""The parts of an SD-JWT and the digests that tie them together.

Source: RFC 9901, sections 4 and 8.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from openmcx.credentials import base64url, jsonld
from openmcx.credentials.errors import DocumentError, ProofError

DIGESTS = "_sd"
ELEMENT = "..."
ALGORITHM = "_sd_alg"
HASHES: dict[str, Callable[[bytes], Any]] = {
    "sha-256": hashlib.sha256,
    "sha-384": hashlib.sha384,
    "sha-512": hashlib.sha512,
}
_MAX_DISCLOSURES = 1000


@dataclass(frozen=True, slots=True)
class Parts:
    """An SD-JWT taken apart: what the issuer signed, the disclosures, and what binds it to its holder's key, or ""."""

    jws: str
    disclosures: tuple[str, ...]
    binding: str

    @property
    def bound(self) -> str:
        """This will give the text that the holder's key signs the digest of."""
        return "~".join((self.jws, *self.disclosures, ""))


def split(sd_jwt: str, *, limits: jsonld.Limits) -> Parts:
    """This will take an SD-JWT apart.

    Raises: ProofError when it is none; DocumentError when it is too large.
    """
    if len(sd_jwt) > 2 * limits.max_bytes:
        raise DocumentError("document-too-large", size=len(sd_jwt), limit=2 * limits.max_bytes)
    jws, *disclosures = sd_jwt.split("~")
    if not sd_jwt.isascii() or not disclosures or not all(disclosures[:-1]):
        raise ProofError("sd-jwt-malformed")
    if len(disclosures) > _MAX_DISCLOSURES:
        raise ProofError("sd-jwt-too-many-disclosures", count=len(disclosures), limit=_MAX_DISCLOSURES)
    return Parts(jws, tuple(disclosures[:-1]), disclosures[-1])


def digest(text: str, hash_: Callable[[bytes], Any] = hashlib.sha256) -> str:
    """This will give the digest of a text, in base64url: of a disclosure as it is written, not of what it says."""
    return base64url.encode(hash_(text.encode("ascii")).digest())


def read_disclosures(disclosures: tuple[str, ...], *, limits: jsonld.Limits) -> list[list[Any]]:
    """This will read the disclosures: of a member [salt, name, value], of an element of an array [salt, value].

    Raises: ProofError when one is none; DocumentError when one says something twice or is no JSON to be trusted.
    """
    if not disclosures:
        return []
    try:
        written = [base64url.decode(text) for text in disclosures]
        found = [orjson.loads(data) for data in written]
    except ValueError:
        raise ProofError("sd-jwt-disclosure-invalid") from None
    for entry in found:
        if type(entry) is not list or not 2 <= len(entry) <= 3 or not type(entry[0]) is type(entry[-2]) is str:
            raise ProofError("sd-jwt-disclosure-invalid")
    if _nothing_twice(b"".join(written), found):
        return found
    return [jsonld.load(b'{"":' + data + b"}", limits=limits)[""] for data in written]


def _nothing_twice(written: bytes, found: list[list[Any]]) -> bool:
    """This will say for sure that reading lost nothing, such as the first of two members of one name.

    Without escapes the quotation marks tell. In all other cases the disclosures are read again, strictly; so are
    integers that JSON has no room for.
    """
    if b"\\" in written:
        return False
    try:
        return written.count(b'"') == orjson.dumps(found, option=orjson.OPT_STRICT_INTEGER).count(b'"')
    except TypeError:
        return False


def from_json(document: Mapping[str, Any]) -> str:
    """This will write an SD-JWT of the JSON serialization, with one signature, in the compact one.

    Raises: ProofError when it is none, or carries several signatures.
    Source: RFC 9901, section 8; RFC 7515, section 7.2.
    """
    signed: Any = document
    if "signatures" in document:
        signatures = document["signatures"]
        if "signature" in document or not isinstance(signatures, list) or len(signatures) != 1:
            raise ProofError("sd-jwt-malformed")
        signed = signatures[0]
    header = signed.get("header", {}) if isinstance(signed, Mapping) else None
    if not isinstance(header, Mapping):
        raise ProofError("sd-jwt-malformed")
    disclosures, binding = header.get("disclosures", []), header.get("kb_jwt", "")
    jws: tuple[Any, ...] = (signed.get("protected"), document.get("payload"), signed.get("signature"))
    if not isinstance(disclosures, list) or not all(
        isinstance(text, str) and text and "~" not in text for text in (*jws, *disclosures)
    ):
        raise ProofError("sd-jwt-malformed")
    if not isinstance(binding, str) or "~" in binding or any("." in text for text in jws):
        raise ProofError("sd-jwt-malformed")
    return "~".join((".".join(jws), *disclosures, binding))
