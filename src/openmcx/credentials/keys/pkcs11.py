"""Signing with a key that lies in a hardware security module or smart card and never leaves it (PKCS #11).

    with open_token(library, label="registrar", pin=pin) as token:
        signer = token.signer("signing-2026", verification_method=method)
        document = issue(credential, signer=signer, created=now)

The device is told what to sign and not trusted with more: every signature is verified before it is handed on. The PIN
is given to the device and kept nowhere.

Source: PKCS #11 Specification v3.1, sections 6.3 (elliptic curves) and 6.4 (ECDSA, EdDSA).
"""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING, Any, Self

from openmcx.credentials.errors import KeyMaterialError
from openmcx.credentials.keys import signatures
from openmcx.credentials.keys.signer import SECRET_BYTES, Algorithm, HoldsSecret, PublicKey

if TYPE_CHECKING:
    import types

# The object identifiers of the curves in DER, and the names that some devices give in place of them.
_CURVES: dict[bytes, Algorithm] = {
    bytes.fromhex("06082a8648ce3d030107"): "P-256",
    bytes.fromhex("06052b81040022"): "P-384",
    bytes.fromhex("06032b6570"): "Ed25519",
    b"\x13\x0cedwards25519": "Ed25519",
}
_OCTET_STRING = 0x04
_UNCOMPRESSED = 0x04


class Token:
    """An opened token of a device, with its keys. Made by ``open_token``; to be closed, or used as a context.

    Calls from several threads wait for one another, since a session of PKCS #11 does one thing at a time.
    """

    def __init__(self, session: Any) -> None:
        """This will keep the session."""
        self._session = session
        self._is_closed = False
        self._lock = threading.Lock()

    def signer(self, label: str, *, verification_method: str) -> Pkcs11Signer:
        """This will give the signer of the key pair that is kept under a label.

        `verification_method` is the DID URL under which its public key is published.

        Raises: KeyMaterialError when there is no such key or several, it is of another kind than Ed25519, P-256 and
        P-384, or it does not sign what its public key verifies.
        """
        pkcs11 = _support()
        try:
            with self._lock:
                key = self._lone(pkcs11.ObjectClass.PRIVATE_KEY, label, pkcs11.Attribute)
                shown = self._lone(pkcs11.ObjectClass.PUBLIC_KEY, label, pkcs11.Attribute)
                public_key = _public_key(shown, pkcs11.Attribute)
        except pkcs11.PKCS11Error as error:
            raise _worded(error) from None
        signer = Pkcs11Signer(key, self._lock, public_key, verification_method)
        signer.sign(b"openmcx: does this device sign with the key it shows?")
        return signer

    def _lone(self, kind: Any, label: str, attribute: Any) -> Any:
        """This will give the one object of a kind and label. A search is always led to its end, or it stays open."""
        found = list(self._session.get_objects({attribute.CLASS: kind, attribute.LABEL: label}))
        if len(found) != 1:
            raise KeyMaterialError("device-unusable", reason="device-key-twice" if found else "device-key-missing")
        return found[0]

    def close(self) -> None:
        """This will end the session; signers of this token sign nothing from then on."""
        with self._lock:
            if not self._is_closed:
                self._session.close()
            self._is_closed = True

    def __enter__(self) -> Self:
        """This will begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """This will end the session."""
        self.close()


class Pkcs11Signer(HoldsSecret):
    """A signer whose secret stays in a device. Made by a ``Token``."""

    __slots__ = ("_key", "_lock", "algorithm")

    def __init__(self, key: Any, lock: threading.Lock, public_key: PublicKey, verification_method: str) -> None:
        self._key, self._lock = key, lock
        self.algorithm: Algorithm = public_key.algorithm
        self.public_key = public_key
        self.verification_method = verification_method

    def sign(self, data: bytes) -> bytes:
        """This will give the signature over `data`: 64 bytes with Ed25519 and P-256, 96 with P-384.

        Raises: KeyMaterialError when the device fails or its signature does not match the public key.
        """
        pkcs11 = _support()
        if self.algorithm == "Ed25519":
            mechanism, content = pkcs11.Mechanism.EDDSA, data
        else:
            digest = hashlib.sha256 if self.algorithm == "P-256" else hashlib.sha384
            # The hash is made here, because many devices have no mechanism that makes it.
            mechanism, content = pkcs11.Mechanism.ECDSA, digest(data).digest()
        try:
            with self._lock:
                signature = bytes(self._key.sign(content, mechanism=mechanism))
        except pkcs11.PKCS11Error as error:
            raise _worded(error) from None
        signatures.check(self, signature, data)
        return signature


def open_token(library: str, *, label: str, pin: str) -> Token:
    """This will log in to a token of a device.

    `library` is the path of the device's PKCS #11 library, `label` that of the token. A process can be logged in to a
    token once: all keys of a token are used through one ``Token``.

    Raises: KeyMaterialError when the device or token is not there, the PIN is wrong, or the token is open already.
    """
    pkcs11 = _support()
    try:
        device = pkcs11.lib(library)
    except Exception:
        # What cannot be loaded is answered in many ways, depending on what it is.
        raise KeyMaterialError("device-unusable", reason="device-library-unusable") from None
    try:
        return Token(device.get_token(token_label=label).open(user_pin=pin))
    except pkcs11.PKCS11Error as error:
        raise _worded(error) from None


def _support() -> types.ModuleType:
    try:
        # An extra: most keys lie in files.
        import pkcs11
    except ImportError:
        raise KeyMaterialError("device-support-missing") from None
    return pkcs11


def _public_key(key: Any, attribute: Any) -> PublicKey:
    """This will read a public key as the device shows it: the name of the curve, and the point.

    Source: PKCS #11 Specification v3.1, section 6.3.3: the point is a DER OCTET STRING, which some devices leave out.
    """
    algorithm = _CURVES.get(bytes(key[attribute.EC_PARAMS]))
    if algorithm is None:
        raise KeyMaterialError("device-unusable", reason="device-kind-unsupported")
    point = bytes(key[attribute.EC_POINT])
    size = 32 if algorithm == "Ed25519" else 1 + 2 * SECRET_BYTES[algorithm]
    if len(point) == size + 2 and point[:2] == bytes([_OCTET_STRING, size]):
        point = point[2:]
    if len(point) != size or (algorithm != "Ed25519" and point[0] != _UNCOMPRESSED):
        raise KeyMaterialError("device-unusable", reason="device-kind-unsupported")
    if algorithm == "Ed25519":
        return PublicKey("Ed25519", point)
    x, last = point[1 : 1 + SECRET_BYTES[algorithm]], point[-1]
    return PublicKey(algorithm, bytes([2 + last % 2]) + x)


def _worded(error: Exception) -> KeyMaterialError:
    """This will say in our words what the device said; its own words are not repeated, since they are not known."""
    reasons = {
        "NoSuchToken": "device-token-missing",
        "MultipleTokensReturned": "device-token-missing",
        "PinIncorrect": "device-pin-wrong",
        "PinInvalid": "device-pin-wrong",
        "PinLenRange": "device-pin-wrong",
        "PinLocked": "device-pin-wrong",
        "UserAlreadyLoggedIn": "device-open-already",
        "AttributeTypeInvalid": "device-kind-unsupported",
    }
    name = type(error).__name__
    if name in reasons:
        return KeyMaterialError("device-unusable", reason=reasons[name])
    return KeyMaterialError("device-unusable", reason="device-failed", error=name)
