"""Verifying credentials and presentations, and saying what was found out.

Source: Verifiable Credentials Data Model 2.0, section 7.1; VC Data Integrity 1.0, sections 4.4 to 4.6; Securing
Verifiable Credentials using JOSE and COSE, section 3.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from openmcx.credentials import jsonld
from openmcx.credentials.conformance.problems import SECURITY, Problem, problem
from openmcx.credentials.errors import CredentialError, DocumentError, FormatError, ProofError
from openmcx.credentials.findings import Finding
from openmcx.credentials.formats import vc
from openmcx.credentials.instants import read_instant
from openmcx.credentials.jsonld.reading import json_type
from openmcx.credentials.keys.resolve import Fetch, KeyResolver, Purpose
from openmcx.credentials.proofs import data_integrity
from openmcx.credentials.proofs.data_integrity.suites import FORMER
from openmcx.credentials.proofs.data_integrity.suites import SUITES as BY_NAME
from openmcx.credentials.proofs.secured import Secured, SignedBy, by_token
from openmcx.credentials.proofs.times import CLOCK_SKEW
from openmcx.credentials.report import Outcome
from openmcx.credentials.status.check import check_status

PROOF, STATUS = "proof", "credentialStatus"
CHECKS = frozenset({PROOF, STATUS})
"""What can be asked to be checked, by the names of the VC-API."""

MAX_CREDENTIALS = 20
"""As many credentials as one presentation may hold."""

SUITES = data_integrity.CRYPTOSUITES | FORMER.keys()
"""What is verified: all that is signed, and what was signed before."""

# What is in an envelope, by its media type, as `by_token` calls it.
_TOKENS = {"vc+jwt": "credential-jwt", "vc+sd-jwt": "credential-sd-jwt", "vc+cose": "credential-cose"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found out about one credential or presentation.

    `is_bound` says whether one of the proofs was made with a key of the issuer, or the holder; `notes` are what speaks
    against relying on it although it is verified, such as an expiry; `credentials` are those in a presentation.
    """

    problems: tuple[Problem, ...] = ()
    is_bound: bool = False
    controllers: tuple[str, ...] = ()
    notes: tuple[Finding, ...] = ()
    document: dict[str, Any] = field(default_factory=dict, repr=False)
    credentials: tuple[Judgement, ...] = ()

    @property
    def is_verified(self) -> bool:
        """This will say whether nothing was found wrong."""
        return not self.problems


def verify_credential(
    document: object,
    *,
    at: dt.datetime,
    fetch: Fetch | None = None,
    checks: Collection[str] = CHECKS,
    domain: str | None = None,
    challenge: str | None = None,
    limits: jsonld.Limits = jsonld.DEFAULT,
) -> Judgement:
    """This will verify a credential at the time `at`; it does not raise for any document.

    `checks` names what is checked, of `CHECKS`; the proof always is.

    Source: Verifiable Credentials Data Model 2.0, section 7.1; VC Data Integrity 1.0, sections 4.4 and 4.6.
    """
    resolver = KeyResolver(fetch)
    try:
        secured = _secured(_object(document), resolver, domain, challenge, limits)
        vc.check_credential(secured.document)
    except CredentialError as error:
        return Judgement(problems=(problem(error),))
    issuer = vc.issuer_of(secured.document)
    controllers = _controllers(secured)
    judgement = Judgement(
        problems=_time_problems(secured, at),
        is_bound=issuer in controllers,
        controllers=controllers,
        notes=_validity(secured.document, at),
        document=secured.document,
    )
    if STATUS not in checks or judgement.problems:
        return judgement
    return _with_status(judgement, issuer, at, fetch, resolver)


