"""Verifying: is this credential genuine, who issued it, and is it still valid?

    report = verify(data, at=now, fetch=get, issuer_directory=known)
    report.verdict, report.headline.sentence

    opening    take the credential out of the picture or envelope that it came in
    (proofs)   is what was signed unchanged, and by which key was it signed?
    judging    is that key the issuer's, who is the issuer, is the credential valid?
    wallet     the same for what wallets hold
    sealed     the same for European Digital Credentials
    hosted     the same for badges of version 2.0 and 1.x
    work       the checks made so far, and the verdict

The checks are those of `report.CHECKS`. A check that cannot be made is never taken as passed.
"""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from openmcx.credentials import jsonld
from openmcx.credentials.errors import (
    ContextError,
    CredentialError,
    DataLossError,
    DocumentError,
    FormatError,
    WorkLimitError,
)
from openmcx.credentials.formats import open_badges
from openmcx.credentials.formats.recognise import OPEN_BADGE, Support, recognise_json
from openmcx.credentials.keys.resolve import Fetch, KeyResolver
from openmcx.credentials.proofs.secured import Secured, by_data_integrity, by_token
from openmcx.credentials.report import Outcome, Report
from openmcx.credentials.status.check import check_status
from openmcx.credentials.verify.judging import judge_issuer, judge_issuer_key, judge_proof, judge_validity
from openmcx.credentials.verify.opening import Opened, open_document
from openmcx.credentials.verify.work import IssuerDirectory, Work

if TYPE_CHECKING:
    from openmcx.credentials.keys.x509 import Anchors

__all__ = ["IssuerDirectory", "verify"]


def verify(
    document: bytes | str | Mapping[str, Any],
    *,
    at: dt.datetime,
    fetch: Fetch | None = None,
    issuer_directory: IssuerDirectory | None = None,
    anchors: "Anchors | None" = None,
    limits: jsonld.Limits = jsonld.DEFAULT,
) -> Report:
    """This will verify a credential at the time `at` and report every check; it does not raise for any document.

    `document` is a file's bytes, its text, or its JSON. `fetch` gets DID documents and status lists; without it what
    lies elsewhere cannot be checked. `issuer_directory` says which issuers are known; without it an issuer is
    established by its web address alone, and one without a web address stays unknown. `anchors` are the certificates
    of the authorities that are trusted to say whose a seal is; without them nobody is.

    Source: Verifiable Credentials Data Model 2.0, section 7.1 (verification); VC Data Integrity 1.0, section 4.4;
    Securing Verifiable Credentials using JOSE and COSE, section 5; Open Badges 3.0, section 8; ETSI TS 119 182-1.
    """
    if at.tzinfo is None:
        raise ValueError("`at` must be an aware time")
    work = Work(
        at=at, fetch=fetch, directory=issuer_directory, limits=limits, resolver=KeyResolver(fetch), anchors=anchors
    )
    opened = _open(work, document)
    if opened is not None:
        _check(work, opened.kind or "", opened.content)
    return work.report()


def _check(work: Work, kind: str, content: dict[str, Any] | str | bytes) -> None:
    # Most credentials carry their proof in themselves; they do without what reads the others.
    if kind == "sd-jwt-vc" and isinstance(content, str):
        from openmcx.credentials.verify.wallet import check_sd_jwt_vc

        check_sd_jwt_vc(work, content)
    elif kind == "european-digital-credential-sealed" and isinstance(content, dict):
        from openmcx.credentials.verify.sealed import check_seal

        check_seal(work, content)
    elif kind == "open-badge-2" and not isinstance(content, bytes):
        from openmcx.credentials.verify.hosted import check_badge

        check_badge(work, content)
    elif not isinstance(content, dict):
        _check_token(work, kind, content)
    elif _check_structure(work, content):
        _check_data_integrity(work, content)


