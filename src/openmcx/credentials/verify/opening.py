"""Taking a credential out of what it comes in: a PDF, a picture, an envelope, a wrapper.

Nothing that carries a credential proves anything about it, so all of these are opened before anything is judged, and
what is judged is what lies inside, exactly as it stands there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from openmcx.credentials import jsonld
from openmcx.credentials.errors import DocumentError
from openmcx.credentials.formats.open_badges.values import each
from openmcx.credentials.formats.recognise import Support, recognise_bytes, recognise_json, recognise_token


@dataclass(frozen=True, slots=True)
class Opened:
    """What lay inside: JSON, the text of a token or bytes; and the kinds of what it came in, the outermost first."""

    kind: str | None
    support: Support
    content: dict[str, Any] | str | bytes = field(repr=False)
    carriers: tuple[str, ...] = ()


def open_document(document: bytes | str | Mapping[str, Any], limits: jsonld.Limits) -> tuple[Opened, int]:
    """This will open a document until a credential is found, or what is none; it gives that and the size in bytes.

    Raises: DocumentError, FormatError or ProofError when something cannot be read, such as a damaged picture.
    """
    data = as_bytes(document)
    carriers: tuple[str, ...] = ()
    size = len(data)
    while True:  # what lies inside is smaller than what it lies in
        found = _recognise(data, limits)
        inside = _content(found) if found.support is Support.CARRIER else None
        if inside is None:
            support = Support.NONE if found.support is Support.CARRIER else found.support
            return Opened(found.kind, support, found.content, carriers), size
        assert found.kind is not None
        carriers = (*carriers, found.kind)
        data = inside


def _recognise(data: bytes, limits: jsonld.Limits) -> Opened:
    recognised = recognise_bytes(data)
    if recognised is not None and recognised[1] is Support.CARRIER:
        return Opened(*recognised, data)
    if len(data) > limits.max_bytes:
        raise DocumentError("document-too-large", size=len(data), limit=limits.max_bytes)
    if recognised is None:
        parsed = jsonld.load(data, limits=limits)
        return Opened(*recognise_json(parsed), parsed)
    kind, support = recognised
    if kind in ("jwt", "sd-jwt"):
        token = data.strip().decode("ascii")
        return Opened(*recognise_token(token, limits=limits), token)
    return Opened(kind, support, data)


def _content(carrier: Opened) -> bytes | None:
    """This will give what a carrier carries; None when it is a file of such a kind with no credential in it."""
    if isinstance(carrier.content, dict):
        return _content_of_json(carrier.content)
    assert isinstance(carrier.content, bytes)
    # Only who hands in a picture or a PDF pays for what reads them.
    if carrier.kind == "pdf":
        from openmcx.credentials.formats import pdf

        attached = pdf.extract(carrier.content)
        return attached.data if attached else None
    from openmcx.credentials.formats.baking import unbake

    baked = unbake(carrier.content)
    return baked.text.encode() if baked else None


def _content_of_json(document: dict[str, Any]) -> bytes:
    from openmcx.credentials.proofs import envelopes

    wrapped = document.get("credential")
    if isinstance(wrapped, Mapping):
        return as_bytes(wrapped)
    if "verifiableCredential" in document:
        (held,) = each(document["verifiableCredential"])
        return as_bytes(held) if isinstance(held, Mapping | str) else b"null"
    content = envelopes.unwrap(document).content
    return content if isinstance(content, bytes) else content.encode()


def as_bytes(document: bytes | str | Mapping[str, Any]) -> bytes:
    """This will give a document that may be given as bytes, text or JSON as bytes. Raises: DocumentError."""
    if isinstance(document, bytes | bytearray | memoryview):
        return bytes(document)
    if not isinstance(document, str):
        try:
            document = json.dumps(dict(document), ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise DocumentError("data-not-json") from error
    try:
        return document.encode()
    except UnicodeEncodeError as error:
        raise DocumentError("lone-surrogate") from error