def verify_presentation(
    document: object,
    *,
    at: dt.datetime,
    fetch: Fetch | None = None,
    checks: Collection[str] = CHECKS,
    domain: str | None = None,
    challenge: str | None = None,
    limits: jsonld.Limits = jsonld.DEFAULT,
) -> Judgement:
    """This will verify a presentation, and every credential in it, at the time `at`; it does not raise.

    `domain` and `challenge` are what the holder was asked to answer to.

    Source: Verifiable Credentials Data Model 2.0, section 7.1; VC Data Integrity 1.0, section 4.4.
    """
    resolver = KeyResolver(fetch)
    try:
        secured = _secured_presentation(_object(document), resolver, domain, challenge, limits)
        vc.check_presentation(secured.document)
        held = _held(secured.document)
    except CredentialError as error:
        return Judgement(problems=(problem(error),))
    controllers = _controllers(secured)
    credentials = tuple(verify_credential(one, at=at, fetch=fetch, checks=checks, limits=limits) for one in held)
    inside = [
        replace(found, finding=replace(found.finding, pointer=f"/verifiableCredential/{number}{found.finding.pointer}"))
        for number, judgement in enumerate(credentials)
        for found in judgement.problems
    ]
    return Judgement(
        problems=(*_time_problems(secured, at), *inside),
        is_bound=vc.holder_of(secured.document) in controllers,
        controllers=controllers,
        document=secured.document,
        credentials=credentials,
    )


def _object(document: object) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise DocumentError("document-not-an-object", kind=json_type(document))
    return document


def _secured(
    document: dict[str, Any],
    resolver: KeyResolver,
    domain: str | None,
    challenge: str | None,
    limits: jsonld.Limits,
) -> Secured:
    """This will verify what secures a credential: a proof of its own, or the envelope that it is in."""
    if vc.ENVELOPED_CREDENTIAL not in _types(document):
        vc.check_credential(document)
        return _by_proof(document, resolver, "assertionMethod", domain, challenge, limits)
    vc.check_envelope(document)
    from openmcx.credentials.proofs import envelopes

    envelope = envelopes.unwrap(document)
    secured = by_token(_TOKENS[envelope.media_type], envelope.content, resolver, limits)
    jsonld.to_nquads(secured.document, limits=limits)
    return secured


def _secured_presentation(
    document: dict[str, Any],
    resolver: KeyResolver,
    domain: str | None,
    challenge: str | None,
    limits: jsonld.Limits,
) -> Secured:
    """This will verify what secures a presentation: a proof of its own, or the envelope that it is in."""
    if vc.ENVELOPED_PRESENTATION not in _types(document):
        vc.check_presentation(document)
        return _by_proof(document, resolver, "authentication", domain, challenge, limits)
    vc.check_envelope(document, vc.ENVELOPED_PRESENTATION)
    from openmcx.credentials.proofs import cose, envelopes, jose, sd_jwt

    envelope = envelopes.unwrap(document)
    key_for = jose.public_key_for(partial(resolver.public_key, purpose="authentication"))
    if isinstance(envelope.content, bytes):
        verified = cose.verify(envelope.content, public_key_for=key_for, kind="vp", limits=limits)
    elif envelope.media_type == "vp+sd-jwt":
        verified = sd_jwt.verify_document(envelope.content, public_key_for=key_for, kind="vp", limits=limits)
    else:
        verified = jose.verify(envelope.content, public_key_for=key_for, kind="vp", limits=limits)
    # The claims that are for a token what `domain` and `challenge` are for a proof.
    audience = verified.claims.get("aud")
    if domain is not None and domain not in (audience if isinstance(audience, list) else [audience]):
        raise ProofError("proof-domain-mismatch", where="/id", expected=domain)
    if challenge is not None and challenge != verified.claims.get("nonce"):
        raise ProofError("proof-challenge-mismatch", where="/id")
    jsonld.to_nquads(verified.document, limits=limits)
    signed_by = SignedBy(
        key=resolver.found[verified.key.method],
        method=verified.key.method,
        created=verified.issued_at,
        not_before=verified.not_before,
        expires=verified.expires_at,
    )
    return Secured(verified.document, (signed_by,), evidence={})


