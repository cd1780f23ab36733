"""Credentials and presentations of the W3C as SD-JWT: ``vc+sd-jwt`` and ``vp+sd-jwt``.

Source: Securing Verifiable Credentials using JOSE and COSE, section 3.2.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from openmcx.credentials import jsonld
from openmcx.credentials.errors import ProofError, pointer
from openmcx.credentials.keys.signer import Signer
from openmcx.credentials.proofs.jose import ALGORITHMS, CREDENTIAL
from openmcx.credentials.proofs.jose import claims as jwt
from openmcx.credentials.proofs.jose.compact import KeyFinder
from openmcx.credentials.proofs.jose.credentials import (
    Secured,
    check_content_type,
    document_in,
    header_of,
    issuer_in,
    payload_of,
)
from openmcx.credentials.proofs.sd_jwt.issuing import Path, issue
from openmcx.credentials.proofs.sd_jwt.verifying import VerifiedSdJwt, verify

# A holder who could leave these out could hide that a credential was revoked or has expired, or change what it means.
_NEVER_CONCEALED = frozenset({"@context", "credentialStatus", "validFrom", "validUntil", *jwt.REGISTERED})


def sign(
    document: Mapping[str, Any],
    *,
    disclosable: Collection[Path],
    signer: Signer,
    kind: Secured = CREDENTIAL,
    claims: Mapping[str, Any] | None = None,
    decoys: int = 0,
) -> str:
    """This will sign a credential or presentation of version 2 as an SD-JWT in which the paths can be disclosed alone.

    `claims` are further registered claims; ``cnf`` names the holder's key.

    Raises: ProofError when a path leads nowhere, or to what must not be hidden; and as `jose.sign`.
    """
    for path in disclosable:
        if path and path[0] in _NEVER_CONCEALED:
            raise ProofError("sd-jwt-never-concealed", path=pointer(path))
    payload = payload_of(document, kind, claims or {})
    return issue(payload, disclosable=disclosable, signer=signer, header=header_of(kind, "sd-jwt"), decoys=decoys)


def verify_document(
    sd_jwt: str,
    *,
    public_key_for: KeyFinder,
    kind: Secured = CREDENTIAL,
    algorithms: Collection[str] = ALGORITHMS,
    require_binding: bool = False,
    audience: str | None = None,
    nonce: str | None = None,
    limits: jsonld.Limits = jsonld.DEFAULT,
) -> VerifiedSdJwt:
    """This will verify a ``vc+sd-jwt`` or ``vp+sd-jwt``, or raise; its document is the part that is disclosed.

    Raises: as `verify` and `jose.verify`.
    """
    verified = verify(
        sd_jwt,
        public_key_for=public_key_for,
        types={f"{kind}+sd-jwt"},
        algorithms=algorithms,
        issuer_of=lambda found: issuer_in(found, kind),
        require_binding=require_binding,
        audience=audience,
        nonce=nonce,
        limits=limits,
    )
    check_content_type(verified.header, kind)
    return replace(verified, document=document_in(verified.claims, kind))
