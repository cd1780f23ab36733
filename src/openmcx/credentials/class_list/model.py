"""What a class list is once it has been read: a table of texts, then rows with a meaning."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from openmcx.credentials.class_list.messages import MESSAGES, WORDS
from openmcx.credentials.wording import say

FIELDS: tuple[str, ...] = (
    "given_name",
    "family_name",
    "email",
    "date_of_birth",
    "grade",
    "percent",
    "ects_grade",
    "awarded_on",
    "learner_number",
    "language",
    "evidence_url",
)
REQUIRED: frozenset[str] = frozenset({"given_name", "family_name", "email"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a file is read. Units: `max_bytes`, `max_inflated_bytes` in bytes; `max_text` in characters."""

    max_rows: int = 20_000
    max_columns: int = 200
    max_bytes: int = 20 * 1024 * 1024
    max_inflated_bytes: int = 128 * 1024 * 1024
    max_parts: int = 2_000
    max_text: int = 50_000_000
    max_faults: int = 5_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong, where it stands and how to mend it.

    `row` is the row as the spreadsheet numbers it (None: the whole file); `column` is the column's letter and heading
    as the person sees them ("" when the whole row is meant); `field` is the meaning of the column, "" when it has none.
    """

    code: str
    row: int | None = None
    column: str = ""
    field: str = ""
    value: str = ""
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The English sentence: what is wrong and how to mend it."""
        return say(MESSAGES[self.code], self.params, words=WORDS)

    @property
    def where(self) -> str:
        """The place in words, such as “row 7, column C (E-mail)”; "" for the whole file."""
        if self.row is None:
            return f"column {self.column}" if self.column else ""
        return f"row {self.row}, column {self.column}" if self.column else f"row {self.row}"

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}" if self.where else self.sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the file. `key` is unique in the file: the heading, with the letter where headings repeat."""

    index: int
    letter: str
    header: str
    key: str

    def __str__(self) -> str:
        return f"{self.letter} ({self.header})" if self.header else self.letter


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row as texts. `marks` tell what a cell's text cannot: column index to a fault's code."""

    number: int
    cells: tuple[str, ...]
    marks: Mapping[int, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file read as texts, before its columns have a meaning. With `faults` there may be no rows at all."""

    columns: tuple[Column, ...] = ()
    rows: tuple[TableRow, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    sheet: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassListRow:
    """One learner who passed. Empty texts and None mean that the list does not say."""

    number: int
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    date_of_birth: dt.date | None = None
    grade: str = ""
    percent: Decimal | None = None
    ects_grade: str = ""
    awarded_on: dt.date | None = None
    learner_number: str = ""
    language: str = ""
    evidence_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassList:
    """A class list checked whole. Nothing may be issued from it while `faults` is not empty.

    `rows` holds every row that was read, faulty values left empty; `mapping` says which heading was read as what.
    """

    columns: tuple[Column, ...] = ()
    mapping: Mapping[str, str] = dataclasses.field(default_factory=dict)
    rows: tuple[ClassListRow, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    sheet: str = ""
    encoding: str = ""
