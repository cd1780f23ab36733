"""Badges in pictures: a credential baked into a PNG or SVG, and read out of it again.

    picture = bake(picture, credential)
    baked = unbake(picture)

Only the place of the credential inside the file is looked at; no picture is ever decoded or drawn. What a picture
carries is as good as its own signature: baking proves nothing.

Source: Open Badges 3.0, section 5.3 (baking); Open Badges 2.0 Baking Specification.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from openmcx.credentials import jsonld
from openmcx.credentials.errors import DocumentError
from openmcx.credentials.formats.baking import png, svg
from openmcx.credentials.formats.baking.content import (
    JWT,
    MAX_CREDENTIAL_BYTES,
    MAX_PICTURE_BYTES,
    MAX_SVG_BYTES,
    Baked,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MAX_CREDENTIAL_BYTES", "MAX_PICTURE_BYTES", "MAX_SVG_BYTES", "Baked", "bake", "unbake"]

_SNIFFED_BYTES = 4096


def bake(picture: bytes, credential: bytes | str | Mapping[str, object]) -> bytes:
    """This will put a credential (its JSON text, its JSON, or a JWT) into a picture, in place of what is baked there.

    A text is kept as it is, so that whatever a signature covers stays the same; everything else of the picture stays
    byte for byte what it was.

    Raises: DocumentError when the picture is neither PNG nor SVG, or damaged; FormatError when what is to be baked is
    neither JSON nor a JWT.
    Source: Open Badges 3.0, sections 5.3.1 (PNG) and 5.3.2 (SVG).
    """
    text, is_jwt = _text(credential)
    return png.bake(picture, text) if _is_png(picture) else svg.bake(picture, text, is_jwt=is_jwt)


def unbake(picture: bytes) -> Baked | None:
    """This will give what is baked into a picture, or None when nothing is.

    Raises: DocumentError when the picture is neither PNG nor SVG, or damaged; FormatError when it carries more than
    one credential, or one in a way that is not allowed.
    """
    return png.unbake(picture) if _is_png(picture) else svg.unbake(picture)


def _is_png(picture: bytes) -> bool:
    if len(picture) > MAX_PICTURE_BYTES:
        raise DocumentError("picture-too-large", size=len(picture), limit=MAX_PICTURE_BYTES)
    if picture.startswith(png.SIGNATURE):
        return True
    if picture[:_SNIFFED_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        if len(picture) > MAX_SVG_BYTES:
            raise DocumentError("picture-too-large", size=len(picture), limit=MAX_SVG_BYTES)
        return False
    raise DocumentError("picture-kind-unknown")


def _text(credential: bytes | str | Mapping[str, object]) -> tuple[str, bool]:
    """This will give the text to bake and tell whether it is a JWT."""
    if not isinstance(credential, bytes | str):
        try:
            credential = json.dumps(dict(credential), ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise DocumentError("data-not-json") from error
    try:
        data = credential.encode() if isinstance(credential, str) else credential
    except UnicodeEncodeError as error:
        raise DocumentError("lone-surrogate") from error
    if len(data) > MAX_CREDENTIAL_BYTES:
        raise DocumentError("document-too-large", size=len(data), limit=MAX_CREDENTIAL_BYTES)
    token = data.strip()
    if JWT.fullmatch(token):
        return token.decode("ascii"), True
    jsonld.load(data)
    return data.decode(), False
