"""One verification on its way: the checks made so far, and the verdict that they come to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openmcx.credentials import jsonld
from openmcx.credentials.errors import CredentialError
from openmcx.credentials.findings import Finding
from openmcx.credentials.keys.resolve import Fetch, KeyResolver, Unreachable
from openmcx.credentials.model import Credential
from openmcx.credentials.report import CHECKS, Check, EstablishedIssuer, KnownIssuer, Outcome, Report, Verdict

if TYPE_CHECKING:
    from openmcx.credentials.keys.x509 import Anchors

type IssuerDirectory = Callable[[str], KnownIssuer | None]
"""Says what is known about an issuer, given its id; None when nothing is."""

# The check that speaks in the headline when several fail: what makes the others pointless comes first.
_DECISIVE = ("document", "format", "structure", "terms", "proof", "issuer-key", "status", "validity", "issuer")
_HEADLINES = {
    code: f"headline-{code}"
    for code in (
        *("issuer-unknown", "issuer-named-otherwise", "status-not-checkable", "signature-wrong", "proof-missing"),
        *("issuer-certified", "certificate-unknown"),
        *("revoked", "suspended", "expired", "not-yet-valid", "key-in-address", "key-in-file", "key-not-issuers"),
        *("key-not-reachable", "key-revoked", "format-unsupported", "format-never-sealed", "format-unknown"),
    )
}


@dataclass(slots=True)
class Work:
    """The checks made so far and what they established."""

    at: dt.datetime
    fetch: Fetch | None
    directory: IssuerDirectory | None
    limits: jsonld.Limits
    resolver: KeyResolver
    anchors: Anchors | None = None
    checks: dict[str, Check] = field(default_factory=dict)
    kind: str = ""
    unsupported: bool = False
    claimed: Mapping[str, Any] = field(default_factory=dict)
    credential: Credential | None = None
    issuer: EstablishedIssuer | None = None

    def note(
        self, name: str, outcome: Outcome, code: str, evidence: Mapping[str, Any] | None = None, **params: object
    ) -> None:
        """This will keep what came of a check."""
        self.checks[name] = Check(name, outcome, Finding(code, params), evidence or {})

    def refuse(self, name: str, error: CredentialError) -> None:
        """This will keep a check as failed, for the reason that the error gives."""
        evidence = {"where": error.where} if error.where else {}
        self.checks[name] = Check(name, Outcome.FAILED, Finding.of(error), evidence)

    def leave_proof(self, error: CredentialError) -> None:
        """This will keep the proof as failed, or as not checkable when something it needs could not be fetched."""
        if isinstance(error, Unreachable):
            self.checks["proof"] = Check("proof", Outcome.NOT_CHECKABLE, Finding.of(error))
        else:
            self.refuse("proof", error)

    def report(self) -> Report:
        """This will draw the verdict from the checks."""
        not_reached = Finding("check-not-reached")
        for name in CHECKS:
            self.checks.setdefault(name, Check(name, Outcome.NOT_CHECKABLE, not_reached))
        # What the signature covers differs from what was handed in by contexts at most, so it reads the same.
        credential = self.credential if self.checks["structure"].outcome is Outcome.PASSED else None
        verdict = self._verdict()
        return Report(
            verdict=verdict,
            headline=self._headline(verdict),
            checks=tuple(self.checks[name] for name in CHECKS),
            at=self.at,
            credential=credential,
            issuer=self.issuer,
        )

    def _verdict(self) -> Verdict:
        outcomes = {name: check.outcome for name, check in self.checks.items()}
        if outcomes["document"] is not Outcome.PASSED or outcomes["format"] is not Outcome.PASSED:
            return Verdict.UNREADABLE
        if self.unsupported:
            return Verdict.UNSUPPORTED
        if Outcome.FAILED in outcomes.values():
            return Verdict.NOT_VERIFIED
        # Whatever else is open, without these nothing is known at all.
        if any(
            outcomes[name] is not Outcome.PASSED for name in ("structure", "terms", "proof", "issuer-key", "validity")
        ):
            return Verdict.NOT_VERIFIED
        if all(outcome is Outcome.PASSED for outcome in outcomes.values()):
            return Verdict.VERIFIED
        return Verdict.CAUTION

    def _headline(self, verdict: Verdict) -> Finding:
        issuer = self.issuer.name if self.issuer else ""
        if verdict is Verdict.VERIFIED:
            return Finding("headline-verified", {"issuer": issuer})
        for wanted in (Outcome.FAILED, Outcome.NOT_CHECKABLE, Outcome.CAUTION):
            for name in _DECISIVE:
                check = self.checks[name]
                if check.outcome is wanted and check.code != "check-not-reached":
                    code, params = check.code, {"issuer": issuer, **check.params}
                    if name == "status" and wanted is Outcome.NOT_CHECKABLE:
                        code = "status-not-checkable"
                    headline = _HEADLINES.get(code)
                    if headline is None:
                        headline = "headline-unreadable" if verdict is Verdict.UNREADABLE else "headline-not-verified"
                    return Finding(headline, params)
        raise AssertionError("a verdict other than verified has a reason")
