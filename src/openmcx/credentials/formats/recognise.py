"""What kind of file is this? Said honestly also for what cannot be verified yet. The words stand in `wording.KINDS`."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from openmcx.credentials import base64url, jsonld
from openmcx.credentials.errors import CredentialError
from openmcx.credentials.formats.open_badges.credentials import CREDENTIAL_TYPES
from openmcx.credentials.formats.open_badges.values import each

_VC_CONTEXTS = ("https://www.w3.org/ns/credentials/v2", "https://www.w3.org/2018/credentials/v1")
_OB2_CONTEXT = re.compile(r"https://(w3id\.org/openbadges/v[12]|openbadgespec\.org/v[12]/context\.json)")
_JWT = re.compile(rb"[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+")
_SNIFFED_BYTES = 4096
_COSE_SIGN1 = b"\xd2\x84"  # tag 18 on an array of four

OPEN_BADGE = "open-badge-3"
CREDENTIAL = "verifiable-credential"
STATUS_LIST = "bitstring-status-list"


class Support(StrEnum):
    """How far a kind of document can be judged here."""

    FULL = "full"
    CARRIER = "carrier"  # it carries a credential, which is what is judged
    NOT_YET = "not-yet"  # it may carry a seal or signature of a kind that is not checked yet
    UNSEALED = "unsealed"  # a credential of this kind carries no seal or signature
    NONE = "none"  # no credential


# What carries no seal or signature by its nature: a picture of a certificate, the page that offers it.
_NEVER_SEALED = frozenset({"png", "svg", "picture", "web-page", "zip"})
_CARRIERS = frozenset({"pdf", "png-with-badge", "svg-with-badge"})
# By the media type that stands in the header of a token.
_TOKENS = {
    "vc+jwt": ("credential-jwt", Support.FULL),
    "vc+sd-jwt": ("credential-sd-jwt", Support.FULL),
    "vp+jwt": ("verifiable-presentation", Support.NOT_YET),
    "vp+sd-jwt": ("verifiable-presentation", Support.NOT_YET),
    "dc+sd-jwt": ("sd-jwt-vc", Support.FULL),
}
_TOKEN_LIMITS = jsonld.Limits(max_bytes=1024 * 1024, max_depth=64)


def recognise_bytes(data: bytes) -> tuple[str, Support] | None:
    """This will name the kind of a file that is not JSON and tell how far it can be judged, or give None."""
    kind = _kind_of_bytes(data)
    if kind is None:
        return None
    if kind in _CARRIERS:
        return kind, Support.CARRIER
    if kind == "credential-cose":
        return kind, Support.FULL
    return kind, Support.NONE if kind in _NEVER_SEALED else Support.NOT_YET


def _kind_of_bytes(data: bytes) -> str | None:
    start = data[:_SNIFFED_BYTES].lstrip()
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png-with-badge" if b"openbadge" in data else "png"
    if data.startswith((b"\xff\xd8\xff", b"GIF8", b"RIFF")):
        return "picture"
    if data.startswith(b"PK\x03\x04"):
        return "zip"
    if start.startswith(b"<"):
        lowered = start.lower()
        if b"<svg" in lowered:
            return "svg-with-badge" if b"openbadges" in data else "svg"
        if b"<html" in lowered or b"<!doctype html" in lowered:
            return "web-page"
        return "xml"
    if data.startswith(_COSE_SIGN1):
        return "credential-cose"
    token = data.strip()
    if b"~" in token and _JWT.fullmatch(token.partition(b"~")[0]):
        return "sd-jwt"
    if _JWT.fullmatch(token):
        return "jwt"
    return None


def recognise_json(document: Mapping[str, Any]) -> tuple[str | None, Support]:
    """This will name the kind of a JSON document and tell how far it can be judged."""
    contexts = [entry for entry in each(document.get("@context")) if isinstance(entry, str)]
    types = [entry for entry in each(document.get("type", document.get("@type"))) if isinstance(entry, str)]
    payload = document.get("payload")
    if isinstance(payload, str) and ("signatures" in document or "signature" in document):
        sealed = "EuropeanDigitalCredential" in payload or "europass" in payload
        return ("european-digital-credential-sealed", Support.FULL) if sealed else ("jws-json", Support.NOT_YET)
    if isinstance(wrapped := document.get("credential"), Mapping):
        if isinstance(wrapped.get("credential"), Mapping) or recognise_json(wrapped)[0] is None:
            return None, Support.NONE  # a wrapper around nothing, or around another wrapper
        if "proof" in wrapped:
            return "wrapped-credential", Support.CARRIER
        if "proof" in document:
            return "wrapped-credential", Support.NOT_YET
        return "wrapped-credential-unsigned", Support.UNSEALED
    if any(_OB2_CONTEXT.fullmatch(entry) for entry in contexts):
        return "open-badge-2", Support.FULL
    if not any(entry in _VC_CONTEXTS for entry in contexts):
        return None, Support.NONE
    if "VerifiablePresentation" in types:
        # Who shows it proves nothing about the one credential in it; of several each is handed in by itself.
        alone = len(list(each(document.get("verifiableCredential")))) == 1
        return "verifiable-presentation", Support.CARRIER if alone else Support.NOT_YET
    if "EuropeanDigitalCredential" in types:
        if "proof" in document:
            return "european-digital-credential", Support.NOT_YET
        return "european-digital-credential-unsealed", Support.UNSEALED
    if "ClrCredential" in types:
        return "comprehensive-learner-record", Support.FULL
    if "EnvelopedVerifiableCredential" in types:
        return "enveloped-credential", Support.CARRIER
    if "VerifiableCredential" not in types:
        return None, Support.NONE
    if CREDENTIAL_TYPES.intersection(types):
        return OPEN_BADGE, Support.FULL
    return (STATUS_LIST if "BitstringStatusListCredential" in types else CREDENTIAL), Support.FULL


def recognise_token(token: str, *, limits: jsonld.Limits = _TOKEN_LIMITS) -> tuple[str | None, Support]:
    """This will name the kind of a JWT or SD-JWT by its header, and where that says little by what it holds.

    Nothing of it is verified.
    """
    selective = "~" in token
    header, payload = (_json_part(part, limits) for part in token.partition("~")[0].split(".")[:2])
    named = str(header.get("typ", "")).lower().removeprefix("application/")
    kind, support = _TOKENS.get(named, ("", Support.NOT_YET))
    if kind and selective == named.endswith("sd-jwt"):
        return kind, support
    if not selective and named in ("", "jwt"):
        if "badge" in payload and ("verify" in payload or "verification" in payload):
            return "open-badge-2", Support.FULL
        inner = payload["vc"] if isinstance(payload.get("vc"), Mapping) else payload
        if recognise_json(inner)[0] is not None:
            return "open-badge-3-jwt", Support.FULL
    return ("sd-jwt" if selective else "jwt"), Support.NOT_YET


def _json_part(text: str, limits: jsonld.Limits) -> dict[str, Any]:
    try:
        return jsonld.load(base64url.decode(text), limits=limits)
    except (CredentialError, ValueError):
        return {}
