"""Enveloped credentials and presentations: a secured one as a data: address inside JSON-LD.

    wrap(token, "vc+jwt")    {"@context": …, "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,…"}
    unwrap(document)         Envelope("vc+jwt", token)

Source: Verifiable Credentials Data Model 2.0, sections 4.13.1 and 4.13.2; Securing Verifiable Credentials using JOSE
and COSE, section 3; RFC 2397.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from openmcx.credentials.errors import FormatError

CREDENTIAL = "EnvelopedVerifiableCredential"
PRESENTATION = "EnvelopedVerifiablePresentation"
_VC_V2 = "https://www.w3.org/ns/credentials/v2"
_MEDIA_TYPES = {
    CREDENTIAL: frozenset({"vc+jwt", "vc+sd-jwt", "vc+cose"}),
    PRESENTATION: frozenset({"vp+jwt", "vp+sd-jwt", "vp+cose"}),
}
_DATA = re.compile(r"data:application/([a-z0-9.+-]{1,40})(;base64)?,(.+)", re.IGNORECASE | re.DOTALL)
_CHARACTERS = re.compile(r"[A-Za-z0-9+/]*={0,2}")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What an envelope holds: a token that secures itself, and of which nothing is verified by taking it out.

    ``media_type`` stands without ``application/``; ``content`` is a text, and with COSE bytes.
    """

    media_type: str
    content: str | bytes = field(repr=False)


def wrap(content: str | bytes, media_type: str) -> dict[str, Any]:
    """This will put a secured credential or presentation into an envelope; `media_type` is such as ``vc+jwt``.

    Raises: FormatError when the media type is none of those that secure credentials.
    """
    for kind, known in _MEDIA_TYPES.items():
        if media_type not in known:
            continue
        if isinstance(content, bytes):
            data = f";base64,{encode_base64(content)}"
        else:
            data = f",{content}"
        return {"@context": _VC_V2, "type": kind, "id": f"data:application/{media_type}{data}"}
    raise FormatError("envelope-invalid", reason="no-data-address")


def unwrap(document: Mapping[str, Any]) -> Envelope:
    """This will take a secured credential or presentation out of its envelope.

    Raises: FormatError when the document is no envelope, or what it holds is not of a media type for its kind.
    """
    types = document.get("type")
    kinds = [kind for kind in _MEDIA_TYPES if kind in (types if isinstance(types, list) else [types])]
    if len(kinds) != 1:
        raise FormatError("envelope-invalid", reason="no-envelope")
    address = document.get("id")
    match = _DATA.fullmatch(address) if isinstance(address, str) else None
    if match is None or match[1].lower() not in _MEDIA_TYPES[kinds[0]]:
        raise FormatError("envelope-invalid", where="/id", reason="no-data-address")
    media_type, encoded, data = match[1].lower(), match[2], match[3]
    if not encoded:
        if media_type.endswith("+cose"):
            raise FormatError("envelope-invalid", where="/id", reason="base64-malformed")
        return Envelope(media_type, unquote(data) if "%" in data else data)
    content = decode_base64(unquote(data).strip())
    if media_type.endswith("+cose"):
        return Envelope(media_type, content)
    try:
        return Envelope(media_type, content.decode("ascii"))
    except UnicodeDecodeError:
        raise FormatError("envelope-invalid", where="/id", reason="base64-malformed") from None


def check_secured(presentation: Mapping[str, Any]) -> None:
    """This will refuse a presentation with a credential that is not secured: neither in an envelope nor with a proof.

    Whether what secures them is right is for whoever takes the credentials out.

    Raises: FormatError naming the place.
    Source: Securing Verifiable Credentials using JOSE and COSE, section 3.1.2.
    """
    found = presentation.get("verifiableCredential", [])
    for index, entry in enumerate(found if isinstance(found, list) else [found]):
        if isinstance(entry, Mapping) and isinstance(entry.get("proof"), Mapping | list) and entry["proof"]:
            continue
        try:
            if not isinstance(entry, Mapping) or entry.get("type") in (PRESENTATION, [PRESENTATION]):
                raise FormatError("envelope-invalid", reason="no-envelope")
            unwrap(entry)
        except FormatError as error:
            error.where = f"/verifiableCredential/{index}"
            raise


def encode_base64(data: bytes) -> str:
    """This will write bytes as base64 of the usual alphabet, with padding."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str) -> bytes:
    """This will read base64 of the usual alphabet, with its padding or without.

    Raises: FormatError when it is none, or another text stands for the same bytes.
    """
    bare = text.rstrip("=")
    try:
        if not _CHARACTERS.fullmatch(text):
            raise ValueError(text)
        data = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (ValueError, binascii.Error):
        raise FormatError("envelope-invalid", reason="base64-malformed") from None
    whole = base64.b64encode(data).decode("ascii")
    if text not in (whole, whole.rstrip("=")):
        raise FormatError("envelope-invalid", reason="base64-malformed")
    return data
