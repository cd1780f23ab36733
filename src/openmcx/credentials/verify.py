"""Verifying: is this credential genuine, who issued it, and is it still valid?

    report = verify(data, at=now, fetch=get, issuer_directory=known)
    report.verdict, report.headline.sentence

The checks are made in the order of `report.CHECKS`. A check that cannot be made is never taken as passed.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from openmcx.credentials import jsonld
from openmcx.credentials.errors import (
    ContextError,
    CredentialError,
    DataLossError,
    DocumentError,
    FormatError,
    WorkLimitError,
)
from openmcx.credentials.findings import Finding
from openmcx.credentials.formats import open_badges
from openmcx.credentials.formats.open_badges.organisations import read_profile
from openmcx.credentials.formats.recognise import OPEN_BADGE, Support, recognise_bytes, recognise_json
from openmcx.credentials.instants import read_instant
from openmcx.credentials.keys import did_web
from openmcx.credentials.keys.resolve import Fetch, KeyResolver, Unreachable
from openmcx.credentials.model import Credential, LangText
from openmcx.credentials.proofs import data_integrity
from openmcx.credentials.proofs.times import time_fault
from openmcx.credentials.report import (
    CHECKS,
    Check,
    EstablishedIssuer,
    KnownIssuer,
    Outcome,
    Report,
    Verdict,
)
from openmcx.credentials.status.check import check_status

type IssuerDirectory = Callable[[str], KnownIssuer | None]
"""Says what is known about an issuer, given its id; None when nothing is."""

SUITES = frozenset({"eddsa-rdfc-2022", "eddsa-jcs-2022"})
# The check that speaks in the headline when several fail: what makes the others pointless comes first.
_DECISIVE = ("document", "format", "structure", "terms", "proof", "issuer-key", "status", "validity", "issuer")


def verify(
    document: bytes | str | Mapping[str, Any],
    *,
    at: dt.datetime,
    fetch: Fetch | None = None,
    issuer_directory: IssuerDirectory | None = None,
    limits: jsonld.Limits = jsonld.DEFAULT,
) -> Report:
    """This will verify a credential at the time `at` and report every check; it does not raise for any document.

    `document` is a file's bytes, its text, or its JSON. `fetch` gets DID documents and status lists; without it what
    lies elsewhere cannot be checked. `issuer_directory` says which issuers are known; without it an issuer is
    established by its web address alone, and one without a web address stays unknown.

    Source: Verifiable Credentials Data Model 2.0, section 7.1 (verification); VC Data Integrity 1.0, section 4.4.
    """
    if at.tzinfo is None:
        raise ValueError("`at` must be an aware time")
    work = _Work(at=at, fetch=fetch, directory=issuer_directory, limits=limits, resolver=KeyResolver(fetch))
    parsed = work.read(document)
    if parsed is not None and work.check_structure(parsed):
        work.check_proof(parsed)
    return work.report()


@dataclass(slots=True)
class _Work:
    """One verification on its way: the checks made so far and what they established."""

    at: dt.datetime
    fetch: Fetch | None
    directory: IssuerDirectory | None
    limits: jsonld.Limits
    resolver: KeyResolver
    checks: dict[str, Check] = field(default_factory=dict)
    kind: str = ""
    unsupported: bool = False
    claimed: Mapping[str, Any] = field(default_factory=dict)
    credential: Credential | None = None
    issuer: EstablishedIssuer | None = None

    def note(
        self, name: str, outcome: Outcome, code: str, evidence: Mapping[str, Any] | None = None, **params: object
    ) -> None:
        self.checks[name] = Check(name, outcome, Finding(code, params), evidence or {})

    def refuse(self, name: str, error: CredentialError) -> None:
        evidence = {"where": error.where} if error.where else {}
        self.checks[name] = Check(name, Outcome.FAILED, Finding.of(error), evidence)

    # --- document, format ---------------------------------------------------------------------------------------------

    def read(self, document: bytes | str | Mapping[str, Any]) -> dict[str, Any] | None:
        """This will read the document as JSON and recognise its format; None when that is as far as it goes."""
        try:
            data = _as_bytes(document)
            if len(data) > self.limits.max_bytes:
                raise DocumentError("document-too-large", size=len(data), limit=self.limits.max_bytes)
            recognised = recognise_bytes(data)
            parsed = {} if recognised else jsonld.load(data, limits=self.limits)
        except CredentialError as error:
            self.refuse("document", error)
            return None
        self.note("document", Outcome.PASSED, "document-readable", {"bytes": len(data)})
        kind, support = recognised or recognise_json(parsed)
        if kind is None:
            self.note("format", Outcome.FAILED, "format-unknown")
            return None
        self.note("format", Outcome.PASSED, "format-recognised", kind=kind)
        if support is Support.FULL:
            self.kind, self.claimed = kind, parsed
            return parsed
        if support is Support.UNSEALED:
            self.note("proof", Outcome.FAILED, "proof-missing")
        else:
            code = "format-unsupported" if support is Support.NOT_YET else "format-never-sealed"
            self.note("proof", Outcome.NOT_CHECKABLE, code, kind=kind)
            self.unsupported = True
        return None

    # --- structure, terms, proof --------------------------------------------------------------------------------------

    def check_structure(self, document: dict[str, Any]) -> bool:
        """This will check that the document has what it must have and hides nothing."""
        try:
            open_badges.check_shape(document)
            if self.kind == OPEN_BADGE:
                self.credential = open_badges.read(document)
        except CredentialError as error:
            self.refuse("structure", error)
            return False
        self.note("structure", Outcome.PASSED, "structure-sound")
        return True

    def check_proof(self, document: dict[str, Any]) -> None:
        """This will check terms and signature, and then all that depends on them."""
        unsecured = {key: value for key, value in document.items() if key != "proof"}
        try:
            proof = data_integrity.verify(
                document, public_key_for=self.resolver.public_key, allowed_cryptosuites=SUITES, limits=self.limits
            )
            statements = data_integrity.statements(proof, limits=self.limits)
            if proof.document != unsecured:
                # A signature over the JSON covers terms that mean nothing; they are refused all the same.
                jsonld.to_nquads(unsecured, limits=self.limits)
        except (ContextError, DataLossError, WorkLimitError, DocumentError) as error:
            self.refuse("terms", error)
            return
        except Unreachable as error:
            if self._check_terms(unsecured):
                self.checks["proof"] = Check("proof", Outcome.NOT_CHECKABLE, Finding.of(error))
            return
        except CredentialError as error:
            if self._check_terms(unsecured):
                self.refuse("proof", error)
            return
        self.note("terms", Outcome.PASSED, "terms-covered", {"contexts": document["@context"]})
        try:
            open_badges.check_statements(proof.document, statements, whole=self.kind == OPEN_BADGE)
        except FormatError as error:
            self.refuse("structure", error)
            return
        # From here on only what the signature covers counts.
        self.claimed = proof.document
        self._judge_proof(proof)
        self._check_issuer_key(proof)
        self._check_validity()
        if self.issuer is not None:
            self._check_issuer(self.issuer)
            self.checks["status"] = check_status(
                self.claimed,
                issuer=self.issuer.id,
                at=self.at,
                fetch=self.fetch,
                resolver=self.resolver,
                suites=SUITES,
            )

    def _check_terms(self, unsecured: dict[str, Any]) -> bool:
        try:
            jsonld.to_nquads(unsecured, limits=self.limits)
        except CredentialError as error:
            self.refuse("terms", error)
            return False
        self.note("terms", Outcome.PASSED, "terms-covered", {"contexts": unsecured["@context"]})
        return True

    def _judge_proof(self, proof: data_integrity.VerifiedProof) -> None:
        evidence = {
            "cryptosuite": proof.cryptosuite,
            "verification_method": proof.verification_method,
            "created": proof.created.isoformat() if proof.created else None,
        }
        if (fault := time_fault(proof, self.at)) is not None:
            return self.note("proof", Outcome.FAILED, fault.code, evidence, **fault.params)
        if proof.created is None:
            return self.note("proof", Outcome.PASSED, "signature-right-undated", evidence)
        created = proof.created.date().isoformat()
        return self.note("proof", Outcome.PASSED, "signature-right", evidence, created=created)

    # --- issuer -------------------------------------------------------------------------------------------------------

    def _check_issuer_key(self, proof: data_integrity.VerifiedProof) -> None:
        claimed = read_profile(self.claimed.get("issuer"))
        proofs = [(entry, self.resolver.found[entry.verification_method]) for entry in (proof, *proof.others)]
        by_issuer = [(entry, key) for entry, key in proofs if key.controller == claimed.id]
        if not by_issuer:
            found = proofs[0][1].controller
            return self.note("issuer-key", Outcome.FAILED, "key-not-issuers", found=found, claimed=claimed.id)
        for entry, key in by_issuer:
            method = {"verification_method": entry.verification_method}
            if key.source == "address":
                return self.note("issuer-key", Outcome.FAILED, "key-in-address", method, address=key.controller)
            if key.listed.revoked_at is not None and key.listed.revoked_at <= self.at:
                date = key.listed.revoked_at.date().isoformat()
                return self.note("issuer-key", Outcome.FAILED, "key-revoked", method, date=date)
            if key.listed.expires_at is not None and key.listed.expires_at < (entry.created or self.at):
                date = key.listed.expires_at.date().isoformat()
                return self.note("issuer-key", Outcome.FAILED, "key-expired", method, date=date)
        key = by_issuer[0][1]
        self.note(
            "issuer-key", Outcome.PASSED, "key-is-issuers", {"controller": key.controller, "found_by": key.source}
        )
        domain = did_web.domain(claimed.id) if key.source == "did:web" else ""
        known = self.directory(claimed.id) if self.directory is not None else None
        self.issuer = EstablishedIssuer(id=claimed.id, claimed_name=claimed.name, known=known, domain=domain)
        return None

    def _check_issuer(self, issuer: EstablishedIssuer) -> None:
        claimed = issuer.claimed_name.best()
        evidence = {"id": issuer.id, "domain": issuer.domain, "claimed_name": issuer.claimed_name.as_dict()}
        if issuer.known is not None:
            names = (issuer.known.name, *issuer.known.former_names)
            if claimed and issuer.known.name and not any(_same_name(issuer.claimed_name, name) for name in names):
                self.note(
                    "issuer", Outcome.CAUTION, "issuer-named-otherwise", evidence, issuer=issuer.name, claimed=claimed
                )
            else:
                self.note("issuer", Outcome.PASSED, "issuer-known", evidence, issuer=issuer.name)
        elif issuer.domain and self.directory is None:
            self.note("issuer", Outcome.PASSED, "issuer-is-address", evidence, domain=issuer.domain, claimed=claimed)
        else:
            self.note("issuer", Outcome.CAUTION, "issuer-unknown", evidence, issuer=issuer.name, claimed=claimed)

    # --- validity -----------------------------------------------------------------------------------------------------

    def _check_validity(self) -> None:
        try:
            begins = read_instant(self.claimed, "validFrom", "issuanceDate")
            ends = read_instant(self.claimed, "validUntil", "expirationDate")
        except FormatError as error:
            return self.refuse("validity", error)
        evidence = {
            "valid_from": begins.isoformat() if begins else None,
            "valid_until": ends.isoformat() if ends else None,
        }
        if begins is not None and begins > self.at:
            return self.note("validity", Outcome.FAILED, "not-yet-valid", evidence, date=begins.date().isoformat())
        if ends is not None and ends <= self.at:
            return self.note("validity", Outcome.FAILED, "expired", evidence, date=ends.date().isoformat())
        bounds = {
            name: moment.date().isoformat()
            for name, moment in (("begins", begins), ("ends", ends))
            if moment is not None
        }
        code = _VALID[begins is not None, ends is not None]
        return self.note("validity", Outcome.PASSED, code, evidence, **bounds)

    # --- report -------------------------------------------------------------------------------------------------------

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


_HEADLINES = {
    code: f"headline-{code}"
    for code in (
        *("issuer-unknown", "issuer-named-otherwise", "status-not-checkable", "signature-wrong", "proof-missing"),
        *("revoked", "suspended", "expired", "not-yet-valid", "key-in-address", "key-not-issuers"),
        *("key-not-reachable", "key-revoked", "format-unsupported", "format-never-sealed", "format-unknown"),
    )
}


# By whether the document says since when, and until when.
_VALID = {
    (True, True): "valid-until",
    (True, False): "valid-now",
    (False, True): "valid-to",
    (False, False): "valid-always",
}


def _as_bytes(document: bytes | str | Mapping[str, Any]) -> bytes:
    if isinstance(document, bytes | bytearray | memoryview):
        return bytes(document)
    if not isinstance(document, str):
        try:
            document = json.dumps(dict(document), ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise DocumentError("data-not-json") from error
    try:
        return document.encode()
    except UnicodeEncodeError as error:
        raise DocumentError("lone-surrogate") from error


def _same_name(claimed: LangText, known: LangText) -> bool:
    """This will tell whether the claimed names are the known ones: one is, and none contradicts in a known language."""

    def plain(name: str) -> str:
        return " ".join(name.casefold().split())

    names = {plain(name) for name in known.values()}
    contradicts = any(plain(name) not in names for tag, name in claimed.items() if tag in known)
    return not contradicts and any(plain(name) in names for name in claimed.values())
