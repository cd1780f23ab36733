"""What every verifiable credential and presentation must look like: the W3C data model in versions 1.1 and 2.0.

Only the shape is judged here, whatever the credential is about and whoever signed it. What a document may hide from its
readers is another question, which `open_badges.shape` asks.

Source: Verifiable Credentials Data Model 2.0, sections 4 and 5; Verifiable Credentials Data Model 1.1, section 4.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from openmcx.credentials.errors import ContextError, CredentialError, FormatError
from openmcx.credentials.instants import parse_instant
from openmcx.credentials.jsonld import contexts
from openmcx.credentials.jsonld.rdf import ABSOLUTE_IRI
from openmcx.credentials.multibase import decode_base58btc

CREDENTIAL = "VerifiableCredential"
PRESENTATION = "VerifiablePresentation"
ENVELOPED_CREDENTIAL = "EnvelopedVerifiableCredential"
ENVELOPED_PRESENTATION = "EnvelopedVerifiablePresentation"
BITSTRING_ENTRY = "BitstringStatusListEntry"

# Whose entries are objects with a type.
_TYPED = ("credentialStatus", "credentialSchema", "evidence", "termsOfUse", "refreshService")
_TEXTS = ("name", "description")
_TIMES = ("validFrom", "validUntil", "issuanceDate", "expirationDate")
_LANGUAGE_OBJECT = frozenset({"@value", "@language", "@direction"})
_MAX_RELATED_RESOURCES = 100

_INDEX = re.compile(r"0|[1-9][0-9]{0,17}")
_SRI = re.compile(r"(sha256|sha384|sha512)-([A-Za-z0-9+/]+={0,2})")
# Multihash: what stands before a digest to name its kind and its length.
_MULTIHASH = {"sha256": b"\x12\x20", "sha384": b"\x20\x30", "sha512": b"\x13\x40"}


def check_credential(document: Mapping[str, Any]) -> None:
    """This will refuse a document that is no credential as the data model has it, without looking at its proof.

    Raises: FormatError or ContextError naming the first fault and its place.
    Source: Verifiable Credentials Data Model 2.0, sections 4.3 to 4.11, 5.3 to 5.6; version 1.1, sections 4.1 to 4.7.
    """
    _check_contexts(document)
    _check_type(document, CREDENTIAL, reason="no-credential-type")
    _check_id(document, "id", where="")
    _check_issuer(document)
    _check_subjects(document)
    _check_times(document)
    for member in _TYPED:
        if member in document:
            _check_entries(document, member)
    if "credentialSchema" in document:
        for place, schema in _entries(document, "credentialSchema"):
            if "id" not in schema:
                raise FormatError("format-member-missing", member="credentialSchema.id", where=place)
    _check_texts(document)
    if "relatedResource" in document:
        _check_related_resources(document)


def check_status_entries(document: Mapping[str, Any]) -> None:
    """This will refuse to issue with an entry of a Bitstring Status List that no verifier could follow.

    Raises: FormatError.
    Source: Bitstring Status List v1.0, section 2.1.
    """
    for place, entry in _entries(document, "credentialStatus"):
        if BITSTRING_ENTRY not in _each(entry.get("type")):
            continue
        if not isinstance(entry.get("statusPurpose"), str):
            raise _wrong("statusPurpose", reason="no-text", where=f"{place}/statusPurpose")
        index = entry.get("statusListIndex")
        if not isinstance(index, str) or not _INDEX.fullmatch(index):
            raise _wrong("statusListIndex", reason="index-not-text", where=f"{place}/statusListIndex")
        address = entry.get("statusListCredential")
        if not _is_iri(address):
            raise _wrong("statusListCredential", reason="no-absolute-iri", where=f"{place}/statusListCredential")
        if entry.get("id") == address:
            raise _wrong("id", reason="id-of-the-list", where=f"{place}/id")
        size = entry.get("statusSize", 1)
        if not isinstance(size, int) or isinstance(size, bool) or size < 1:
            raise _wrong("statusSize", reason="no-positive-number", where=f"{place}/statusSize")
        if size > 1 and not entry.get("statusMessage"):
            raise FormatError("format-member-missing", member="statusMessage", where=place)


def check_presentation(document: Mapping[str, Any]) -> None:
    """This will refuse a document that is no presentation as the data model has it; its credentials are not judged.

    Raises: FormatError or ContextError naming the first fault and its place.
    Source: Verifiable Credentials Data Model 2.0, section 4.13; version 1.1, section 4.10.
    """
    _check_contexts(document)
    _check_type(document, PRESENTATION, reason="no-presentation-type")
    _check_id(document, "id", where="")
    holder = document.get("holder")
    if isinstance(holder, Mapping):
        if "id" not in holder:
            raise FormatError("format-member-missing", member="holder.id", where="/holder")
        _check_id(holder, "id", where="/holder")
    else:
        _check_id(document, "holder", where="")
    if "verifiableCredential" in document:
        held = document["verifiableCredential"]
        if not all(isinstance(entry, Mapping) for entry in (held if isinstance(held, list) else [held])):
            raise _wrong("verifiableCredential", reason="no-credential-object", where="/verifiableCredential")
    _check_entries(document, "termsOfUse")


def check_envelope(document: Mapping[str, Any], kind: str = ENVELOPED_CREDENTIAL) -> None:
    """This will refuse an envelope whose contexts do not say what an envelope is; `kind` is its type.

    Raises: FormatError or ContextError.
    Source: Verifiable Credentials Data Model 2.0, sections 4.13.1 and 4.13.2.
    """
    _check_contexts(document)
    _check_type(document, kind, reason="no-envelope")
    if version_of(document) == "1.1":
        raise _wrong("@context", reason="wrong-first-context", where="/@context")


def issuer_of(document: Mapping[str, Any]) -> str:
    """This will give the id of a credential's issuer, or "" when it names none."""
    issuer = document.get("issuer")
    name = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    return name if isinstance(name, str) else ""


