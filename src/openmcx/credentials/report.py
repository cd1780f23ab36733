"""What verifying found out: a verdict in one sentence and each check in words.

    Report
    ├── verdict      verified | caution | not-verified | unreadable
    ├── headline     the one sentence
    ├── checks       in the order of CHECKS, each passed | failed | not-checkable | caution
    ├── issuer       who issued it as far as that could be established
    └── credential   what the document says, to be believed only as far as the verdict goes

Every sentence comes from a table by its code, so that whoever shows a report can say it in another language.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NoReturn

from openmcx.credentials.errors import MESSAGES, CredentialError
from openmcx.credentials.model import Credential, LangText

CHECKS = ("document", "format", "structure", "terms", "proof", "issuer-key", "issuer", "status", "validity")
"""The names of the checks in the order in which they are made and shown."""

SENTENCES: dict[str, str] = {
    **MESSAGES,
    # --- headlines ------------------------------------------------------------------------------------------------
    "headline-verified": "Genuine and valid: issued by {issuer}, unchanged since.",
    "headline-issuer-unknown": "Unchanged and valid, but nothing is known here about who issued it ({issuer}).",
    "headline-issuer-named-otherwise": (
        "Unchanged and valid, but the file calls its issuer “{claimed}”, while it comes from {issuer}."
    ),
    "headline-status-not-checkable": (
        "Unchanged and issued by {issuer}, but whether it was revoked since could not be found out."
    ),
    "headline-signature-wrong": "Not genuine: it was changed after it was signed, or somebody else signed it.",
    "headline-proof-missing": "Not signed: anybody could have written this. Ask its issuer for the signed version.",
    "headline-revoked": "Revoked: {issuer} has withdrawn this credential.",
    "headline-suspended": "Suspended: {issuer} has taken back this credential for the time being.",
    "headline-expired": "Expired on {date}: it was genuine, but is not valid any more.",
    "headline-not-yet-valid": "Not valid yet: it becomes valid on {date}.",
    "headline-key-in-address": (
        "Readable, but its issuer is not verified: the key stands in the file itself, and nobody vouches for it."
    ),
    "headline-key-not-issuers": "Not verified: it names {claimed} as its issuer, but somebody else signed it.",
    "headline-key-not-reachable": (
        "Not verified: the issuer's key could not be fetched from {address}. Try again later or ask the issuer."
    ),
    "headline-key-revoked": "Not verified: its issuer has revoked the key that signed it. Ask for a new one.",
    "headline-unreadable": "This is no credential that can be read here.",
    "headline-format-unsupported": "This seems to be {found}, which cannot be verified here yet.",
    "headline-not-verified": "Not verified: at least one check failed.",
    # --- document, format, structure, terms -----------------------------------------------------------------------
    "document-readable": "The file can be read.",
    "format-recognised": "It is {found}.",
    "format-unsupported": "It seems to be {found}. This format is known but cannot be verified yet.",
    "format-unknown": "It is JSON, but no verifiable credential. Check that you have the right file.",
    "structure-sound": "It has all that a credential must have, and nothing in it is out of sight.",
    "terms-covered": "Every term in it is defined, so the signature covers all of it.",
    # --- proof, issuer --------------------------------------------------------------------------------------------
    "signature-right": "The signature matches: nothing was changed since {created}.",
    "signature-right-undated": "The signature matches: nothing was changed since it was signed.",
    "proof-expired": "The signature was only meant to hold until {date}.",
    "proof-from-the-future": "The signature says that it was made on {date}, which is in the future.",
    "key-not-reachable": "The issuer's key lies at {address}, which could not be fetched ({reason}).",
    "key-revoked": "The issuer revoked the key on {date}. Whatever it signed is not to be trusted.",
    "key-expired": "The key was retired on {date}, before the signature was made.",
    "key-is-issuers": "The key that signed it belongs to the issuer.",
    "key-not-issuers": "The key that signed it belongs to {found}, not to the issuer {claimed}.",
    "key-in-address": (
        "The key stands in the file itself, as a part of the address {address}. Anybody could have put it there."
    ),
    "issuer-known": "The issuer is {issuer}, known here.",
    "issuer-named-otherwise": "The issuer is known here as {issuer}, but the file calls it “{claimed}”.",
    "issuer-is-address": "The issuer is whoever controls the web address {domain}. The file calls it “{claimed}”.",
    "issuer-unknown": (
        "Nothing is known here about the issuer {issuer}. The file calls it “{claimed}”, which anybody could write."
    ),
    # --- status, validity -----------------------------------------------------------------------------------------
    "status-none": "It does not say where its state is kept: it cannot have been revoked.",
    "status-good": "Its issuer has neither revoked nor suspended it.",
    "revoked": "Its issuer has revoked it.",
    "suspended": "Its issuer has suspended it for the time being.",
    "status-not-reachable": "Whether it was revoked stands at {address}, which could not be fetched ({reason}).",
    "status-kind-unsupported": "Whether it was revoked is kept in a form that is not supported (“{kind}”).",
    "status-list-wrong": "The list of revoked credentials at {address} cannot be trusted: {reason}",
    "status-list-other-issuer": "The list of revocations at {address} is not the issuer's but that of {found}.",
    "status-list-outdated": "The list of revoked credentials at {address} is out of date since {date}.",
    "valid-now": "It is valid since {begins} and without end.",
    "valid-until": "It is valid from {begins} until {ends}.",
    "expired": "It expired on {date}.",
    "not-yet-valid": "It becomes valid on {date}.",
    "check-not-reached": "Not checked, because an earlier check decided already.",
}


class Outcome(StrEnum):
    """What came of one check."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKABLE = "not-checkable"
    CAUTION = "caution"


