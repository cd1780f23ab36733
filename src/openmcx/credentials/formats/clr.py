"""Comprehensive Learner Record 2.0: several awards of one learner in one credential, and how they belong together.

    document = write(record)          to be signed like any credential
    record = read(document)

Awards that are signed already are embedded as they are and keep their own signatures: whoever reads a record verifies
each of them by itself. An award without a signature of its own is vouched for by the publisher of the record alone.

Source: Comprehensive Learner Record Standard 2.0, sections 4 and B.1.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from openmcx.credentials.errors import CredentialError, FormatError, pointer
from openmcx.credentials.findings import Finding
from openmcx.credentials.formats import open_badges
from openmcx.credentials.formats.open_badges import terms
from openmcx.credentials.formats.open_badges.achievements import read_achievement, write_achievement
from openmcx.credentials.formats.open_badges.credentials import CREDENTIAL_TYPES, read_learner, write_learner
from openmcx.credentials.formats.open_badges.organisations import read_profile, write_profile
from openmcx.credentials.formats.open_badges.values import Node, each, literal, nodes, put, read_iri
from openmcx.credentials.instants import read_instant, write_instant
from openmcx.credentials.model import Achievement, Credential, Learner, Organisation

TYPE = "ClrCredential"
CONTEXT = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
SCHEMA = "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json"
MAX_CREDENTIALS = 500
_MAX_ASSOCIATIONS = 5_000


class AssociationKind(StrEnum):
    """How one achievement belongs to another. Source: CLR 2.0, AssociationType enumeration."""

    EXACT_MATCH = "exactMatchOf"
    CHILD = "isChildOf"
    PARENT = "isParentOf"
    PART = "isPartOf"
    PEER = "isPeerOf"
    RELATED = "isRelatedTo"
    PRECEDES = "precedes"
    REPLACED = "replacedBy"


@dataclass(frozen=True, slots=True)
class Association:
    """One achievement's tie to another; both are named by their ids."""

    kind: AssociationKind
    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """One award of a record: as it stands there, and as it reads.

    ``credential`` is None when it is no award of an achievement or cannot be read; ``fault`` says why. ``signed`` tells
    whether it bears a signature of its own, not whether that is right.
    """

    document: Mapping[str, Any] = field(repr=False)
    credential: Credential | None = None
    signed: bool = False
    fault: Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerRecord:
    """A learner's awards, published together. `achievements` are those that associations name and no award holds."""

    id: str
    name: str
    issuer: Organisation
    learner: Learner
    valid_from: dt.datetime
    valid_until: dt.datetime | None = None
    description: str = ""
    partial: bool | None = None  # whether the publisher knows of further awards
    awards: tuple[Award, ...] = ()
    achievements: tuple[Achievement, ...] = ()
    associations: tuple[Association, ...] = ()


def award(credential: Credential | Mapping[str, Any], *, language: str = "") -> Award:
    """This will make an award for a record: of a credential to be written, or of a document that is signed already.

    Raises: FormatError when it cannot be written or is no award of an achievement.
    """
    if isinstance(credential, Credential):
        return Award(document=open_badges.write(credential, language=language), credential=credential)
    return Award(document=credential, credential=open_badges.read(credential), signed="proof" in credential)


def write(record: LearnerRecord, *, language: str = "") -> dict[str, Any]:
    """This will write a record as an unsigned document; plain texts are in `language` where there is one.

    Raises: FormatError when it has no id, no name or no award, an award is in there twice, or an association names an
    achievement that is not in the record.
    """
    if not record.id:
        raise FormatError("format-cannot-write", reason="credential-without-id")
    if not record.name or not record.awards:
        raise FormatError("clr-incomplete")
    if len(record.awards) > MAX_CREDENTIALS:
        raise FormatError("clr-too-many", limit=MAX_CREDENTIALS)
    document: dict[str, Any] = {
        "@context": [terms.VC_CONTEXT, CONTEXT, terms.OB_CONTEXT, terms.OB_EXTENSIONS_CONTEXT],
        "id": record.id,
        "type": ["VerifiableCredential", TYPE],
        "name": record.name,
    }
    put(document, "description", record.description)
    put(document, "partial", record.partial)
    document["issuer"] = write_profile(record.issuer, language)
    document["validFrom"] = write_instant(record.valid_from)
    if record.valid_until is not None:
        document["validUntil"] = write_instant(record.valid_until)
    subject = write_learner(record.learner, "ClrSubject")
    subject["verifiableCredential"] = [dict(entry.document) for entry in record.awards]
    achievements = [write_achievement(one, issuer=record.issuer, language=language) for one in record.achievements]
    put(subject, "achievement", achievements)
    put(subject, "association", [_write_association(entry) for entry in record.associations])
    document["credentialSubject"] = subject
    document["credentialSchema"] = [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}]
    _check(record)
    return document


