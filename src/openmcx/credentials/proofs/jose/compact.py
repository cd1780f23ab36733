"""JWS in its compact serialization: three parts of base64url, and what the header may say.

The header is read before anything is trusted, so it only ever narrows down what is done: its algorithm is looked up
among those accepted and must fit the key (see `signatures`), ``crit`` and ``b64`` are refused, and no address in it is
fetched.

Source: RFC 7515, sections 3.1, 4.1 and 5.2; RFC 7797, section 6; RFC 8725, section 3.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson

from openmcx.credentials import base64url, jsonld
from openmcx.credentials.errors import CredentialError, DocumentError, KeyMaterialError, ProofError
from openmcx.credentials.keys.jwk import read_jwk
from openmcx.credentials.keys.signer import PublicKey, Signer
from openmcx.credentials.proofs import signatures

ALGORITHMS: frozenset[str] = frozenset(signatures.JWS_ALGORITHMS)
"""All algorithms that are verified: asymmetric ones. “none” and those with a shared secret are never among them."""

# A chain of certificates stands in the header of some.
_HEADER = jsonld.Limits(max_bytes=64 * 1024, max_depth=8)
_USUAL_HEADER = 1024
_MAX_CERTIFICATES = 10
# What would be read otherwise by one who understands it: an unencoded payload, an extension that must be understood.
_REFUSED_MEMBERS = ("crit", "b64")


@dataclass(frozen=True, slots=True)
class KeyReference:
    """What a token says about the key that signed it. Nothing of it is proven by standing there.

    ``kid`` is a name or address, ``jwk`` the key itself, ``x5c`` a chain of certificates in DER, the signer's first.
    ``issuer`` is who the token says it is from; it is for finding the key, and is not known to be true before that key
    has been found to be the issuer's.
    """

    kid: str = ""
    jwk: Mapping[str, Any] | None = field(default=None, hash=False)
    x5c: tuple[bytes, ...] = ()
    issuer: str = ""

    @property
    def method(self) -> str:
        """This will give the verification method: ``kid`` when that is whole, or made whole by a DID as issuer."""
        if self.kid.startswith("#") and self.issuer.startswith("did:"):
            return self.issuer + self.kid
        return self.kid


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """What one verified token says.

    ``document`` is what the signature covers: the credential or presentation without the claims that are none of it,
    or for other tokens the claims. ``claims`` are all claims of the payload. The times are for the caller to judge.
    ``media_type`` is what the header calls the token; ``algorithm``, ``key`` and ``header`` tell how it was signed.
    """

    document: dict[str, Any] = field(repr=False)
    claims: dict[str, Any] = field(repr=False)
    media_type: str
    algorithm: str
    key: KeyReference
    public_key: PublicKey = field(repr=False)
    header: Mapping[str, Any] = field(repr=False)
    issued_at: dt.datetime | None = None
    not_before: dt.datetime | None = None
    expires_at: dt.datetime | None = None


type KeyFinder = Callable[[KeyReference], PublicKey]
"""Gives the public key for what a token says about it, and decides whether that key may sign; or raises.

