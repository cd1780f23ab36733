"""Issuing and verifying as the specifications of the W3C say, and no more: what public conformance suites talk to.

OpenMCX itself asks for more than they do: that the key be the issuer's, that a document bring no contexts of its own,
that nothing in it be out of sight. `issue` and `verify` of this package enforce all that. Here it is reported at most,
because the suites hold sound documents for which it is not so. Nobody should be shown a verdict that was made here.

    document = issue(credential, signer=signer, created=now, cryptosuite="eddsa-rdfc-2022")
    judgement = verify_credential(document, at=now)
    judgement.is_verified, judgement.problems, judgement.is_bound

Source: Verifiable Credentials Data Model 2.0, sections 7.1 (verification) and 7.2 (problem details); VC Data Integrity
1.0, sections 4.2 to 4.6; Bitstring Status List v1.0, section 3.2.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from openmcx.credentials import errors, jsonld
from openmcx.credentials.errors import CredentialError, DocumentError, FormatError
from openmcx.credentials.findings import Finding
from openmcx.credentials.formats import vc
from openmcx.credentials.instants import read_instant
from openmcx.credentials.jsonld.reading import json_type
from openmcx.credentials.keys.resolve import Fetch, KeyResolver, Purpose
from openmcx.credentials.proofs import data_integrity
from openmcx.credentials.proofs.data_integrity.suites import FORMER
from openmcx.credentials.proofs.times import CLOCK_SKEW
from openmcx.credentials.report import Outcome
from openmcx.credentials.status.check import check_status

if TYPE_CHECKING:
    from openmcx.credentials.keys.signer import Signer
    from openmcx.credentials.proofs.data_integrity import Cryptosuite, VerifiedProof

PROOF, STATUS = "proof", "credentialStatus"
CHECKS = frozenset({PROOF, STATUS})
"""What can be asked to be checked, by the names of the VC-API."""

MAX_CREDENTIALS = 20
"""As many credentials as one presentation may hold."""

SUITES = data_integrity.CRYPTOSUITES | FORMER.keys()
"""What is verified: all that is signed, and what was signed before."""

_DATA_MODEL = "https://www.w3.org/TR/vc-data-model#"
_SECURITY = "https://w3id.org/security#"
_STATUS_LIST = "https://www.w3.org/ns/credentials/status-list#"

# The type by the code, and where the code does not decide, by the kind of error.
_TYPES_BY_CODE = {
    "proof-missing": f"{_DATA_MODEL}PARSING_ERROR",
    "proof-not-an-object": f"{_DATA_MODEL}PARSING_ERROR",
    "signature-wrong": f"{_DATA_MODEL}CRYPTOGRAPHIC_SECURITY_ERROR",
    "proof-domain-mismatch": f"{_SECURITY}INVALID_DOMAIN_ERROR",
    "proof-challenge-mismatch": f"{_SECURITY}INVALID_CHALLENGE_ERROR",
}
_STATUS_TYPES_BY_CODE = {
    "status-index-out-of-range": f"{_DATA_MODEL}RANGE_ERROR",
    "status-list-too-short": f"{_STATUS_LIST}STATUS_LIST_LENGTH_ERROR",
    "status-not-reachable": f"{_STATUS_LIST}STATUS_RETRIEVAL_ERROR",
}
_TYPES_BY_KIND: dict[type[CredentialError], str] = {
    errors.DocumentError: f"{_DATA_MODEL}PARSING_ERROR",
    errors.FormatError: f"{_DATA_MODEL}MALFORMED_VALUE_ERROR",
    errors.ContextError: f"{_DATA_MODEL}MALFORMED_VALUE_ERROR",
    errors.DataLossError: f"{_SECURITY}DATA_LOSS_DETECTION_ERROR",
    errors.WorkLimitError: f"{_SECURITY}PROOF_TRANSFORMATION_ERROR",
    errors.StatusError: f"{_STATUS_LIST}STATUS_VERIFICATION_ERROR",
}
_TITLES = {
    "PARSING_ERROR": "The input cannot be read",
    "CRYPTOGRAPHIC_SECURITY_ERROR": "The document was changed after it was secured",
    "MALFORMED_VALUE_ERROR": "A value is malformed",
    "RANGE_ERROR": "A value is out of range",
    "PROOF_GENERATION_ERROR": "No proof could be made",
    "PROOF_VERIFICATION_ERROR": "The proof does not hold",
    "PROOF_TRANSFORMATION_ERROR": "The document could not be transformed for the proof",
    "INVALID_DOMAIN_ERROR": "The proof was made for another domain",
    "INVALID_CHALLENGE_ERROR": "The proof does not answer the challenge",
    "DATA_LOSS_DETECTION_ERROR": "A part of the document would not be covered by the proof",
    "STATUS_RETRIEVAL_ERROR": "The status list could not be had",
    "STATUS_VERIFICATION_ERROR": "The status does not hold",
    "STATUS_LIST_LENGTH_ERROR": "The status list is too short",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason for a no, with its type as RFC 9457 and the W3C's specifications have it."""

    type: str
    finding: Finding

    @property
    def title(self) -> str:
        """This will give the short text that belongs to the type."""
        return _TITLES[self.type.rpartition("#")[2]]

    def as_dict(self) -> dict[str, Any]:
        """This will give the problem for JSON."""
        found = {"type": self.type, "title": self.title, "detail": self.finding.sentence, "code": self.finding.code}
        return found | ({"pointer": self.finding.pointer} if self.finding.pointer else {})


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


