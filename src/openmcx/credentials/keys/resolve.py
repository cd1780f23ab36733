"""Finding the public key behind a verification method, and how much that says about whose key it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from openmcx.credentials import jsonld
from openmcx.credentials.errors import CredentialError, KeyMaterialError
from openmcx.credentials.findings import Finding
from openmcx.credentials.keys import did_jwk, did_key, did_web
from openmcx.credentials.keys.did_web import ListedKey
from openmcx.credentials.keys.jwk import read_jwk
from openmcx.credentials.keys.multikey import decode_public_key
from openmcx.credentials.keys.signer import PublicKey
from openmcx.credentials.wording import REASONS

type Fetch = Callable[[str], bytes]
"""Gets the bytes at an https address, or raises anything when that is not possible or not allowed."""

type Purpose = Literal["assertionMethod", "authentication"]
"""What a key is used for: signing credentials, or showing who presents them."""

type Source = Literal["did:key", "did:jwk", "did:web", "jwks", "address"]

_MAX_DOCUMENT_BYTES = 256 * 1024
_MAX_KEYS = 200
_LIMITS = jsonld.Limits(max_bytes=_MAX_DOCUMENT_BYTES, max_depth=16)
# How the Multikeys of the three kinds begin.
_MULTIKEYS = ("z6Mk", "zDna", "z82L")


class Unreachable(CredentialError):
    """Something that lies elsewhere could not be fetched: it is not known whether it is good or bad."""

    def __str__(self) -> str:
        """This will give the English sentence, which is that of the finding."""
        return Finding.of(self).sentence


@dataclass(frozen=True, slots=True)
class ResolvedKey:
    """A key, who controls it and how that is known: from the DID itself, from its document, or not at all.

    With the source “jwks” the controller is the https address at which the key lies: whoever controls that address
    vouches for it, and whether that is the issuer is for the caller to judge. With the source “address” the key stands
    in the address itself, which nobody vouches for.
    """

    listed: ListedKey
    controller: str
    source: Source


class KeyResolver:
    """Finds keys, each document being fetched once."""

    def __init__(self, fetch: Fetch | None) -> None:
        self._fetch = fetch
        self._documents: dict[str, dict[str, object]] = {}
        self._allowed: set[tuple[str, str]] = set()
        self.found: dict[str, ResolvedKey] = {}

    def public_key(self, method: str, *, purpose: Purpose = "assertionMethod") -> PublicKey:
        """This will give the public key of a verification method and remember in `found` where it came from.

        A DID document must list the key for `purpose`.

        Raises: Unreachable when it could not be fetched; KeyMaterialError when it cannot be used.
        """
        if (method, purpose) not in self._allowed:
            self.found[method] = self._resolve(method, purpose)
            self._allowed.add((method, purpose))
        return self.found[method].listed.key

    def _resolve(self, method: str, purpose: Purpose) -> ResolvedKey:
        controller, _, fragment = method.partition("#")
        if method.startswith(did_key.PREFIX):
            if not fragment:
                raise KeyMaterialError("did-invalid", did=method, method="did:key", reason="did-key-fragment-missing")
            return ResolvedKey(ListedKey(did_key.public_key(method)), controller, "did:key")
        if method.startswith(did_jwk.PREFIX):
            if not fragment:
                raise KeyMaterialError("did-invalid", did=method, method="did:jwk", reason="did-jwk-fragment-wrong")
            return ResolvedKey(ListedKey(did_jwk.public_key(method)), controller, "did:jwk")
        if method.startswith(did_web.PREFIX):
            document = self._document(controller, did_web.document_url(controller))
            return ResolvedKey(did_web.find_key(document, method, purpose=purpose), controller, "did:web")
        if method.startswith(("https://", "http://")) and fragment.startswith(_MULTIKEYS):
            return ResolvedKey(ListedKey(decode_public_key(fragment)), controller, "address")
        if method.startswith("https://"):
            key = _in_set(self._document(controller, controller), method)
            return ResolvedKey(ListedKey(key), controller, "jwks")
        raise KeyMaterialError("did-method-unsupported", did=controller)

    def _document(self, did: str, address: str) -> dict[str, object]:
        if did not in self._documents:
            data = get(self._fetch, address, "key-not-reachable")
            try:
                self._documents[did] = jsonld.load(data, limits=_LIMITS)
            except CredentialError as error:
                raise KeyMaterialError("did-document-unreadable", did=did, because=error) from error
        return self._documents[did]


def _in_set(document: Mapping[str, object], method: str) -> PublicKey:
    """This will find a key in a JWK set, or read the lone JWK that lies at its address.

    In a set the key's `kid` is the whole address or the part after “#”; without that part the set must hold one key.

    Source: RFC 7517, section 5; Open Badges 3.0, section 8.2.4 (`kid` leads to a JWK).
    """
    address, _, fragment = method.partition("#")
    names = {method, fragment} - {""}
    if "keys" not in document:
        if document.get("kid", method) not in names:
            raise KeyMaterialError("jwk-set-invalid", address=address, reason="jwk-key-missing")
        return read_jwk(document)
    keys = document["keys"]
    if not isinstance(keys, list) or len(keys) > _MAX_KEYS:
        raise KeyMaterialError("jwk-set-invalid", address=address, reason="too-many-keys", limit=_MAX_KEYS)
    objects = [entry for entry in keys if isinstance(entry, Mapping)]
    found = [entry for entry in objects if entry.get("kid") in names]
    if not found and not fragment and len(keys) == 1:
        found = objects
    if len(found) != 1:
        reason = "jwk-key-twice" if found else "jwk-key-missing"
        raise KeyMaterialError("jwk-set-invalid", address=address, reason=reason)
    return read_jwk(found[0])


def get(fetch: Fetch | None, address: str, code: str) -> bytes:
    """This will fetch, and say `code` when that fails for whatever reason the caller's transport has.

    Raises: Unreachable.
    """
    if fetch is None:
        raise Unreachable(code, address=address, reason="nothing-is-fetched")
    try:
        return fetch(address)
    except Exception as error:
        # The transport is the caller's, its errors are not known here; some carry a code that we have words for.
        reason = getattr(error, "code", None)
        if reason in REASONS:
            raise Unreachable(code, address=address, reason=reason) from error
        detail = str(error) or type(error).__name__
        raise Unreachable(code, address=address, reason="fetch-failed", detail=detail) from error
