"""Verifying an SD-JWT: the signature, every disclosure, and that it is shown by its holder.

Source: RFC 9901, sections 7.1 (verification of the SD-JWT) and 7.3 (verification by the verifier).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from openmcx.credentials import base64url, jsonld
from openmcx.credentials.errors import DocumentError, ProofError
from openmcx.credentials.keys.jwk import read_jwk
from openmcx.credentials.keys.signer import PublicKey
from openmcx.credentials.proofs.jose import ALGORITHMS, KeyReference, VerifiedToken, verify_compact
from openmcx.credentials.proofs.jose import claims as jwt
from openmcx.credentials.proofs.jose.compact import KeyFinder
from openmcx.credentials.proofs.jose.credentials import issued_at
from openmcx.credentials.proofs.sd_jwt.issuing import Path
from openmcx.credentials.proofs.sd_jwt.parts import (
    ALGORITHM,
    DIGESTS,
    ELEMENT,
    HASHES,
    Parts,
    digest,
    read_disclosures,
    split,
)

_BINDING_TYPE = "kb+jwt"


@dataclass(frozen=True, slots=True)
class KeyBinding:
    """What the holder signed when showing the SD-JWT: for whom, in answer to what, and when (to be judged)."""

    audience: str
    nonce: str
    issued_at: dt.datetime
    key: PublicKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class VerifiedSdJwt(VerifiedToken):
    """What one verified SD-JWT says.

    ``document`` holds what is disclosed and what always was; ``disclosed`` are the places of the former. ``hidden`` is
    the number of digests without a disclosure: things not shown, and decoys. ``binding`` is there when the holder
    proved to have the key that the issuer named.
    """

    disclosed: tuple[Path, ...] = ()
    hidden: int = 0
    binding: KeyBinding | None = None


def verify(
    sd_jwt: str,
    *,
    public_key_for: KeyFinder,
    types: Collection[str],
    algorithms: Collection[str] = ALGORITHMS,
    issuer_of: Callable[[Mapping[str, Any]], str] | None = None,
    require_binding: bool = False,
    audience: str | None = None,
    nonce: str | None = None,
    limits: jsonld.Limits = jsonld.DEFAULT,
) -> VerifiedSdJwt:
    """This will verify an SD-JWT, with or without key binding, or raise.

    `types` are the media types that are accepted; there is no default, because formats that share this one must not be
    taken for one another. With `require_binding`, or when `audience` or `nonce` are given, it must be shown by its
    holder, for that audience and in answer to that nonce. A key binding that is there is verified in any case. Whose
    key signed it is for the caller to check, as are the times.

    Raises: ProofError, DocumentError, KeyMaterialError, and what `public_key_for` raises.
    """
    parts = split(sd_jwt, limits=limits)
    header, claims, reference, key = verify_compact(
        parts.jws,
        public_key_for=public_key_for,
        types=types,
        algorithms=algorithms,
        issuer_of=issuer_of or (lambda found: jwt.id_of(found.get("iss"))),
        limits=limits,
    )
    hash_ = hash_of(claims)
    revealing = reveal(claims, parts, hash_, limits)
    binding = None
    if parts.binding:
        binding = _binding(parts, revealing.document, hash_, algorithms, limits)
    if binding is None and (require_binding or audience is not None or nonce is not None):
        raise ProofError("key-binding-missing")
    if binding is not None and audience is not None and binding.audience != audience:
        raise ProofError("proof-domain-mismatch", expected=audience)
    if binding is not None and nonce is not None and binding.nonce != nonce:
        raise ProofError("proof-challenge-mismatch")
    return VerifiedSdJwt(
        document=revealing.document,
        claims=revealing.document,
        media_type=header["typ"],
        algorithm=header["alg"],
        key=reference,
        public_key=key,
        header=header,
        issued_at=issued_at(revealing.document),
        not_before=jwt.time_of(revealing.document, "nbf"),
        expires_at=jwt.time_of(revealing.document, "exp"),
        disclosed=tuple(revealing.texts),
        hidden=revealing.hidden,
        binding=binding,
    )


def hash_of(claims: Mapping[str, Any]) -> Callable[[bytes], Any]:
    """This will give the hash that the digests are made with. Raises: ProofError when it is not supported."""
    name = claims.get(ALGORITHM, "sha-256")
    if not isinstance(name, str) or name not in HASHES:
        raise ProofError("sd-jwt-hash-unsupported", algorithm=str(name), allowed=", ".join(HASHES))
    return HASHES[name]


def reveal(claims: Mapping[str, Any], parts: Parts, hash_: Callable[[bytes], Any], limits: jsonld.Limits) -> Revealing:
    """This will put what is disclosed into its place.

    Raises: ProofError when a digest stands twice, a disclosure belongs nowhere or stands twice, or a name is taken or
    reserved; DocumentError when it nests too deeply.
    """
    disclosures = read_disclosures(parts.disclosures, limits=limits)
    by_digest = {
        base64url.encode(hash_(text.encode("ascii")).digest()): (text, disclosure)
        for text, disclosure in zip(parts.disclosures, disclosures, strict=True)
    }
    if len(by_digest) != len(disclosures):
        raise ProofError("sd-jwt-disclosure-twice")
    revealing = Revealing(by_digest, limits.max_depth)
    plain = {name: value for name, value in claims.items() if name != ALGORITHM}
    revealing.document = revealing.object(plain, ())
    if revealing.left:
        raise ProofError("sd-jwt-disclosure-unreferenced", count=len(revealing.left))
    return revealing


class Revealing:
    """Puts the disclosures of one SD-JWT into their places, each of them once."""

    def __init__(self, by_digest: dict[str, tuple[str, list[Any]]], max_depth: int) -> None:
        self.left = by_digest
        self.document: dict[str, Any] = {}
        self.texts: dict[Path, str] = {}
        self.hidden = 0
        self._seen: set[str] = set()
        self._max_depth = max_depth

    def object(self, members: dict[str, Any], path: Path) -> dict[str, Any]:
        """This will give an object with what is disclosed of it."""
        if len(path) > self._max_depth:
            raise DocumentError("document-too-deep", limit=self._max_depth)
        if ELEMENT in members:
            raise ProofError("sd-jwt-name-reserved", member=ELEMENT)
        found = {
            name: self._value(value, (*path, name)) if type(value) in (dict, list) else value
            for name, value in members.items()
            if name != DIGESTS
        }
        if DIGESTS not in members:
            return found
        digests = members[DIGESTS]
        if type(digests) is not list or not all(type(entry) is str for entry in digests):
            raise ProofError("sd-jwt-digests-invalid")
        for entry in digests:
            disclosed = self._take(entry)
            if disclosed is None:
                continue
            text, disclosure = disclosed
            if len(disclosure) != 3:
                raise ProofError("sd-jwt-disclosure-invalid")
            _, name, value = disclosure
            if name in (DIGESTS, ELEMENT):
                raise ProofError("sd-jwt-name-reserved", member=name)
            if name in found:
                raise ProofError("sd-jwt-name-taken", member=name)
            place = (*path, name)
            self.texts[place] = text
            found[name] = self._value(value, place) if type(value) in (dict, list) else value
        return found

    def array(self, elements: list[Any], path: Path) -> list[Any]:
        """This will give an array with the elements that are disclosed."""
        if len(path) > self._max_depth:
            raise DocumentError("document-too-deep", limit=self._max_depth)
        found: list[Any] = []
        for element in elements:
            if type(element) is not dict or ELEMENT not in element:
                found.append(self._value(element, (*path, len(found))))
                continue
            if len(element) != 1 or type(element[ELEMENT]) is not str:
                raise ProofError("sd-jwt-digests-invalid")
            disclosed = self._take(element[ELEMENT])
            if disclosed is None:
                continue
            text, disclosure = disclosed
            if len(disclosure) != 2:
                raise ProofError("sd-jwt-disclosure-invalid")
            place = (*path, len(found))
            self.texts[place] = text
            found.append(self._value(disclosure[1], place))
        return found

    def _value(self, value: Any, path: Path) -> Any:
        if type(value) is dict:
            return self.object(value, path)
        if type(value) is list:
            return self.array(value, path)
        return value

    def _take(self, entry: str) -> tuple[str, list[Any]] | None:
        if entry in self._seen:
            raise ProofError("sd-jwt-digest-twice")
        self._seen.add(entry)
        disclosed = self.left.pop(entry, None)
        if disclosed is None:
            self.hidden += 1
        return disclosed


def _binding(
    parts: Parts,
    claims: Mapping[str, Any],
    hash_: Callable[[bytes], Any],
    algorithms: Collection[str],
    limits: jsonld.Limits,
) -> KeyBinding:
    """This will verify what the holder signed, with the key that the issuer named and no other."""
    confirmation = claims.get("cnf")
    jwk = confirmation.get("jwk") if isinstance(confirmation, Mapping) else None
    if not isinstance(jwk, Mapping):
        raise ProofError("key-binding-key-missing")
    holder = read_jwk(jwk)

    def holders(_: KeyReference) -> PublicKey:
        return holder

    _, bound, _, _ = verify_compact(
        parts.binding, public_key_for=holders, types={_BINDING_TYPE}, algorithms=algorithms, limits=limits
    )
    if bound.get("sd_hash") != digest(parts.bound, hash_):
        raise ProofError("key-binding-other-token")
    made_at = jwt.time_of(bound, "iat")
    audience, nonce = jwt.text_of(bound, "aud"), jwt.text_of(bound, "nonce")
    if made_at is None or not audience or not nonce:
        missing = "iat" if made_at is None else "aud" if not audience else "nonce"
        raise ProofError("jwt-claim-missing", member=missing)
    return KeyBinding(audience=audience, nonce=nonce, issued_at=made_at, key=holder)