def holder_of(document: Mapping[str, Any]) -> str:
    """This will give the id of a presentation's holder, or "" when it names none."""
    holder = document.get("holder")
    name = holder.get("id") if isinstance(holder, Mapping) else holder
    return name if isinstance(name, str) else ""


def version_of(document: Mapping[str, Any]) -> str:
    """This will give the version of the data model, 1.1 or 2.0, that the first context chooses."""
    listed = document.get("@context")
    return "1.1" if listed == contexts.VC_V1 or (isinstance(listed, list) and listed[:1] == [contexts.VC_V1]) else "2.0"


# --- contexts, type, id -----------------------------------------------------------------------------------------------


def _check_contexts(document: Mapping[str, Any]) -> None:
    listed = document.get("@context")
    entries = listed if isinstance(listed, list) else [listed]
    if not entries or entries[0] not in (contexts.VC_V2, contexts.VC_V1):
        raise _wrong("@context", reason="wrong-first-context", where="/@context")
    for number, entry in enumerate(entries):
        if not isinstance(entry, str | Mapping):
            raise ContextError("context-not-an-object", where=f"/@context/{number}")


def _check_type(document: Mapping[str, Any], wanted: str, *, reason: str) -> None:
    kinds = document.get("type")
    if not _is_type(kinds) or wanted not in _each(kinds):
        raise _wrong("type", reason=reason, where="/type")


