"""Answering for a did:key as a DID resolver does: with its document, one of its keys, or the name of what is wrong.

Source: Decentralized Identifier Resolution (DID Resolution) v0.3, sections 4 (resolution) and 5 (dereferencing); The
did:key Method v0.9, section 3.1; RFC 3986 for the form of a DID URL.
"""

import re
from dataclasses import dataclass
from typing import Any

from openmcx.credentials.errors import KeyMaterialError
from openmcx.credentials.keys import did_key

CONTEXT = "https://w3id.org/did-resolution/v1"
MULTIKEY = "Multikey"

_MAX_CHARACTERS = 2_000
_DID = re.compile(r"did:([a-z0-9]+):((?:[A-Za-z0-9._:-]|%[0-9A-Fa-f]{2})+)")
_REST = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*(?:#[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)?")
# The formats of keys that the method names, and those of them that are no experiment.
_FORMATS = frozenset(
    [
        *(MULTIKEY, "JsonWebKey2020", "Ed25519VerificationKey2020", "X25519KeyAgreementKey2020"),
        *("Ed25519VerificationKey2018", "X25519KeyAgreementKey2019"),
    ]
)
_SETTLED = frozenset({MULTIKEY, "JsonWebKey2020", "Ed25519VerificationKey2020", "X25519KeyAgreementKey2020"})
_ERRORS = {
    "key-wrong-size": "invalidPublicKeyLength",
    "key-type-unsupported": "unsupportedPublicKeyType",
    "key-not-on-curve": "invalidPublicKey",
}


@dataclass(frozen=True, slots=True)
class Resolution:
    """A resolver's answer: `found` is the document or key, `error` the name of what is wrong, one of them empty."""

    found: dict[str, object]
    error: str
    is_of_a_part: bool

    def as_dict(self) -> dict[str, Any]:
        """This will give the answer for JSON."""
        metadata = "didDereferencingMetadata" if self.is_of_a_part else "didResolutionMetadata"
        return {
            "@context": CONTEXT,
            "didDocument": self.found,
            "didDocumentMetadata": {},
            metadata: {"error": self.error} if self.error else {"contentType": "application/did+ld+json"},
        }


def resolve(did_url: str, *, key_format: str = MULTIKEY, with_experimental: bool = False) -> Resolution:
    """This will give the document of a did:key or, when a part of it is named after “#”, that part.

    `key_format` is the form in which keys are wanted, of which only Multikey is made. It does not raise.
    """
    did, rest = _divided(did_url)
    is_of_a_part = bool(rest)

    def refuse(error: str) -> Resolution:
        return Resolution({}, error, is_of_a_part)

    match = _DID.fullmatch(did) if len(did_url) <= _MAX_CHARACTERS else None
    if match is None:
        return refuse("invalidDid")
    if not _REST.fullmatch(rest):
        return refuse("invalidDidUrl")
    if match[1] != "key":
        return refuse("methodNotSupported")
    if key_format in _FORMATS - _SETTLED and not with_experimental:
        return refuse("invalidPublicKeyType")
    if key_format != MULTIKEY:
        return refuse("unsupportedPublicKeyType")
    try:
        document = did_key.document(did)
    except KeyMaterialError as error:
        return refuse(_ERRORS.get(error.code, "invalidDid"))
    if not is_of_a_part:
        return Resolution(document, "", is_of_a_part=False)
    method = did_key.verification_method(did_key.public_key(did))
    if did_url != method:
        return refuse("notFound")
    listed = document["verificationMethod"]
    assert isinstance(listed, list)
    return Resolution({"@context": document["@context"], **listed[0]}, "", is_of_a_part=True)


def _divided(did_url: str) -> tuple[str, str]:
    """This will divide a DID URL into the DID and its path, query and fragment."""
    end = next((place for place, character in enumerate(did_url) if character in "/?#"), len(did_url))
    return did_url[:end], did_url[end:]
