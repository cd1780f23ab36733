"""What the tests of JWT, SD-JWT and COSE share: keys, a credential, and tokens taken apart and put together wrongly."""

import base64
import datetime as dt
import json

import pytest

from openmcx.credentials import base64url
from openmcx.credentials.errors import CredentialError
from openmcx.credentials.keys import Ed25519Signer, did_key
from openmcx.credentials.keys.signer import EcSigner

NOW = dt.datetime(2026, 8, 1, tzinfo=dt.UTC)
VC_V2 = "https://www.w3.org/ns/credentials/v2"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"


def signer(algorithm="P-256", seed=1):
    """A signer under the did:key of its public key; P-521, which has none, under a web address."""
    make = Ed25519Signer if algorithm == "Ed25519" else lambda *args: EcSigner(algorithm, *args)
    secret = bytes([seed]) * {"P-384": 48, "P-521": 65}.get(algorithm, 32)
    if algorithm == "P-521":
        return make(b"\0" + secret, "https://uni.example/issuer#key-1")
    return make(secret, did_key.verification_method(make(secret, "").public_key))


SIGNER = signer()
OTHER = signer(seed=2)
HOLDER = signer(seed=3)
DID = SIGNER.verification_method.partition("#")[0]
CREDENTIAL = {
    "@context": [VC_V2, EXAMPLES],
    "id": "urn:uuid:11111111-2222-3333-4444-555555555555",
    "type": ["VerifiableCredential", "ExampleAlumniCredential"],
    "issuer": DID,
    "validFrom": "2026-07-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:subject", "degree": {"type": "BachelorDegree", "name": "Robotics"}},
}


def issuers(reference):
    """The key of the issuer, whatever the token says about it."""
    return SIGNER.public_key


def holders(reference):
    return HOLDER.public_key


def refused(code, call, *args, **kwargs):
    """The error with which a call is refused, which has a sentence."""
    with pytest.raises(CredentialError) as refusal:
        call(*args, **kwargs)
    assert refusal.value.code == code, str(refusal.value)
    assert str(refusal.value)
    return refusal.value


def parts(token):
    """Header and payload of a compact JWS."""
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]


def token(header, payload, *, by=SIGNER):
    """A compact JWS with exactly this header, and with this payload (JSON or its bytes), signed all the same."""
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    signed = f"{base64url.encode(head)}.{base64url.encode(data)}"
    return f"{signed}.{base64url.encode(by.sign(signed.encode()))}"
