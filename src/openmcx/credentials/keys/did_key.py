"""did:key: an identifier that is its own public key.

Source: The did:key Method v0.9, sections 3.1 (create) and 3.2 (read).
"""

from openmcx.credentials.errors import KeyMaterialError
from openmcx.credentials.keys.multikey import decode_public_key, encode_public_key
from openmcx.credentials.keys.signer import PublicKey

PREFIX = "did:key:"


def did_key(key: PublicKey) -> str:
    """This will give the did:key of a public key."""
    return PREFIX + encode_public_key(key)


def verification_method(key: PublicKey) -> str:
    """This will give the one DID URL under which a did:key lists its key: ``did:key:X#X``."""
    multibase = encode_public_key(key)
    return f"{PREFIX}{multibase}#{multibase}"


def public_key(did_url: str) -> PublicKey:
    """This will read the public key out of a did:key or of its verification method ``did:key:X#X``.

    Raises: KeyMaterialError when the DID is malformed or the fragment names another key than the DID.
    """
    if not did_url.startswith(PREFIX):
        raise KeyMaterialError("did-invalid", did=did_url, method="did:key", reason="did-prefix-missing")
    multibase, sharp, fragment = did_url[len(PREFIX) :].partition("#")
    if sharp and fragment != multibase:
        raise KeyMaterialError("did-invalid", did=did_url, method="did:key", reason="did-key-fragment-differs")
    return decode_public_key(multibase)


def document(did: str) -> dict[str, object]:
    """This will give the DID document that a did:key stands for.

    Raises: KeyMaterialError when the DID is malformed.
    """
    key = public_key(did)
    method = verification_method(key)
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did_key(key),
        "verificationMethod": [
            {
                "id": method,
                "type": "Multikey",
                "controller": did_key(key),
                "publicKeyMultibase": encode_public_key(key),
            }
        ],
        "assertionMethod": [method],
        "authentication": [method],
    }
