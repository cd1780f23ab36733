"""Multikey: a public or secret key as one multibase string that names its own kind.

Source: Controlled Identifiers 1.0, section 2.2.2 (Multikey); the prefixes are those of the Multicodec table.
"""

from openmcx.credentials.errors import KeyMaterialError
from openmcx.credentials.keys.signer import SECRET_BYTES, Algorithm, PublicKey
from openmcx.credentials.multibase import decode_base58btc, encode_base58btc

_PUBLIC: dict[Algorithm, bytes] = {"Ed25519": b"\xed\x01", "P-256": b"\x80\x24", "P-384": b"\x81\x24"}
_SECRET: dict[Algorithm, bytes] = {"Ed25519": b"\x80\x26", "P-256": b"\x86\x26", "P-384": b"\x87\x26"}


def multikey_bytes(key: PublicKey) -> bytes:
    """This will give the bytes of a Multikey: the prefix that names the kind, and the key.

    Raises: KeyMaterialError for RSA, which has no Multikey.
    """
    if key.algorithm not in _PUBLIC:
        raise KeyMaterialError("key-type-unsupported", found=key.algorithm)
    return _PUBLIC[key.algorithm] + key.value


def encode_public_key(key: PublicKey) -> str:
    """This will write a public key as ``publicKeyMultibase``, such as ``z6Mk…`` for Ed25519.

    Raises: KeyMaterialError for RSA, which has no Multikey.
    """
    return encode_base58btc(multikey_bytes(key))


def decode_public_key(text: str) -> PublicKey:
    """This will read a ``publicKeyMultibase`` value; points of the NIST curves are checked to lie on their curve.

    Raises: KeyMaterialError when the value is malformed, of an unsupported kind or of the wrong length.
    """
    return read_multikey_bytes(decode_base58btc(text))


def read_multikey_bytes(data: bytes) -> PublicKey:
    """This will read the bytes of a Multikey. Raises: as ``decode_public_key``."""
    for algorithm, prefix in _PUBLIC.items():
        if data.startswith(prefix):
            key = PublicKey(algorithm, data[len(prefix) :])
            if algorithm != "Ed25519":
                _check_point(key)
            return key
    raise KeyMaterialError("key-type-unsupported", found=data[:2].hex())


def encode_secret(algorithm: Algorithm, secret: bytes) -> str:
    """This will write a secret (the seed of Ed25519, the scalar of P-256 or P-384) as ``secretKeyMultibase``.

    Raises: KeyMaterialError when its length is wrong or the kind has no Multikey.
    """
    if algorithm not in _SECRET:
        raise KeyMaterialError("secret-type-unsupported")
    if len(secret) != SECRET_BYTES[algorithm]:
        raise KeyMaterialError("key-wrong-size", found=len(secret), expected=SECRET_BYTES[algorithm])
    return encode_base58btc(_SECRET[algorithm] + secret)


def decode_secret(text: str) -> tuple[Algorithm, bytes]:
    """This will read a ``secretKeyMultibase`` value: its kind and the secret.

    Raises: KeyMaterialError, without the value in its message.
    """
    data = decode_base58btc(text)
    for algorithm, prefix in _SECRET.items():
        if data.startswith(prefix):
            secret = data[len(prefix) :]
            if len(secret) != SECRET_BYTES[algorithm]:
                raise KeyMaterialError("key-wrong-size", found=len(secret), expected=SECRET_BYTES[algorithm])
            return algorithm, secret
    raise KeyMaterialError("secret-type-unsupported")


def _check_point(key: PublicKey) -> None:
    # Loading OpenSSL's bindings costs more than everything else in this module, and few credentials need them.
    from cryptography.hazmat.primitives.asymmetric import ec

    curve = ec.SECP256R1() if key.algorithm == "P-256" else ec.SECP384R1()
    if key.value[0] not in (2, 3):
        raise KeyMaterialError("key-not-on-curve", algorithm=key.algorithm)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(curve, key.value)
    except ValueError:
        raise KeyMaterialError("key-not-on-curve", algorithm=key.algorithm) from None
