"""Finding the public key behind a verification method, and how much that says about whose key it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from openmcx.credentials import jsonld
from openmcx.credentials.errors import CredentialError, KeyMaterialError
from openmcx.credentials.keys import did_key, did_web
from openmcx.credentials.keys.did_web import ListedKey
from openmcx.credentials.keys.multikey import decode_public_key
from openmcx.credentials.keys.signer import PublicKey
from openmcx.credentials.wording import REASONS

type Fetch = Callable[[str], bytes]
"""Gets the bytes at an https address, or raises anything when that is not possible or not allowed."""

_MAX_DID_DOCUMENT_BYTES = 256 * 1024


class Unreachable(CredentialError):
    """Something that lies elsewhere could not be fetched: it is not known whether it is good or bad."""


@dataclass(frozen=True, slots=True)
class ResolvedKey:
    """A key, who controls it and how that is known: from the DID itself, its document, or not at all."""

    listed: ListedKey
    controller: str
    source: Literal["did:key", "did:web", "address"]


class KeyResolver:
    """Finds keys, each DID document being fetched once."""

    def __init__(self, fetch: Fetch | None) -> None:
        self._fetch = fetch
        self._documents: dict[str, dict[str, object]] = {}
        self.found: dict[str, ResolvedKey] = {}

    def public_key(self, method: str) -> PublicKey:
        """This will give the public key of a verification method and remember in `found` where it came from.

        Raises: Unreachable when it could not be fetched; KeyMaterialError when it cannot be used.
        """
        if method not in self.found:
            self.found[method] = self._resolve(method)
        return self.found[method].listed.key

    def _resolve(self, method: str) -> ResolvedKey:
        controller, _, fragment = method.partition("#")
        if method.startswith(did_key.PREFIX):
            if not fragment:
                raise KeyMaterialError("did-invalid", did=method, method="did:key", reason="did-key-fragment-missing")
            return ResolvedKey(ListedKey(did_key.public_key(method)), controller, "did:key")
        if method.startswith(did_web.PREFIX):
            return ResolvedKey(did_web.find_key(self._document(controller), method), controller, "did:web")
        if method.startswith(("https://", "http://")) and fragment.startswith("z"):
            return ResolvedKey(ListedKey(decode_public_key(fragment)), controller, "address")
        raise KeyMaterialError("did-method-unsupported", did=controller)

    def _document(self, did: str) -> dict[str, object]:
        if did not in self._documents:
            data = get(self._fetch, did_web.document_url(did), "key-not-reachable")
            limits = jsonld.Limits(max_bytes=_MAX_DID_DOCUMENT_BYTES, max_depth=16)
            try:
                self._documents[did] = jsonld.load(data, limits=limits)
            except CredentialError as error:
                raise KeyMaterialError("did-document-unreadable", did=did, because=error) from error
        return self._documents[did]


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
