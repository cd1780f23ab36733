"""Whose key signed an SD-JWT VC: found so that the answer is the issuer's key or none.

The issuer's certificates, when it sends them; else its metadata, when it is a web address; else its DID. One way is
never tried after another one failed.

Source: SD-JWT-based Verifiable Credentials (IETF OAuth), sections 2.5 (signature mechanisms) and 5 (JWT VC issuer
metadata).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from openmcx.credentials import jsonld
from openmcx.credentials.errors import CredentialError, KeyMaterialError, ProofError
from openmcx.credentials.keys.jwk import read_jwk
from openmcx.credentials.keys.resolve import Fetch, KeyResolver, get
from openmcx.credentials.keys.signer import PublicKey
from openmcx.credentials.proofs.jose import KeyReference

type ChainKey = Callable[[tuple[bytes, ...], str], PublicKey]
"""Gives the key of a chain of certificates that is trusted for an issuer, or raises."""

_WELL_KNOWN = "/.well-known/jwt-vc-issuer"
_LIMITS = jsonld.Limits(max_bytes=256 * 1024, max_depth=16)
_MAX_KEYS = 200


class IssuerKeys:
    """Finds the key of the issuer that a token names; `source` tells how the last one was found."""

    def __init__(self, resolver: KeyResolver, fetch: Fetch | None, *, chain_key: ChainKey | None = None) -> None:
        """This will find keys with the means given; without `chain_key`, tokens with certificates are refused."""
        self._resolver = resolver
        self._fetch = fetch
        self._chain_key = chain_key
        self.source = ""

    def __call__(self, reference: KeyReference) -> PublicKey:
        """This will give the issuer's key.

        Raises: ProofError when the token names no key, or one that is not its issuer's; Unreachable when it could not
        be fetched; KeyMaterialError when it cannot be used.
        """
        issuer = reference.issuer
        if reference.x5c:
            if self._chain_key is None:
                raise ProofError("jws-header-refused", member="x5c")
            self.source = "x5c"
            return self._chain_key(reference.x5c, issuer)
        if issuer.startswith("https://"):
            self.source = "jwt-vc-issuer"
            return self._from_metadata(issuer, reference.kid)
        if not issuer.startswith("did:") or not reference.kid:
            raise ProofError("jws-key-missing")
        method = reference.method
        if method.partition("#")[0] != issuer:
            raise ProofError("jws-key-not-issuers", found=method.partition("#")[0], issuer=issuer)
        self.source = "did"
        return self._resolver.public_key(method)

    def _from_metadata(self, issuer: str, kid: str) -> PublicKey:
        address = metadata_url(issuer)
        metadata = self._load(address)
        if metadata.get("issuer") != issuer:
            raise KeyMaterialError("jwk-set-invalid", address=address, reason="another-issuer")
        keys, where = metadata.get("jwks"), metadata.get("jwks_uri")
        if (keys is None) == (where is None):
            raise KeyMaterialError("jwk-set-invalid", address=address, reason="no-one-key-set")
        if keys is None:
            if not isinstance(where, str) or not where.startswith("https://"):
                raise KeyMaterialError("jwk-set-invalid", address=address, reason="no-one-key-set")
            address, keys = where, self._load(where)
        return _key_in(keys, kid, address)

    def _load(self, address: str) -> dict[str, object]:
        data = get(self._fetch, address, "key-not-reachable")
        try:
            return jsonld.load(data, limits=_LIMITS)
        except CredentialError as error:
            raise KeyMaterialError(
                "jwk-set-invalid", address=address, reason="no-json-object", because=error
            ) from error


def metadata_url(issuer: str) -> str:
    """This will give the address of an issuer's metadata: the well-known part stands before the path of the issuer.

    Raises: KeyMaterialError when the issuer is no plain https address.
    """
    parts = urlsplit(issuer)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
        raise KeyMaterialError("jwk-set-invalid", address=issuer, reason="no-plain-web-address")
    return f"https://{parts.netloc}{_WELL_KNOWN}{parts.path.rstrip('/')}"


def _key_in(keys: object, kid: str, address: str) -> PublicKey:
    listed = keys.get("keys") if isinstance(keys, Mapping) else None
    if not isinstance(listed, list):
        raise KeyMaterialError("jwk-set-invalid", address=address, reason="jwk-key-missing")
    if len(listed) > _MAX_KEYS:
        raise KeyMaterialError("jwk-set-invalid", address=address, reason="too-many-keys", limit=_MAX_KEYS)
    # A token that names no key can only mean the one there is.
    found = [
        entry
        for entry in listed
        if isinstance(entry, Mapping) and (entry.get("kid") == kid if kid else len(listed) == 1)
    ]
    if len(found) != 1:
        raise KeyMaterialError(
            "jwk-set-invalid", address=address, reason="jwk-key-twice" if found else "jwk-key-missing"
        )
    return read_jwk(found[0])
