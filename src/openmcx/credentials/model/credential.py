"""One award: this learner achieved this micro-credential."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from openmcx.credentials.model.achievement import Achievement
from openmcx.credentials.model.organisation import Identifier, Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """The holder as the credential names them. `id` is a DID or a ``urn:uuid:``; "" leaves it out."""

    given_name: str
    family_name: str
    date_of_birth: dt.date | None = None
    id: str = ""
    email: str = ""
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A grade and what it means. `scheme` explains the scale in words."""

    grade: str
    scheme: str = ""
    percent: Decimal | None = None
    ects_grade: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEntry:
    """Where the credential's state is kept: bit `index` of the list at `list_url`."""

    list_url: str
    index: int
    purpose: str = "revocation"  # revocation | suspension


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """An award of an achievement to a learner, independent of any wire format.

    Times are aware; `awarded_on` is the date of the award, `valid_from` and `valid_until` bound the validity.
    """

    id: str
    issuer: Organisation
    achievement: Achievement
    learner: Learner
    awarded_on: dt.date
    valid_from: dt.datetime
    valid_until: dt.datetime | None = None
    result: Result | None = None
    status: tuple[StatusEntry, ...] = ()
    evidence_url: str = ""
