"""Multikey: a public or secret key as one multibase string that names its own kind.

Source: Controlled Identifiers 1.0, section 2.2.2 (Multikey); the prefixes are those of the Multicodec table.
"""

from openmcx.credentials.errors import KeyMaterialError
from openmcx.credentials.keys.signer import Algorithm, PublicKey
from openmcx.credentials.multibase import decode_base58btc, encode_base58btc

_PUBLIC: dict[Algorithm, bytes] = {"Ed25519": b"\xed\x01", "P-256": b"\x80\x24", "P-384": b"\x81\x24"}
_ED25519_SECRET = b"\x80\x26"
_SEED_BYTES = 32


def encode_public_key(key: PublicKey) -> str:
    """This will write a public key as ``publicKeyMultibase``, such as ``z6Mk…`` for Ed25519."""
    return encode_base58btc(_PUBLIC[key.algorithm] + key.value)


def decode_public_key(text: str) -> PublicKey:
    """This will read a ``publicKeyMultibase`` value; points of the NIST curves are checked to lie on their curve.

    Raises: KeyMaterialError when the value is malformed, of an unsupported kind or of the wrong length.
    """
    data = decode_base58btc(text)
    for algorithm, prefix in _PUBLIC.items():
        if data.startswith(prefix):
            key = PublicKey(algorithm, data[len(prefix) :])
            if algorithm != "Ed25519":
                _check_point(key)
            return key
    raise KeyMaterialError("key-type-unsupported", found=data[:2].hex())


def encode_ed25519_secret(secret: bytes) -> str:
    """This will write an Ed25519 secret (the 32-byte seed) as ``secretKeyMultibase``."""
    if len(secret) != _SEED_BYTES:
        raise KeyMaterialError("key-wrong-size", found=len(secret), expected=_SEED_BYTES)
    return encode_base58btc(_ED25519_SECRET + secret)


def decode_ed25519_secret(text: str) -> bytes:
    """This will read the ``secretKeyMultibase`` value of an Ed25519 key.

    Raises: KeyMaterialError, without the value in its message.
    """
    data = decode_base58btc(text)
    if not data.startswith(_ED25519_SECRET):
        raise KeyMaterialError("secret-type-unsupported")
    if len(data) != len(_ED25519_SECRET) + _SEED_BYTES:
        raise KeyMaterialError("key-wrong-size", found=len(data) - 2, expected=_SEED_BYTES)
    return data[len(_ED25519_SECRET) :]


def _check_point(key: PublicKey) -> None:
    # Loading OpenSSL's bindings costs more than everything else in this module, and few credentials need them.
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    curve = ec.SECP256R1() if key.algorithm == "P-256" else ec.SECP384R1()
    if key.value[0] not in (2, 3):
        raise KeyMaterialError("key-not-on-curve", algorithm=key.algorithm)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(curve, key.value)
    except ValueError:
        raise KeyMaterialError("key-not-on-curve", algorithm=key.algorithm) from None
