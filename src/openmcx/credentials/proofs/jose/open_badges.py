"""The JSON Web Token of Open Badges 3.0, which is not the ``vc+jwt`` of VC-JOSE-COSE.

A badge of version 2 of the data model is the payload itself; one of version 1.1 stands in the claim ``vc``. Either way
the registered claims repeat members of the badge: ``iss`` its issuer, ``jti`` its id, ``nbf`` and ``exp`` its validity,
``sub`` its subject. A reader that looks at the one must not find something else than a reader that looks at the other.

Source: Open Badges 3.0, section 8.1 (JSON Web Token Proof Format); VC Data Model 1.1, section 6.3.1.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from openmcx.credentials import jsonld
from openmcx.credentials.errors import FormatError, ProofError
from openmcx.credentials.instants import parse_instant, write_instant
from openmcx.credentials.keys.jwk import write_jwk
from openmcx.credentials.keys.signer import Signer
from openmcx.credentials.proofs.jose import claims as jwt
from openmcx.credentials.proofs.jose.compact import ALGORITHMS, KeyFinder, VerifiedToken, sign_compact, verify_compact
from openmcx.credentials.proofs.jose.credentials import written

_VC_V1 = "https://www.w3.org/2018/credentials/v1"
_VC_V2 = "https://www.w3.org/ns/credentials/v2"
# Where the two versions of the data model keep the bounds of the validity.
_TIMES = {_VC_V1: {"nbf": "issuanceDate", "exp": "expirationDate"}, _VC_V2: {"nbf": "validFrom", "exp": "validUntil"}}


def sign_open_badge(document: Mapping[str, Any], *, signer: Signer, embed_key: bool = False) -> str:
    """This will sign a badge as the JWT of Open Badges 3.0; it is written as it is, with its claims beside it.

    ``kid`` is the signer's verification method. With `embed_key` the public key itself stands in its place, for readers
    that resolve no DIDs; it says nothing about who signed.

    Raises: FormatError when the badge has no issuer, id or begin of its validity, or a time in it is none.
    """
    contexts = document.get("@context")
    version = contexts[0] if isinstance(contexts, list) and contexts else contexts
    if version not in _TIMES:
        raise FormatError("format-member-invalid", member="@context", reason="wrong-first-context")
    claims: dict[str, Any] = {"iss": jwt.id_of(document.get("issuer")), "jti": jwt.id_of(document.get("id"))}
    for name, member in _TIMES[version].items():
        if document.get(member) is not None:
            claims[name] = jwt.numeric_date(parse_instant(document[member], member=member))
    if subject := _subject_id(document):
        claims["sub"] = subject
    for name, member in (("iss", "issuer"), ("jti", "id"), ("nbf", _TIMES[version]["nbf"])):
        if not claims.get(name):
            raise FormatError("format-member-missing", member=member)
    payload = {"vc": dict(document), **claims} if version == _VC_V1 else {**document, **claims}
    header: dict[str, Any] = {"typ": "JWT"}
    if embed_key:
        header["jwk"] = write_jwk(signer.public_key)
    return sign_compact(written(payload), signer=signer, header=header)


def verify_open_badge(
    token: str,
    *,
    public_key_for: KeyFinder,
    algorithms: Collection[str] = ALGORITHMS,
    limits: jsonld.Limits = jsonld.DEFAULT,
) -> VerifiedToken:
    """This will verify a badge that is a JWT, in either convention, or raise.

    Whose key it is is for the caller to check, as are the times; a ``jwk`` in the header proves nothing about that.

    Raises: ProofError, DocumentError, FormatError, and what `public_key_for` raises.
    """
    header, payload, reference, key = verify_compact(
        token,
        public_key_for=public_key_for,
        types={"jwt"},
        algorithms=algorithms,
        issuer_of=lambda claims: jwt.id_of(claims.get("iss")),
        require_type=False,
        limits=limits,
    )
    document = _document(payload)
    return VerifiedToken(
        document=document,
        claims=payload,
        media_type="jwt",
        algorithm=header["alg"],
        key=reference,
        public_key=key,
        header=header,
        issued_at=jwt.time_of(payload, "iat"),
        not_before=jwt.time_of(payload, "nbf"),
        expires_at=jwt.time_of(payload, "exp"),
    )


def _document(payload: Mapping[str, Any]) -> dict[str, Any]:
    """This will take the badge out of the claims and compare the claims with it."""
    wrapped = "vc" in payload
    if "vp" in payload:
        raise ProofError("jwt-claim-refused", member="vp")
    if wrapped:
        if not isinstance(payload["vc"], Mapping):
            raise ProofError("jwt-claim-invalid", member="vc")
        document = dict(payload["vc"])
    else:
        document = {name: value for name, value in payload.items() if name not in jwt.REGISTERED}
    contexts = document.get("@context")
    version = contexts[0] if isinstance(contexts, list) and contexts else contexts
    # Each convention belongs to one version: in the other, readers would look for the badge elsewhere.
    if version != (_VC_V1 if wrapped else _VC_V2):
        raise FormatError("format-member-invalid", member="@context", reason="wrong-first-context")
    _take(document, payload, "iss", "issuer", jwt.id_of(document.get("issuer")), fill=wrapped)
    _take(document, payload, "jti", "id", jwt.id_of(document.get("id")), fill=wrapped)
    subject = document.get("credentialSubject")
    if wrapped and isinstance(subject, Mapping) and "id" not in subject and "sub" in payload:
        document["credentialSubject"] = {"id": jwt.text_of(payload, "sub"), **subject}
    if ("sub" in payload or _subject_id(document)) and jwt.text_of(payload, "sub") != _subject_id(document):
        raise ProofError("jwt-claim-differs", member="sub", expected="credentialSubject.id")
    for name, member in _TIMES[version].items():
        _take_time(document, payload, name, member, required=name == "nbf", fill=wrapped)
    return document


def _take(
    document: dict[str, Any], payload: Mapping[str, Any], claim: str, member: str, found: str, *, fill: bool
) -> None:
    """This will compare a claim, which must be there, with its member; in version 1.1 the claim alone is enough."""
    value = jwt.text_of(payload, claim)
    if not value:
        raise ProofError("jwt-claim-missing", member=claim)
    if fill and member not in document:
        document[member] = value
    elif value != found:
        raise ProofError("jwt-claim-differs", member=claim, expected=member)


def _take_time(
    document: dict[str, Any], payload: Mapping[str, Any], claim: str, member: str, *, required: bool, fill: bool
) -> None:
    moment = jwt.time_of(payload, claim)
    if moment is None:
        if required or document.get(member) is not None:
            raise ProofError("jwt-claim-missing", member=claim)
        return
    if fill and document.get(member) is None:
        document[member] = write_instant(moment)
        return
    if document.get(member) is None or abs(parse_instant(document[member], member=member) - moment) >= dt.timedelta(
        seconds=1
    ):
        raise ProofError("jwt-claim-differs", member=claim, expected=member)


def _subject_id(document: Mapping[str, Any]) -> str:
    subject = document.get("credentialSubject")
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    return jwt.id_of(subject) if isinstance(subject, Mapping) else ""
