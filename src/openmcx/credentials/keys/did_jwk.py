"""did:jwk: an identifier that is its own public key, written as a JSON Web Key.

Source: The did:jwk Method Specification (Jones, Lodderstedt, Yasuda), sections “Create” and “Read”.
"""

from openmcx.credentials import base64url
from openmcx.credentials.errors import CredentialError, KeyMaterialError
from openmcx.credentials.jsonld import Limits, jcs, load
from openmcx.credentials.keys.jwk import read_jwk, write_jwk
from openmcx.credentials.keys.signer import PublicKey

PREFIX = "did:jwk:"
_FRAGMENT = "0"
# A key of 8192 bits of RSA with a name and a certificate's thumbprint has 2,000 characters.
_MAX_CHARACTERS = 4096
_LIMITS = Limits(max_bytes=_MAX_CHARACTERS, max_depth=4)


def did_jwk(key: PublicKey) -> str:
    """This will give the did:jwk of a public key. Raises: KeyMaterialError when the key is unusable."""
    return PREFIX + base64url.encode(jcs(write_jwk(key)))


def verification_method(key: PublicKey) -> str:
    """This will give the one DID URL under which a did:jwk lists its key: ``did:jwk:X#0``."""
    return f"{did_jwk(key)}#{_FRAGMENT}"


def public_key(did_url: str) -> PublicKey:
    """This will read the public key out of a did:jwk or of its verification method ``did:jwk:X#0``.

    Raises: KeyMaterialError when the DID is malformed, names another key than its own, or shows a secret.
    """
    return read_jwk(_jwk(did_url))


def document(did: str) -> dict[str, object]:
    """This will give the DID document that a did:jwk stands for.

    Raises: KeyMaterialError when the DID is malformed.
    """
    jwk = _jwk(did)
    read_jwk(jwk)
    method = f"{did}#{_FRAGMENT}"
    return {
        "@context": ["https://www.w3.org/ns/did/v1", {"@vocab": "https://www.iana.org/assignments/jose#"}],
        "id": did,
        "verificationMethod": [{"id": method, "type": "JsonWebKey2020", "controller": did, "publicKeyJwk": jwk}],
        "assertionMethod": [method],
        "authentication": [method],
    }


def _jwk(did_url: str) -> dict[str, object]:
    if not did_url.startswith(PREFIX) or len(did_url) > _MAX_CHARACTERS:
        raise KeyMaterialError("did-invalid", did=did_url, method="did:jwk", reason="did-prefix-missing")
    written, sharp, fragment = did_url[len(PREFIX) :].partition("#")
    if sharp and fragment != _FRAGMENT:
        raise KeyMaterialError("did-invalid", did=did_url, method="did:jwk", reason="did-jwk-fragment-wrong")
    try:
        return load(base64url.decode(written), limits=_LIMITS)
    except (ValueError, CredentialError):
        raise KeyMaterialError("did-invalid", did=did_url, method="did:jwk", reason="no-json-object") from None
