"""Credentials and presentations of version 2 as the claims of a JWT: ``vc+jwt`` and ``vp+jwt``.

The payload is the credential itself. Registered claims may stand beside its members; where both say the same thing they
must agree. What used to wrap a credential, ``vc`` and ``vp``, must not be there.

Source: Securing Verifiable Credentials using JOSE and COSE, sections 3.1 and 4.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Literal

import orjson

from openmcx.credentials import jsonld
from openmcx.credentials.errors import DocumentError, FormatError, ProofError
from openmcx.credentials.keys.signer import Signer
from openmcx.credentials.proofs import envelopes
from openmcx.credentials.proofs.jose import claims as jwt
from openmcx.credentials.proofs.jose.compact import (
    ALGORITHMS,
    KeyFinder,
    VerifiedToken,
    short_type,
    sign_compact,
    verify_compact,
)

type Secured = Literal["vc", "vp"]
"""A credential or a presentation: what ``cty`` calls the document that is secured."""

CREDENTIAL: Secured = "vc"
PRESENTATION: Secured = "vp"
# Who a document is from, and of what type it must be.
_FROM = {"vc": "issuer", "vp": "holder"}
_TYPES = {"vc": "VerifiableCredential", "vp": "VerifiablePresentation"}
_VC_V2 = "https://www.w3.org/ns/credentials/v2"
_WRAPPERS = ("vc", "vp")
_JSON_ONLY = (
    orjson.OPT_STRICT_INTEGER
    | orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
)


def sign(
    document: Mapping[str, Any],
    *,
    signer: Signer,
    kind: Secured = CREDENTIAL,
    claims: Mapping[str, Any] | None = None,
    header: Mapping[str, Any] | None = None,
) -> str:
    """This will sign a credential or presentation of version 2 as ``vc+jwt`` or ``vp+jwt``.

    `claims` are further registered claims, such as ``exp``, ``aud`` and ``nonce``; `header` replaces ``kid``, which is
    the signer's verification method, by another reference to the key, such as ``x5c``.

    Raises: FormatError when it is no such document; ProofError when a claim differs from it; DocumentError when it
    holds something that is no JSON.
    """
    payload = payload_of(document, kind, claims or {})
    return sign_compact(written(payload), signer=signer, header={**(header or {}), **header_of(kind, "jwt")})


def verify(
    token: str,
    *,
    public_key_for: KeyFinder,
    kind: Secured = CREDENTIAL,
    algorithms: Collection[str] = ALGORITHMS,
    limits: jsonld.Limits = jsonld.DEFAULT,
) -> VerifiedToken:
    """This will verify a ``vc+jwt`` or ``vp+jwt``, or raise.

    Whose key it is is for the caller to check, as are the times. ``iat`` decides nothing, so one that is no time (in
    use, and in the test suite of the W3C) is passed over.

    Raises: ProofError, DocumentError, FormatError, and what `public_key_for` raises.
    """
    header, payload, reference, key = verify_compact(
        token,
        public_key_for=public_key_for,
        types={f"{kind}+jwt"},
        algorithms=algorithms,
        issuer_of=lambda found: issuer_in(found, kind),
        limits=limits,
    )
    check_content_type(header, kind)
    document = document_in(payload, kind)
    return VerifiedToken(
        document=document,
        claims=payload,
        media_type=header["typ"],
        algorithm=header["alg"],
        key=reference,
        public_key=key,
        header=header,
        issued_at=issued_at(payload),
        not_before=jwt.time_of(payload, "nbf"),
        expires_at=jwt.time_of(payload, "exp"),
    )


def header_of(kind: Secured, form: str) -> dict[str, str]:
    """This will give the members of the header that say what is secured, and how: ``jwt`` or ``sd-jwt``."""
    return {"typ": f"{kind}+{form}", "cty": kind}


def payload_of(document: Mapping[str, Any], kind: Secured, claims: Mapping[str, Any]) -> dict[str, Any]:
    """This will give the claims that are signed: the members of the document, and registered claims beside them.

    Raises: as `sign`.
    """
    foreign = sorted(claims.keys() - jwt.REGISTERED)
    if foreign:
        raise ValueError(f"no registered claim: {foreign[0]}")
    for member in sorted(jwt.REGISTERED & document.keys()):
        # It would be taken for a claim of the token and go missing from the credential.
        raise ProofError("jwt-claim-refused", member=member)
    payload = {**document, **claims}
    document_in(payload, kind)
    return payload


def written(payload: Mapping[str, Any]) -> bytes:
    """This will write claims as JSON. Raises: DocumentError when they hold something that is no JSON."""
    try:
        return orjson.dumps(payload, option=_JSON_ONLY)
    except TypeError as error:
        raise DocumentError("data-not-json") from error


def document_in(payload: Mapping[str, Any], kind: Secured) -> dict[str, Any]:
    """This will take the document out of the claims, having compared the one with the others.

    Raises: FormatError when it is no credential or presentation of version 2; ProofError when a claim must not be there
    or differs.
    """
    for member in _WRAPPERS:
        if member in payload:
            raise ProofError("jwt-claim-refused", member=member)
    document = {name: value for name, value in payload.items() if name not in jwt.REGISTERED}
    contexts, types = _each(document.get("@context")), _each(document.get("type"))
    if contexts[:1] != [_VC_V2]:
        raise FormatError("format-member-invalid", member="@context", reason="wrong-first-context")
    if _TYPES[kind] not in types:
        raise FormatError(
            "format-member-invalid",
            member="type",
            reason="no-credential-type" if kind == "vc" else "no-presentation-type",
        )
    if kind == PRESENTATION:
        envelopes.check_secured(document)
    source = _FROM[kind]
    if kind == CREDENTIAL or source in document:  # a presentation need not name its holder
        jwt.check_equal(payload, "iss", jwt.id_of(document.get(source)), source)
    if "id" in document:
        jwt.check_equal(payload, "jti", jwt.id_of(document["id"]), "id")
    subject = document.get("credentialSubject")
    if isinstance(subject, Mapping) and "id" in subject:
        jwt.check_equal(payload, "sub", jwt.id_of(subject), "credentialSubject.id")
    return document


def issuer_in(payload: Mapping[str, Any], kind: Secured) -> str:
    """This will give who the document says it is from: the issuer of a credential, the holder of a presentation."""
    return jwt.id_of(payload.get(_FROM[kind])) or jwt.id_of(payload.get("iss"))


def check_content_type(header: Mapping[str, Any], kind: Secured) -> None:
    """This will refuse a ``cty`` that calls the content something else. Raises: ProofError."""
    if "cty" in header and short_type(header["cty"]) != kind:
        raise ProofError("jws-type-mismatch", found=str(header["cty"]), expected=kind)


def issued_at(payload: Mapping[str, Any]) -> dt.datetime | None:
    """This will give the time in ``iat``, or None when there is none that can be read."""
    try:
        return jwt.time_of(payload, "iat")
    except ProofError:
        return None


def _each(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
