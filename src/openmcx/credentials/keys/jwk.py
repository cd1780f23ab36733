"""JSON Web Keys: public keys as JSON.

Source: RFC 7517, section 4; RFC 7518, sections 6.2 and 6.3; RFC 8037, section 2; RFC 7638 (thumbprint).
"""

import hashlib
from collections.abc import Mapping

from openmcx.credentials import base64url
from openmcx.credentials.errors import KeyMaterialError
from openmcx.credentials.jsonld import jcs
from openmcx.credentials.keys.signer import SECRET_BYTES, Algorithm, PublicKey, curve

# Source: RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1; RFC 8037, section 2.
_SECRET_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_EC_CURVES: dict[str, Algorithm] = {"P-256": "P-256", "P-384": "P-384", "P-521": "P-521"}
_ALGORITHMS: dict[str, frozenset[str]] = {
    "Ed25519": frozenset({"EdDSA", "Ed25519"}),
    "P-256": frozenset({"ES256"}),
    "P-384": frozenset({"ES384"}),
    "P-521": frozenset({"ES512"}),
    "RSA": frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}),
}
# 8192 bits of an RSA modulus are 1366 characters.
_MAX_CHARACTERS = 1400


def read_jwk(jwk: Mapping[str, object]) -> PublicKey:
    """This will read a public key: Ed25519, P-256, P-384, P-521 or RSA.

    Raises: KeyMaterialError when it is malformed, of another kind, not meant for signatures, or holds the secret.
    """
    if not _SECRET_MEMBERS.isdisjoint(jwk):
        raise KeyMaterialError("jwk-invalid", reason="jwk-holds-secret")
    key = _read(jwk)
    operations = jwk.get("key_ops", ["verify"])
    if jwk.get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        raise KeyMaterialError("jwk-invalid", reason="jwk-not-for-signatures")
    if "alg" in jwk and jwk["alg"] not in [*_ALGORITHMS[key.algorithm]]:
        raise KeyMaterialError("jwk-invalid", reason="jwk-algorithm-differs")
    return key


def write_jwk(key: PublicKey) -> dict[str, str]:
    """This will write a public key with the members its kind requires, and no others.

    Raises: KeyMaterialError when the key is no point of its curve, or no RSA key.
    """
    if key.algorithm == "Ed25519":
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(key.value)}
    # OpenSSL's bindings take long to load, and few need them.
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    if key.algorithm == "RSA":
        try:
            loaded = load_der_public_key(key.value)
        except ValueError:
            raise KeyMaterialError("rsa-key-unusable", lowest=2048, highest=8192) from None
        if not isinstance(loaded, rsa.RSAPublicKey):
            raise KeyMaterialError("rsa-key-unusable", lowest=2048, highest=8192)
        numbers = loaded.public_numbers()
        return {"kty": "RSA", "n": _write_number(numbers.n), "e": _write_number(numbers.e)}
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(curve(key.algorithm), key.value).public_numbers()
    except ValueError:
        raise KeyMaterialError("key-not-on-curve", algorithm=key.algorithm) from None
    size = SECRET_BYTES[key.algorithm]
    return {
        "kty": "EC",
        "crv": key.algorithm,
        "x": base64url.encode(point.x.to_bytes(size)),
        "y": base64url.encode(point.y.to_bytes(size)),
    }


def thumbprint(key: PublicKey) -> str:
    """This will give the SHA-256 thumbprint of a key, in base64url: a name for it that everybody computes alike.

    Raises: as ``write_jwk``.
    Source: RFC 7638, section 3; RFC 8037, section 2.
    """
    return base64url.encode(hashlib.sha256(jcs(write_jwk(key))).digest())


def _read(jwk: Mapping[str, object]) -> PublicKey:
    kind, curve = jwk.get("kty"), jwk.get("crv")
    if kind == "OKP" and curve == "Ed25519":
        return PublicKey("Ed25519", _bytes(jwk, "x", 32))
    if kind == "EC" and isinstance(curve, str) and curve in _EC_CURVES:
        return _read_point(jwk, _EC_CURVES[curve])
    if kind == "RSA":
        return _read_rsa(jwk)
    raise KeyMaterialError("jwk-invalid", reason="jwk-kind-unsupported")


def _read_point(jwk: Mapping[str, object], algorithm: Algorithm) -> PublicKey:
    # OpenSSL's bindings take long to load, and few need them.
    from cryptography.hazmat.primitives.asymmetric import ec

    size = SECRET_BYTES[algorithm]
    x, y = _bytes(jwk, "x", size), _bytes(jwk, "y", size)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(curve(algorithm), b"\x04" + x + y)
    except ValueError:
        raise KeyMaterialError("key-not-on-curve", algorithm=algorithm) from None
    return PublicKey(algorithm, bytes([2 + y[-1] % 2]) + x)


def _read_rsa(jwk: Mapping[str, object]) -> PublicKey:
    # OpenSSL's bindings take long to load, and few need them.
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    n, e = _bytes(jwk, "n"), _bytes(jwk, "e")
    try:
        key = RSAPublicNumbers(int.from_bytes(e), int.from_bytes(n)).public_key()
    except ValueError:
        raise KeyMaterialError("jwk-invalid", reason="jwk-member-malformed", member="n") from None
    return PublicKey("RSA", key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _bytes(jwk: Mapping[str, object], member: str, size: int = 0) -> bytes:
    """This will read one value: of exactly `size` bytes, or without it a number in as few bytes as it needs."""
    value = jwk.get(member)
    try:
        if not isinstance(value, str) or len(value) > _MAX_CHARACTERS:
            raise ValueError(member)
        data = base64url.decode(value)
    except ValueError:
        raise KeyMaterialError("jwk-invalid", reason="jwk-member-malformed", member=member) from None
    if (size and len(data) != size) or (not size and data[:1] in (b"", b"\0")):
        raise KeyMaterialError("jwk-invalid", reason="jwk-member-malformed", member=member)
    return data


def _write_number(number: int) -> str:
    return base64url.encode(number.to_bytes((number.bit_length() + 7) // 8))
