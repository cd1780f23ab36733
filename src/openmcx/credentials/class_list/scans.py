"""What a stream over a spreadsheet's XML finds out before anything of it is kept: size, formulas, errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from openmcx.credentials.class_list.columns import letter
from openmcx.credentials.class_list.model import Fault, Limits

_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
MAX_MERGED_CELLS = 200_000


class Unreadable(Exception):
    """The file cannot be taken; `fault` says why."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.fault = Fault(code=code, params=params)


HEADING_ROWS = 20  # the headings are looked for in this many rows


@dataclass(slots=True)
class Scan:
    """What a stream over a sheet's XML found out before anything of it is kept."""

    last_row: int = -1
    last_column: int = -1
    text: int = 0
    marks: dict[tuple[int, int], str] = field(default_factory=dict)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)

    def cell(self, row: int, column: int, length: int, limits: Limits) -> None:
        """Count a cell that holds something."""
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column)
        self.text += length
        if self.last_row >= limits.max_rows + HEADING_ROWS:
            raise Unreadable("too-many-rows", limit=limits.max_rows)
        if self.last_column >= limits.max_columns:
            raise Unreadable("too-many-columns", limit=letter(limits.max_columns - 1))
        if self.text > limits.max_text:
            raise Unreadable("too-much-text", limit=limits.max_text)


# ---- XML as a stream -------------------------------------------------------------------------------------------------
def parse(
    body: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Stream XML past handlers; names come without namespace. A document type is refused: it can define entities."""

    def refuse(*_: object) -> None:
        raise Unreadable("file-damaged")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(
        name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()}
    )
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(body, True)  # noqa: FBT003 - expat knows no name for it
    except expat.ExpatError:
        raise Unreadable("file-damaged") from None


# ---- XLSX ----------------------------------------------------------------------------------------------------
def shared_lengths(body: bytes) -> list[int]:
    """How long each shared text is, for counting what a sheet refers to."""
    lengths: list[int] = []
    if not body:
        return lengths

    def start(name: str, _: dict[str, str]) -> None:
        if name == "si":
            lengths.append(0)

    def text(chunk: str) -> None:
        if lengths:
            lengths[-1] += len(chunk)

    parse(body, start, text=text)
    return lengths


class _XlsxScanner:
    """Walks the cells of a worksheet part (ECMA-376 Part 1, 18.3.1.4 and 18.3.1.40)."""

    def __init__(self, lengths: list[int], limits: Limits) -> None:
        self.scan = Scan()
        self.lengths = lengths
        self.limits = limits
        self.row, self.column = -1, -1
        self.kind = ""
        self.inside = ""
        self.value: list[str] = []
        self.formula: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self.column += 1
            if match := _CELL.fullmatch(attributes.get("r", "")):
                self.row, self.column = int(match[2]) - 1, _index(match[1])
            self.kind, self.value, self.formula = attributes.get("t", "n"), [], None
        elif name == "row":
            number = attributes.get("r", "")
            self.row = int(number) - 1 if number.isdecimal() and len(number) < 9 else self.row + 1
            self.column = -1
        elif name == "f":
            self.formula, self.inside = [], "f"
        elif name in {"v", "t"}:
            self.inside = "v"

    def text(self, chunk: str) -> None:
        if self.inside == "v":
            self.value.append(chunk)
        elif self.inside == "f" and self.formula is not None:
            self.formula.append(chunk)

    def end(self, name: str) -> None:
        if name in {"f", "v", "t"}:
            self.inside = ""
        elif name == "c":
            self._cell()

    def _cell(self) -> None:
        value = "".join(self.value)
        if not value and self.formula is None:
            return
        place = (self.row, self.column)
        length = len(value)
        if self.kind == "s" and value.isdecimal() and len(value) < 9 and int(value) < len(self.lengths):
            length = self.lengths[int(value)]
        if self.formula is not None and not value and self.kind != "str":
            self.scan.marks[place] = "formula-without-value"
            self.scan.texts[place] = "=" + "".join(self.formula)[:200]
        elif self.kind == "e":
            self.scan.texts[place] = value[:20]
        self.scan.cell(*place, length, self.limits)


def scan_xlsx(body: bytes, lengths: list[int], limits: Limits) -> Scan:
    scanner = _XlsxScanner(lengths, limits)
    parse(body, scanner.start, scanner.end, scanner.text)
    return scanner.scan


def _index(letters: str) -> int:
    index = 0
    for char in letters:
        index = index * 26 + ord(char) - 64
    return index - 1


# ---- ODS ----------------------------------------------------------------------------------------------------
class OdsScanner:
    """Walks the tables of content.xml (OpenDocument 1.3 Part 3, 9.1), where cells and rows are repeated by a number."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.scans: list[Scan] = []
        self.depth = 0
        self.row = self.column = 0
        self.row_repeat = self.cell_repeat = 1
        self.attributes: dict[str, str] = {}
        self.covered = False
        self.note_depth = 0
        self.value: list[str] = []
        self.row_cells: list[tuple[int, int, int]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self.depth += 1
            if self.depth == 1:
                self.scans.append(Scan())
                self.row = 0
        elif self.depth != 1:
            return
        elif name == "table-row":
            self.column = 0
            self.row_repeat = _repeat(attributes.get("number-rows-repeated"))
        elif name in {"table-cell", "covered-table-cell"}:
            self.attributes, self.value = attributes, []
            self.covered = name == "covered-table-cell"
            self.cell_repeat = _repeat(attributes.get("number-columns-repeated"))
        elif name == "annotation":
            self.note_depth += 1

    def text(self, chunk: str) -> None:
        if self.depth == 1 and not self.note_depth:
            self.value.append(chunk)

    def end(self, name: str) -> None:
        if name == "table":
            self.depth -= 1
        elif self.depth != 1:
            return
        elif name == "table-row":
            self.row += self.row_repeat
        elif name in {"table-cell", "covered-table-cell"}:
            self._cell()
            self.column += self.cell_repeat
        elif name == "annotation":
            self.note_depth -= 1

    def _cell(self) -> None:
        value = "".join(self.value).strip()
        typed = "value-type" in self.attributes
        formula = self.attributes.get("formula", "")
        scan = self.scans[-1]
        if self.covered:
            if self.row_repeat * self.cell_repeat < MAX_MERGED_CELLS:
                self._mark(scan, "merged-cell", None)
            return
        if not value and not typed and not formula:
            return
        last = (self.row + self.row_repeat - 1, self.column + self.cell_repeat - 1)
        length = (len(value) + sum(map(len, self.attributes.values()))) * self.row_repeat * self.cell_repeat
        scan.cell(*last, length, self.limits)
        # Without a result there is neither a type nor a text; an error is a text that calls itself one.
        if formula and not value:
            self._mark(scan, "formula-without-value", formula[:200])
        elif formula and value.startswith(("#", "Err:")):
            self._mark(scan, "", value[:20])

    def _mark(self, scan: Scan, code: str, text: str | None) -> None:
        if len(scan.marks) + len(scan.texts) > MAX_MERGED_CELLS:
            raise Unreadable("file-inflates", limit=self.limits.max_inflated_bytes)
        for row in range(self.row, min(self.row + self.row_repeat, self.limits.max_rows + HEADING_ROWS)):
            for column in range(self.column, min(self.column + self.cell_repeat, self.limits.max_columns)):
                if code:
                    scan.marks[row, column] = code
                if text is not None:
                    scan.texts[row, column] = text


def _repeat(value: str | None) -> int:
    return min(max(int(value), 1), 10_000_000) if value and value.isdecimal() and len(value) < 10 else 1
