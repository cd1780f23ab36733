"""Keys derived from the node's master key, and sealing of what must not be read from a copied database."""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_VERSION = b"\x01"
_NONCE_BYTES = 12
KEY_BYTES = 32


class VaultError(Exception):
    """A sealed value cannot be opened: another master key, another place, or it was changed."""


@lru_cache(maxsize=64)
def _derived(master: bytes, purpose: str) -> bytes:
    info = b"openmcx/" + purpose.encode()
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info).derive(master)


def derive(purpose: str) -> bytes:
    """This will return 32 bytes that only this node can make, different for every purpose.

    Source: RFC 5869 (HKDF with SHA-256).
    """
    return _derived(settings.OPENMCX_MASTER_KEY, purpose)


def mac(message: bytes, *, purpose: str) -> bytes:
    """This will return the HMAC-SHA-256 of the message under the key of the purpose."""
    return hmac.digest(derive(purpose), message, hashlib.sha256)


def encrypt(key: bytes, value: bytes, context: str) -> bytes:
    """This will encrypt under the key, bound to the context: it opens nowhere else.

    Source: NIST SP 800-38D (AES-256-GCM, random 96-bit nonce).
    """
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, value, context.encode())


def decrypt(key: bytes, sealed: bytes, context: str) -> bytes:
    """This will open what `encrypt` made with the same key and context.

    Raises: VaultError.
    """
    if sealed[:1] != _VERSION or len(sealed) < 1 + _NONCE_BYTES + 16:
        raise VaultError(f"the sealed value in {context} has an unknown form")
    nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, context.encode())
    except InvalidTag:
        raise VaultError(
            f"the sealed value in {context} does not open: it was changed or moved, or the master key is another"
        ) from None


def seal(value: bytes, *, purpose: str, context: str) -> bytes:
    """This will encrypt under the master key's key for the purpose, bound to the context (table, column, row id)."""
    return encrypt(derive(purpose), value, context)


def unseal(sealed: bytes, *, purpose: str, context: str) -> bytes:
    """This will open what `seal` made for the same purpose and context.

    Raises: VaultError.
    """
    return decrypt(derive(purpose), bytes(sealed), context)
