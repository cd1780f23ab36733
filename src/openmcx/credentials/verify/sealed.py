"""Verifying sealed European Digital Credentials: whose they are is shown by a certificate, not by a DID."""

from __future__ import annotations

from typing import Any

from openmcx.credentials.errors import CredentialError
from openmcx.credentials.findings import Finding
from openmcx.credentials.formats import elm
from openmcx.credentials.keys.x509 import Anchors
from openmcx.credentials.proofs import jades
from openmcx.credentials.proofs.times import CLOCK_SKEW
from openmcx.credentials.report import Check, EstablishedIssuer, Outcome
from openmcx.credentials.status.check import check_status
from openmcx.credentials.verify.judging import judge_validity
from openmcx.credentials.verify.work import Work


def check_seal(work: Work, sealed: dict[str, Any]) -> None:
    """This will check a seal, and then the credential within, byte for byte as it was sealed.

    Source: ETSI TS 119 182-1 (JAdES); European Digital Credentials for Learning, signing of credentials.
    """
    anchors = work.anchors if work.anchors is not None else Anchors()
    try:
        seal = jades.verify(sealed, at=work.at, anchors=anchors, limits=work.limits)
    except CredentialError as error:
        work.refuse("proof", error)
        return
    document = seal.document
    try:
        work.credential, left_out = elm.read_credential(document)
    except CredentialError as error:
        work.refuse("structure", error)
        return
    not_read = [finding.as_dict() for finding in left_out]
    work.note("structure", Outcome.PASSED, "claims-sound", {"not_taken_over": not_read})
    work.note("terms", Outcome.PASSED, "sealed-whole")
    work.claimed = document
    _judge_seal(work, seal)
    if (fault := elm.seal_fault(document, seal.certificate.subject)) is not None:
        work.checks["issuer-key"] = Check("issuer-key", Outcome.FAILED, fault)
    else:
        certificate = {"subject": str(seal.certificate.subject), "sha256": seal.certificate.sha256.hex()}
        work.note("issuer-key", Outcome.PASSED, "seal-is-issuers", certificate)
        _judge_issuer(work, seal)
    judge_validity(work)
    if work.issuer is not None:
        kept = {**document, "credentialStatus": elm.credential_status(document, work.credential)}
        work.checks["status"] = check_status(
            kept, issuer=work.credential.issuer.id, at=work.at, fetch=work.fetch, resolver=work.resolver
        )


def _judge_seal(work: Work, seal: jades.VerifiedSeal) -> None:
    evidence = {
        "algorithm": seal.algorithm,
        "level": seal.level,
        "certificate": str(seal.certificate.subject),
        "claimed_at": seal.claimed_at.isoformat() if seal.claimed_at else None,
        "sealed_at": seal.sealed_at.isoformat() if seal.sealed_at else None,
        "not_checked": [finding.as_dict() for finding in seal.unchecked],
    }
    moment = seal.sealed_at or seal.claimed_at
    if moment is not None and moment > work.at + CLOCK_SKEW:
        date = moment.date().isoformat()
        return work.note("proof", Outcome.FAILED, "proof-from-the-future", evidence, date=date)
    if moment is None:
        return work.note("proof", Outcome.PASSED, "signature-right-undated", evidence)
    return work.note("proof", Outcome.PASSED, "signature-right", evidence, created=moment.date().isoformat())


def _judge_issuer(work: Work, seal: jades.VerifiedSeal) -> None:
    """This will tell who the certificate says it is, if somebody who is trusted vouches for that.

    Whether the certificate was revoked is not looked up, so that much is left open.
    """
    assert work.credential is not None
    issuer, subject = work.credential.issuer, seal.certificate.subject
    # The id that stands in the credential proves nothing: what is established is the certificate.
    id_ = f"urn:sha256:{seal.certificate.sha256.hex()}"
    if seal.path is None:
        work.issuer = EstablishedIssuer(id=id_, claimed_name=issuer.name)
        cause = seal.path_fault
        finding = Finding(
            "certificate-unknown", {"issuer": str(subject), "found": str(seal.certificate.issuer)}, because=cause
        )
        work.checks["issuer"] = Check("issuer", Outcome.CAUTION, finding, {"id": id_})
        return
    work.issuer = EstablishedIssuer(
        id=id_,
        claimed_name=issuer.name,
        certified=str(subject),
        authority=str(seal.path.anchor.subject),
    )
    evidence = {
        "id": id_,
        "organisation_id": subject.organisation_id,
        "country": subject.country,
        "qualified": seal.certificate.qualified,
        "path": [str(certificate.subject) for certificate in seal.path.certificates],
    }
    work.note("issuer", Outcome.CAUTION, "issuer-certified", evidence, issuer=str(subject), found=work.issuer.authority)
