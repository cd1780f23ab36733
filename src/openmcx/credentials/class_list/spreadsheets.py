"""XLSX and ODS files made safe before they are read.

A spreadsheet is a ZIP archive of XML that a few kilobytes can blow up to gigabytes: by its compression, by its list of
parts lying about their sizes, by a cell in the last row, by repeated cells, by one long text referred to a million
times. So the parts that are needed are unpacked within a bound, scanned as a stream, packed anew without compression,
and only then handed to the reader.
"""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openmcx.credentials.class_list.model import Limits
from openmcx.credentials.class_list.scans import (
    MAX_MERGED_CELLS,
    OdsScanner,
    Scan,
    Unreadable,
    parse,
    scan_xlsx,
    shared_lengths,
)

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_XLSX_PARTS = re.compile(
    r"\[content_types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels|xl/(workbook|styles|sharedstrings)\.xml"
    r"|xl/worksheets/[^/]+\.xml"
)
_ODS_PARTS = re.compile(r"mimetype|content\.xml|styles\.xml|meta-inf/manifest\.xml")

ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


@dataclass(slots=True)
class Sheet:
    """The texts of one sheet. `marks` holds what the text of a cell cannot say, by row and column counted from 0."""

    name: str
    grid: list[list[str]]
    marks: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def read_spreadsheet(data: bytes, limits: Limits) -> Sheet:
    """This will return the first visible sheet that holds anything.

    Raises: Unreadable for what is no spreadsheet, damaged, or larger than the limits.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, struct.error):
        raise Unreadable("file-damaged") from None
    if len(entries) > limits.max_parts:
        raise Unreadable("file-inflates", limit=limits.max_inflated_bytes)
    names = {entry.filename.casefold() for entry in entries}
    if "xl/workbook.xml" in names:
        return _read_xlsx(_unpack(archive, entries, _XLSX_PARTS, limits), limits)
    if "xl/workbook.bin" in names:
        raise Unreadable("file-excel-binary")
    if "content.xml" in names and "mimetype" in names:
        parts = _unpack(archive, entries, _ODS_PARTS, limits)
        if parts["mimetype"].strip() == ODS_TYPE:
            return _read_ods(parts, limits)
        raise Unreadable("file-not-a-table", kind="word")
    raise Unreadable("file-not-a-table", kind="word" if "word/document.xml" in names else "archive")


def _unpack(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], wanted: re.Pattern[str], limits: Limits
) -> dict[str, bytes]:
    """The wanted parts by name in lower case, never more than the bound; the last of two of one name counts."""
    parts: dict[str, bytes] = {}
    left = limits.max_inflated_bytes
    for entry in entries:
        name = entry.filename.replace("\\", "/").casefold()
        if not wanted.fullmatch(name):
            continue
        if entry.flag_bits & 0x1:
            raise Unreadable("file-old-excel")
        try:
            with archive.open(entry) as stream:
                # The size an archive states may be a lie; what is read is counted.
                body = stream.read(left + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
            raise Unreadable("file-damaged") from None
        left -= len(body)
        if left < 0:
            raise Unreadable("file-inflates", limit=limits.max_inflated_bytes)
        parts[name] = body
    return parts


def _repack(parts: dict[str, bytes]) -> io.BytesIO:
    canonical = {
        "[content_types].xml": "[Content_Types].xml",
        "xl/sharedstrings.xml": "xl/sharedStrings.xml",
        "meta-inf/manifest.xml": "META-INF/manifest.xml",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, body in parts.items():
            archive.writestr(canonical.get(name, name), body)
    packed.seek(0)
    return packed


# ---- XLSX ------------------------------------------------------------------------------------------------------------
def _read_xlsx(parts: dict[str, bytes], limits: Limits) -> Sheet:
    targets: dict[str, str] = {}

    def relationship(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "").replace("\\", "/")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            targets[attributes.get("Id", "")] = path.casefold()

    sheets: list[tuple[str, str, bool]] = []

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            # The relationship's id and sheetId end differently, so nothing is lost without the namespace.
            path = targets.get(attributes.get("id", ""), "")
            sheets.append((attributes.get("name", ""), path, attributes.get("state", "visible") != "visible"))

    parse(parts.get("xl/_rels/workbook.xml.rels", b""), relationship)
    parse(parts["xl/workbook.xml"], sheet)
    lengths = shared_lengths(parts.get("xl/sharedstrings.xml", b""))
    visible = [(name, path) for name, path, hidden in sheets if not hidden and path in parts]
    hidden = tuple(name for name, _, is_hidden in sheets if is_hidden)
    for name, path in visible:
        scan = scan_xlsx(parts[path], lengths, limits)
        if scan.last_row >= 0:
            others = tuple(other for other, _ in visible if other != name)
            needed = {key: body for key, body in parts.items() if not key.startswith("xl/worksheets/") or key == path}
            return _load(_repack(needed), name, scan, hidden, others)
    raise Unreadable("no-rows")


# ---- ODS -------------------------------------------------------------------------------------------------------------
def _read_ods(parts: dict[str, bytes], limits: Limits) -> Sheet:
    from python_calamine import SheetVisibleEnum

    scanner = OdsScanner(limits)
    parse(parts["content.xml"], scanner.start, scanner.end, scanner.text)
    if all(scan.last_row < 0 for scan in scanner.scans):
        raise Unreadable("no-rows")
    packed = _repack(parts)
    with _workbook(packed) as workbook:
        metadata = workbook.sheets_metadata
    if len(metadata) != len(scanner.scans):
        raise Unreadable("file-damaged")
    hidden = tuple(meta.name for meta in metadata if meta.visible != SheetVisibleEnum.Visible)
    for meta, scan in zip(metadata, scanner.scans, strict=True):
        if meta.name not in hidden and scan.last_row >= 0:
            others = tuple(other.name for other in metadata if other.name not in {*hidden, meta.name})
            packed.seek(0)
            return _load(packed, meta.name, scan, hidden, others)
    raise Unreadable("no-rows")


# ---- reading what is safe --------------------------------------------------------------------------------------------
class _workbook:  # noqa: N801 - used like a function
    """Opens a workbook; whatever the reader stumbles over, panics of its Rust half included, is a damaged file."""

    def __init__(self, packed: io.BytesIO) -> None:
        self.packed = packed

    def __enter__(self) -> CalamineWorkbook:
        import python_calamine

        try:
            return python_calamine.load_workbook(self.packed)
        except BaseException as error:
            self.__exit__(type(error), error, None)
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if error is not None and not isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError, Unreadable)):
            raise Unreadable("file-damaged") from None


def _load(packed: io.BytesIO, name: str, scan: Scan, hidden: tuple[str, ...], others: tuple[str, ...]) -> Sheet:
    with _workbook(packed) as workbook:
        sheet = workbook.get_sheet_by_name(name)
        values = sheet.to_python(skip_empty_area=False)
        merged = sheet.merged_cell_ranges or []
    width = scan.last_column + 1
    grid = [[as_text(value) for value in row[:width]] for row in values[: scan.last_row + 1]]
    grid += [[] for _ in range(scan.last_row + 1 - len(grid))]
    for cells in grid:
        cells += [""] * (width - len(cells))
    marks = dict(scan.marks)
    for (row, column), text in scan.texts.items():
        if row < len(grid) and column < width:
            grid[row][column] = text
    for place in _covered(merged, scan):
        marks[place] = "merged-cell"
    return Sheet(name, grid, marks, hidden, others)


def _covered(merged: list[tuple[tuple[int, int], tuple[int, int]]], scan: Scan) -> Iterator[tuple[int, int]]:
    """The cells that a merged range hides, within the sheet's filled area."""
    count = 0
    for (top, left), (bottom, right) in merged:
        for row in range(top, min(bottom, scan.last_row) + 1):
            for column in range(left, min(right, scan.last_column) + 1):
                count += 1
                if count > MAX_MERGED_CELLS:
                    raise Unreadable("file-damaged")
                if (row, column) != (top, left):
                    yield row, column


def as_text(value: object) -> str:
    """This will return a cell's value as the text a person would type: 85.0 is “85”, a date year-month-day."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case dt.datetime():
            return value.date().isoformat()
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)
