"""Class lists and credentials as the files to try hold them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from openmcx.ui.colour import WHITE, mixed

HEADINGS = ("Given name", "Family name", "E-mail", "Date of birth", "Grade", "Awarded on")
RESULT_HEADINGS = (*HEADINGS[:5], "Percent", "Awarded on", "Language")
_DATE_COLUMNS = (3, 5)
# From how many per cent on which grade is given; the lowest is a bare pass.
_GRADES = {
    "FI": ((90, "5"), (80, "4"), (70, "3"), (60, "2"), (0, "1")),
    "DE": (
        (95, "1.0"),
        (90, "1.3"),
        (85, "1.7"),
        (80, "2.0"),
        (75, "2.3"),
        (70, "2.7"),
        (65, "3.0"),
        (60, "3.3"),
        (0, "4.0"),
    ),
    "AT": ((88, "1"), (75, "2"), (63, "3"), (0, "4")),
}
# Places in the list; 0 is the first learner.
IMPOSSIBLE_DATE = 6
MALFORMED_EMAIL = 13
SHORT_YEAR = 24

type Row = list[str]


def class_list(learners: Sequence[Mapping[str, Any]], *, awarded_on: dt.date) -> list[Row]:
    """This will return the rows of a class list with three faults: a day that does not exist, an e-mail address
    without its sign, a year of two digits. Mending them leaves every learner on the list.
    """
    rows = [
        [
            learner["given_name"],
            learner["family_name"],
            learner["email"],
            learner["date_of_birth"],
            learner["grade"],
            awarded_on.isoformat(),
        ]
        for learner in learners
    ]
    rows[IMPOSSIBLE_DATE][3] = "2001-02-30"
    rows[MALFORMED_EMAIL][2] = rows[MALFORMED_EMAIL][2].replace("@", "(at)")
    rows[SHORT_YEAR][3] = dt.date.fromisoformat(rows[SHORT_YEAR][3]).strftime("%d.%m.%y")
    return rows


def results(learners: Sequence[Mapping[str, Any]], *, country: str, awarded_on: dt.date) -> list[Row]:
    """This will return the rows of a list without faults, with results as the country grades them."""
    rows = []
    for place, learner in enumerate(learners):
        percent = 52 + (place * 17 + len(learner["email"]) * 7) % 47
        rows.append(
            [
                learner["given_name"],
                learner["family_name"],
                learner["email"],
                learner["date_of_birth"],
                _grade(percent, country),
                str(percent),
                awarded_on.isoformat(),
                learner["language"],
            ]
        )
    return rows


def _grade(percent: int, country: str) -> str:
    if country == "ES":
        return f"{percent / 10:.1f}"
    if country == "IE":
        return f"{percent} %"
    limits = _GRADES[country]
    return next(grade for limit, grade in limits if percent >= limit)


def as_csv(rows: Sequence[Row], headings: Sequence[str] = HEADINGS) -> bytes:
    """This will write the rows as a European Excel does: semicolons, UTF-8 with a byte order mark."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Sequence[Row]) -> bytes:
    """This will write the rows as a workbook in which dates are dates, but for the two that are none."""
    body = io.BytesIO()
    import xlsxwriter  # noqa: PLC0415 - a third of a second that only those who make a workbook pay

    with xlsxwriter.Workbook(body, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Class list")
        bold, date = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, HEADINGS, bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                day = _day(value) if column in _DATE_COLUMNS else None
                if day is not None:
                    sheet.write_datetime(number, column, dt.datetime.combine(day, dt.time()), date)
                else:
                    sheet.write_string(number, column, value)
        sheet.set_column(0, 1, 20)
        sheet.set_column(2, 2, 36)
        sheet.set_column(3, 5, 14)
    return body.getvalue()


def tampered(document: bytes) -> bytes:
    """This will change one character of what a credential says: the last one of the name of what was achieved."""
    name = orjson.dumps(orjson.loads(document)["credentialSubject"]["achievement"]["name"])
    changed = name[:-2] + (b"x" if name[-2:-1] != b"x" else b"y") + name[-1:]
    return document.replace(name, changed, 1)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def logo(tiles: Sequence[str], colour: str) -> bytes:
    """This will draw a logo of tiles: ``#`` is one in the colour, ``1`` one in a lighter shade of it, ``.`` none."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - a tenth of a second that only building the demo pays

    tile, gap = 56, 8
    side = len(tiles) * (tile + gap) + gap
    picture = Image.new("RGB", (side, side), "#ffffff")
    draw = ImageDraw.Draw(picture)
    shades = {"#": colour, "1": mixed(colour, WHITE, 0.5)}
    for y, row in enumerate(tiles):
        for x, sign in enumerate(row):
            if sign in shades:
                left, top = gap + x * (tile + gap), gap + y * (tile + gap)
                draw.rounded_rectangle((left, top, left + tile - 1, top + tile - 1), radius=10, fill=shades[sign])
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
