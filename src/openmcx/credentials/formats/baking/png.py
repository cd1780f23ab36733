"""PNG: the credential stands in a text chunk of its own.

Source: Open Badges 3.0, section 5.3.1; Open Badges 2.0 Baking Specification, section 1; PNG Specification (Third
Edition), sections 5.3 (chunk layout) and 11.3.3 (text chunks).
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

from openmcx.credentials.errors import DocumentError, FormatError
from openmcx.credentials.formats.baking.content import MAX_CREDENTIAL_BYTES, Baked, Kind, chosen

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEYWORDS: dict[bytes, Kind] = {b"openbadgecredential": "open-badge-3", b"openbadges": "open-badge-2"}
_TEXT_CHUNKS = frozenset({b"iTXt", b"tEXt", b"zTXt"})
_MAX_CHUNKS = 20_000
_MAX_CHUNK_BYTES = 2**31 - 1
# Length, type and checksum.
_FRAME_BYTES = 12


class _Chunk(NamedTuple):
    kind: bytes
    data: bytes
    start: int
    end: int


def bake(picture: bytes, text: str) -> bytes:
    """This will put a credential's text into a PNG, in place of what is baked there.

    Raises: DocumentError when the PNG is damaged.
    """
    found = list(_chunks(picture))
    first_data = next((chunk.start for chunk in found if chunk.kind == b"IDAT"), None)
    if first_data is None or found[0].kind != b"IHDR":
        raise DocumentError("png-damaged")
    baked = _write(b"iTXt", b"openbadgecredential\0" + b"\0\0" + b"\0" + b"\0" + text.encode())
    written = [SIGNATURE]
    for chunk in found:
        if chunk.start == first_data:
            written.append(baked)
        if _keyword(chunk) not in _KEYWORDS:
            written.append(picture[chunk.start : chunk.end])
    return b"".join(written)


def unbake(picture: bytes) -> Baked | None:
    """This will give what is baked into a PNG, or None.

    Raises: DocumentError when the PNG is damaged; FormatError when a credential stands there twice or compressed.
    """
    found = []
    for chunk in _chunks(picture):
        kind = _KEYWORDS.get(_keyword(chunk))
        if kind is not None and (kind == "open-badge-2" or chunk.kind == b"iTXt"):
            found.append(Baked(kind, _read(chunk, kind)))
    try:
        return chosen(found)
    except ValueError:
        raise FormatError("baked-twice") from None


def _chunks(picture: bytes) -> Iterator[_Chunk]:
    """This will go through the chunks up to the last; what follows that is no part of the picture."""
    position = len(SIGNATURE)
    for _ in range(_MAX_CHUNKS):
        if len(picture) - position < _FRAME_BYTES:
            raise DocumentError("png-damaged")
        length, kind = struct.unpack_from(">I4s", picture, position)
        end = position + _FRAME_BYTES + length
        if length > _MAX_CHUNK_BYTES or end > len(picture):
            raise DocumentError("png-damaged")
        data = picture[position + 8 : end - 4]
        if zlib.crc32(data, zlib.crc32(kind)) != int.from_bytes(picture[end - 4 : end]):
            raise DocumentError("png-damaged")
        yield _Chunk(kind, data, position, end)
        if kind == b"IEND":
            return
        position = end
    raise DocumentError("png-too-many-parts", limit=_MAX_CHUNKS)


def _keyword(chunk: _Chunk) -> bytes:
    return chunk.data[:80].partition(b"\0")[0] if chunk.kind in _TEXT_CHUNKS else b""


def _read(chunk: _Chunk, kind: Kind) -> str:
    rest = chunk.data.partition(b"\0")[2]
    try:
        if chunk.kind == b"tEXt":
            return _bounded(rest).decode("latin-1")
        if chunk.kind == b"zTXt":
            if rest[:1] != b"\0":
                raise DocumentError("png-damaged")
            return _inflate(rest[1:]).decode("latin-1")
        flag, method, after = rest[:1], rest[1:2], rest[2:]
        _language, first, after = after.partition(b"\0")
        _translated, second, text = after.partition(b"\0")
        if not first or not second or method != b"\0" or flag not in (b"\0", b"\1"):
            raise DocumentError("png-damaged")
        if flag == b"\1":
            if kind == "open-badge-3":
                raise FormatError("baked-compressed")
            text = _inflate(text)
        return _bounded(text).decode()
    except UnicodeDecodeError as error:
        raise DocumentError("document-not-utf8", position=error.start) from error


def _bounded(text: bytes) -> bytes:
    if len(text) > MAX_CREDENTIAL_BYTES:
        raise FormatError("baked-too-large", limit=MAX_CREDENTIAL_BYTES)
    return text


def _inflate(data: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(data, MAX_CREDENTIAL_BYTES + 1)
    except zlib.error:
        raise DocumentError("png-damaged") from None
    _bounded(text)
    if not unpacker.eof:
        raise DocumentError("png-damaged")
    return text


def _write(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))
