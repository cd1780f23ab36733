"""Was it revoked or suspended? Asking the list that a credential names.

Source: Bitstring Status List v1.0, section 3.2 (validate algorithm).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from openmcx.credentials import jsonld
from openmcx.credentials.errors import CredentialError
from openmcx.credentials.findings import Finding
from openmcx.credentials.formats.open_badges import check_shape
from openmcx.credentials.formats.open_badges.values import each
from openmcx.credentials.instants import parse_instant
from openmcx.credentials.keys.resolve import Fetch, KeyResolver, Unreachable, get
from openmcx.credentials.proofs import data_integrity
from openmcx.credentials.report import Check, Outcome
from openmcx.credentials.status import bitstring

_ENTRY = "BitstringStatusListEntry"
_LIST = "BitstringStatusListCredential"
_BAD = {"revocation": "revoked", "suspension": "suspended"}
# More lists than this for one credential are a way to make a verifier fetch.
_MAX_ENTRIES = 4
_MAX_LIST_DOCUMENT_BYTES = 4 * 1024 * 1024
_WORST_FIRST = (Outcome.FAILED, Outcome.NOT_CHECKABLE, Outcome.CAUTION, Outcome.PASSED)


def check_status(
    document: Mapping[str, Any],
    *,
    issuer: str,
    at: dt.datetime,
    fetch: Fetch | None,
    resolver: KeyResolver,
    suites: frozenset[str],
) -> Check:
    """This will ask every list that the credential names; the worst answer counts."""
    entries = list(each(document.get("credentialStatus")))
    if not entries:
        return Check("status", Outcome.PASSED, Finding("status-none"))
    if len(entries) > _MAX_ENTRIES:
        finding = Finding("status-kind-unsupported", {"kind": f"{len(entries)} entries"})
        return Check("status", Outcome.NOT_CHECKABLE, finding)
    checks = [_check_entry(entry, issuer, at, fetch, resolver, suites) for entry in entries]
    return min(checks, key=lambda check: _WORST_FIRST.index(check.outcome))


def _check_entry(
    entry: Mapping[str, Any],
    issuer: str,
    at: dt.datetime,
    fetch: Fetch | None,
    resolver: KeyResolver,
    suites: frozenset[str],
) -> Check:
    kind, purpose = entry.get("type"), entry.get("statusPurpose")
    if kind != _ENTRY or purpose not in _BAD or entry.get("statusSize", 1) != 1:
        shown = kind if isinstance(kind, str) and kind != _ENTRY else f"{kind} for {purpose}"
        return _not_checkable(Finding("status-kind-unsupported", {"kind": str(shown)[:80]}), {})
    address, index = entry.get("statusListCredential"), entry.get("statusListIndex")
    evidence: dict[str, Any] = {"list": address, "index": index, "purpose": purpose}
    if not isinstance(address, str) or not address.startswith(("https://", "http://")):
        return _wrong(str(address)[:80], "the list has no web address.", evidence)
    if not (isinstance(index, str) and index.isascii() and index.isdigit() and len(index) < 19):
        return _wrong(address, "the index is no whole number written as text.", evidence)
    try:
        data = get(fetch, address, "status-not-reachable")
        listed = _verified_list(data, resolver, suites)
        found = _issuer_of(listed)
        evidence["list_issuer"] = found
        if found != issuer:
            finding = Finding("status-list-other-issuer", {"address": address, "found": found})
            return Check("status", Outcome.FAILED, finding, evidence)
        if (outdated := _outdated(listed, at)) is not None:
            finding = Finding("status-list-outdated", {"address": address, "date": outdated.date().isoformat()})
            return _not_checkable(finding, evidence)
        if listed.get("id", address) != address:
            return _wrong(address, "it is the list of another address.", evidence)
        if _bit(listed, purpose, int(index)):
            return Check("status", Outcome.FAILED, Finding(_BAD[purpose]), evidence)
    except Unreachable as error:
        code = "status-not-reachable"
        return _not_checkable(Finding(code, {"address": address, "reason": error.params["reason"]}), evidence)
    except CredentialError as error:
        return _wrong(address, str(error), evidence)
    return Check("status", Outcome.PASSED, Finding("status-good"), evidence)


def _verified_list(data: bytes, resolver: KeyResolver, suites: frozenset[str]) -> Mapping[str, Any]:
    """This will give what the list credential's signature covers, its key being its own issuer's."""
    limits = replace(jsonld.DEFAULT, max_bytes=_MAX_LIST_DOCUMENT_BYTES)
    document = jsonld.load(data, limits=limits)
    check_shape(document)
    proof = data_integrity.verify(
        document, public_key_for=resolver.public_key, allowed_cryptosuites=suites, limits=limits
    )
    key = resolver.found[proof.verification_method]
    if key.controller != _issuer_of(proof.document) or key.source == "address" or key.listed.revoked_at:
        raise CredentialError("signature-wrong")
    return proof.document


def _issuer_of(document: Mapping[str, Any]) -> str:
    issuer = document.get("issuer")
    return str(issuer.get("id") if isinstance(issuer, Mapping) else issuer)


def _outdated(document: Mapping[str, Any], at: dt.datetime) -> dt.datetime | None:
    ends = document.get("validUntil")
    if ends is None:
        return None
    moment = parse_instant(ends, member="validUntil")
    return moment if moment <= at else None


def _bit(document: Mapping[str, Any], purpose: str, index: int) -> bool:
    subject = document.get("credentialSubject")
    if _LIST not in list(each(document.get("type"))) or not isinstance(subject, Mapping):
        raise CredentialError("format-member-invalid", member="type", reason="it is no status list")
    if subject.get("type") != "BitstringStatusList" or purpose not in list(each(subject.get("statusPurpose"))):
        raise CredentialError("format-member-invalid", member="statusPurpose", reason="it is a list for something else")
    return bitstring.get(bitstring.decode(subject.get("encodedList")), index)


def _wrong(address: str, reason: str, evidence: Mapping[str, Any]) -> Check:
    finding = Finding("status-list-wrong", {"address": address, "reason": reason})
    return Check("status", Outcome.FAILED, finding, evidence)


def _not_checkable(finding: Finding, evidence: Mapping[str, Any]) -> Check:
    return Check("status", Outcome.NOT_CHECKABLE, finding, evidence)
