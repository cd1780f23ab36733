"""Verifying badges of version 2.0 and 1.x, which are what lies at their issuer's web address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from openmcx.credentials.errors import CredentialError
from openmcx.credentials.formats import open_badges_2
from openmcx.credentials.report import Check, EstablishedIssuer, Outcome
from openmcx.credentials.verify.judging import judge_issuer, judge_validity
from openmcx.credentials.verify.work import Work

_VALIDITY = frozenset({"expired", "not-yet-valid"})


def check_badge(work: Work, content: dict[str, Any] | str) -> None:
    """This will compare a badge with what lies at its address, or check its signature.

    Source: Open Badges 2.0, section 5 (verification).
    """
    try:
        badge = open_badges_2.verify(content, fetch=work.fetch, at=work.at)
    except CredentialError as error:
        work.leave_proof(error)
        return
    work.credential = badge.credential
    work.note("structure", Outcome.PASSED, "claims-sound")
    evidence = {"method": badge.method, "checked": list(badge.checked), "algorithm": badge.algorithm}
    if badge.method == "hosted":
        work.note("terms", Outcome.PASSED, "hosted-whole")
        work.note("proof", Outcome.PASSED, "hosted-unchanged", evidence, domain=badge.domain)
    else:
        work.note("terms", Outcome.PASSED, "claims-covered")
        work.note("proof", Outcome.PASSED, "signature-right-undated", evidence)
    work.note(
        "issuer-key", Outcome.PASSED, "address-is-issuers", {"address": badge.issuer_address}, domain=badge.domain
    )
    known = work.directory(badge.issuer_address) if work.directory is not None else None
    work.issuer = EstablishedIssuer(
        id=badge.issuer_address, claimed_name=badge.credential.issuer.name, known=known, domain=badge.domain
    )
    judge_issuer(work, work.issuer)
    work.claimed = _validity(badge.credential.valid_from, badge.credential.valid_until)
    judge_validity(work)
    _judge_status(work, badge)


def _validity(begins: dt.datetime, ends: dt.datetime | None) -> dict[str, str]:
    return {"validFrom": begins.isoformat(), **({"validUntil": ends.isoformat()} if ends else {})}


def _judge_status(work: Work, badge: open_badges_2.VerifiedBadge) -> None:
    problems = [finding for finding in badge.problems if finding.code not in _VALIDITY]
    if problems:
        work.checks["status"] = Check("status", Outcome.FAILED, problems[0])
    elif badge.unknown:
        work.checks["status"] = Check("status", Outcome.NOT_CHECKABLE, badge.unknown[0])
    else:
        work.note("status", Outcome.PASSED, "status-good")