def _each(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _is_type(value: object) -> bool:
    kinds = value if isinstance(value, list) else [value]
    return bool(kinds) and all(isinstance(kind, str) and kind for kind in kinds)


def _check_id(node: Mapping[str, Any], member: str, *, where: str) -> None:
    if member in node and not _is_iri(node[member]):
        raise _wrong(member, reason="no-absolute-iri", where=f"{where}/{member}")


def _is_iri(value: object) -> bool:
    return isinstance(value, str) and ABSOLUTE_IRI.fullmatch(value) is not None


# --- issuer, subject, times -------------------------------------------------------------------------------------------


def _check_issuer(document: Mapping[str, Any]) -> None:
    name = issuer_of(document)
    if not name:
        raise FormatError("format-member-missing", member="issuer", where="/issuer")
    if not _is_iri(name):
        raise _wrong("issuer", reason="no-absolute-iri", where="/issuer")


def _check_subjects(document: Mapping[str, Any]) -> None:
    subjects = document.get("credentialSubject")
    if not subjects:
        raise FormatError("format-member-missing", member="credentialSubject", where="/credentialSubject")
    for place, subject in _places(subjects, "/credentialSubject"):
        if not isinstance(subject, Mapping) or not subject:
            raise _wrong("credentialSubject", reason="subject-says-nothing", where=place)
        _check_id(subject, "id", where=place)


def _check_times(document: Mapping[str, Any]) -> None:
    times = {member: parse_instant(document[member], member=member) for member in _TIMES if member in document}
    if version_of(document) == "1.1" and "issuanceDate" not in times and "validFrom" not in times:
        raise FormatError("format-member-missing", member="issuanceDate", where="/issuanceDate")
    if "validFrom" in times and "validUntil" in times and times["validFrom"] > times["validUntil"]:
        raise _wrong("validUntil", reason="before-valid-from", where="/validUntil")
    if "issuanceDate" in times and "expirationDate" in times and times["issuanceDate"] > times["expirationDate"]:
        raise _wrong("expirationDate", reason="before-issuance", where="/expirationDate")


# --- what has a type of its own ---------------------------------------------------------------------------------------


def _places(value: object, where: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        yield from ((f"{where}/{number}", entry) for number, entry in enumerate(value))
    else:
        yield where, value


def _entries(document: Mapping[str, Any], member: str) -> Iterator[tuple[str, Any]]:
    if member in document:
        yield from _places(document[member], f"/{member}")


def _check_entries(document: Mapping[str, Any], member: str) -> None:
    for place, entry in _entries(document, member):
        if not isinstance(entry, Mapping) or not _is_type(entry.get("type")):
            raise _wrong(member, reason="entry-not-an-object", where=place)
        _check_id(entry, "id", where=place)


# --- texts ------------------------------------------------------------------------------------------------------------


def _check_texts(document: Mapping[str, Any]) -> None:
    """This will refuse a name or description that is neither text nor text in a language.

    Source: Verifiable Credentials Data Model 2.0, sections 4.6 and 11.1. Version 1.1 does not define them.
    """
    if version_of(document) == "1.1":
        return
    issuer = document.get("issuer")
    for where, node in (("", document), ("/issuer", issuer)):
        if isinstance(node, Mapping):
            for member in _TEXTS:
                if member in node and not _is_text(node[member]):
                    raise _wrong(member, reason="no-language-text", where=f"{where}/{member}")


def _is_text(value: object) -> bool:
    if isinstance(value, str):
        return True
    entries = value if isinstance(value, list) else [value]
    return bool(entries) and all(isinstance(entry, str) or _is_language_object(entry) for entry in entries)


def _is_language_object(value: object) -> bool:
    return (
        isinstance(value, Mapping)
        and "@value" in value
        and value.keys() <= _LANGUAGE_OBJECT
        and all(isinstance(part, str) for part in value.values())
    )


# --- related resources ------------------------------------------------------------------------------------------------


def _check_related_resources(document: Mapping[str, Any]) -> None:
    """This will compare the digests of related resources that are at hand: the contexts that are bundled.

    Others are not fetched; of them the form of the digest is judged only.

    Source: Verifiable Credentials Data Model 2.0, section 5.3.
    """
    seen: set[str] = set()
    for count, (place, entry) in enumerate(_entries(document, "relatedResource")):
        if count >= _MAX_RELATED_RESOURCES:
            limit = _MAX_RELATED_RESOURCES
            raise FormatError(
                "format-member-invalid", where=place, member="relatedResource", reason="too-many-entries", limit=limit
            )
        if not isinstance(entry, Mapping):
            raise _wrong("relatedResource", reason="no-object", where=place)
        if "id" not in entry:
            raise FormatError("format-member-missing", member="relatedResource.id", where=place)
        _check_id(entry, "id", where=place)
        name = entry["id"]
        if name in seen:
            raise FormatError(
                "format-member-invalid", where=place, member="relatedResource", reason="resource-twice", id=name
            )
        seen.add(name)
        digests = [digest for member in ("digestSRI", "digestMultibase") for digest in _digests(entry, member, place)]
        if not digests:
            raise _wrong("relatedResource", reason="resource-without-digest", where=place)
        if name not in contexts.BUNDLED:
            continue
        data = contexts.source(name)
        for algorithm, value in digests:
            if hashlib.new(algorithm, data).digest() != value:
                raise FormatError(
                    "format-member-invalid", where=place, member="relatedResource", reason="digest-differs", id=name
                )


def _digests(entry: Mapping[str, Any], member: str, place: str) -> Iterator[tuple[str, bytes]]:
    """This will give the kind and the bytes of each digest; those that are not well written are refused."""
    for text in _each(entry.get(member)):
        found = None
        if isinstance(text, str):
            found = _read_sri(text) if member == "digestSRI" else _read_multibase(text)
        if found is None:
            raise _wrong(member, reason="digest-malformed", where=f"{place}/{member}")
        yield found


def _read_sri(text: str) -> tuple[str, bytes] | None:
    """Source: Subresource Integrity, section 3.5."""
    match = _SRI.fullmatch(text)
    if match is None:
        return None
    try:
        value = base64.b64decode(match[2], validate=True)
    except binascii.Error:
        return None
    return (match[1], value) if len(value) == hashlib.new(match[1]).digest_size else None


def _read_multibase(text: str) -> tuple[str, bytes] | None:
    """This will read a multihash, or a digest that stands alone and is known by its length.

    Source: Controlled Identifiers 1.0, sections 2.4 (Multibase) and 2.5 (Multihash). The examples in the data model
    leave the multihash's header out, and so do those who follow them.
    """
    try:
        if text.startswith("u"):
            if not re.fullmatch(r"u[A-Za-z0-9_-]{1,128}", text):
                return None
            value = base64.b64decode(text[1:] + "=" * (-len(text[1:]) % 4), altchars=b"-_", validate=True)
        else:
            value = decode_base58btc(text)
    except (CredentialError, binascii.Error):
        return None
    for algorithm, header in _MULTIHASH.items():
        size = hashlib.new(algorithm).digest_size
        if len(value) == size:
            return algorithm, value
        if len(value) == size + len(header) and value.startswith(header):
            return algorithm, value[len(header) :]
    return None


def _wrong(member: str, *, reason: str, where: str) -> FormatError:
    return FormatError("format-member-invalid", where=where, member=member, reason=reason)
