"""Was it revoked or suspended? Asking the list that a credential names.

Source: Bitstring Status List v1.0, section 3.2 (validate algorithm); 1EdTech Revocation List Status Method 1.0.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from openmcx.credentials import jsonld
from openmcx.credentials.errors import CredentialError
from openmcx.credentials.findings import Finding
from openmcx.credentials.formats.open_badges import check_shape, check_statements
from openmcx.credentials.formats.open_badges.values import each, only
from openmcx.credentials.formats.recognise import recognise_bytes, recognise_token
from openmcx.credentials.instants import parse_instant
from openmcx.credentials.keys.resolve import Fetch, KeyResolver, Unreachable, get
from openmcx.credentials.proofs.secured import Secured, by_data_integrity, by_token, time_fault
from openmcx.credentials.proofs.times import CLOCK_SKEW
from openmcx.credentials.report import Check, Outcome
from openmcx.credentials.status import bitstring, revocation_list

_ENTRY = "BitstringStatusListEntry"
_LIST = "BitstringStatusListCredential"
_BAD = {"revocation": "revoked", "suspension": "suspended"}
_MESSAGE, _REFRESH = "message", "refresh"
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]{1,4}")
_MAX_SIZE = 8
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
    checks = [_check_entry(entry, document, issuer, at, fetch, resolver) for entry in entries.values()]
    return min(checks, key=lambda check: _WORST_FIRST.index(check.outcome))


def _identity(entry: object) -> str:
    if isinstance(entry, Mapping):
        return repr(sorted((name, sorted(map(repr, each(value)))) for name, value in entry.items()))
    return repr(entry)


def _check_entry(
    entry: object,
    document: Mapping[str, Any],
    issuer: str,
    at: dt.datetime,
    fetch: Fetch | None,
    resolver: KeyResolver,
) -> Check:
    if not isinstance(entry, Mapping):
        return Check("status", Outcome.FAILED, _invalid("credentialStatus", "entry-not-an-object"))
    kinds, purpose = list(each(entry.get("type"))), only(entry.get("statusPurpose"))
    if revocation_list.TYPE in kinds and _ENTRY not in kinds:
        return revocation_list.check(entry, credential_id=document.get("id"), issuer=issuer, fetch=fetch)
    if _ENTRY not in kinds:
        return _not_checkable(Finding("status-kind-unsupported", {"type": _shown(*kinds)}), {})
    if not isinstance(purpose, str):
        return Check("status", Outcome.FAILED, _invalid("statusPurpose", "no-text"))
    size = _size(entry)
    if purpose not in (*_BAD, _MESSAGE, _REFRESH) or size is None or (size > 1 and purpose != _MESSAGE):
        return _not_checkable(Finding("status-kind-unsupported", {"type": _shown(_ENTRY, purpose)}), {})
    address, index = only(entry.get("statusListCredential")), only(entry.get("statusListIndex"))
    evidence: dict[str, Any] = {"list": address, "index": index, "purpose": purpose}
    if not isinstance(address, str) or not address.startswith(("https://", "http://")):
        return _wrong(_shown(address), Finding("status-list-without-address"), evidence)
    if not (isinstance(index, str) and index.isascii() and index.isdigit() and len(index) < 19):
        return _wrong(address, Finding("status-index-not-text"), evidence)
    try:
        data = get(fetch, address, "status-not-reachable")
        secured = _verified_list(data, resolver)
        listed = secured.document
        found = _issuer_of(listed)
        evidence["list_issuer"] = found
        if found != issuer:
            finding = Finding("status-list-other-issuer", {"address": address, "found": found})
            return Check("status", Outcome.FAILED, finding, evidence)
        if listed.get("id", address) != address:
            return _wrong(address, Finding("status-list-of-another"), evidence)
        if (early := _too_early(secured, at)) is not None:
            return _wrong(address, early, evidence)
        value = _value(listed, purpose, int(index), size)
        evidence["value"] = value
        if value and purpose in _BAD:
            return Check("status", Outcome.FAILED, Finding(_BAD[purpose]), evidence)
        if (outdated := _outdated(secured, at)) is not None:
            # What was revoked since then would not stand in it.
            finding = Finding("status-list-outdated", {"address": address, "date": outdated.date().isoformat()})
            return _not_checkable(finding, evidence)
    except Unreachable as error:
        # What could not be had may be the list or the key that signed it; the reader asked about the list.
        return _not_checkable(Finding("status-not-reachable", {**error.params, "address": address}), evidence)
    except CredentialError as error:
        return _wrong(address, Finding.of(error), evidence)
    if purpose == _MESSAGE:
        return _message(entry, value, evidence)
    if value:
        return Check("status", Outcome.CAUTION, Finding("status-refresh"), evidence)
    return Check("status", Outcome.PASSED, Finding("status-good"), evidence)


def _size(entry: Mapping[str, Any]) -> int | None:
    """This will give how many bits the status has, or None when that is no number that is read."""
    size = only(entry.get("statusSize", 1))
    if isinstance(size, str) and size.isascii() and size.isdigit() and len(size) < 3:
        size = int(size)
    return size if type(size) is int and 1 <= size <= _MAX_SIZE else None


def _message(entry: Mapping[str, Any], value: int, evidence: Mapping[str, Any]) -> Check:
    """This will give the message that the entry has for a value. It is the issuer's own and decides nothing here.

    Source: Bitstring Status List v1.0, section 2.1 (statusMessage).
    """
    for one in each(entry.get("statusMessage")):
        status = one.get("status") if isinstance(one, Mapping) else None
        if not isinstance(status, str) or not _HEXADECIMAL.fullmatch(status) or int(status, 16) != value:
            continue
        text = _shown(only(one.get("message")))
        outcome = Outcome.CAUTION if value else Outcome.PASSED
        return Check("status", outcome, Finding("status-message", {"value": text}), evidence)
    if not value:
        return Check("status", Outcome.PASSED, Finding("status-good"), evidence)
    return _not_checkable(Finding("status-kind-unsupported", {"type": _shown(_ENTRY, _MESSAGE, value)}), evidence)


def _verified_list(data: bytes, resolver: KeyResolver) -> Secured:
    """This will give what a list credential's signature covers, its key being its own issuer's."""
    limits = replace(jsonld.DEFAULT, max_bytes=_MAX_LIST_DOCUMENT_BYTES)
    if (recognised := recognise_bytes(data)) is not None and recognised[0] == "jwt":
        token = data.strip().decode("ascii", "replace")
        kind = recognise_token(token, limits=limits)[0] or ""
        secured = by_token(kind, token, resolver, limits)
        check_shape(secured.document)
        statements = jsonld.to_nquads(secured.document, limits=limits)
    else:
        document = jsonld.load(data, limits=limits)
        check_shape(document)
        secured = by_data_integrity(document, resolver, limits)
        statements = secured.statements or []
    check_statements(secured.document, statements, whole=False)
    signed = secured.signed_by[0]
    if signed.key.controller != _issuer_of(secured.document) or signed.key.source == "address":
        raise CredentialError("signature-wrong")
    if signed.key.listed.revoked_at:
        raise CredentialError("signature-wrong")
    retired = signed.key.listed.expires_at
    if retired and (signed.created is None or retired < signed.created):
        raise CredentialError("signature-wrong")
    return secured


def _issuer_of(document: Mapping[str, Any]) -> str:
    issuer = document.get("issuer")
    return str(issuer.get("id") if isinstance(issuer, Mapping) else issuer)


def _too_early(secured: Secured, at: dt.datetime) -> Finding | None:
    begins = secured.document.get("validFrom")
    moment = parse_instant(begins, member="validFrom") if begins is not None else at
    if moment > at + CLOCK_SKEW:
        return Finding("not-yet-valid", {"date": moment.date().isoformat()})
    fault = time_fault(secured.signed_by, at)
    # That it is out of date is said in other words.
    return fault if fault is not None and fault.code != "proof-expired" else None


def _outdated(secured: Secured, at: dt.datetime) -> dt.datetime | None:
    """This will give the first time before `at` until which the list or a proof of it was to hold."""
    ends = [entry.expires for entry in secured.signed_by if entry.expires is not None]
    for member in ("validUntil", "expirationDate"):
        if secured.document.get(member) is not None:
            ends.append(parse_instant(secured.document[member], member=member))
    return min((moment for moment in ends if moment <= at), default=None)


def _value(document: Mapping[str, Any], purpose: str, index: int, size: int) -> int:
    """This will give the status at an index: the bits of one status follow one another, the highest first."""
    subject = only(document.get("credentialSubject"))
    if _LIST not in list(each(document.get("type"))) or not isinstance(subject, Mapping):
        raise CredentialError("format-member-invalid", member="type", reason="no-status-list")
    kinds, purposes = list(each(subject.get("type"))), list(each(subject.get("statusPurpose")))
    if "BitstringStatusList" not in kinds or purpose not in purposes:
        raise CredentialError("format-member-invalid", member="statusPurpose", reason="list-for-something-else")
    bits = bitstring.decode(only(subject.get("encodedList")))
    value = 0
    for place in range(index * size, (index + 1) * size):
        value = value << 1 | bitstring.get(bits, place)
    return value


def _shown(*parts: object) -> str:
    return " ".join(map(str, parts))[:80]


def _invalid(member: str, reason: str, **params: object) -> Finding:
    return Finding("format-member-invalid", {"member": member, "reason": reason, **params})


def _wrong(address: str, because: Finding, evidence: Mapping[str, Any]) -> Check:
    finding = Finding("status-list-wrong", {"address": address}, because=because)
    return Check("status", Outcome.FAILED, finding, evidence)


def _not_checkable(finding: Finding, evidence: Mapping[str, Any]) -> Check:
    return Check("status", Outcome.NOT_CHECKABLE, finding, evidence)
