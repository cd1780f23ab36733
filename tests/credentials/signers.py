"""A signer of each kind, each with the did:key of its public key."""

from openmcx.credentials.keys import Algorithm, EcSigner, Ed25519Signer, Signer, did_key, signer_for
from tests.credentials.examples import SECRET


def made(algorithm: Algorithm, secret: bytes) -> Ed25519Signer | EcSigner:
    public_key = signer_for(algorithm, secret, "").public_key
    return signer_for(algorithm, secret, did_key.verification_method(public_key))


ED25519 = made("Ed25519", SECRET)
P256 = made("P-256", bytes(range(1, 33)))
P384 = made("P-384", bytes(range(1, 49)))
OTHER_P256 = made("P-256", bytes(range(2, 34)))

# A cryptosuite with a key that goes with it.
WAYS: list[tuple[str, Signer]] = [
    ("eddsa-rdfc-2022", ED25519),
    ("eddsa-jcs-2022", ED25519),
    ("ecdsa-rdfc-2019", P256),
    ("ecdsa-rdfc-2019", P384),
    ("ecdsa-jcs-2019", P256),
    ("ecdsa-jcs-2019", P384),
]
WAY_NAMES = [f"{suite}-{signer.algorithm}" for suite, signer in WAYS]
