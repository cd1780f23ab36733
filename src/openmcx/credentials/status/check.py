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
from openmcx.credentials.formats.open_badges import check_shape, check_statements
from openmcx.credentials.formats.open_badges.values import each, only
from openmcx.credentials.instants import parse_instant
from openmcx.credentials.keys.resolve import Fetch, KeyResolver, Unreachable, get
from openmcx.credentials.proofs import data_integrity
from openmcx.credentials.proofs.times import CLOCK_SKEW, time_fault
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
    """This will ask every list that the credential names; the worst answer counts.

    An entry that stands there twice says nothing more, and neither does one in brackets: the signature is the same.
    """
    entries = {_identity(entry): entry for entry in each(document.get("credentialStatus"))}
    if not entries:
        return Check("status", Outcome.PASSED, Finding("status-none"))
    if len(entries) > _MAX_ENTRIES:
        found = _invalid("credentialStatus", "too-many-lists", count=len(entries), limit=_MAX_ENTRIES)
        return Check("status", Outcome.FAILED, found)
    checks = [_check_entry(entry, issuer, at, fetch, resolver, suites) for entry in entries.values()]
    return min(checks, key=lambda check: _WORST_FIRST.index(check.outcome))


def _identity(entry: object) -> str:
    if isinstance(entry, Mapping):
        return repr(sorted((name, sorted(map(repr, each(value)))) for name, value in entry.items()))
    return repr(entry)


def _check_entry(
    entry: object,
    issuer: str,
    at: dt.datetime,
    fetch: Fetch | None,
    resolver: KeyResolver,
    suites: frozenset[str],
) -> Check:
    if not isinstance(entry, Mapping):
        return Check("status", Outcome.FAILED, _invalid("credentialStatus", "entry-not-an-object"))
    kinds, purpose = list(each(entry.get("type"))), only(entry.get("statusPurpose"))
    if _ENTRY not in kinds:
        return _not_checkable(Finding("status-kind-unsupported", {"type": _shown(*kinds)}), {})
    if not isinstance(purpose, str):
        return Check("status", Outcome.FAILED, _invalid("statusPurpose", "no-text"))
    if purpose not in _BAD or only(entry.get("statusSize", 1)) not in (1, "1"):
        return _not_checkable(Finding("status-kind-unsupported", {"type": _shown(_ENTRY, purpose)}), {})
    address, index = only(entry.get("statusListCredential")), only(entry.get("statusListIndex"))
    evidence: dict[str, Any] = {"list": address, "index": index, "purpose": purpose}
    if not isinstance(address, str) or not address.startswith(("https://", "http://")):
        return _wrong(_shown(address), Finding("status-list-without-address"), evidence)
    if not (isinstance(index, str) and index.isascii() and index.isdigit() and len(index) < 19):
        return _wrong(address, Finding("status-index-not-text"), evidence)
    try:
        data = get(fetch, address, "status-not-reachable")
        proof = _verified_list(data, resolver, suites)
        listed = proof.document
        found = _issuer_of(listed)
        evidence["list_issuer"] = found
        if found != issuer:
            finding = Finding("status-list-other-issuer", {"address": address, "found": found})
            return Check("status", Outcome.FAILED, finding, evidence)
        if listed.get("id", address) != address:
            return _wrong(address, Finding("status-list-of-another"), evidence)
        if (early := _too_early(proof, at)) is not None:
            return _wrong(address, early, evidence)
        if _bit(listed, purpose, int(index)):
            return Check("status", Outcome.FAILED, Finding(_BAD[purpose]), evidence)
        if (outdated := _outdated(proof, at)) is not None:
            # What was revoked since then would not stand in it.
            finding = Finding("status-list-outdated", {"address": address, "date": outdated.date().isoformat()})
            return _not_checkable(finding, evidence)
    except Unreachable as error:
        # What could not be had may be the list or the key that signed it; the reader asked about the list.
        return _not_checkable(Finding("status-not-reachable", {**error.params, "address": address}), evidence)
    except CredentialError as error:
        return _wrong(address, Finding.of(error), evidence)
    return Check("status", Outcome.PASSED, Finding("status-good"), evidence)


def _verified_list(data: bytes, resolver: KeyResolver, suites: frozenset[str]) -> data_integrity.VerifiedProof:
    """This will give the list credential's proof, its key being its own issuer's, and so what the proof covers."""
    limits = replace(jsonld.DEFAULT, max_bytes=_MAX_LIST_DOCUMENT_BYTES)
    document = jsonld.load(data, limits=limits)
    check_shape(document)
    proof = data_integrity.verify(
        document, public_key_for=resolver.public_key, allowed_cryptosuites=suites, limits=limits
    )
    check_statements(proof.document, data_integrity.statements(proof, limits=limits), whole=False)
    key = resolver.found[proof.verification_method]
    if key.controller != _issuer_of(proof.document) or key.source == "address" or key.listed.revoked_at:
        raise CredentialError("signature-wrong")
    if key.listed.expires_at and (proof.created is None or key.listed.expires_at < proof.created):
        raise CredentialError("signature-wrong")
    return proof


def _issuer_of(document: Mapping[str, Any]) -> str:
    issuer = document.get("issuer")
    return str(issuer.get("id") if isinstance(issuer, Mapping) else issuer)


def _too_early(proof: data_integrity.VerifiedProof, at: dt.datetime) -> Finding | None:
    begins = proof.document.get("validFrom")
    moment = parse_instant(begins, member="validFrom") if begins is not None else at
    if moment > at + CLOCK_SKEW:
        return Finding("not-yet-valid", {"date": moment.date().isoformat()})
    fault = time_fault(proof, at)
    return fault if fault is not None and fault.code == "proof-from-the-future" else None


def _outdated(proof: data_integrity.VerifiedProof, at: dt.datetime) -> dt.datetime | None:
    """This will give the first time before `at` until which the list or a proof of it was to hold."""
    ends = [entry.expires for entry in (proof, *proof.others) if entry.expires is not None]
    for member in ("validUntil", "expirationDate"):
        if proof.document.get(member) is not None:
            ends.append(parse_instant(proof.document[member], member=member))
    return min((moment for moment in ends if moment <= at), default=None)


def _bit(document: Mapping[str, Any], purpose: str, index: int) -> bool:
    subject = only(document.get("credentialSubject"))
    if _LIST not in list(each(document.get("type"))) or not isinstance(subject, Mapping):
        raise CredentialError("format-member-invalid", member="type", reason="no-status-list")
    kinds, purposes = list(each(subject.get("type"))), list(each(subject.get("statusPurpose")))
    if "BitstringStatusList" not in kinds or purpose not in purposes:
        raise CredentialError("format-member-invalid", member="statusPurpose", reason="list-for-something-else")
    return bitstring.get(bitstring.decode(only(subject.get("encodedList"))), index)


def _shown(*parts: object) -> str:
    return " ".join(map(str, parts))[:80]


def _invalid(member: str, reason: str, **params: object) -> Finding:
    return Finding("format-member-invalid", {"member": member, "reason": reason, **params})


def _wrong(address: str, because: Finding, evidence: Mapping[str, Any]) -> Check:
    finding = Finding("status-list-wrong", {"address": address}, because=because)
    return Check("status", Outcome.FAILED, finding, evidence)


def _not_checkable(finding: Finding, evidence: Mapping[str, Any]) -> Check:
    return Check("status", Outcome.NOT_CHECKABLE, finding, evidence)
