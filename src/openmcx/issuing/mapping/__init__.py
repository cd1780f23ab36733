"""Class lists, rows and credentials in the shapes of the core, and back."""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from openmcx.credentials import class_list
from openmcx.credentials.class_list import ClassListRow, Column, Fault, Table, TableRow
from openmcx.credentials.class_list.messages import WORDS
from openmcx.credentials.model import Achievement, Credential, Identifier, Learner, Organisation, Result, StatusEntry
from openmcx.credentials.wording import say

# What only a node can find out about a list; the core's own sentences stand beside them.
MESSAGES = {
    **class_list.MESSAGES,
    "learner-differs": gettext_noop(
        "A learner with this e-mail address is known here with another date of birth. Check the date and the address: "
        "two people cannot share one address."
    ),
    "award-expired": gettext_noop(
        "A credential for this award would have expired on {day} already. Check the date of the award."
    ),
    "note-no-birth-date": gettext_noop(
        "Rows without a date of birth: {count}. The European standard asks for it, as it tells namesakes apart."
    ),
}
# Why a single row could not be issued, beside the codes of the core's errors.
ROW_FAULTS = {
    "learner-erased": gettext_noop("The learner's data were erased on request. Issue to them under another address."),
}
# Without 0, 1, I, L, O, U: read over the telephone and typed from paper without mistakes.
_NUMBER_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
# Words and beginnings of words by which learners are found.
_SHORTEST_TERM, _LONGEST_TERM = 2, 12


# --- lists ----------------------------------------------------------------------------------------------------------


def table_to_json(table: Table) -> dict[str, Any]:
    """This will write a table for storing."""
    return {
        "headers": [column.header for column in table.columns],
        "rows": [
            [row.number, list(row.cells), {str(at): mark for at, mark in row.marks.items()}] for row in table.rows
        ],
        "notes": [fault_to_json(note) for note in table.notes],
        "sheet": table.sheet,
        "encoding": table.encoding,
    }


def table_from_json(data: Mapping[str, Any]) -> Table:
    """This will read a stored table."""
    return Table(
        columns=class_list.columns_of(data["headers"]),
        rows=tuple(
            TableRow(number=number, cells=tuple(cells), marks={int(at): mark for at, mark in marks.items()})
            for number, cells, marks in data["rows"]
        ),
        notes=tuple(fault_from_json(note) for note in data["notes"]),
        sheet=data["sheet"],
        encoding=data["encoding"],
    )


def mended(table: Table, row_number: int, column_index: int, text: str) -> Table:
    """This will return the table with one cell written anew; what was wrong with the old cell is forgotten.

    Raises: LookupError when there is no such cell.
    """
    if not 0 <= column_index < len(table.columns):
        raise LookupError("column")
    rows = list(table.rows)
    for position, row in enumerate(rows):
        if row.number == row_number:
            cells = list(row.cells)
            cells[column_index] = text
            marks = {at: mark for at, mark in row.marks.items() if at != column_index}
            rows[position] = TableRow(number=row.number, cells=tuple(cells), marks=marks)
            return Table(
                columns=table.columns, rows=tuple(rows), notes=table.notes, sheet=table.sheet, encoding=table.encoding
            )
    raise LookupError("row")


def without_row(table: Table, row_number: int) -> Table:
    """This will return the table without one row; the others keep their numbers.

    Raises: LookupError when there is no such row.
    """
    rows = tuple(row for row in table.rows if row.number != row_number)
    if len(rows) == len(table.rows):
        raise LookupError("row")
    return Table(columns=table.columns, rows=rows, notes=table.notes, sheet=table.sheet, encoding=table.encoding)


def fault_to_json(fault: Fault) -> dict[str, Any]:
    """This will write a fault for storing and for the API."""
    return {
        "code": fault.code,
        "row": fault.row,
        "column": fault.column,
        "field": fault.field,
        "value": fault.value,
        "params": dict(fault.params),
    }


def fault_from_json(data: Mapping[str, Any]) -> Fault:
    """This will read a stored fault."""
    return Fault(**data)


def said(fault: Fault) -> str:
    """This will say a fault in the language that is active now."""
    return say(MESSAGES[fault.code], fault.params, words=WORDS, translate=gettext)


def field_name(field: str) -> str:
    """This will name what a column can hold."""
    return gettext(class_list.FIELD_NAMES[field])


def why_failed(code: str) -> str:
    """This will say why a row could not be issued."""
    if code in ROW_FAULTS:
        return gettext(ROW_FAULTS[code])
    return gettext("The credential could not be written (%(code)s). Ask the operator of this node.") % {"code": code}