Whose key it is – the issuer's? – is for whoever asks to check.
"""


def public_key_for(method_key: Callable[[str], PublicKey], *, embedded: bool = False) -> KeyFinder:
    """This will find keys by their verification method, such as `KeyResolver.public_key` does.

    With `embedded`, a token without ``kid`` may bring its own key. That proves nothing about who signed: anybody can
    bring a key.

    Raises (when asked for a key): ProofError when the token names none.
    """

    def find(reference: KeyReference) -> PublicKey:
        if reference.kid:
            return method_key(reference.method)
        if embedded and reference.jwk is not None:
            return read_jwk(reference.jwk)
        raise ProofError("jws-key-missing")

    return find


def sign_compact(payload: bytes, *, signer: Signer, header: Mapping[str, Any]) -> str:
    """This will sign bytes as a compact JWS; ``alg`` is added to the header, and ``kid`` unless it names a key itself.

    A ``kid`` of None leaves the key unnamed, for verifiers that know it from elsewhere.

    Raises: KeyMaterialError when the signer's kind of key does not sign JWS.
    """
    written: dict[str, Any] = {"alg": signatures.jws_algorithm(signer.algorithm), **header}
    if not {"kid", "jwk", "x5c"} & header.keys():
        written["kid"] = signer.verification_method
    elif header.get("kid", "") is None:
        del written["kid"]
    signed = f"{base64url.encode(orjson.dumps(written))}.{base64url.encode(payload)}"
    return f"{signed}.{base64url.encode(signer.sign(signed.encode('ascii')))}"


def verify_compact(
    token: str,
    *,
    public_key_for: KeyFinder,
    types: Collection[str],
    algorithms: Collection[str] = ALGORITHMS,
    issuer_of: Callable[[Mapping[str, Any]], str] | None = None,
    require_type: bool = True,
    limits: jsonld.Limits = jsonld.DEFAULT,
) -> tuple[dict[str, Any], dict[str, Any], KeyReference, PublicKey]:
    """This will verify a compact JWS with JSON as payload; it gives header, payload, reference to the key, and the key.

    `types` are the media types that are accepted as ``typ``, without ``application/``. `issuer_of` reads from the
    payload, which is not verified yet, where to look for the key.

    Raises: ProofError when it is malformed, not accepted or does not match; DocumentError when the payload is no JSON
    object; and what `public_key_for` raises.
    """
    if len(token) > 2 * limits.max_bytes:
        raise DocumentError("document-too-large", size=len(token), limit=2 * limits.max_bytes)
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):
        raise ProofError("jws-malformed")
    header = _header(parts[0])
    media_type = _check_header(header, types, algorithms, require_type=require_type)
    payload = jsonld.load(_part(parts[1]), limits=limits)
    signature = _part(parts[2])
    reference = reference_in(header, issuer_of(payload) if issuer_of else "")
    key = public_key_for(reference)
    try:
        right = signatures.verify(
            key, signature, token[: -len(parts[2]) - 1].encode("ascii"), jws_algorithm=header["alg"]
        )
    except KeyMaterialError as error:
        raise ProofError("jws-key-unfit", because=error) from error
    if not right:
        raise ProofError("signature-wrong")
    header["typ"] = media_type
    return header, payload, reference, key


def read_header(token: str) -> dict[str, Any]:
    """This will read the header of a compact JWS, of which nothing is verified: to tell what kind of token it is.

    Raises: ProofError when it has none.
    """
    return _header(token.partition(".")[0])


def read_payload(token: str, *, limits: jsonld.Limits = jsonld.DEFAULT) -> dict[str, Any]:
    """This will read the payload of a compact JWS, of which nothing is verified: for the holder of the token.

    Raises: ProofError when it is none; DocumentError when the payload is no JSON object.
    """
    parts = token.split(".")
    if len(parts) != 3:
        raise ProofError("jws-malformed")
    return jsonld.load(_part(parts[1]), limits=limits)


def reference_in(header: Mapping[str, Any], issuer: str = "") -> KeyReference:
    """This will read what a header says about the key. Raises: ProofError when that is malformed."""
    kid, jwk, x5c = header.get("kid", ""), header.get("jwk"), header.get("x5c", [])
    if not isinstance(kid, str):
        raise ProofError("jws-header-invalid", member="kid")
    if jwk is not None and not isinstance(jwk, dict):
        raise ProofError("jws-header-invalid", member="jwk")
    if x5c == []:
        return KeyReference(kid, jwk, (), issuer)
    if not isinstance(x5c, list) or len(x5c) > _MAX_CERTIFICATES or not all(isinstance(entry, str) for entry in x5c):
        raise ProofError("jws-header-invalid", member="x5c")
    try:
        chain = tuple(base64.b64decode(entry, validate=True) for entry in x5c)
    except binascii.Error:
        raise ProofError("jws-header-invalid", member="x5c") from None
    return KeyReference(kid=kid, jwk=jwk, x5c=chain, issuer=issuer)


def short_type(value: object) -> str:
    """This will give a media type as ``typ`` may shorten it: lower case, without ``application/``.

    Source: RFC 7515, section 4.1.9.
    """
    return value.lower().removeprefix("application/") if isinstance(value, str) else ""


def _header(part: str) -> dict[str, Any]:
    # Most tokens of one issuer have the same header. What callers could change is not shared among them.
    if len(part) <= _USUAL_HEADER and all(type(value) is str for value in _known_header(part).values()):
        return dict(_known_header(part))
    return _read_header(part)


@lru_cache(maxsize=256)
def _known_header(part: str) -> dict[str, Any]:
    return _read_header(part)


def _read_header(part: str) -> dict[str, Any]:
    try:
        return jsonld.load(_part(part), limits=_HEADER)
    except DocumentError as error:
        raise ProofError("jws-header-unreadable", because=_plain(error)) from error


def _plain(error: CredentialError) -> CredentialError:
    error.where = None  # a place within the header is none in the document
    return error


def _part(text: str) -> bytes:
    try:
        return base64url.decode(text)
    except ValueError:
        raise ProofError("jws-malformed") from None


def _check_header(
    header: Mapping[str, Any], types: Collection[str], algorithms: Collection[str], *, require_type: bool
) -> str:
    for member in _REFUSED_MEMBERS:
        if member in header:
            raise ProofError("jws-header-refused", member=member)
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in algorithms:
        raise ProofError("jws-algorithm-refused", algorithm=str(algorithm), allowed=", ".join(sorted(algorithms)))
    if "typ" not in header and not require_type:
        return ""
    media_type = short_type(header.get("typ"))
    if media_type not in types:
        raise ProofError("jws-type-mismatch", found=str(header.get("typ", "")), expected=", ".join(sorted(types)))
    return media_type
