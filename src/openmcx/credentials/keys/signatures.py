"""Verifying one signature, whatever the kind of its key: one rule for everybody who verifies.

    signatures.verify(key, signature, data)                           Ed25519 and ECDSA: the key says how
    signatures.verify(key, signature, data, jws_algorithm="PS256")    and what a JWS header says has to fit

The algorithm of a header never chooses the kind of key: it is looked up, and must be that of the key at hand.

Source: RFC 7518, sections 3.3 to 3.5; RFC 8037, section 3.1; FIPS 186-5, section 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from openmcx.credentials.errors import KeyMaterialError
from openmcx.credentials.keys import ed25519
from openmcx.credentials.keys.signer import SECRET_BYTES, Algorithm, PublicKey, Signer, curve, ecdsa

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

JWS_ALGORITHMS: Mapping[str, Algorithm] = MappingProxyType(
    {
        "EdDSA": "Ed25519",
        "Ed25519": "Ed25519",
        "ES256": "P-256",
        "ES384": "P-384",
        "ES512": "P-521",
        "RS256": "RSA",
        "RS384": "RSA",
        "RS512": "RSA",
        "PS256": "RSA",
        "PS384": "RSA",
        "PS512": "RSA",
    }
)
"""The algorithms of JWS that are verified, and the kind of key each needs. “none” and HS256 are none of them."""

SIGNATURE_BYTES: Mapping[str, int] = MappingProxyType({"Ed25519": 64, "P-256": 64, "P-384": 96, "P-521": 132})

_SIGNED_WITH: dict[str, str] = {"Ed25519": "EdDSA", "P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
_RSA_BITS = (2048, 8192)
# A long exponent makes verifying slow; nobody's key has one.
_RSA_EXPONENTS = range(3, 2**33, 2)


def jws_algorithm(key_algorithm: Algorithm) -> str:
    """This will give the JWS algorithm with which a key of this kind signs.

    Raises: KeyMaterialError for RSA, with which nothing is signed here.
    """
    if key_algorithm not in _SIGNED_WITH:
        raise KeyMaterialError("key-type-unsupported", found=key_algorithm)
    return _SIGNED_WITH[key_algorithm]


def verify(key: PublicKey, signature: bytes, data: bytes, *, jws_algorithm: str = "") -> bool:
    """This will say whether the signature is the key's over the data.

    ECDSA signatures are r ‖ s. `jws_algorithm` is what a JWS header names; with RSA it must be given.

    Raises: KeyMaterialError when the algorithm is not supported or is for another kind of key, or the key is unusable.
    """
    if jws_algorithm or key.algorithm == "RSA":
        check_jws_algorithm(key, jws_algorithm)
    if key.algorithm == "Ed25519":
        return ed25519.verify(key.value, signature, data)
    if key.algorithm == "RSA":
        return _verify_rsa(key, signature, data, jws_algorithm)
    return _verify_ecdsa(key, signature, data)


def check_jws_algorithm(key: PublicKey, jws_algorithm: str) -> None:
    """This will refuse an algorithm that is not supported or is for another kind of key.

    Raises: KeyMaterialError.
    """
    needed = JWS_ALGORITHMS.get(jws_algorithm)
    if needed is None:
        raise KeyMaterialError(
            "signature-algorithm-unsupported", algorithm=jws_algorithm, allowed=", ".join(JWS_ALGORITHMS)
        )
    if needed != key.algorithm:
        raise KeyMaterialError(
            "signature-algorithm-mismatch", algorithm=jws_algorithm, expected=needed, found=key.algorithm
        )


def check(signer: Signer, signature: bytes, data: bytes) -> None:
    """This will refuse what a device or service made when it does not match the signer's public key.

    Raises: KeyMaterialError.
    """
    if not verify(signer.public_key, signature, data):
        raise KeyMaterialError("signer-signature-wrong", method=signer.verification_method)


def check_public_key(key: PublicKey) -> None:
    """This will refuse a key with which no signature can be verified, or any would prove nothing.

    Raises: KeyMaterialError.
    """
    if key.algorithm == "Ed25519":
        ed25519.check_public_key(key.value)
    elif key.algorithm == "RSA":
        _rsa_key(key.value)
    else:
        _ec_key(key)


def _verify_ecdsa(key: PublicKey, signature: bytes, data: bytes) -> bool:
    # OpenSSL's bindings take long to load, and few need them.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    public_key = _ec_key(key)
    size = SECRET_BYTES[key.algorithm]
    if len(signature) != 2 * size:
        return False
    written = encode_dss_signature(int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))
    try:
        public_key.verify(written, data, ecdsa(key.algorithm))
    except InvalidSignature:
        return False
    return True


def _verify_rsa(key: PublicKey, signature: bytes, data: bytes, jws_algorithm: str) -> bool:
    # OpenSSL's bindings take long to load, and few need them.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    public_key = _rsa_key(key.value)
    digest = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}[jws_algorithm[2:]]
    # Source: RFC 7518, section 3.5: the salt is as long as the hash, and MGF1 uses the same hash.
    scheme = (
        padding.PSS(mgf=padding.MGF1(digest), salt_length=digest.digest_size)
        if jws_algorithm.startswith("PS")
        else padding.PKCS1v15()
    )
    try:
        public_key.verify(signature, data, scheme, digest)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=1024)
def _ec_key(key: PublicKey) -> EllipticCurvePublicKey:
    # OpenSSL's bindings take long to load, and few need them.
    from cryptography.hazmat.primitives.asymmetric import ec

    if key.value[0] not in (2, 3):
        raise KeyMaterialError("key-not-on-curve", algorithm=key.algorithm)
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(curve(key.algorithm), key.value)
    except ValueError:
        raise KeyMaterialError("key-not-on-curve", algorithm=key.algorithm) from None


@lru_cache(maxsize=1024)
def _rsa_key(value: bytes) -> RSAPublicKey:
    # OpenSSL's bindings take long to load, and few need them.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    lowest, highest = _RSA_BITS
    unusable = KeyMaterialError("rsa-key-unusable", lowest=lowest, highest=highest)
    try:
        key = load_der_public_key(value)
    except (ValueError, UnsupportedAlgorithm):
        raise unusable from None
    if not isinstance(key, RSAPublicKey) or not lowest <= key.key_size <= highest:
        raise unusable
    if key.public_numbers().e not in _RSA_EXPONENTS:
        raise unusable
    return key