def headings_digest(columns: Sequence[Column]) -> str:
    """This will return by what a set of headings is remembered, whatever their order."""
    return hashlib.sha256("\0".join(sorted(column.key for column in columns)).encode()).hexdigest()


# --- rows -----------------------------------------------------------------------------------------------------------


def row_to_json(row: ClassListRow) -> dict[str, Any]:
    """This will write a checked row for storing; what the list does not state is left out."""
    stored: dict[str, Any] = {"number": row.number}
    for field in class_list.FIELDS:
        value = getattr(row, field)
        if value not in ("", None):
            stored[field] = value.isoformat() if isinstance(value, dt.date) else str(value)
    return stored


def row_from_json(data: Mapping[str, Any]) -> ClassListRow:
    """This will read a stored row."""
    values = dict(data)
    for field in ("date_of_birth", "awarded_on"):
        if field in values:
            values[field] = dt.date.fromisoformat(values[field])
    if "percent" in values:
        values["percent"] = Decimal(values["percent"])
    return ClassListRow(**values)


def learner_in_words(row: ClassListRow) -> str:
    """This will name a learner as lists show them."""
    return f"{row.given_name} {row.family_name}".strip()


# --- credentials ----------------------------------------------------------------------------------------------------


def new_number() -> str:
    """This will draw a credential's number: ten letters and digits that are not mistaken for one another."""
    drawn = "".join(secrets.choice(_NUMBER_LETTERS) for _ in range(10))
    return f"{drawn[:5]}-{drawn[5:]}"


def add_months(day: dt.date, months: int) -> dt.date:
    """This will return the same day so many months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def valid_until(achievement: Achievement, awarded_on: dt.date) -> dt.datetime | None:
    """This will return when a credential expires: at the end of the day, so many months after the award."""
    if achievement.validity_months is None:
        return None
    last_day = add_months(awarded_on, achievement.validity_months)
    return dt.datetime.combine(last_day, dt.time(23, 59, 59), tzinfo=dt.UTC)


def credential(
    *,
    credential_id: UUID,
    issuer: Organisation,
    achievement: Achievement,
    row: ClassListRow,
    learner_id: UUID,
    awarded_on: dt.date,
    issued_at: dt.datetime,
    status: StatusEntry | None,
) -> Credential:
    """This will write an award as the core's model has it.

    The learner is named by a pseudonym of this institution, so that their credentials can be seen to belong together;
    the e-mail address is not part of a credential. An institution that awards what it describes itself stands in the
    credential as it is when it issues: what it said of itself when the description was published may be out of date.
    """
    if achievement.awarding_body.id == issuer.id:
        achievement = replace(achievement, awarding_body=issuer)
    result = None
    if row.grade or row.percent is not None or row.ects_grade:
        result = Result(
            grade=row.grade or (f"{row.percent} %" if row.percent is not None else row.ects_grade),
            scheme=achievement.grading_scheme.best(),
            percent=row.percent,
            ects_grade=row.ects_grade,
        )
    identifiers = (Identifier(scheme="learner-number", value=row.learner_number),) if row.learner_number else ()
    return Credential(
        id=f"urn:uuid:{credential_id}",
        issuer=issuer,
        achievement=achievement,
        learner=Learner(
            id=f"urn:uuid:{learner_id}",
            given_name=row.given_name,
            family_name=row.family_name,
            date_of_birth=row.date_of_birth,
            identifiers=identifiers,
        ),
        awarded_on=awarded_on,
        # A credential is valid from the moment it is issued; when it was earned is another date.
        valid_from=issued_at.replace(microsecond=0),
        valid_until=valid_until(achievement, awarded_on),
        result=result,
        status=(status,) if status else (),
        evidence_url=row.evidence_url,
    )


def file_name(title: str, number: str, suffix: str) -> str:
    """This will return a name for the downloaded file that every system can store."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = "-".join("".join(char if char.isalnum() else " " for char in plain).split())[:60].strip("-").lower()
    return f"{words or 'credential'}-{number}.{suffix}"


# --- finding learners -----------------------------------------------------------------------------------------------


def words_of(text: str) -> list[str]:
    """This will split a text into words without case and accents, as they are compared."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    kept = "".join(char if char.isalnum() else " " for char in folded if not unicodedata.combining(char))
    return [word[:_LONGEST_TERM] for word in kept.split() if len(word) >= _SHORTEST_TERM]


def beginnings(*texts: str) -> Iterator[str]:
    """This will yield every word of the texts and every beginning of it by which it is found, each once."""
    seen = set()
    for text in texts:
        for word in words_of(text):
            for length in range(_SHORTEST_TERM, len(word) + 1):
                if word[:length] not in seen:
                    seen.add(word[:length])
                    yield word[:length]
