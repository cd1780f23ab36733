"""Verifying one signature: the rule of `keys.signatures`, under the name by which proofs know it."""

from openmcx.credentials.keys.signatures import (
    JWS_ALGORITHMS,
    SIGNATURE_BYTES,
    check_jws_algorithm,
    check_public_key,
    jws_algorithm,
    verify,
)

__all__ = [
    "JWS_ALGORITHMS",
    "SIGNATURE_BYTES",
    "check_jws_algorithm",
    "check_public_key",
    "jws_algorithm",
    "verify",
]