def _open(work: Work, document: bytes | str | Mapping[str, Any]) -> Opened | None:
    """This will read the document and recognise its format; None when that is as far as it goes."""
    try:
        opened, size = open_document(document, work.limits)
    except CredentialError as error:
        work.refuse("document", error)
        return None
    work.note("document", Outcome.PASSED, "document-readable", {"bytes": size})
    if opened.kind is None:
        work.note("format", Outcome.FAILED, "format-unknown")
        return None
    if opened.carriers:
        evidence = {"carried_in": list(opened.carriers)}
        carrier = opened.carriers[0]
        work.note("format", Outcome.PASSED, "format-carried", evidence, kind=opened.kind, carrier=carrier)
    else:
        work.note("format", Outcome.PASSED, "format-recognised", kind=opened.kind)
    if opened.support is Support.FULL:
        work.kind = opened.kind
        work.claimed = opened.content if isinstance(opened.content, dict) else {}
        return opened
    if opened.support is Support.UNSEALED:
        work.note("proof", Outcome.FAILED, "proof-missing")
    else:
        code = "format-unsupported" if opened.support is Support.NOT_YET else "format-never-sealed"
        work.note("proof", Outcome.NOT_CHECKABLE, code, kind=opened.kind)
        work.unsupported = True
    return None


# --- proofs within the document ---------------------------------------------------------------------------------------


def _check_structure(work: Work, document: dict[str, Any]) -> bool:
    """This will check that the document has what it must have and hides nothing."""
    try:
        open_badges.check_shape(document)
        if work.kind == OPEN_BADGE:
            work.credential = open_badges.read(document)
    except CredentialError as error:
        work.refuse("structure", error)
        return False
    work.note("structure", Outcome.PASSED, "structure-sound")
    return True


def _check_data_integrity(work: Work, document: dict[str, Any]) -> None:
    """This will check terms and signature, and then all that depends on them."""
    unsecured = {key: value for key, value in document.items() if key != "proof"}
    try:
        secured = by_data_integrity(document, work.resolver, work.limits)
        if secured.document != unsecured:
            # A signature over the JSON covers terms that mean nothing; they are refused all the same.
            jsonld.to_nquads(unsecured, limits=work.limits)
    except (ContextError, DataLossError, WorkLimitError, DocumentError) as error:
        work.refuse("terms", error)
        return
    except CredentialError as error:
        if _check_terms(work, unsecured) is not None:
            work.leave_proof(error)
        return
    work.note("terms", Outcome.PASSED, "terms-covered", {"contexts": document["@context"]})
    _judge(work, secured)


def _check_terms(work: Work, unsecured: dict[str, Any]) -> list[str] | None:
    try:
        statements = jsonld.to_nquads(unsecured, limits=work.limits)
    except CredentialError as error:
        work.refuse("terms", error)
        return None
    work.note("terms", Outcome.PASSED, "terms-covered", {"contexts": unsecured["@context"]})
    return statements


# --- tokens -----------------------------------------------------------------------------------------------------------


def _check_token(work: Work, kind: str, content: str | bytes) -> None:
    """This will check a token's signature, then what it covers, and then all that depends on that."""
    try:
        secured = by_token(kind, content, work.resolver, work.limits)
    except CredentialError as error:
        work.leave_proof(error)
        return
    document = secured.document
    # The token says that it is a credential; of which kind stands in what it signs.
    work.kind = recognise_json(document)[0] or work.kind
    if not _check_structure(work, document):
        return
    statements = _check_terms(work, document)
    if statements is None:
        return
    _judge(work, Secured(document, secured.signed_by, secured.evidence, statements))


# --- what depends on the signature ------------------------------------------------------------------------------------


def _judge(work: Work, secured: Secured) -> None:
    try:
        open_badges.check_statements(secured.document, secured.statements or (), whole=work.kind == OPEN_BADGE)
    except FormatError as error:
        work.refuse("structure", error)
        return
    # From here on only what the signature covers counts.
    work.claimed = secured.document
    judge_proof(work, secured)
    judge_issuer_key(work, secured)
    judge_validity(work)
    if work.issuer is not None:
        judge_issuer(work, work.issuer)
        work.checks["status"] = check_status(
            work.claimed,
            issuer=work.issuer.id,
            at=work.at,
            fetch=work.fetch,
            resolver=work.resolver,
        )
