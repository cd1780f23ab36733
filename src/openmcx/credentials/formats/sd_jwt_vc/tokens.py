"""SD-JWT VC: an SD-JWT of the type ``dc+sd-jwt`` whose claims name what kind of credential it is (``vct``).

Source: SD-JWT-based Verifiable Credentials (IETF OAuth), sections 2.2 (format) and 2.4 (verification).
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from openmcx.credentials import jsonld
from openmcx.credentials.errors import ProofError
from openmcx.credentials.formats.sd_jwt_vc.claims import write
from openmcx.credentials.keys.jwk import write_jwk
from openmcx.credentials.keys.signer import PublicKey, Signer
from openmcx.credentials.model import Credential
from openmcx.credentials.proofs import sd_jwt
from openmcx.credentials.proofs.jose import ALGORITHMS
from openmcx.credentials.proofs.jose import claims as jwt
from openmcx.credentials.proofs.jose.compact import KeyFinder

MEDIA_TYPE = "dc+sd-jwt"
_CONCEALABLE = (
    "family_name",
    "given_name",
    "learning_outcomes",
    "assessment_grade",
    "learner_identification",
    "expected_study_time",
    "level_of_learning_experience",
    "types_of_quality_assurance",
    "prerequisites_to_enroll",
    "integration_stackability_options",
)
# A holder who could leave these out could hide that it was revoked or has expired, or whose it is.
_NEVER_CONCEALED = frozenset({"iss", "iat", "nbf", "exp", "jti", "cnf", "vct", "vct#integrity", "status"})


def issue(
    credential: Credential,
    *,
    signer: Signer,
    issued_at: dt.datetime,
    holder: PublicKey | None = None,
    chain: Sequence[bytes] = (),
    language: str = "",
    decoys: int = 0,
) -> str:
    """This will issue an award as a learning credential of which the holder discloses what they choose.

    `holder` is the key with which the holder will show it; the European wallet requires one. `chain` are the signer's
    certificates in DER, its own first; without them the verifier finds the key by ``kid``.

    Raises: FormatError when the award lacks what a learning credential must have.
    """
    claims: dict[str, Any] = {**write(credential, language=language), "iat": jwt.numeric_date(issued_at)}
    if holder is not None:
        claims["cnf"] = {"jwk": write_jwk(holder)}
    header: dict[str, Any] = {"typ": MEDIA_TYPE}
    if chain:
        header["x5c"] = [base64.b64encode(certificate).decode("ascii") for certificate in chain]
    disclosable = tuple((name,) for name in _CONCEALABLE if name in claims)
    return sd_jwt.issue(claims, disclosable=disclosable, signer=signer, header=header, decoys=decoys)


def verify(
    token: str,
    *,
    public_key_for: KeyFinder,
    algorithms: Collection[str] = ALGORITHMS,
    require_binding: bool = False,
    audience: str | None = None,
    nonce: str | None = None,
    limits: jsonld.Limits = jsonld.DEFAULT,
) -> sd_jwt.VerifiedSdJwt:
    """This will verify an SD-JWT VC of any type, or raise; the W3C's ``vc+sd-jwt`` is another format and refused.

    `public_key_for` answers for whose key it is, as `IssuerKeys` does; the times are for the caller to judge.

    Raises: as `sd_jwt.verify`; ProofError when it names no type, or its holder could have hidden what must be seen.
    """
    verified = sd_jwt.verify(
        token,
        public_key_for=public_key_for,
        types={MEDIA_TYPE},
        algorithms=algorithms,
        require_binding=require_binding,
        audience=audience,
        nonce=nonce,
        limits=limits,
    )
    for path in verified.disclosed:
        if path[0] in _NEVER_CONCEALED:
            raise ProofError("sd-jwt-never-concealed", path=f"/{path[0]}")
    if not jwt.text_of(verified.claims, "vct"):
        raise ProofError("jwt-claim-missing", member="vct")
    # `iat` decides here since when it was issued, unlike in the W3C's format.
    jwt.time_of(verified.claims, "iat")
    return verified