def problem(error: CredentialError | Finding, *, is_issuing: bool = False) -> Problem:
    """This will give the problem of an error, or of a finding about a status."""
    if isinstance(error, Finding):
        behind = error.because or error
        return Problem(_STATUS_TYPES_BY_CODE.get(behind.code, f"{_STATUS_LIST}STATUS_VERIFICATION_ERROR"), error)
    kind = _TYPES_BY_CODE.get(error.code)
    if kind is None:
        rest = "PROOF_GENERATION_ERROR" if is_issuing else "PROOF_VERIFICATION_ERROR"
        kind = next((type_ for base, type_ in _TYPES_BY_KIND.items() if isinstance(error, base)), _SECURITY + rest)
    return Problem(kind, Finding.of(error))


# --- issuing ----------------------------------------------------------------------------------------------------------


def issue(
    credential: Mapping[str, Any],
    *,
    signer: Signer,
    created: dt.datetime,
    cryptosuite: Cryptosuite = "eddsa-rdfc-2022",
    mandatory_pointers: Sequence[str] = (),
    limits: jsonld.Limits = jsonld.DEFAULT,
) -> dict[str, Any]:
    """This will secure a credential of any kind, of version 1.1 or 2.0, as it stands.

    The issuer that it names is not compared with the key. When its contexts do not define Data Integrity (those of
    version 1.1), that context is added. `mandatory_pointers` are for selective disclosure alone: JSON pointers to what
    every derived credential reveals.

    Raises: FormatError, ContextError, DataLossError, DocumentError, WorkLimitError, ProofError.
    Source: VC Data Integrity 1.0, section 4.2; Verifiable Credentials Data Model 2.0, section 4.
    """
    vc.check_credential(credential)
    vc.check_status_entries(credential)
    document = data_integrity.sign(
        credential,
        signer=signer,
        created=created,
        cryptosuite=cryptosuite,
        mandatory_pointers=mandatory_pointers,
        limits=limits,
    )
    if not _signs_statements(cryptosuite):
        # A signature over the JSON covers terms that mean nothing; they are refused all the same.
        jsonld.to_nquads(_unsecured(document), limits=limits)
    return document


