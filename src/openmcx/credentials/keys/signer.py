"""Public keys and what can sign.

A signer may hold its secret in memory, in a file or in a device: everything that signs asks only for this protocol.
"""

import secrets
from dataclasses import dataclass
from typing import Literal, Protocol

from nacl.bindings import crypto_sign, crypto_sign_BYTES, crypto_sign_seed_keypair

from openmcx.credentials.errors import KeyMaterialError

Algorithm = Literal["Ed25519", "P-256", "P-384"]

# Length of the public key as it stands in a Multikey (compressed point for the NIST curves).
PUBLIC_KEY_BYTES: dict[str, int] = {"Ed25519": 32, "P-256": 33, "P-384": 49}
_SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: its algorithm and its raw bytes (Ed25519: 32; P-256 and P-384: the compressed point).

    Raises: KeyMaterialError when the number of bytes does not fit the algorithm.
    """

    algorithm: Algorithm
    value: bytes

    def __post_init__(self) -> None:
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


class Ed25519Signer:
    """A signer with an Ed25519 secret in memory.

    `secret` is the 32-byte seed of RFC 8032; `verification_method` is the DID URL under which the public key is found.
    The secret shows in no representation and is not pickled.

    Source: RFC 8032, section 5.1.5.
    """

    __slots__ = ("_expanded", "public_key", "verification_method")
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

    def __repr__(self) -> str:
        return f"Ed25519Signer({self.verification_method!r})"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a signer holds a secret and is not pickled: hand over the reference to the key instead")


def generate_ed25519() -> bytes:
    """This will draw a new Ed25519 secret (the 32-byte seed) from the system's random source."""
    return secrets.token_bytes(_SEED_BYTES)
