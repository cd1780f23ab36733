"""1EdTech Revocation List: a list of ids of revoked credentials, read but never written.

It is not signed: what it says is worth as much as the encrypted connection it comes over, and it tells whoever fetches
it which credentials were revoked. Bitstring Status Lists do neither; they are what is issued here.

Source: 1EdTech Revocation List Status Method 1.0, sections 2 (data model) and 3 (verification).
"""

from collections.abc import Mapping
from typing import Any

from openmcx.credentials import jsonld
from openmcx.credentials.errors import CredentialError
from openmcx.credentials.findings import Finding
from openmcx.credentials.keys.resolve import Fetch, Unreachable, get
from openmcx.credentials.report import Check, Outcome

TYPE = "1EdTechRevocationList"
_LIMITS = jsonld.Limits(max_bytes=4 * 1024 * 1024, max_depth=16)
# The specification writes the one, some issuers write the other.
_MEMBERS = ("revokedCredentials", "revokedCredential")


def check(entry: Mapping[str, Any], *, credential_id: object, issuer: str, fetch: Fetch | None) -> Check:
    """This will ask the list that an entry of ``credentialStatus`` names whether it holds the credential.

    The list must say that it is the issuer's and lie at an https address; nothing else vouches for it.
    """
    address = entry.get("id")
    evidence: dict[str, Any] = {"list": address, "purpose": "revocation"}
    if not isinstance(address, str) or not address.startswith("https://"):
        return _wrong(str(address)[:80], Finding("status-list-without-address"), evidence)
    if not isinstance(credential_id, str) or not credential_id:
        return _wrong(address, Finding("format-member-missing", {"member": "id"}), evidence)
    try:
        listed = jsonld.load(get(fetch, address, "status-not-reachable"), limits=_LIMITS)
        found = _issuer(listed)
        evidence["list_issuer"] = found
        if found != issuer:
            finding = Finding("status-list-other-issuer", {"address": address, "found": found})
            return Check("status", Outcome.FAILED, finding, evidence)
        if listed.get("id", address) != address:
            return _wrong(address, Finding("status-list-of-another"), evidence)
        revoked = _revoked(listed)
    except Unreachable as error:
        finding = Finding("status-not-reachable", {**error.params, "address": address})
        return Check("status", Outcome.NOT_CHECKABLE, finding, evidence)
    except CredentialError as error:
        return _wrong(address, Finding.of(error), evidence)
    if credential_id in revoked:
        return Check("status", Outcome.FAILED, Finding("revoked"), evidence)
    return Check("status", Outcome.PASSED, Finding("status-good"), evidence)


def _issuer(listed: Mapping[str, Any]) -> str:
    issuer = listed.get("issuer")
    return str(issuer.get("id") if isinstance(issuer, Mapping) else issuer)


def _revoked(listed: Mapping[str, Any]) -> set[str]:
    """This will give the ids of the revoked credentials; an entry that says ``revoked: false`` was taken back."""
    present = [member for member in _MEMBERS if member in listed]
    if len(present) != 1:
        # Not one: an answer that is something else must not be taken for a list on which nothing stands.
        raise CredentialError("format-member-invalid", member=_MEMBERS[0], reason="no-status-list")
    entries = listed[present[0]]
    found: set[str] = set()
    for entry in entries if isinstance(entries, list) else [entries]:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str):
            raise CredentialError("format-member-invalid", member=present[0], reason="entry-not-an-object")
        if entry.get("revoked") is not False:
            found.add(entry["id"])
    return found


def _wrong(address: str, because: Finding, evidence: Mapping[str, Any]) -> Check:
    finding = Finding("status-list-wrong", {"address": address}, because=because)
    return Check("status", Outcome.FAILED, finding, evidence)
