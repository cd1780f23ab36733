"""COSE_Sign1 over credentials: ``vc+cose`` and ``vp+cose``.

    data = sign(document, signer=signer)
    verified = verify(data, public_key_for=keys)

Source: Securing Verifiable Credentials using JOSE and COSE, section 3.3; RFC 9052; RFC 9596 (typ).
"""

from openmcx.credentials.proofs.cose.credentials import sign, verify
from openmcx.credentials.proofs.cose.sign1 import VerifiedMessage, sign1, verify1

__all__ = ["VerifiedMessage", "sign", "sign1", "verify", "verify1"]
