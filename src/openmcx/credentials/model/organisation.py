"""Institutions as a credential names them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from openmcx.credentials.model.text import LangText


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """One identifier and the scheme it belongs to, such as ``ror`` or ``schac``."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityAssurance:
    """An accreditation or other external quality assurance, as stated by its holder."""

    title: LangText
    kind: str = ""  # institutional | programme | course | professional | none | "" (not stated)
    agency: LangText = field(default_factory=LangText)
    evidence_url: str = ""
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An awarding body or issuer. `id` is its DID or web address."""

    id: str
    name: LangText
    country: str = ""  # ISO 3166-1 alpha-2
    region: str = ""  # free text or NUTS code
    address: str = ""
    url: str = ""
    email: str = ""
    image_url: str = ""
    identifiers: tuple[Identifier, ...] = ()
    quality_assurance: tuple[QualityAssurance, ...] = ()