def _by_proof(
    document: dict[str, Any],
    resolver: KeyResolver,
    purpose: Purpose,
    domain: str | None,
    challenge: str | None,
    limits: jsonld.Limits,
) -> Secured:
    proof = data_integrity.verify(
        document,
        public_key_for=partial(resolver.public_key, purpose=purpose),
        allowed_cryptosuites=SUITES,
        expected_purpose=purpose,
        domain=domain,
        challenge=challenge,
        limits=limits,
    )
    entries = (proof, *proof.others)
    if any(BY_NAME[entry.cryptosuite].form == "jcs" for entry in entries if entry.cryptosuite in BY_NAME):
        # A signature over the JSON covers terms that mean nothing; they are refused all the same.
        unsecured = {member: value for member, value in document.items() if member != "proof"}
        jsonld.to_nquads(unsecured, limits=limits)
    signed_by = tuple(
        SignedBy(
            key=resolver.found[entry.verification_method],
            method=entry.verification_method,
            created=entry.created,
            expires=entry.expires,
        )
        for entry in entries
    )
    return Secured(proof.document, signed_by, evidence={})


def _time_problems(secured: Secured, at: dt.datetime) -> tuple[Problem, ...]:
    """This will say whether a signature has expired or does not hold yet, by more than honest clocks differ."""
    for entry in secured.signed_by:
        fault = None
        if entry.expires is not None and entry.expires + CLOCK_SKEW <= at:
            fault = Finding("proof-expired", {"date": entry.expires.date().isoformat()})
        elif entry.not_before is not None and entry.not_before > at + CLOCK_SKEW:
            fault = Finding("proof-not-yet", {"date": entry.not_before.date().isoformat()})
        elif entry.created is not None and entry.created > at + CLOCK_SKEW:
            fault = Finding("proof-from-the-future", {"date": entry.created.date().isoformat()})
        if fault is not None:
            return (Problem(f"{SECURITY}PROOF_VERIFICATION_ERROR", fault),)
    return ()


def _controllers(secured: Secured) -> tuple[str, ...]:
    """This will give who controls the keys of the signatures, as far as more than the document says so."""
    keys = [entry.key for entry in secured.signed_by]
    return tuple(dict.fromkeys(key.controller for key in keys if key.source != "address"))


def _held(presentation: Mapping[str, Any]) -> list[Any]:
    held = presentation.get("verifiableCredential", [])
    entries = held if isinstance(held, list) else [held]
    if len(entries) > MAX_CREDENTIALS:
        raise FormatError(
            "format-member-invalid",
            member="verifiableCredential",
            reason="too-many-entries",
            limit=MAX_CREDENTIALS,
            where="/verifiableCredential",
        )
    return entries


def _validity(document: Mapping[str, Any], at: dt.datetime) -> tuple[Finding, ...]:
    begins = read_instant(document, "validFrom", "issuanceDate")
    ends = read_instant(document, "validUntil", "expirationDate")
    if begins is not None and begins > at:
        return (Finding("not-yet-valid", {"date": begins.date().isoformat()}),)
    if ends is not None and ends <= at:
        return (Finding("expired", {"date": ends.date().isoformat()}),)
    return ()


def _with_status(
    judgement: Judgement, issuer: str, at: dt.datetime, fetch: Fetch | None, resolver: KeyResolver
) -> Judgement:
    entries = [entry for entry in _listed(judgement.document) if vc.BITSTRING_ENTRY in _types(entry)]
    notes = judgement.notes
    if len(entries) < len(_listed(judgement.document)):
        others = {kind for entry in _listed(judgement.document) for kind in _types(entry)} - {vc.BITSTRING_ENTRY}
        notes += (Finding("status-kind-unsupported", {"type": " ".join(sorted(others))[:80]}),)
    if not entries:
        return replace(judgement, notes=notes)
    check = check_status(
        {"credentialStatus": entries},
        issuer=issuer,
        at=at,
        fetch=fetch,
        resolver=resolver,
    )
    if check.outcome is Outcome.PASSED:
        return replace(judgement, notes=notes)
    if check.finding.code == "status-kind-unsupported":
        return replace(judgement, notes=(*notes, check.finding))
    return replace(judgement, notes=notes, problems=(problem(check.finding),))


def _listed(document: Mapping[str, Any]) -> list[Any]:
    found = document.get("credentialStatus", [])
    return found if isinstance(found, list) else [found]


def _types(entry: Mapping[str, Any]) -> list[Any]:
    found = entry.get("type", [])
    return found if isinstance(found, list) else [found]
