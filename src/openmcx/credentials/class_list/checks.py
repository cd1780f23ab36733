"""A table judged whole: what each column means, what each cell says, who stands in it twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence, Set
from decimal import Decimal

from openmcx.credentials.class_list import values
from openmcx.credentials.class_list.columns import guess_mapping
from openmcx.credentials.class_list.model import (
    DEFAULT_LIMITS,
    FIELDS,
    REQUIRED,
    ClassList,
    ClassListRow,
    Column,
    Fault,
    Limits,
    Table,
    TableRow,
)
from openmcx.credentials.class_list.values import DateOrder, Wrong
from openmcx.credentials.emails import normal_email

type Value = str | dt.date | Decimal

_DATES = ("date_of_birth", "awarded_on")


def check_table(
    table: Table,
    *,
    mapping: Mapping[str, str] | None = None,
    required: frozenset[str] = REQUIRED,
    today: dt.date | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> ClassList:
    """This will judge every cell of a table and return the list with every fault in it.

    `mapping` gives the meaning of columns, column key to field ("" leaves a column out), and is taken as it stands;
    without it the headings are read. `today` bounds dates of birth and of awards; without it they may lie in the
    future.
    """
    if table.faults:
        return ClassList(
            columns=table.columns, faults=table.faults, notes=table.notes, sheet=table.sheet, encoding=table.encoding
        )
    faults: list[Fault] = []
    chosen = guess_mapping(table.columns) if mapping is None else _own_mapping(table, mapping, faults)
    by_field = {field: column for column in table.columns if (field := chosen.get(column.key))}
    for field in FIELDS:
        if field in required and field not in by_field and not any(fault.field == field for fault in faults):
            faults.append(Fault(code="column-missing", field=field, params={"field": field}))
    notes = list(table.notes)
    unused = [str(column) for column in table.columns if not chosen.get(column.key) and column.header]
    if unused:
        notes.append(Fault(code="note-columns-unused", params={"columns": ", ".join(unused)[:500]}))
    rows: tuple[ClassListRow, ...] = ()
    if not faults:
        reader = _RowReader(table, by_field, required, today, notes)
        rows = tuple(reader.read(row) for row in table.rows)
        faults = reader.faults
        faults += _duplicates(rows, by_field, {fault.row for fault in faults})
        faults.sort(key=lambda fault: (fault.row or 0, by_field[fault.field].index if fault.field else -1))
    if len(faults) > limits.max_faults:
        more = len(faults) - limits.max_faults
        faults = [*faults[: limits.max_faults], Fault(code="too-many-faults", params={"count": more})]
    return ClassList(
        columns=table.columns,
        mapping={key: field for key, field in chosen.items() if field},
        rows=rows,
        faults=tuple(faults),
        notes=tuple(notes),
        sheet=table.sheet,
        encoding=table.encoding,
    )


def _own_mapping(table: Table, mapping: Mapping[str, str], faults: list[Fault]) -> dict[str, str]:
    keys = {column.key: column for column in table.columns}
    chosen: dict[str, str] = {}
    for key, field in mapping.items():
        if not field:
            continue
        if key not in keys:
            faults.append(Fault(code="mapping-unknown-column", field="", params={"column": key[:100]}))
        elif field not in FIELDS:
            params = {"field": field[:100], "fields": ", ".join(FIELDS)}
            faults.append(Fault(code="mapping-unknown-field", column=str(keys[key]), params=params))
        elif field in chosen.values():
            other = next(keys[other] for other, its in chosen.items() if its == field)
            columns = f"{other}, {keys[key]}"
            faults.append(Fault(code="column-twice", field=field, params={"columns": columns, "field": field}))
        else:
            chosen[key] = field
    return chosen


class _RowReader:
    """Reads one row after the other and collects what is wrong."""

    def __init__(
        self,
        table: Table,
        by_field: Mapping[str, Column],
        required: frozenset[str],
        today: dt.date | None,
        notes: list[Fault],
    ) -> None:
        self.by_field = by_field
        self.required = required
        self.faults: list[Fault] = []
        orders = {}
        for field in _DATES:
            texts = [row.cells[by_field[field].index] for row in table.rows] if field in by_field else []
            orders[field] = values.date_order(texts)
            example = next((text for text in texts if values.is_ambiguous(" ".join(text.split()))), "")
            if example and orders[field].order:
                code = "note-day-first" if orders[field].order == "day" else "note-month-first"
                notes.append(Fault(code=code, column=str(by_field[field]), field=field, params={"example": example}))
        self.readers = _readers(orders, today)

    def read(self, row: TableRow) -> ClassListRow:
        found: dict[str, Value] = {}
        for field, column in self.by_field.items():
            text = row.cells[column.index]
            try:
                value = self._value(field, text, row.marks.get(column.index, ""))
            except Wrong as wrong:
                self._wrong(row, field, text, wrong)
            else:
                if value != "":
                    found[field] = value
        born, awarded = found.get("date_of_birth"), found.get("awarded_on")
        if isinstance(born, dt.date) and isinstance(awarded, dt.date) and awarded <= born:
            self._wrong(row, "awarded_on", row.cells[self.by_field["awarded_on"].index], Wrong("award-before-birth"))
        return ClassListRow(number=row.number, **found)  # type: ignore[arg-type]  # each value was checked by its column

    def _value(self, field: str, text: str, mark: str) -> Value:
        if mark:
            raise Wrong(mark)
        text = values.clean(text)
        if not text:
            if field in self.required:
                raise Wrong("value-missing", field=field)
            return ""
        values.refuse_formula(text, numbers=field in {"grade", "percent"})
        values.refuse_garbled(text)
        return self.readers[field](text)

    def _wrong(self, row: TableRow, field: str, text: str, wrong: Wrong) -> None:
        self.faults.append(
            Fault(
                code=wrong.code,
                row=row.number,
                column=str(self.by_field[field]),
                field=field,
                value=text[:200],
                params=wrong.params,
            )
        )


def _readers(orders: Mapping[str, DateOrder], today: dt.date | None) -> dict[str, Callable[[str], Value]]:
    return {
        "given_name": lambda text: values.name(text, "given_name"),
        "family_name": lambda text: values.name(text, "family_name"),
        "email": values.email,
        "date_of_birth": lambda text: values.birth_date(text, orders["date_of_birth"], today),
        "grade": lambda text: values.limited(text, "grade"),
        "percent": values.percent,
        "ects_grade": values.ects_grade,
        "awarded_on": lambda text: values.award_date(text, orders["awarded_on"], today),
        "learner_number": lambda text: values.limited(text, "learner_number"),
        "language": values.language,
        "evidence_url": values.web_address,
    }


def _same(field: str, value: object) -> object:
    """This will bring a value into the form in which it is compared with that of another row."""
    if not isinstance(value, str):
        return value
    return normal_email(value) if field == "email" else value.casefold()


def _duplicates(rows: Sequence[ClassListRow], by_field: Mapping[str, Column], faulty: Set[int | None]) -> list[Fault]:
    """Each later row that names a person again; a row is reported once, by the strongest sign.

    `faulty` are the numbers of rows with values that could not be read. They may differ just in these.
    """
    faults: list[Fault] = []
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        signs: list[tuple[str, str, tuple[object, ...], str]] = []
        if row.email:
            signs.append(("duplicate-email", "email", ("email", normal_email(row.email)), row.email))
        if row.learner_number:
            number = row.learner_number.casefold()
            signs.append(("duplicate-number", "learner_number", ("number", number), row.learner_number))
        if row.date_of_birth and row.given_name and row.family_name:
            person = ("person", row.given_name.casefold(), row.family_name.casefold(), row.date_of_birth)
            signs.append(("duplicate-person", "family_name", person, row.family_name))
        if row.given_name and row.family_name and row.number not in faulty:
            # Two credentials that say the same could not be told apart, be it one person or two.
            whole = ("row", *(_same(field, getattr(row, field)) for field in FIELDS))
            signs.append(("duplicate-row", "family_name", whole, row.family_name))
        reported = False
        for code, field, key, value in signs:
            first = seen.setdefault(key, row.number)
            if first != row.number and not reported:
                reported = True
                column = str(by_field[field])
                faults.append(
                    Fault(code=code, row=row.number, column=column, field=field, value=value, params={"first": first})
                )
    return faults
