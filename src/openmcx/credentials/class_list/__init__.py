"""Class lists: who passed, as registrars have them, from XLSX, ODS or CSV.

A list is judged whole before anything is made from it. `read_class_list` does it in one go; `read_table` and
`check_table` are its two halves, for whoever lets people say what the columns mean or mend single cells in between.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from openmcx.credentials.class_list.checks import check_table
from openmcx.credentials.class_list.columns import columns_of, guess_mapping, template_headings
from openmcx.credentials.class_list.messages import FIELD_NAMES, MESSAGES
from openmcx.credentials.class_list.model import (
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
from openmcx.credentials.class_list.tables import read_table

__all__ = [
    "FIELDS",
    "FIELD_NAMES",
    "MESSAGES",
    "REQUIRED",
    "ClassList",
    "ClassListRow",
    "Column",
    "Fault",
    "Limits",
    "Table",
    "TableRow",
    "check_table",
    "columns_of",
    "guess_mapping",
    "read_class_list",
    "read_table",
    "template_headings",
]


def read_class_list(
    data: bytes,
    filename: str = "",
    *,
    mapping: Mapping[str, str] | None = None,
    required: frozenset[str] = REQUIRED,
    today: dt.date | None = None,
    max_rows: int = 20_000,
    max_bytes: int = 20 * 1024 * 1024,
    encoding: str = "",
) -> ClassList:
    """This will read a class list and say everything that is wrong with it, each with row, column and remedy.

    `mapping` gives the meaning of columns: heading to one of `FIELDS`, "" to leave a column out; without it the
    headings are understood in English, German, Spanish and Finnish. `required` names what each row must state. `today`
    bounds the dates; without it dates in the future are not noticed. Nothing is raised for a bad file: it comes
    back as a fault.

    Units: `max_bytes` in bytes.
    """
    limits = dataclasses.replace(Limits(), max_rows=max_rows, max_bytes=max_bytes)
    table = read_table(data, filename, limits=limits, encoding=encoding)
    return check_table(table, mapping=mapping, required=required, today=today, limits=limits)
