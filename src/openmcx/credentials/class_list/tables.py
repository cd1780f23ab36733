"""Bytes in, a table of texts out: what kind of file it is, its encoding, its delimiter, its heading row."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import replace

from openmcx.credentials.class_list.columns import columns_of, letter, recognised
from openmcx.credentials.class_list.model import DEFAULT_LIMITS, Fault, Limits, Table, TableRow
from openmcx.credentials.class_list.scans import HEADING_ROWS, Unreadable
from openmcx.credentials.class_list.spreadsheets import Sheet, read_spreadsheet

_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"{\\rtf", "word"),
    (b"\x7fELF", "binary"),
    (b"MZ\x90", "binary"),
    (b"SQLite format 3", "binary"),
)
_DELIMITERS = ",;\t|"
# What office programs of Europe write when they do not write UTF-8.
_OLD_ENCODINGS = ["cp1252", "cp1250", "cp1257", "cp1253", "cp1251", "mac_roman", "cp850"]
_ENCODING_NAMES = {"cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp1257": "Windows-1257",
                   "cp1253": "Windows-1253", "cp1251": "Windows-1251", "mac_roman": "Mac Roman",
                   "cp850": "DOS 850"}  # fmt: skip
# Python knows codecs that are no encodings of text (escapes, packers, Punycode); some of them unpack without bound.
_ENCODINGS = frozenset(
    codecs.lookup(name).name
    for name in [
        *("ascii", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
        *(f"cp{number}" for number in (437, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 866, 869)),
        *("cp874", "cp932", "cp936", "cp949", "cp950", *(f"cp125{number}" for number in range(9))),
        *(f"iso8859-{number}" for number in range(1, 17) if number != 12),
        *("koi8-r", "koi8-u", "mac_roman", "mac_latin2", "mac_greek", "mac_cyrillic", "mac_turkish", "mac_iceland"),
        *("gbk", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
    ]
)
_MAX_FIELD = 10_000


def read_table(data: bytes, filename: str = "", *, limits: Limits = DEFAULT_LIMITS, encoding: str = "") -> Table:
    """This will read a file as a table of texts: XLSX, ODS, or CSV of any usual delimiter and encoding.

    What the file is, is judged by its content; `filename` only helps to name it. `encoding` overrides what is found
    out. A file that cannot be read gives a table without rows and with the fault that says why.
    """
    try:
        sheet, used = _sheet(data, limits, encoding)
        return _table(sheet, used, limits)
    except Unreadable as unreadable:
        fault = unreadable.fault
        if fault.code == "file-not-a-table":
            fault = replace(fault, value=filename[:200])
        return Table(faults=(fault,))


def _sheet(data: bytes, limits: Limits, encoding: str) -> tuple[Sheet, str]:
    if not data.strip(b"\0 \t\r\n"):
        raise Unreadable("file-empty")
    if len(data) > limits.max_bytes:
        raise Unreadable("file-too-large", size=len(data), limit=limits.max_bytes)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return read_spreadsheet(data, limits), ""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("file-old-excel")
    for magic, kind in _KINDS:
        if data.startswith(magic):
            raise Unreadable("file-not-a-table", kind=kind)
    text, used = decode(data, encoding)
    start = text.lstrip()[:200]
    if start.startswith("<"):
        raise Unreadable("file-not-a-table", kind="html")
    if start.startswith(("{", "[{")):
        raise Unreadable("file-not-a-table", kind="json")
    return Sheet("", _read_csv(text, limits)), used


# ---- CSV -------------------------------------------------------------------------------------------------------------
def decode(data: bytes, encoding: str = "") -> tuple[str, str]:
    """This will return the text of a CSV file and the name of the encoding it was read with.

    Raises: Unreadable. Order: the encoding asked for; a byte order mark; UTF-16 by its zero bytes; UTF-8; what office
    programs write otherwise, guessed.
    """
    if encoding:
        try:
            name = codecs.lookup(encoding).name
            if name not in _ENCODINGS:
                raise LookupError(name)
            return data.decode(name), encoding
        except (LookupError, ValueError):
            raise Unreadable("file-encoding", encoding=encoding[:40]) from None
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(name, errors="replace"), name.upper()
    sample = data[:2000]
    if len(sample) > 3:
        for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
            if zeros.count(0) > len(zeros) * 0.6:
                return data.decode(name, errors="replace"), name.upper()
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    lenient = data.decode("utf-8", errors="replace")
    good = sum(1 for char in lenient if ord(char) > 127 and char != "\ufffd")
    # Mostly UTF-8 with a few broken bytes (two files pasted together): keep it, the broken cells become faults.
    if good > 2 * lenient.count("\ufffd"):
        return lenient, "UTF-8"
    name = _guess(data)
    return data.decode(name, errors="replace"), _ENCODING_NAMES[name]


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    # Only lines with letters beyond ASCII say anything, and a bounded number of them is enough.
    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())[:100_000]
    best = from_bytes(telling, cp_isolation=_OLD_ENCODINGS).best()
    guessed = best.encoding if best is not None else "cp1252"
    western = not any(byte in telling for byte in b"\x81\x8d\x8f\x90\x9d")
    # In short lists of names the code pages of Europe look alike; the most common one is taken unless it cannot be.
    return (
        "cp1252" if western and guessed in {"cp1250", "cp1257", "cp1253", "cp1251"} and len(telling) < 400 else guessed
    )


def _read_csv(text: str, limits: Limits) -> list[list[str]]:
    first_line, _, rest = text.partition("\n")
    declared = first_line.strip().strip('"')
    shift = 0
    if len(declared) == 5 and declared.lower().startswith("sep="):
        # Excel's own first line; it counts as a row where rows are numbered.
        delimiter, text, shift = declared[4], rest, 1
    else:
        delimiter = _delimiter(text)
    grid: list[list[str]] = [[] for _ in range(shift)]
    total = 0
    previous = csv.field_size_limit()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    filled = 0
    try:
        for record in reader:
            if len(record) > limits.max_columns and any(cell.strip() for cell in record[limits.max_columns :]):
                raise Unreadable("too-many-columns", limit=letter(limits.max_columns - 1))
            total += sum(map(len, record))
            if total > limits.max_text:
                raise Unreadable("too-much-text", limit=limits.max_text)
            if any(len(cell) > min(_MAX_FIELD, previous) for cell in record):
                raise Unreadable("file-malformed", line=reader.line_num)
            grid.append(record[: limits.max_columns])
            filled += any(cell.strip() for cell in record)
            if filled > limits.max_rows + HEADING_ROWS or len(grid) > 5 * limits.max_rows + 1000:
                raise Unreadable("too-many-rows", limit=limits.max_rows)
    except csv.Error:
        raise Unreadable("file-malformed", line=reader.line_num + shift) from None
    while grid and not any(cell.strip() for cell in grid[-1]):
        grid.pop()
    return grid


def _delimiter(text: str) -> str:
    """The delimiter under which the first lines name the most columns we know, then the most columns alike."""
    lines = text[:20_000].splitlines()[:40]

    def score(delimiter: str) -> tuple[int, int, int]:
        try:
            rows = [row for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True) if row]
        except csv.Error:
            return (0, 0, 0)
        widths = [len(row) for row in rows]
        usual = max(set(widths), key=widths.count, default=0)
        known = max((recognised(row) for row in rows[:HEADING_ROWS]), default=0)
        return (known, widths.count(usual) if usual > 1 else 0, usual)

    return max(_DELIMITERS, key=score)


# ---- from a grid to a table ------------------------------------------------------------------------------------------
def _table(sheet: Sheet, encoding: str, limits: Limits) -> Table:
    top = _heading_row(sheet.grid)
    if top is None:
        raise Unreadable("no-rows")
    headers = [" ".join(cell.replace("\0", "").split())[:100] for cell in sheet.grid[top]]
    while headers and not headers[-1]:
        headers.pop()
    width = max(len(headers), max((_filled_width(row) for row in sheet.grid[top + 1 :]), default=0))
    headers += [""] * (width - len(headers))
    rows = []
    empty = 0
    for index in range(top + 1, len(sheet.grid)):
        cells = sheet.grid[index][:width]
        marks = {column: mark for column in range(width) if (mark := sheet.marks.get((index, column)))}
        if not any(cell.strip() for cell in cells) and not any(mark != "merged-cell" for mark in marks.values()):
            empty += 1
            continue
        rows.append(TableRow(number=index + 1, cells=(*cells, *[""] * (width - len(cells))), marks=marks))
        if len(rows) > limits.max_rows:
            raise Unreadable("too-many-rows", limit=limits.max_rows)
    if not rows:
        raise Unreadable("no-rows")
    notes = _notes(sheet, encoding, top, empty)
    return Table(columns=columns_of(headers), rows=tuple(rows), notes=notes, sheet=sheet.name, encoding=encoding)


def _filled_width(row: Sequence[str]) -> int:
    return next((index + 1 for index in range(len(row) - 1, -1, -1) if row[index].strip()), 0)


def _heading_row(grid: Sequence[Sequence[str]]) -> int | None:
    """The first of the first rows that names two fields; else the first one that holds anything."""
    for index, row in enumerate(grid[:HEADING_ROWS]):
        if recognised(row) >= 2:
            return index
    return next((index for index, row in enumerate(grid) if any(cell.strip() for cell in row)), None)


def _notes(sheet: Sheet, encoding: str, top: int, empty: int) -> tuple[Fault, ...]:
    notes = []
    if sheet.others:
        params = {"sheet": sheet.name, "others": ", ".join(sheet.others)[:300]}
        notes.append(Fault(code="note-sheet", params=params))
    if sheet.hidden:
        notes.append(Fault(code="note-hidden-sheets", params={"others": ", ".join(sheet.hidden)[:300]}))
    if encoding and not encoding.startswith("UTF"):
        notes.append(Fault(code="note-encoding", params={"encoding": encoding}))
    if top > 0 and any(cell.strip() for row in sheet.grid[:top] for cell in row):
        notes.append(Fault(code="note-title-rows", params={"row": top + 1}))
    if empty:
        notes.append(Fault(code="note-empty-rows", params={"count": empty}))
    return tuple(notes)
