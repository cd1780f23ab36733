"""Selective Disclosure for JWTs: the issuer signs digests, the holder shows what they stand for, or does not.

    sd_jwt = issue(claims, disclosable=[("given_name",), ("address", "street")], signer=signer, header={"typ": "…"})
    shown = present(sd_jwt, disclose=[("given_name",)], binding=Binding(holder, audience, nonce, issued_at=now))
    verified = verify(shown, public_key_for=keys, types={"…"})

Two formats are built on it and are never taken for one another, because the header says which it is: credentials of the
W3C (``vc+sd-jwt``, here) and SD-JWT VC of the IETF (``dc+sd-jwt``, `formats.sd_jwt_vc`).

Source: RFC 9901; Securing Verifiable Credentials using JOSE and COSE, section 3.2.
"""

from openmcx.credentials.proofs.sd_jwt.credentials import sign, verify_document
from openmcx.credentials.proofs.sd_jwt.issuing import Path, issue
from openmcx.credentials.proofs.sd_jwt.parts import from_json
from openmcx.credentials.proofs.sd_jwt.presenting import Binding, disclosable_paths, present
from openmcx.credentials.proofs.sd_jwt.verifying import KeyBinding, VerifiedSdJwt, verify

__all__ = [
    "Binding",
    "KeyBinding",
    "Path",
    "VerifiedSdJwt",
    "disclosable_paths",
    "from_json",
    "issue",
    "present",
    "sign",
    "verify",
    "verify_document",
]
