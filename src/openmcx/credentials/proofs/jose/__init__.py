"""JSON Web Signatures over credentials: what VC-JOSE-COSE secures with ``vc+jwt``, and the JWT of Open Badges 3.0.

    token = sign(document, signer=signer)
    verified = verify(token, public_key_for=keys)

Source: Securing Verifiable Credentials using JOSE and COSE, sections 3.1 and 4; Open Badges 3.0, section 8.1 (JSON Web
Token Proof Format); RFC 7515; RFC 7519.
"""

from openmcx.credentials.proofs.jose.compact import (
    ALGORITHMS,
    KeyReference,
    VerifiedToken,
    public_key_for,
    read_header,
    sign_compact,
    verify_compact,
)
from openmcx.credentials.proofs.jose.credentials import CREDENTIAL, PRESENTATION, sign, verify
from openmcx.credentials.proofs.jose.open_badges import sign_open_badge, verify_open_badge

__all__ = [
    "ALGORITHMS",
    "CREDENTIAL",
    "PRESENTATION",
    "KeyReference",
    "VerifiedToken",
    "public_key_for",
    "read_header",
    "sign",
    "sign_compact",
    "sign_open_badge",
    "verify",
    "verify_compact",
    "verify_open_badge",
]
