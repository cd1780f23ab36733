"""Ed25519 verification with one rule for the cases in which libraries differ.

RFC 8032 leaves room, and libraries use it: OpenSSL takes public keys of small order, with which one signature fits
many documents, and libsodium does not. What is verified here must be verified alike everywhere, so the rule is ours and
is applied before any library is asked:

* the public key is written canonically (y below 2**255 - 19) and is not of small order;
* the point R in the signature is written canonically and is not of small order;
* the scalar S is below the order of the group.

All that is left is the equation of RFC 8032, on which libraries agree.
"""

from functools import lru_cache

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from openmcx.credentials.errors import KeyMaterialError

PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64

_PRIME = 2**255 - 19
_GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493
_WITHOUT_SIGN = (1 << 255) - 1
# The y coordinates of the eight points of small order: orders 1, 2, 4 and (two of them) 8.
_SMALL_ORDER = frozenset(
    {
        1,
        _PRIME - 1,
        0,
        int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"),
        int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"),
    }
)


@lru_cache(maxsize=1024)
def check_public_key(value: bytes) -> None:
    """This will refuse a public key with which a signature would prove nothing.

    Raises: KeyMaterialError.
    Source: RFC 8032, section 5.1.3 (decoding); section 6.1 of RFC 7748 on points of small order.
    """
    if len(value) != PUBLIC_KEY_BYTES:
        raise KeyMaterialError("key-wrong-size", found=len(value), expected=PUBLIC_KEY_BYTES)
    y = int.from_bytes(value, "little") & _WITHOUT_SIGN
    if y >= _PRIME or y in _SMALL_ORDER:
        raise KeyMaterialError("ed25519-key-unsafe")


def verify(public_key: bytes, signature: bytes, data: bytes) -> bool:
    """This will say whether the signature is the key's over the data.

    Raises: KeyMaterialError when the key is unsafe: that is a fault of the key, not of the signature.
    Source: RFC 8032, section 5.1.7.
    """
    check_public_key(public_key)
    if not is_canonical(signature):
        return False
    try:
        crypto_sign_open(signature + data, public_key)
    except BadSignatureError:
        return False
    return True


def is_canonical(signature: bytes) -> bool:
    """This will say whether a signature has the right size, a sound R and an S below the group's order."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    y = int.from_bytes(signature[:32], "little") & _WITHOUT_SIGN
    return y < _PRIME and y not in _SMALL_ORDER and int.from_bytes(signature[32:], "little") < _GROUP_ORDER