def _check(record: LearnerRecord) -> None:
    ids = [read_iri(dict(entry.document)) for entry in record.awards]
    doubled = next((one for place, one in enumerate(ids) if one and one in ids[:place]), None)
    if doubled is not None:
        raise FormatError("clr-award-twice", id=doubled)
    known = {one.id for one in record.achievements}
    known |= {entry.credential.achievement.id for entry in record.awards if entry.credential}
    for association in record.associations:
        for end in (association.source, association.target):
            if end not in known:
                raise FormatError("clr-association-dangling", id=end)


def _write_association(association: Association) -> Node:
    return {
        "type": "Association",
        "associationType": association.kind.value,
        "sourceId": association.source,
        "targetId": association.target,
    }


def read(document: Mapping[str, Any]) -> LearnerRecord:
    """This will read a record, signed or not. It reads; it verifies neither the record nor the awards in it.

    An award that cannot be read does not hide the others: it stands there with its fault.

    Raises: FormatError when it is no record or lacks what every record has.
    """
    if TYPE not in each(document.get("type")):
        raise FormatError("clr-not-a-record", where="/type")
    subjects = nodes(document.get("credentialSubject"))
    if len(subjects) != 1:
        reason = "not-one-learner"
        raise FormatError(
            "format-member-invalid", member="credentialSubject", reason=reason, where="/credentialSubject"
        )
    subject = subjects[0]
    embedded = each(subject.get("verifiableCredential"))
    associations, achievements = nodes(subject.get("association")), nodes(subject.get("achievement"))
    if len(embedded) > MAX_CREDENTIALS or len(achievements) > MAX_CREDENTIALS:
        raise FormatError("clr-too-many", limit=MAX_CREDENTIALS, where="/credentialSubject/verifiableCredential")
    if len(associations) > _MAX_ASSOCIATIONS:
        raise FormatError("clr-too-many", limit=_MAX_ASSOCIATIONS, where="/credentialSubject/association")
    issuer = read_profile(document.get("issuer"))
    if not issuer.id:
        raise FormatError("format-member-missing", member="issuer", where="/issuer")
    valid_from = read_instant(document, "validFrom", "issuanceDate")
    if valid_from is None:
        raise FormatError("format-member-missing", member="validFrom", where="/validFrom")
    partial = document.get("partial")
    return LearnerRecord(
        id=read_iri(dict(document)),
        name=literal(document.get("name")),
        issuer=issuer,
        learner=read_learner(subject),
        valid_from=valid_from,
        valid_until=read_instant(document, "validUntil", "expirationDate"),
        description=literal(document.get("description")),
        partial=partial if isinstance(partial, bool) else None,
        awards=tuple(_read_award(entry, place) for place, entry in enumerate(embedded)),
        achievements=tuple(read_achievement(node, issuer=issuer) for node in achievements),
        associations=tuple(_read_associations(associations)),
    )


def _read_award(entry: object, place: int) -> Award:
    where = pointer(["credentialSubject", "verifiableCredential", place])
    if not isinstance(entry, dict):
        return Award(document={}, fault=Finding("format-not-an-achievement", pointer=where))
    signed = "proof" in entry
    if not CREDENTIAL_TYPES.intersection(kind for kind in each(entry.get("type")) if isinstance(kind, str)):
        return Award(document=entry, signed=signed, fault=Finding("format-not-an-achievement", pointer=where))
    try:
        return Award(document=entry, credential=open_badges.read(entry), signed=signed)
    except CredentialError as error:
        fault = Finding(error.code, error.params, f"{where}{error.where or ''}")
        return Award(document=entry, signed=signed, fault=fault)


def _read_associations(entries: list[Node]) -> list[Association]:
    found = []
    for node in entries:
        kind, source, target = (literal(node.get(name)) for name in ("associationType", "sourceId", "targetId"))
        if kind in AssociationKind and source and target:
            found.append(Association(AssociationKind(kind), source, target))
    return found
