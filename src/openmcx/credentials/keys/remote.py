"""Signing with a key that a remote service keeps: a cloud HSM, or a trust service provider.

    signer = RemoteSigner(ask, credential_id="seal-2026", public_key=key, verification_method=method)

This module builds requests and reads answers; how they travel is the caller's business: `ask` takes the body of a
request and gives that of the answer. They follow a small part of the API of the Cloud Signature Consortium:

    POST …/csc/v2/signatures/signHash
    {"credentialID": "seal-2026", "SAD": "…", "hashes": ["<base64>"], "hashAlgorithmOID": "2.16.840.1.101.3.4.2.1",
     "signAlgo": "1.2.840.10045.4.3.2"}
    → {"signatures": ["<base64>"]}

The signature may be r ‖ s or, as X9.62 has it, in DER. Ed25519 hashes by itself: in place of a hash there stands what
is to be signed (64 bytes with Data Integrity), and "hashAlgorithmOID" is left out. A service that knows another
interface is reached by an `ask` that translates.

The service is not trusted with more than signing: every signature is verified before it is handed on.

Source: Cloud Signature Consortium, Architectures and protocols for remote signature applications, v2.0, section 11.10.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from openmcx.credentials.errors import KeyMaterialError
from openmcx.credentials.keys import signatures
from openmcx.credentials.keys.signer import SECRET_BYTES, Algorithm, HoldsSecret, PublicKey

type Ask = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Sends the body of a request to the service and gives the body of its answer, or raises anything."""

type Authorise = Callable[[str], str]
"""Gives the signature activation data ("SAD") for a hash in base64, where the service asks for them."""

# Source: RFC 5758, section 3.2; RFC 8410, section 3; RFC 5754, section 2 (object identifiers).
_ALGORITHMS: dict[Algorithm, tuple[str, str, str]] = {
    "P-256": ("sha256", "2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2"),
    "P-384": ("sha384", "2.16.840.1.101.3.4.2.2", "1.2.840.10045.4.3.3"),
    "Ed25519": ("", "", "1.3.101.112"),
}
_MAX_CHARACTERS = 400


class RemoteSigner(HoldsSecret):
    """A signer whose secret stays with a remote service.

    Raises: KeyMaterialError for a key of another kind than Ed25519, P-256 and P-384.
    """

    __slots__ = ("_ask", "_authorise", "_credential_id", "algorithm")

    def __init__(
        self,
        ask: Ask,
        *,
        credential_id: str,
        public_key: PublicKey,
        verification_method: str,
        authorise: Authorise | None = None,
    ) -> None:
        if public_key.algorithm not in _ALGORITHMS:
            raise KeyMaterialError("key-type-unsupported", found=public_key.algorithm)
        self._ask, self._authorise, self._credential_id = ask, authorise, credential_id
        self.algorithm: Algorithm = public_key.algorithm
        self.public_key = public_key
        self.verification_method = verification_method

    def sign(self, data: bytes) -> bytes:
        """This will give the signature over `data`: 64 bytes with Ed25519 and P-256, 96 with P-384.

        Raises: KeyMaterialError when the service cannot be asked, its answer is malformed, or its signature does not
        match the public key.
        """
        for signature in self._readings(self._answer(data)):
            if signatures.verify(self.public_key, signature, data):
                return signature
        raise KeyMaterialError("signer-signature-wrong", method=self.verification_method)

    def _answer(self, data: bytes) -> bytes:
        digest, digest_oid, algorithm_oid = _ALGORITHMS[self.algorithm]
        content = base64.b64encode(hashlib.new(digest, data).digest() if digest else data).decode("ascii")
        request: dict[str, Any] = {"credentialID": self._credential_id}
        try:
            if self._authorise is not None:
                request["SAD"] = self._authorise(content)
            request["hashes"] = [content]
            if digest_oid:
                request["hashAlgorithmOID"] = digest_oid
            request["signAlgo"] = algorithm_oid
            answer = self._ask(request)
        except Exception as error:
            # What the caller's transport says may hold what it authorised itself with.
            name = type(error).__name__
            raise KeyMaterialError("service-unusable", reason="device-failed", error=name) from None
        match answer:
            case {"signatures": [str(written)]} if len(written) <= _MAX_CHARACTERS:
                try:
                    return base64.b64decode(written, validate=True)
                except binascii.Error:
                    pass
        raise KeyMaterialError("service-unusable", reason="service-answer-invalid")

    def _readings(self, signature: bytes) -> list[bytes]:
        """This will give the ways in which the signature may be meant: as it stands, and out of DER."""
        readings = [signature]
        if self.algorithm != "Ed25519":
            # OpenSSL's bindings take long to load, and few need them.
            from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

            size = SECRET_BYTES[self.algorithm]
            try:
                r, s = decode_dss_signature(signature)
                readings.append(r.to_bytes(size) + s.to_bytes(size))
            except (ValueError, OverflowError):
                pass
        return readings
