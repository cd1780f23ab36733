"""Getting the credential out of a PDF that anybody may have made.

Common PDF libraries follow whatever a file tells them to: chains that lead back to where they began, streams that
unpack to gigabytes. This reader knows only what is needed to find attached files, counts all its work, and refuses
what it does not know: encrypted files, and filters other than Flate.

Source: ISO 32000-1, sections 7.5 (file structure), 7.11.4 (embedded files), 7.7.4 (name dictionary); ISO 19005-3.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from openmcx.credentials.errors import DocumentError, FormatError
from openmcx.credentials.pdf_files.objects import Budget, Parser, Reference, Stream

MAX_PDF_BYTES = 20 * 1024 * 1024
MAX_CREDENTIAL_BYTES = 1024 * 1024
_MAX_SECTIONS = 64
_MAX_ENTRIES = 100_000
_MAX_TREE_NODES = 200
_MAX_ATTACHMENTS = 50
_MAX_HOPS = 8
_TAIL_BYTES = 2048
_STARTXREF = re.compile(rb"startxref[\0\t\n\f\r ]+(\d{1,10})")
_JWT = re.compile(rb"[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+(?:~[A-Za-z0-9_~.-]*)?")


@dataclass(frozen=True, slots=True)
class Attached:
    """A credential that is attached to a PDF: what the file is called there, and its bytes."""

    name: str
    data: bytes = field(repr=False)


def extract(pdf: bytes) -> Attached | None:
    """This will give the credential that is attached to a PDF, or None when none is.

    That it is attached says nothing about what the pages show; only what the credential's own signature covers counts.

    Raises: DocumentError when the file is damaged, encrypted or takes too much work; FormatError when several different
    credentials are attached.
    """
    found: dict[bytes, Attached] = {}
    for attached in PdfFile(pdf).attachments():
        data = attached.data.strip()
        if data.startswith(b"{") or _JWT.fullmatch(data):
            found.setdefault(attached.data, attached)
    if len(found) > 1:
        raise FormatError("pdf-several-credentials", count=len(found))
    return next(iter(found.values()), None)


class PdfFile:
    """The structure of a PDF file: where its objects stand, and what they hold."""

    def __init__(self, data: bytes) -> None:
        """This will read the cross-reference sections, from the newest to the oldest.

        Raises: DocumentError.
        """
        if len(data) > MAX_PDF_BYTES:
            raise DocumentError("pdf-too-large", size=len(data), limit=MAX_PDF_BYTES)
        if not data.startswith(b"%PDF-"):
            raise DocumentError("pdf-damaged")
        self.data = data
        self.budget = Budget()
        self.trailer: dict[str, Any] = {}
        self._places: dict[int, tuple[int, int] | None] = {}  # (position, -1), (object stream, index), None: free
        self._containers: dict[int, tuple[bytes, list[int]]] = {}
        self._read_sections()
        if "Encrypt" in self.trailer:
            raise DocumentError("pdf-encrypted")

    # --- where objects stand ------------------------------------------------------------------------------------------

    def _read_sections(self) -> None:
        tail = max(0, len(self.data) - _TAIL_BYTES)
        starts = list(_STARTXREF.finditer(self.data, tail))
        if not starts:
            raise DocumentError("pdf-damaged")
        waiting = [int(starts[-1][1])]
        seen: set[int] = set()
        while waiting:
            position = waiting.pop()
            if position in seen:
                raise DocumentError("pdf-damaged")
            seen.add(position)
            if len(seen) > _MAX_SECTIONS:
                raise DocumentError("pdf-too-complicated")
            trailer = self._read_section(position)
            self.trailer = {**trailer, **self.trailer}
            # A hybrid file's stream comes before the section that is older.
            for member in ("Prev", "XRefStm"):
                if member in trailer:
                    if type(trailer[member]) is not int:
                        raise DocumentError("pdf-damaged")
                    waiting.append(trailer[member])

    def _read_section(self, position: int) -> dict[str, Any]:
        if not 0 <= position < len(self.data):
            raise DocumentError("pdf-damaged")
        parser = Parser(self.data, position, self.budget)
        if not parser.keyword(b"xref"):
            return self._read_stream_section(position)
        while not parser.keyword(b"trailer"):
            first, count = parser.integer(), parser.integer()
            for number in range(first, first + count):
                self.budget.take_object()
                place, in_use = parser.entry()
                self._place(number, (place, -1) if in_use else None)
        trailer = parser.value()
        if not isinstance(trailer, dict):
            raise DocumentError("pdf-damaged")
        return trailer

    def _read_stream_section(self, position: int) -> dict[str, Any]:
        _number, stream = self._object_at(position)
        if not isinstance(stream, Stream) or stream.dictionary.get("Type") != "XRef":
            raise DocumentError("pdf-damaged")
        entry = stream.dictionary
        widths, size = entry.get("W"), entry.get("Size")
        if not isinstance(widths, list) or len(widths) != 3 or type(size) is not int:
            raise DocumentError("pdf-damaged")
        if not all(type(width) is int and 0 <= width <= 8 for width in widths) or not sum(widths):
            raise DocumentError("pdf-damaged")
        index = entry.get("Index", [0, size])
        if not isinstance(index, list) or len(index) % 2 or not all(type(one) is int and one >= 0 for one in index):
            raise DocumentError("pdf-damaged")
        data, at = self.unpack(stream), 0
        for first, count in zip(index[::2], index[1::2], strict=True):
            for number in range(first, first + count):
                fields = []
                for width in widths:
                    fields.append(int.from_bytes(data[at : at + width]))
                    at += width
                if at > len(data):
                    raise DocumentError("pdf-damaged")
                self.budget.take_object()
                kind = fields[0] if widths[0] else 1
                if kind in (1, 2):
                    self._place(number, (fields[1], -1 if kind == 1 else fields[2]))
                else:
                    self._place(number, None)
        return entry

    def _place(self, number: int, place: tuple[int, int] | None) -> None:
        if len(self._places) > _MAX_ENTRIES:
            raise DocumentError("pdf-too-complicated")
        self._places.setdefault(number, place)  # what was read before is newer

    # --- objects ------------------------------------------------------------------------------------------------------

    def resolve(self, value: Any) -> Any:
        """This will follow a reference to what it points at; None stands for nothing there.

        Raises: DocumentError.
        """
        for _ in range(_MAX_HOPS):
            if not isinstance(value, Reference):
                return value
            place = self._places.get(value.number)
            if place is None:
                return None
            position, index = place
            if index >= 0:
                value = self._object_in(position, index, value.number)
            else:
                number, value = self._object_at(position, value.number)
                if number is None:
                    raise DocumentError("pdf-damaged")
        raise DocumentError("pdf-damaged")

    def _object_at(self, position: int, expected: int | None = None) -> tuple[int, Any]:
        if not 0 <= position < len(self.data):
            raise DocumentError("pdf-damaged")
        parser = Parser(self.data, position, self.budget)
        number, _generation = parser.integer(), parser.integer()
        if not parser.keyword(b"obj") or expected not in (None, number):
            raise DocumentError("pdf-damaged")
        value = parser.value()
        if isinstance(value, dict) and parser.keyword(b"stream"):
            if self.data[parser.position : parser.position + 2] == b"\r\n":
                return number, Stream(value, parser.position + 2)
            if self.data[parser.position : parser.position + 1] != b"\n":
                raise DocumentError("pdf-damaged")
            return number, Stream(value, parser.position + 1)
        return number, value

    def _object_in(self, container: int, index: int, number: int) -> Any:
        if container not in self._containers:
            place = self._places.get(container)
            # A container lies in the file itself, never in another container.
            if place is None or place[1] >= 0:
                raise DocumentError("pdf-damaged")
            _, stream = self._object_at(place[0], container)
            if not isinstance(stream, Stream) or stream.dictionary.get("Type") != "ObjStm":
                raise DocumentError("pdf-damaged")
            count, first = stream.dictionary.get("N"), stream.dictionary.get("First")
            if type(count) is not int or type(first) is not int or not 0 <= count <= _MAX_ENTRIES or first < 0:
                raise DocumentError("pdf-damaged")
            data = self.unpack(stream)
            parser = Parser(data, 0, self.budget)
            heads = [(parser.integer(), parser.integer()) for _ in range(count)]
            self._containers[container] = data, [part for one, at in heads for part in (one, first + at)]
        data, heads_flat = self._containers[container]
        if 2 * index + 1 >= len(heads_flat) or heads_flat[2 * index] != number:
            raise DocumentError("pdf-damaged")
        return Parser(data, heads_flat[2 * index + 1], self.budget).value()

    # --- streams ------------------------------------------------------------------------------------------------------

    def unpack(self, stream: Stream, *, limit: int = MAX_PDF_BYTES) -> bytes:
        """This will give what a stream holds, at most `limit` bytes.

        Raises: DocumentError when it is longer, cut off, or packed in another way than Flate.
        """
        length = stream.dictionary.get("Length")
        if isinstance(length, Reference):
            place = self._places.get(length.number)
            if place is None or place[1] >= 0:
                raise DocumentError("pdf-damaged")
            length = self._object_at(place[0], length.number)[1]
        if type(length) is not int or length < 0 or stream.start + length > len(self.data):
            raise DocumentError("pdf-damaged")
        if not Parser(self.data, stream.start + length, self.budget).keyword(b"endstream"):
            raise DocumentError("pdf-damaged")
        data = self.data[stream.start : stream.start + length]
        filters, parameters = (_single(self.resolve(stream.dictionary.get(key))) for key in ("Filter", "DecodeParms"))
        if filters is None:
            self.budget.take_bytes(len(data))
            if len(data) > limit:
                raise DocumentError("pdf-too-complicated")
            return data
        if filters != "FlateDecode":
            raise DocumentError("pdf-too-complicated")
        data = self._inflate(data, limit)
        parameters = self.resolve(parameters) or {}
        if not isinstance(parameters, dict):
            raise DocumentError("pdf-damaged")
        return _unpredicted(data, parameters)

    def _inflate(self, data: bytes, limit: int) -> bytes:
        unpacker = zlib.decompressobj()
        try:
            unpacked = unpacker.decompress(data, min(limit, self.budget.bytes) + 1)
        except zlib.error:
            raise DocumentError("pdf-damaged") from None
        self.budget.take_bytes(len(unpacked))
        if len(unpacked) > limit:
            raise DocumentError("pdf-too-complicated")
        if not unpacker.eof:
            raise DocumentError("pdf-damaged")
        return unpacked

    # --- attachments --------------------------------------------------------------------------------------------------

    def attachments(self) -> Iterator[Attached]:
        """This will give the files that are attached to the document as a whole, the associated ones first.

        Raises: DocumentError.
        """
        catalog = self.resolve(self.trailer.get("Root"))
        if not isinstance(catalog, dict):
            raise DocumentError("pdf-damaged")
        seen: set[int] = set()
        for count, specification in enumerate(self._specifications(catalog)):
            if count >= _MAX_ATTACHMENTS:
                raise DocumentError("pdf-too-complicated")
            embedded = self.resolve(specification.get("EF"))
            embedded = embedded if isinstance(embedded, dict) else {}
            stream = self.resolve(embedded.get("UF") or embedded.get("F"))
            if isinstance(stream, Stream) and stream.start not in seen:
                seen.add(stream.start)
                if (data := self._small(stream)) is not None:
                    yield Attached(_text(self.resolve(specification.get("UF") or specification.get("F"))), data)

    def _small(self, stream: Stream) -> bytes | None:
        """This will give the content of an attachment, or None when it is too large for any credential."""
        length = self.resolve(stream.dictionary.get("Length"))
        if type(length) is int and length > MAX_CREDENTIAL_BYTES:
            return None
        return self.unpack(stream, limit=MAX_CREDENTIAL_BYTES)

    def _specifications(self, catalog: dict[str, Any]) -> Iterator[dict[str, Any]]:
        associated = self.resolve(catalog.get("AF"))
        names = self.resolve(catalog.get("Names"))
        root = names.get("EmbeddedFiles") if isinstance(names, dict) else None
        for value in (*(associated if isinstance(associated, list) else ()), *self._leaves(root)):
            specification = self.resolve(value)
            if isinstance(specification, dict):
                yield specification

    def _leaves(self, root: Any) -> Iterator[Any]:
        waiting, visited = [root], 0
        while waiting:
            visited += 1
            if visited > _MAX_TREE_NODES:
                raise DocumentError("pdf-too-complicated")
            node = self.resolve(waiting.pop())
            if not isinstance(node, dict):
                continue
            kids, pairs = self.resolve(node.get("Kids")), self.resolve(node.get("Names"))
            if isinstance(pairs, list):
                yield from pairs[1::2]
            if isinstance(kids, list):
                waiting.extend(kids[: _MAX_TREE_NODES + 1])


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _text(value: Any) -> str:
    if not isinstance(value, bytes):
        return ""
    if value.startswith(b"\xfe\xff"):
        return value[2:].decode("utf-16-be", "replace")
    return value.decode("utf-8", "replace") if value.startswith(b"\xef\xbb\xbf") else value.decode("latin-1")


def _unpredicted(data: bytes, parameters: dict[str, Any]) -> bytes:
    """This will undo the differences between rows that cross-reference streams are packed with.

    Source: ISO 32000-1, section 7.4.4.4; PNG Specification, section 9 (filter types 0 to 2; others are refused).
    """
    if parameters.get("Predictor", 1) == 1:
        return data
    columns = parameters.get("Columns", 1)
    if (
        parameters["Predictor"] not in range(10, 16)
        or type(columns) is not int
        or not 0 < columns <= 64
        or parameters.get("Colors", 1) != 1
        or parameters.get("BitsPerComponent", 8) != 8
        or len(data) % (columns + 1)
    ):
        raise DocumentError("pdf-too-complicated")
    rows: list[bytes] = []
    above = bytes(columns)
    for start in range(0, len(data), columns + 1):
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + columns])
        if kind == 1:
            for place in range(1, columns):
                row[place] = (row[place] + row[place - 1]) & 255
        elif kind == 2:
            row = bytearray((one + other) & 255 for one, other in zip(row, above, strict=True))
        elif kind != 0:
            raise DocumentError("pdf-too-complicated")
        above = bytes(row)
        rows.append(above)
    return b"".join(rows)