class Verdict(StrEnum):
    """What came of all checks together."""

    VERIFIED = "verified"
    CAUTION = "caution"
    NOT_VERIFIED = "not-verified"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found out: a code for programs, its parameters, and the sentence for people."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """This will give the sentence in English."""
        return SENTENCES[self.code].format(**self.params)

    def as_dict(self) -> dict[str, Any]:
        """This will give the finding for JSON."""
        return {"code": self.code, "params": dict(self.params), "sentence": self.sentence}

    @classmethod
    def of(cls, error: CredentialError) -> "Finding":
        """This will give what an error says."""
        return cls(error.code, error.params)


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `evidence` holds what it was decided on: addresses, keys, times, places in the document."""

    name: str
    outcome: Outcome
    finding: Finding
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.finding.code

    @property
    def params(self) -> Mapping[str, object]:
        return self.finding.params

    @property
    def sentence(self) -> str:
        return self.finding.sentence

    def as_dict(self) -> dict[str, Any]:
        """This will give the check for JSON."""
        finding = self.finding.as_dict()
        return {"name": self.name, "outcome": self.outcome.value, **finding, "evidence": dict(self.evidence)}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownIssuer:
    """What a directory of issuers knows about the holder of a DID or issuer address."""

    name: LangText
    url: str = ""
    country: str = ""
    note: LangText = field(default_factory=LangText)  # accreditation, membership


@dataclass(frozen=True, slots=True, kw_only=True)
class EstablishedIssuer:
    """Who issued a credential as far as that was established, and what the credential claims beside it.

    `known` is what the directory says; `domain` is the web address whose control was shown (did:web). With neither,
    only that one key signed is established.
    """

    id: str
    claimed_name: LangText
    known: KnownIssuer | None = None
    domain: str = ""

    @property
    def name(self) -> str:
        """The name to show: from the directory, else the web address, else the id; never what the file claims."""
        return (self.known.name.best() if self.known else "") or self.domain or self.id

    def as_dict(self) -> dict[str, Any]:
        """This will give the issuer for JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "known": self.known is not None,
            "domain": self.domain,
            "claimed_name": self.claimed_name.as_dict(),
            "url": self.known.url if self.known else "",
            "country": self.known.country if self.known else "",
            "note": self.known.note.as_dict() if self.known else {},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that verifying a document found out."""

    verdict: Verdict
    headline: Finding
    checks: tuple[Check, ...]
    at: dt.datetime
    credential: Credential | None = None
    issuer: EstablishedIssuer | None = None

    def __bool__(self) -> NoReturn:
        """This will refuse: a report has four verdicts, and one of them is "verified, with a caution"."""
        raise TypeError("a report is neither true nor false: ask for its `verdict`")

    def check(self, name: str) -> Check:
        """This will give the check of a name. Raises: KeyError when there is none."""
        for check in self.checks:
            if check.name == name:
                return check
        raise KeyError(name)

    def as_dict(self) -> dict[str, Any]:
        """This will give the report for JSON."""
        return {
            "verdict": self.verdict.value,
            "headline": self.headline.as_dict(),
            "checked_at": self.at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z"),
            "issuer": self.issuer.as_dict() if self.issuer else None,
            "checks": [check.as_dict() for check in self.checks],
            "credential": _summary(self.credential) if self.credential else None,
        }


def _summary(credential: Credential) -> dict[str, Any]:
    # Loaded when a report is written out: whoever only asks for the verdict does without the specification's format.
    from openmcx.credentials.formats import specification  # noqa: PLC0415

    learner, result = credential.learner, credential.result
    return {
        "id": credential.id,
        "issuer": {"id": credential.issuer.id, "name": credential.issuer.name.as_dict()},
        "learner": {
            "given_name": learner.given_name,
            "family_name": learner.family_name,
            "date_of_birth": learner.date_of_birth.isoformat() if learner.date_of_birth else None,
            "identifiers": [{"scheme": entry.scheme, "value": entry.value} for entry in learner.identifiers],
        },
        "awarded_on": credential.awarded_on.isoformat(),
        "valid_from": credential.valid_from.isoformat(),
        "valid_until": credential.valid_until.isoformat() if credential.valid_until else None,
        "result": {
            "grade": result.grade,
            "scheme": result.scheme,
            "percent": str(result.percent) if result.percent is not None else None,
            "ects_grade": result.ects_grade,
        }
        if result
        else None,
        "specification": specification.write(credential.achievement),
    }
