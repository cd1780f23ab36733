"""What a DID resolver answers for a did:key, found or not."""

import pytest

from openmcx.credentials.keys import did_key, did_resolution
from tests.credentials.examples import DID

METHOD = did_key.verification_method(did_key.public_key(DID))
MULTIBASE = DID.removeprefix("did:key:")


def test_a_did_stands_for_its_document() -> None:
    found = did_resolution.resolve(DID).as_dict()
    assert found["didDocument"] == did_key.document(DID)
    assert found["didResolutionMetadata"] == {"contentType": "application/did+ld+json"}
    assert found["didDocumentMetadata"] == {}
    assert found["@context"] == "https://w3id.org/did-resolution/v1"


def test_a_did_url_stands_for_its_key() -> None:
    found = did_resolution.resolve(METHOD).as_dict()
    assert (found["didDocument"]["id"], found["didDocument"]["controller"]) == (METHOD, DID)
    assert "error" not in found["didDereferencingMetadata"]


@pytest.mark.parametrize(
    ("did", "error", "of_a_part"),
    [
        (f"notDid:key:{MULTIBASE}", "invalidDid", False),
        ("", "invalidDid", False),
        ("did:key:", "invalidDid", False),
        ("did:key:@", "invalidDid", False),
        (f"did:key:-4:{MULTIBASE}", "invalidDid", False),
        (f"did:key:{MULTIBASE[1:]}", "invalidDid", False),
        (f"did:key:{MULTIBASE}\n", "invalidDid", False),
        ("did:key:z" + "1" * 3000, "invalidDid", False),
        (f"did:experimental:{MULTIBASE}", "methodNotSupported", False),
        ("did:key:zTjsVPtY", "invalidPublicKeyLength", False),
        ("did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc", "unsupportedPublicKeyType", False),  # X25519
        (f"{DID}/^bar^/?query=`#{MULTIBASE}", "invalidDidUrl", True),
        (f"{DID}#other", "notFound", True),
        (f"{DID}?service=x", "notFound", True),
        (f"did:experimental:x#{MULTIBASE}", "methodNotSupported", True),
    ],
)
def test_what_is_wrong_has_a_name(did: str, error: str, of_a_part: bool) -> None:
    answer = did_resolution.resolve(did).as_dict()
    metadata = answer["didDereferencingMetadata" if of_a_part else "didResolutionMetadata"]
    assert (metadata, answer["didDocument"], answer["didDocumentMetadata"]) == ({"error": error}, {}, {})


@pytest.mark.parametrize(
    ("key_format", "with_experimental", "error"),
    [
        ("Multikey", False, ""),
        ("unknown", False, "unsupportedPublicKeyType"),
        ("JsonWebKey2020", False, "unsupportedPublicKeyType"),
        ("Ed25519VerificationKey2018", False, "invalidPublicKeyType"),
        ("Ed25519VerificationKey2018", True, "unsupportedPublicKeyType"),
    ],
)
def test_the_form_of_keys(key_format: str, with_experimental: bool, error: str) -> None:
    for did in (DID, METHOD):
        answer = did_resolution.resolve(did, key_format=key_format, with_experimental=with_experimental)
        assert answer.error == error
