"""Public keys and what can sign.

A signer may hold its secret in memory, in a file or in a device: everything that signs asks only for this protocol.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, Protocol

from nacl.bindings import crypto_sign, crypto_sign_BYTES, crypto_sign_seed_keypair

from openmcx.credentials.errors import KeyMaterialError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

Algorithm = Literal["Ed25519", "P-256", "P-384", "P-521", "RSA"]

# Length of the public key as it stands in a Multikey (compressed point for the NIST curves).
PUBLIC_KEY_BYTES: dict[str, int] = {"Ed25519": 32, "P-256": 33, "P-384": 49, "P-521": 67}
SECRET_BYTES: dict[str, int] = {"Ed25519": 32, "P-256": 32, "P-384": 48, "P-521": 66}
# Source: SEC 2, sections 2.4.2, 2.5.1 and 2.6.1 (n, the order of the curve's group).
CURVE_ORDERS: dict[str, int] = {
    "P-256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "P-384": 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    "P-521": int("1" + "F" * 65 + "A51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409", 16),
}
# A SubjectPublicKeyInfo of 2048 bits has about 294 bytes, one of 8192 bits about 1062; the key itself is read, and its
# size checked, by whoever verifies with it.
_RSA_BYTES = range(270, 1200)
_SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: its algorithm and its bytes.

    They are the 32 raw bytes of Ed25519, the compressed point of P-256, P-384 and P-521, and for RSA, which is read but
    never written, the SubjectPublicKeyInfo in DER. P-521 is used in JOSE and COSE only, and has no Multikey here.

    Raises: KeyMaterialError when the number of bytes does not fit the algorithm.
    """

    algorithm: Algorithm
    value: bytes

    def __post_init__(self) -> None:
        if self.algorithm == "RSA":
            if len(self.value) not in _RSA_BYTES:
                raise KeyMaterialError("rsa-key-unusable", lowest=2048, highest=8192)
            return
        expected = PUBLIC_KEY_BYTES[self.algorithm]
        if len(self.value) != expected:
            raise KeyMaterialError("key-wrong-size", found=len(self.value), expected=expected)


class Signer(Protocol):
    """Whatever can sign for one verification method."""

    @property
    def algorithm(self) -> Algorithm: ...

    @property
    def public_key(self) -> PublicKey: ...

    @property
    def verification_method(self) -> str: ...

    def sign(self, data: bytes) -> bytes: ...


class HoldsSecret:
    """What signers of all kinds have in common: the secret shows in no representation and is not pickled."""

    __slots__ = ("public_key", "verification_method")
    public_key: PublicKey
    verification_method: str

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.verification_method!r})"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a signer holds a secret and is not pickled: hand over the reference to the key instead")


class Ed25519Signer(HoldsSecret):
    """A signer with an Ed25519 secret in memory.

    `secret` is the 32-byte seed of RFC 8032; `verification_method` is the DID URL under which the public key is found.

    Source: RFC 8032, section 5.1.5.
    """

    __slots__ = ("_expanded",)
    algorithm: Algorithm = "Ed25519"

    def __init__(self, secret: bytes, verification_method: str) -> None:
        if len(secret) != _SEED_BYTES:
            raise KeyMaterialError("key-wrong-size", found=len(secret), expected=_SEED_BYTES)
        public, self._expanded = crypto_sign_seed_keypair(secret)
        self.public_key = PublicKey("Ed25519", public)
        self.verification_method = verification_method

    def sign(self, data: bytes) -> bytes:
        """This will give the 64-byte signature over `data`."""
        return crypto_sign(data, self._expanded)[:crypto_sign_BYTES]


class EcSigner(HoldsSecret):
    """A signer with a P-256, P-384 or P-521 secret in memory.

    `secret` is the scalar, big-endian, in 32, 48 or 66 bytes. Signing draws no random numbers (RFC 6979), so a weak
    source of them cannot give the secret away.

    Raises: KeyMaterialError when the secret is no scalar of the curve.
    Source: FIPS 186-5, section 6; RFC 6979.
    """

    __slots__ = ("_key", "algorithm")

    def __init__(self, algorithm: Algorithm, secret: bytes, verification_method: str) -> None:
        # OpenSSL's bindings take long to load, and few need them.
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        if algorithm not in CURVE_ORDERS:
            raise KeyMaterialError("key-type-unsupported", found=algorithm)
        if len(secret) != SECRET_BYTES[algorithm]:
            raise KeyMaterialError("key-wrong-size", found=len(secret), expected=SECRET_BYTES[algorithm])
        scalar = int.from_bytes(secret)
        if not 0 < scalar < CURVE_ORDERS[algorithm]:
            raise KeyMaterialError("secret-out-of-range", algorithm=algorithm)
        self._key: ec.EllipticCurvePrivateKey = ec.derive_private_key(scalar, curve(algorithm))
        self.algorithm: Algorithm = algorithm
        self.public_key = PublicKey(
            algorithm, self._key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        )
        self.verification_method = verification_method

    def sign(self, data: bytes) -> bytes:
        """This will give the signature r ‖ s over the hash of `data` that belongs to the curve: 64, 96 or 132 bytes."""
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

        r, s = decode_dss_signature(self._key.sign(data, ecdsa(self.algorithm)))
        size = SECRET_BYTES[self.algorithm]
        return r.to_bytes(size) + s.to_bytes(size)


@lru_cache
def ecdsa(algorithm: str) -> Any:
    """This will give ECDSA with the hash that belongs to the curve: SHA-256, SHA-384, or SHA-512 with P-521."""
    # OpenSSL's bindings take long to load, and few need them.
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    digest = {"P-256": hashes.SHA256(), "P-384": hashes.SHA384(), "P-521": hashes.SHA512()}[algorithm]
    return ec.ECDSA(digest, deterministic_signing=True)


def curve(algorithm: str) -> ec.EllipticCurve:
    """This will give the curve of a kind of key."""
    # OpenSSL's bindings take long to load, and few need them.
    from cryptography.hazmat.primitives.asymmetric import ec

    return {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}[algorithm]


def generate_ed25519() -> bytes:
    """This will draw a new Ed25519 secret (the 32-byte seed) from the system's random source."""
    return secrets.token_bytes(_SEED_BYTES)


def generate(algorithm: Algorithm) -> bytes:
    """This will draw a new secret from the system's random source: the seed of Ed25519, or the scalar of a curve.

    Raises: KeyMaterialError for RSA, with which nothing is signed here.
    """
    if algorithm == "Ed25519":
        return generate_ed25519()
    if algorithm not in CURVE_ORDERS:
        raise KeyMaterialError("key-type-unsupported", found=algorithm)
    scalar = 1 + secrets.randbelow(CURVE_ORDERS[algorithm] - 1)
    return scalar.to_bytes(SECRET_BYTES[algorithm])


def signer_for(algorithm: Algorithm, secret: bytes, verification_method: str) -> Ed25519Signer | EcSigner:
    """This will give the signer in memory of any kind of secret. Raises: KeyMaterialError."""
    if algorithm == "Ed25519":
        return Ed25519Signer(secret, verification_method)
    return EcSigner(algorithm, secret, verification_method)
