"""SD-JWT VC of the IETF with the claims of the EUDI wallet's learning credential.

    sd_jwt = issue(credential, signer=signer, issued_at=now, holder=public_key)
    verified = verify(sd_jwt, public_key_for=IssuerKeys(resolver, fetch))
    credential = read(verified.document)

Source: SD-JWT-based Verifiable Credentials (IETF OAuth); European Digital Identity wallet, learning credential
(“Micro-Credential Attestation”); RFC 9901.
"""

from openmcx.credentials.formats.sd_jwt_vc.claims import LEARNING_CREDENTIAL, missing, read, write
from openmcx.credentials.formats.sd_jwt_vc.issuer_keys import IssuerKeys, metadata_url
from openmcx.credentials.formats.sd_jwt_vc.tokens import MEDIA_TYPE, issue, verify

__all__ = [
    "LEARNING_CREDENTIAL",
    "MEDIA_TYPE",
    "IssuerKeys",
    "issue",
    "metadata_url",
    "missing",
    "read",
    "verify",
    "write",
]
