"""What kind of file is this? Said honestly also for what cannot be verified yet."""

import re
from collections.abc import Mapping
from typing import Any

from openmcx.credentials.formats.open_badges.credentials import CREDENTIAL_TYPES
from openmcx.credentials.formats.open_badges.values import each

_VC_CONTEXTS = ("https://www.w3.org/ns/credentials/v2", "https://www.w3.org/2018/credentials/v1")
_OB2_CONTEXT = re.compile(r"https://(w3id\.org/openbadges/v[12]|openbadgespec\.org/v[12]/context\.json)")
_JWT = re.compile(rb"[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+")
_SNIFFED_BYTES = 4096

OPEN_BADGE = "an Open Badges 3.0 credential"
CREDENTIAL = "a W3C verifiable credential"
STATUS_LIST = "a Bitstring Status List credential"


def recognise_bytes(data: bytes) -> str | None:
    """This will name the kind of a file that is not JSON, or give None."""
    start = data[:_SNIFFED_BYTES].lstrip()
    if data.startswith(b"%PDF-"):
        return "a PDF file"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "a PNG image with a baked badge" if b"openbadge" in data else "a PNG image"
    if data.startswith((b"\xff\xd8\xff", b"GIF8", b"RIFF")):
        return "a picture"
    if data.startswith(b"PK\x03\x04"):
        return "a ZIP archive or office document"
    if start.startswith(b"<"):
        lowered = start.lower()
        if b"<svg" in lowered:
            return "an SVG image with a baked badge" if b"openbadges" in data else "an SVG image"
        if b"<html" in lowered or b"<!doctype html" in lowered:
            return "a web page"
        return "an XML document"
    token = data.strip()
    if b"~" in token and _JWT.fullmatch(token.partition(b"~")[0]):
        return "an SD-JWT"
    if _JWT.fullmatch(token):
        return "a JWT"
    return None


def recognise_json(document: Mapping[str, Any]) -> tuple[str | None, bool]:
    """This will name the kind of a JSON document and tell whether it is one that can be verified."""
    contexts = [entry for entry in each(document.get("@context")) if isinstance(entry, str)]
    types = [entry for entry in each(document.get("type", document.get("@type"))) if isinstance(entry, str)]
    payload = document.get("payload")
    if isinstance(payload, str) and ("signatures" in document or "signature" in document):
        sealed = "EuropeanDigitalCredential" in payload or "europass" in payload
        return ("a sealed European Digital Credential" if sealed else "a JWS in JSON form"), False
    if isinstance(document.get("credential"), Mapping):
        return "an unsigned credential in a wrapper", False
    if any(_OB2_CONTEXT.fullmatch(entry) for entry in contexts):
        return "an Open Badges 2.0 badge", False
    if not any(entry in _VC_CONTEXTS for entry in contexts):
        return None, False
    if "VerifiablePresentation" in types:
        return "a verifiable presentation", False
    if "EuropeanDigitalCredential" in types:
        return "a European Digital Credential without a seal", False
    if "ClrCredential" in types:
        return "a Comprehensive Learner Record", False
    if "EnvelopedVerifiableCredential" in types:
        return "an enveloped verifiable credential", False
    if "VerifiableCredential" not in types:
        return None, False
    if CREDENTIAL_TYPES.intersection(types):
        return OPEN_BADGE, True
    return (STATUS_LIST if "BitstringStatusListCredential" in types else CREDENTIAL), True
