"""What verifying found out: a verdict in one sentence and each check in words.

    Report
    ├── verdict      verified | caution | not-verified | unsupported | unreadable
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

from openmcx.credentials.findings import Finding
from openmcx.credentials.model import Credential, LangText

CHECKS = ("document", "format", "structure", "terms", "proof", "issuer-key", "issuer", "status", "validity")
"""The names of the checks in the order in which they are made and shown."""


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
    UNSUPPORTED = "unsupported"  # read and recognised, but of a kind that cannot be judged here
    UNREADABLE = "unreadable"


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
    former_names: tuple[LangText, ...] = ()  # what it was called when it issued earlier credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class EstablishedIssuer:
    """Who issued a credential as far as that was established, and what the credential claims beside it.

    `known` is what the directory says; `certified` the organisation that a certificate names for which a trusted
    `authority` vouches; `domain` the web address whose control was shown (did:web). With none of them, only that one
    key signed is established.
    """

    id: str
    claimed_name: LangText
    known: KnownIssuer | None = None
    domain: str = ""
    certified: str = ""
    authority: str = ""

    @property
    def name(self) -> str:
        """The name to show: from the directory, else from the certificate, else the web address, else the id; never
        what the file claims.
        """
        return (self.known.name.best() if self.known else "") or self.certified or self.domain or self.id

    def as_dict(self) -> dict[str, Any]:
        """This will give the issuer for JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "known": self.known is not None,
            "domain": self.domain,
            "certified": self.certified,
            "authority": self.authority,
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
        """This will refuse: a report has five verdicts, and one of them is "verified, with a caution"."""
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
    from openmcx.credentials.formats import specification

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
