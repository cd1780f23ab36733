"""Credentials and presentations of version 2 as the content of a COSE_Sign1.

The content is the JSON of the credential; the protected header says so: 3 = ``application/vc``, 16 =
``application/vc+cose``, 4 = the key's verification method.

Source: Securing Verifiable Credentials using JOSE and COSE, section 3.3.
"""

from collections.abc import Collection, Mapping
from typing import Any

from openmcx.credentials import jsonld
from openmcx.credentials.keys.signer import Signer
from openmcx.credentials.proofs.cose.sign1 import CONTENT_TYPE, TYP, sign1, verify1
from openmcx.credentials.proofs.jose import ALGORITHMS, CREDENTIAL, VerifiedToken
from openmcx.credentials.proofs.jose import claims as jwt
from openmcx.credentials.proofs.jose.compact import KeyFinder
from openmcx.credentials.proofs.jose.credentials import (
    Secured,
    document_in,
    issued_at,
    issuer_in,
    payload_of,
    written,
)


def sign(document: Mapping[str, Any], *, signer: Signer, kind: Secured = CREDENTIAL) -> bytes:
    """This will sign a credential or presentation of version 2 as ``vc+cose`` or ``vp+cose``, in binary.

    Raises: FormatError when it is no such document; DocumentError when it holds something that is no JSON.
    """
    header = {CONTENT_TYPE: f"application/{kind}", TYP: f"application/{kind}+cose"}
    return sign1(written(payload_of(document, kind, {})), signer=signer, header=header)


def verify(
    data: bytes,
    *,
    public_key_for: KeyFinder,
    kind: Secured = CREDENTIAL,
    algorithms: Collection[str] = ALGORITHMS,
    limits: jsonld.Limits = jsonld.DEFAULT,
) -> VerifiedToken:
    """This will verify a ``vc+cose`` or ``vp+cose``, or raise. Whose key it is is for the caller to check.

    Raises: ProofError, DocumentError, FormatError, and what `public_key_for` raises.
    """
    payload: dict[str, Any] = {}

    def issuer_of(content: bytes) -> str:
        payload.update(jsonld.load(content, limits=limits))
        return issuer_in(payload, kind)

    message = verify1(
        data,
        public_key_for=public_key_for,
        issuer_of=issuer_of,
        types={f"{kind}+cose"},
        content_types={kind},
        algorithms=algorithms,
        max_bytes=limits.max_bytes + 64 * 1024,
    )
    return VerifiedToken(
        document=document_in(payload, kind),
        claims=payload,
        media_type=f"{kind}+cose",
        algorithm=message.algorithm,
        key=message.key,
        public_key=message.public_key,
        header={"alg": message.algorithm, "kid": message.key.kid, "typ": f"{kind}+cose", "cty": kind},
        issued_at=issued_at(payload),
        not_before=jwt.time_of(payload, "nbf"),
        expires_at=jwt.time_of(payload, "exp"),
    )
