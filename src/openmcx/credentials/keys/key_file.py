"""Signing keys in files: JSON with a Multikey, readable by their owner alone, protected by a passphrase if wanted.

    {"format": "openmcx-key/1", "algorithm": "Ed25519", "verificationMethod": "did:key:…",
     "publicKeyMultibase": "z6Mk…", "secretKeyMultibase": "z…"}

Keys are of the kinds Ed25519, P-256 and P-384; the public key tells which.

With a passphrase, ``encryptedSecret`` stands in place of ``secretKeyMultibase``: scrypt makes the key of AES-256-GCM.

Source: Controlled Identifiers 1.0, section 2.2.2 (Multikey); RFC 7914 (scrypt); NIST SP 800-38D (GCM).
"""

import base64
import binascii
import hashlib
import json
import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openmcx.credentials import jsonld
from openmcx.credentials.errors import CredentialError, KeyMaterialError
from openmcx.credentials.keys.multikey import decode_public_key, decode_secret, encode_public_key, encode_secret
from openmcx.credentials.keys.signer import Algorithm, EcSigner, Ed25519Signer, signer_for

FORMAT = "openmcx-key/1"
# 64 MiB and about a quarter of a second for each guess.
_N, _R, _P = 2**16, 8, 1
_MAX_N = 2**20
_MAX_BYTES = 16 * 1024


def write_key_file(
    path: Path, secret: bytes, verification_method: str, *, passphrase: str = "", algorithm: Algorithm = "Ed25519"
) -> None:
    """This will write a new key file that only its owner may read; a file that exists is never touched.

    Raises: KeyMaterialError when the file exists or the secret is none of that algorithm.
    """
    signer = signer_for(algorithm, secret, verification_method)
    content: dict[str, Any] = {
        "format": FORMAT,
        "algorithm": signer.algorithm,
        "verificationMethod": verification_method,
        "publicKeyMultibase": encode_public_key(signer.public_key),
    }
    if passphrase:
        content["encryptedSecret"] = _encrypt(secret, passphrase, verification_method)
    else:
        content["secretKeyMultibase"] = encode_secret(algorithm, secret)
    data = json.dumps(content, indent=2).encode() + b"\n"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyMaterialError("key-file-exists", path=str(path)) from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def read_key_file(data: bytes, *, passphrase: str = "") -> Ed25519Signer | EcSigner:
    """This will give the signer of a key file.

    Raises: KeyMaterialError when the file is not valid, locked, or holds a secret that is not the public key's.
    """
    if len(data) > _MAX_BYTES:
        raise KeyMaterialError("key-file-invalid", reason="file-too-large")
    try:
        content = jsonld.load(data)
    except CredentialError:
        # Its text is not repeated: it may hold the secret.
        raise KeyMaterialError("key-file-invalid", reason="no-json-object") from None
    method, public = content.get("verificationMethod"), content.get("publicKeyMultibase")
    if content.get("format") != FORMAT or not isinstance(method, str) or not isinstance(public, str):
        raise KeyMaterialError("key-file-invalid", reason="wrong-format", expected=FORMAT)
    public_key = decode_public_key(public)
    if content.get("algorithm", public_key.algorithm) != public_key.algorithm:
        raise KeyMaterialError("key-file-invalid", reason="key-kind-differs")
    if "encryptedSecret" in content:
        if not passphrase:
            raise KeyMaterialError("key-file-locked")
        secret = _decrypt(content["encryptedSecret"], passphrase, method)
    else:
        written = content.get("secretKeyMultibase")
        if not isinstance(written, str):
            raise KeyMaterialError("key-file-invalid", reason="no-secret")
        algorithm, secret = decode_secret(written)
        if algorithm != public_key.algorithm:
            raise KeyMaterialError("key-file-invalid", reason="key-kind-differs")
    signer = signer_for(public_key.algorithm, secret, method)
    if public_key != signer.public_key:
        raise KeyMaterialError("key-file-invalid", reason="public-key-differs")
    return signer


def is_locked(data: bytes) -> bool:
    """This will tell whether a key file needs a passphrase."""
    return b'"encryptedSecret"' in data[:_MAX_BYTES]


def _encrypt(secret: bytes, passphrase: str, method: str) -> dict[str, Any]:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    key = _derive(passphrase, salt, _N, _R, _P)
    sealed = AESGCM(key).encrypt(nonce, secret, method.encode())
    return {
        "kdf": "scrypt",
        "n": _N,
        "r": _R,
        "p": _P,
        "cipher": "AES-256-GCM",
        "salt": base64.b64encode(salt).decode("ascii"),
        "nonce": base64.b64encode(nonce).decode("ascii"),
        "ciphertext": base64.b64encode(sealed).decode("ascii"),
    }


def _decrypt(content: Any, passphrase: str, method: str) -> bytes:
    try:
        n, r, p = content["n"], content["r"], content["p"]
        salt, nonce, sealed = (
            base64.b64decode(content[member], validate=True) for member in ("salt", "nonce", "ciphertext")
        )
        known = content["kdf"] == "scrypt" and content["cipher"] == "AES-256-GCM" and len(nonce) == 12
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise KeyMaterialError("key-file-invalid", reason="part-malformed") from None
    powers = isinstance(n, int) and 2**10 <= n <= _MAX_N and n & (n - 1) == 0
    if not known or not powers or r not in range(1, 17) or p not in range(1, 5):
        raise KeyMaterialError("key-file-invalid", reason="encryption-unsupported")
    try:
        return AESGCM(_derive(passphrase, salt, n, r, p)).decrypt(nonce, sealed, method.encode())
    except InvalidTag:
        raise KeyMaterialError("key-file-passphrase-wrong") from None


def _derive(passphrase: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=n, r=r, p=p, maxmem=256 * n * r + 2**20, dklen=32)
