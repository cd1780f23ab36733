"""Keys with their certificates as providers hand them out: PKCS #12 files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openmcx.credentials.errors import KeyMaterialError
from openmcx.credentials.keys import x509
from openmcx.credentials.keys.signer import EcSigner, PublicKey
from openmcx.credentials.proofs.pades.field import DIGESTS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from openmcx.credentials.keys.signer import Algorithm, Signer
    from openmcx.credentials.keys.x509 import Certificate

_MAX_BYTES = 128 * 1024


class RsaSigner:
    """A signer with an RSA key, such as certificates for seals still have (PKCS #1 v1.5 with SHA-256)."""

    algorithm: Algorithm = "RSA"

    def __init__(self, key: RSAPrivateKey) -> None:
        # Loading OpenSSL's bindings costs more than reading most credentials.
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        self._key = key
        value = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.public_key = PublicKey("RSA", value)
        self.verification_method = ""

    def __repr__(self) -> str:
        """This will show nothing of the secret."""
        return "RsaSigner()"

    def __reduce__(self) -> str:
        """This will refuse to be stored."""
        raise TypeError("an RsaSigner holds a secret and is not stored")

    def sign(self, data: bytes) -> bytes:
        """This will sign data."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def read_pkcs12(data: bytes, *, passphrase: str) -> tuple[Signer, tuple[Certificate, ...]]:
    """This will read key and certificates of a PKCS #12 file (.p12, .pfx), as providers hand them out.

    Raises: KeyMaterialError when the passphrase is wrong, something is missing or the key is of an unsupported kind.
    Source: RFC 7292.
    """
    # Loading OpenSSL's bindings costs more than reading most credentials.
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

    if len(data) > _MAX_BYTES:
        raise KeyMaterialError("pkcs12-unusable")
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase.encode())
    except ValueError:
        raise KeyMaterialError("pkcs12-unusable") from None
    if key is None or certificate is None:
        raise KeyMaterialError("pkcs12-unusable")
    chain = tuple(x509.read_certificate(entry.public_bytes(Encoding.DER)) for entry in (certificate, *others))
    if isinstance(key, rsa.RSAPrivateKey):
        return RsaSigner(key), chain
    algorithm = x509.public_key(chain[0]).algorithm
    if not isinstance(key, ec.EllipticCurvePrivateKey) or algorithm not in DIGESTS:
        raise KeyMaterialError("key-type-unsupported", found=algorithm)
    size = key.curve.key_size // 8
    return EcSigner(algorithm, key.private_numbers().private_value.to_bytes(size), ""), chain