def derive(
    document: Mapping[str, Any], *, selective_pointers: Sequence[str], limits: jsonld.Limits = jsonld.DEFAULT
) -> dict[str, Any]:
    """This will derive a credential that reveals what it must and what the JSON pointers name.

    Raises: FormatError, ContextError, DataLossError, DocumentError, WorkLimitError, ProofError.
    Source: Data Integrity ECDSA Cryptosuites 1.0, section 3.4.6.
    """
    vc.check_credential(document)
    return data_integrity.derive(document, selective_pointers=selective_pointers, limits=limits)


# --- verifying --------------------------------------------------------------------------------------------------------


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
        checked = _object(document)
        vc.check_credential(checked)
        proof = _verify_proof(checked, resolver, at, "assertionMethod", domain, challenge, limits)
        vc.check_credential(proof.document)
    except CredentialError as error:
        return Judgement(problems=(problem(error),))
    issuer = vc.issuer_of(proof.document)
    controllers = _controllers(proof, resolver)
    judgement = Judgement(
        problems=_time_problems(proof, at),
        is_bound=issuer in controllers,
        controllers=controllers,
        notes=_validity(proof.document, at),
        document=proof.document,
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
        checked = _object(document)
        vc.check_presentation(checked)
        proof = _verify_proof(checked, resolver, at, "authentication", domain, challenge, limits)
        vc.check_presentation(proof.document)
        held = _held(proof.document)
    except CredentialError as error:
        return Judgement(problems=(problem(error),))
    controllers = _controllers(proof, resolver)
    credentials = tuple(verify_credential(one, at=at, fetch=fetch, checks=checks, limits=limits) for one in held)
    inside = [
        replace(found, finding=replace(found.finding, pointer=f"/verifiableCredential/{number}{found.finding.pointer}"))
        for number, judgement in enumerate(credentials)
        for found in judgement.problems
    ]
    return Judgement(
        problems=(*_time_problems(proof, at), *inside),
        is_bound=vc.holder_of(proof.document) in controllers,
        controllers=controllers,
        document=proof.document,
        credentials=credentials,
    )


def _object(document: object) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise DocumentError("document-not-an-object", kind=json_type(document))
    return document


def _unsecured(document: Mapping[str, Any]) -> dict[str, Any]:
    return {member: value for member, value in document.items() if member != "proof"}


def _signs_statements(cryptosuite: str) -> bool:
    return "-jcs-" not in cryptosuite


def _verify_proof(
    document: dict[str, Any],
    resolver: KeyResolver,
    at: dt.datetime,
    purpose: Purpose,
    domain: str | None,
    challenge: str | None,
    limits: jsonld.Limits,
) -> VerifiedProof:
    proof = data_integrity.verify(
        document,
        public_key_for=partial(resolver.public_key, purpose=purpose),
        allowed_cryptosuites=SUITES,
        expected_purpose=purpose,
        domain=domain,
        challenge=challenge,
        limits=limits,
    )
    if not all(_signs_statements(entry.cryptosuite) for entry in (proof, *proof.others)):
        jsonld.to_nquads(_unsecured(document), limits=limits)
    return proof


def _time_problems(proof: VerifiedProof, at: dt.datetime) -> tuple[Problem, ...]:
    """This will say whether a proof has expired or was made in the future, by more than honest clocks differ."""
    for entry in (proof, *proof.others):
        fault = None
        if entry.expires is not None and entry.expires + CLOCK_SKEW <= at:
            fault = Finding("proof-expired", {"date": entry.expires.date().isoformat()})
        elif entry.created is not None and entry.created > at + CLOCK_SKEW:
            fault = Finding("proof-from-the-future", {"date": entry.created.date().isoformat()})
        if fault is not None:
            return (Problem(f"{_SECURITY}PROOF_VERIFICATION_ERROR", fault),)
    return ()


def _controllers(proof: VerifiedProof, resolver: KeyResolver) -> tuple[str, ...]:
    """This will give who controls the keys of the proofs, as far as that is known from more than the document."""
    found = [resolver.found[entry.verification_method] for entry in (proof, *proof.others)]
    return tuple(dict.fromkeys(key.controller for key in found if key.source != "address"))


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
