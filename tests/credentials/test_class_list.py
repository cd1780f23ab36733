"""Class lists: what is read, what is refused, and with which words."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import string
import struct
import tracemalloc
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell
from odf.table import Table as OdfTable
from odf.table import TableCell as OdfCell
from odf.table import TableRow as OdfRow
from odf.text import P

from openmcx.credentials.class_list import (
    FIELD_NAMES,
    FIELDS,
    MESSAGES,
    ClassList,
    ClassListRow,
    Limits,
    check_table,
    guess_mapping,
    read_class_list,
    read_table,
)
from openmcx.credentials.class_list.columns import HEADERS, columns_of, field_of, letter
from openmcx.credentials.class_list.messages import FILE_KINDS
from openmcx.credentials.emails import normal_email

TODAY = dt.date(2026, 6, 1)
HEADING = "given_name,family_name,email,date_of_birth,grade,awarded_on"
LEON = "Leon,Korhonen,leon@example.org,2001-03-25,1.3,2026-05-30"


def read(text: str | bytes, **options: object) -> ClassList:
    data = text if isinstance(text, bytes) else text.encode()
    return read_class_list(data, "list.csv", **{"today": TODAY, **options})


def found(result: ClassList) -> list[tuple[int | None, str, str]]:
    return [(fault.row, fault.column, fault.code) for fault in result.faults]


def one_cell(column: str, value: str) -> ClassList:
    """A list of one learner whose `column` holds `value`."""
    row = dict(zip(HEADING.split(","), LEON.split(","), strict=True)) | {column: value}
    return read("\t".join(row) + "\n" + "\t".join(row.values()) + "\n")


def xlsx(rows: list[list[object]], **sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, more in sheets.items():
        sheet = book.create_sheet(title)
        for row in more:
            sheet.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data: bytes, part: str, change: dict[bytes, bytes]) -> bytes:
    """A copy of a spreadsheet with bytes replaced in one part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            if name == part:
                for before, after in change.items():
                    assert before in body
                    body = body.replace(before, after)
            new.writestr(name, body)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
HEADERS_XLSX: list[object] = ["Vorname", "Nachname", "E-Mail", "Geburtsdatum", "Note"]


class TestReading:
    def test_every_value_of_a_row(self) -> None:
        result = read(
            "Vorname;Familienname;E-Mail-Adresse;Geburtsdatum;Note;Prozent;ECTS-Note;"
            "Verliehen am;Matrikelnummer;Sprache;Nachweis\n"
            " Leon ;Korhonen;Leon@EXAMPLE.org;25.03.2001;1,3;92,5 %;a;30.5.2026;00123;Deutsch;https://example.org/proof/1\n"
        )
        assert result.faults == ()
        assert result.rows == (
            ClassListRow(
                number=2,
                given_name="Leon",
                family_name="Korhonen",
                email="Leon@example.org",
                date_of_birth=dt.date(2001, 3, 25),
                grade="1,3",
                percent=Decimal("92.5"),
                ects_grade="A",
                awarded_on=dt.date(2026, 5, 30),
                learner_number="00123",
                language="de",
                evidence_url="https://example.org/proof/1",
            ),
        )

    @pytest.mark.parametrize("delimiter", list(",;\t|"))
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
    def test_any_delimiter_and_encoding(self, delimiter: str, encoding: str) -> None:
        rows = [HEADING.split(","), ["Zoë", "Müßig-Åström", "zoe@example.org", "2001-03-25", "2", ""]]
        text = "\r\n".join(delimiter.join(row) for row in rows)
        result = read(text.encode(encoding))
        assert result.faults == ()
        assert [(row.given_name, row.family_name) for row in result.rows] == [("Zoë", "Müßig-Åström")]

    def test_old_encodings_are_named_so_that_a_person_can_check(self) -> None:
        polish = (
            HEADING
            + "\n"
            + "\n".join(
                f"{name},Wiśniewska-Żółć,p{number}@example.org,,,"
                for number, name in enumerate(
                    ["Małgorzata", "Łucja", "Stanisław", "Grażyna", "Władysław", "Bożena"] * 5
                )
            )
        )
        result = read(polish.encode("cp1250"))
        assert result.rows[0].given_name == "Małgorzata"
        assert [note.params["encoding"] for note in result.notes if note.code == "note-encoding"] == ["Windows-1250"]
        forced = read(polish.encode("cp1250"), encoding="cp1250")
        assert forced.rows == result.rows
        assert found(read(polish.encode("cp1250"), encoding="klingon")) == [(None, "", "file-encoding")]

    @pytest.mark.parametrize(
        "encoding",
        ["a\0b", "a\nb", "ä", "x" * 10_000, "zlib", "bz2", "rot13", "hex", "base64", "idna", "punycode", "utf-7",
         "unicode_escape", "raw_unicode_escape", "undefined", "quopri", "uu"],
    )  # fmt: skip
    def test_a_codec_that_is_no_encoding_of_text_is_refused(self, encoding: str) -> None:
        assert found(read("name,email\nAnna,a@b.example\n", encoding=encoding)) == [(None, "", "file-encoding")]

    def test_a_declared_delimiter_counts_as_a_row(self) -> None:
        result = read("sep=;\n" + HEADING.replace(",", ";") + "\n" + LEON.replace(",", ";").replace("2001-", "3001-"))
        assert found(result) == [(3, "D (date_of_birth)", "birth-date-future")]

    def test_quotes_line_breaks_and_empty_rows_keep_the_numbers_of_the_rows(self) -> None:
        result = read(
            HEADING + '\n\n"Leon ""L.""",\n\n"Kor\nhonen",x,,,\n'.replace('\n\n"Kor', '"Kor') + "\n,,,,,\n,,a@b.de,,,\n"
        )
        assert (result.rows[0].number, result.rows[0].given_name, result.rows[0].family_name) == (
            3,
            'Leon "L."',
            "Kor honen",
        )
        assert found(result) == [
            (3, "C (email)", "email-invalid"),
            (6, "A (given_name)", "value-missing"),
            (6, "B (family_name)", "value-missing"),
        ]
        assert [note.params["count"] for note in result.notes] == [3]

    def test_title_rows_above_the_headings(self) -> None:
        result = read(f"Robotics, summer 2026\n\n{HEADING}\n{LEON}\n")
        assert result.faults == ()
        assert (result.rows[0].number, [note.code for note in result.notes]) == (4, ["note-title-rows"])

    @pytest.mark.parametrize("field", FIELDS)
    def test_headings_in_four_languages(self, field: str) -> None:
        assert {field_of(header) for header in HEADERS[field]} == {field}
        assert {field_of(f"  {header.upper()}* (Uni) ") for header in HEADERS[field]} == {field}

    def test_no_heading_means_two_things(self) -> None:
        every = [header for headers in HEADERS.values() for header in headers]
        assert len(every) == len(set(every))

    def test_name_is_the_family_name_beside_a_given_name(self) -> None:
        assert guess_mapping(columns_of(["Vorname", "Name", "E-Mail"])) == {
            "Vorname": "given_name",
            "E-Mail": "email",
            "Name": "family_name",
        }
        assert found(read("Name,E-Mail\nLeon Korhonen,l@example.org\n")) == [
            (None, "", "column-missing"),
            (None, "", "column-missing"),
        ]

    def test_own_mapping_is_taken_as_it_stands(self) -> None:
        text = "Who,Whose,Where,Mail\nLeon,Korhonen,leon@example.org,secretary@example.org\n"
        mapping = {"Who": "given_name", "Whose": "family_name", "Where": "email", "Mail": ""}
        result = read(text, mapping=mapping)
        assert (result.faults, result.rows[0].email) == ((), "leon@example.org")
        assert result.mapping == {"Who": "given_name", "Whose": "family_name", "Where": "email"}

    def test_mappings_that_cannot_be(self) -> None:
        text = "Who,Whose,Mail\nLeon,Korhonen,leon@example.org\n"
        assert [
            f.code for f in read(text, mapping={"Who": "shoe_size", "Nobody": "email", "Whose": "family_name"}).faults
        ] == [
            "mapping-unknown-field",
            "mapping-unknown-column",
            "column-missing",
            "column-missing",
        ]
        twice = {"Who": "given_name", "Whose": "given_name", "Mail": "email"}
        assert [f.sentence for f in read(text, mapping=twice).faults] == [
            "Columns A (Who), B (Whose) are both read as given name. Keep one of them.",
            "No column holds the family name. Add it, or say which column it is.",
        ]

    def test_repeated_headings_are_told_apart(self) -> None:
        assert [column.key for column in columns_of(["Name", "Name", "", "Name"])] == [
            "Name",
            "Name (B)",
            "C",
            "Name (D)",
        ]
        assert [letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]

    def test_what_must_be_stated_can_be_chosen(self) -> None:
        text = "given_name,family_name\nLeon,Korhonen\n"
        assert [fault.field for fault in read(text).faults] == ["email"]
        assert read(text, required=frozenset({"given_name"})).faults == ()


class TestCells:
    @pytest.mark.parametrize(
        ("column", "value", "code"),
        [
            ("given_name", "=HYPERLINK(1)", "formula"),
            ("given_name", "+Leon", "formula"),
            ("given_name", "@SUM(A1)", "formula"),
            ("family_name", "-1+2", "formula"),
            ("grade", "-3", ""),
            ("grade", "+1,7", ""),
            ("grade", "-", ""),
            ("grade", "-1+cmd|' /C calc'!A0", "formula"),
            ("grade", "#REF!", "spreadsheet-error"),
            ("grade", "x" * 51, "too-long"),
            ("given_name", "Le\u00a0on\u200b", ""),
            ("given_name", "Leon\u202eabc", "control-character"),
            ("given_name", "Le\x00on", "control-character"),
            ("given_name", "Le\x07on", "control-character"),
            ("given_name", "Le\ufffdn", "unreadable-character"),
            ("given_name", "\ue000on", "control-character"),
            ("given_name", "MÃ¼ller", "garbled-text"),
            ("given_name", "Ångström", ""),
            ("given_name", "नेहा\u200dक", ""),
            ("given_name", "12345", "name-without-letters"),
            ("given_name", "leon@example.org", "name-looks-like-email"),
            ("given_name", "L" * 101, "too-long"),
            ("given_name", "", "value-missing"),
            ("given_name", "\u00a0", "value-missing"),
            ("email", "leon@example", "email-invalid"),
            ("email", "leon@@example.org", "email-several"),
            ("email", "leon@example.org; l@example.org", "email-several"),
            ("email", "leon@example.org,", "email-several"),
            ("email", "Leon <leon@example.org>", "email-invalid"),
            ("email", "leon..k@example.org", "email-invalid"),
            ("email", ".leon@example.org", "email-invalid"),
            ("email", "leon@exam ple.org", "email-invalid"),
            ("email", "leon@-example.org", "email-invalid"),
            ("email", "a" * 65 + "@example.org", "email-invalid"),
            ("email", "joerg@tänzer.example", ""),
            ("email", "jörg@tanzer.example", "email-invalid"),
            ("email", "o'brien+x@example.org", ""),
            ("email", "leon@example.org\nBcc: all@example.org", "email-several"),
            ("date_of_birth", "2001-02-29", "date-impossible"),
            ("date_of_birth", "31.04.2001", "date-impossible"),
            ("date_of_birth", "03/04/2001", "date-ambiguous"),
            ("date_of_birth", "3-4-2001", "date-ambiguous"),
            ("date_of_birth", "25.03.01", "date-two-digit-year"),
            ("date_of_birth", "March", "date-unreadable"),
            ("date_of_birth", "2026-06-02", "birth-date-future"),
            ("date_of_birth", "2020-01-01", "birth-date-implausible"),
            ("date_of_birth", "1899-01-01", "birth-date-implausible"),
            ("awarded_on", "2026-06-02", "award-date-future"),
            ("awarded_on", "1999-12-31", "award-date-implausible"),
            ("awarded_on", "2001-03-25", "award-before-birth"),
        ],
    )
    def test_each_wrong_value_and_its_code(self, column: str, value: str, code: str) -> None:
        if column == "given_name" and "\n" in value:
            raise AssertionError
        quoted = '"' + value + '"' if "\n" in value else value
        assert [fault.code for fault in one_cell(column, quoted).faults] == ([code] if code else [])

    @pytest.mark.parametrize(
        "value",
        [
            "2001-03-25", "2001/3/25", "2001.03.25", "20010325", "2001-03-25 00:00:00", "2001-03-25T10:00:00Z",
            "25.03.2001",
            "25. 3. 2001", "25/03/2001", "03/25/2001", "25-3-2001", "36975", "36975.5", "25 March 2001",
            "25. März 2001",
            "March 25, 2001", "25 de marzo de 2001", "25. maaliskuuta 2001", "25th Mar 2001",
        ],
    )  # fmt: skip
    def test_each_way_to_write_one_day(self, value: str) -> None:
        assert [row.date_of_birth for row in one_cell("date_of_birth", value).rows] == [dt.date(2001, 3, 25)]

    @pytest.mark.parametrize(
        ("others", "expected"),
        [
            (["25/03/2001"], dt.date(2001, 4, 3)),
            (["03/25/2001"], dt.date(2001, 3, 4)),
            (["25/03/2001", "03/25/2001"], None),
            (["2001-03-25", "25.03.2001"], None),
        ],
    )
    def test_other_rows_decide_a_date_only_when_all_agree(self, others: list[str], expected: dt.date | None) -> None:
        lines = [f"P{n},Q,p{n}@example.org,{value}" for n, value in enumerate(["03/04/2001", *others])]
        result = read("given_name,family_name,email,date_of_birth\n" + "\n".join(lines))
        assert result.rows[0].date_of_birth == expected
        assert found(result) == ([] if expected else [(2, "D (date_of_birth)", "date-ambiguous")])
        noted = [note.code for note in result.notes]
        assert noted == ([] if expected is None else ["note-day-first" if expected.month == 4 else "note-month-first"])

    def test_an_ambiguous_date_is_explained_with_both_readings(self) -> None:
        (fault,) = one_cell("date_of_birth", "03/04/2001").faults
        assert fault.sentence == "This can be 2001-03-04 or 2001-04-03. Write it as year-month-day, such as 2001-03-25."
        assert (fault.where, fault.value) == ("row 2, column D (date_of_birth)", "03/04/2001")

    @pytest.mark.parametrize(
        ("header", "value", "code"),
        [
            ("percent", "101", "percent-invalid"),
            ("percent", "-1", "percent-invalid"),
            ("percent", "1e2", "percent-invalid"),
            ("percent", "NaN", "percent-invalid"),
            ("percent", "0.85", "percent-fraction"),
            ("percent", "0.85 %", ""),
            ("percent", "100", ""),
            ("ects grade", "FX", "ects-grade-failed"),
            ("ects grade", "G", "ects-grade-invalid"),
            ("ects grade", "b", ""),
            ("language", "Klingonish", "language-invalid"),
            ("language", "pt-BR", ""),
            ("language", "x" * 13, "too-long"),
            ("evidence", "example.org/x", "url-invalid"),
            ("evidence", "javascript:alert(1)", "url-invalid"),
            ("evidence", "https://user:pw@example.org/", "url-invalid"),
            ("evidence", "https://[::1", "url-invalid"),
            ("evidence", "https://example.org/" + "x" * 500, "too-long"),
            ("evidence", "https://example.org/x?y=1", ""),
            ("student number", "1" * 65, "too-long"),
        ],
    )
    def test_the_further_columns(self, header: str, value: str, code: str) -> None:
        result = read(f"given_name\tfamily_name\temail\t{header}\nLeon\tK\tl@example.org\t{value}\n")
        assert [fault.code for fault in result.faults] == ([code] if code else [])

    def test_without_today_the_future_is_not_judged(self) -> None:
        assert read_class_list(f"{HEADING}\nL,K,l@example.org,2999-01-01,,3000-01-01".encode()).faults == ()


class TestDuplicates:
    def test_each_later_row_is_reported_once_by_its_strongest_sign(self) -> None:
        result = read(
            "given_name,family_name,email,date_of_birth,student number\n"
            "Leon,Korhonen,leon@example.org,2001-03-25,1\n"
            "Leo,Korhonen,LEON@example.org,2001-03-26,2\n"
            "leon,KORHONEN,other@example.org,25.03.2001,3\n"
            "Vera,Novak,vera@example.org,2000-01-01,1\n"
            "Leon,Korhonen,namesake@example.org,1999-01-01,5\n"
            "Leon,Korhonen,leon@example.org,2001-03-25,1\n"
        )
        assert [(fault.row, fault.code, fault.params["first"]) for fault in result.faults] == [
            (3, "duplicate-email", 2),
            (4, "duplicate-person", 2),
            (5, "duplicate-number", 2),
            (7, "duplicate-email", 2),
        ]

    @pytest.mark.parametrize(
        ("first", "second", "are_one"),
        [
            ("Leon@Example.org", "leon@example.ORG", True),
            ("leon@jyväskylä.fi", "LEON@xn--jyvskyl-7wae.fi", True),
            ("leon@straße.de", "leon@xn--strae-oqa.de", True),
            ("leon@straße.de", "leon@strasse.de", False),  # two mailboxes, though they fold to the same letters
        ],
    )
    def test_addresses_are_compared_as_they_are_looked_up(self, first: str, second: str, are_one: bool) -> None:
        assert (normal_email(first) == normal_email(second)) is are_one
        result = read(f"given_name,family_name,email\nLeon,K,{first}\nLeo,K,{second}\n")
        assert [fault.code for fault in result.faults] == (["duplicate-email"] if are_one else [])
        namesakes = read(f"given_name,family_name,email\nLeon,K,{first}\nLeon,K,{second}\n")
        assert [fault.code for fault in namesakes.faults] == (["duplicate-email"] if are_one else [])

    def test_namesakes_without_date_of_birth_are_two_people(self) -> None:
        assert read("given_name,family_name,email\nLeon,K,a@example.org\nLeon,K,b@example.org\n").faults == ()

    @pytest.mark.parametrize(
        ("rows", "found"),
        [
            (("José,Núñez,,", "Jose\u0301,NÚÑEZ,,"), [(3, "duplicate-row")]),
            (("José,Núñez,5,", "José,Núñez,5,", "José,Núñez,5,"), [(3, "duplicate-row"), (4, "duplicate-row")]),
            (("José,Núñez,5,", "José,Núñez,4,"), []),
            (("José,Núñez,,", "Josefa,Núñez,,"), []),
            # Once only, by the stronger sign.
            (("José,Núñez,,2001-01-01", "José,Núñez,,2001-01-01"), [(3, "duplicate-person")]),
            # What could not be read may be what tells them apart.
            (("José,Núñez,,2001-01-32", "José,Núñez,,2001-02-30"), [(2, "date-impossible"), (3, "date-impossible")]),
        ],
    )
    def test_rows_that_say_the_same_are_a_fault(self, rows: tuple[str, ...], found: list[tuple[int, str]]) -> None:
        data = "\n".join(("given_name,family_name,grade,date_of_birth", *rows)).encode()
        result = read_class_list(data, required=frozenset({"given_name", "family_name"}))
        assert [(fault.row, fault.code) for fault in result.faults] == found


class TestFiles:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "file-empty"),
            (b" \r\n\t\0", "file-empty"),
            (b"%PDF-1.7 x", "file-not-a-table"),
            (b"\x89PNG\r\n\x1a\n", "file-not-a-table"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file-old-excel"),
            (b"<html><table><tr><td>Vorname", "file-not-a-table"),
            (b'{"a": 1}', "file-not-a-table"),
            (b"PK\x03\x04 and nothing more", "file-damaged"),
            (b"given_name,family_name,email\n", "no-rows"),
            (b"given_name,family_name,email\n,,\n , ,\n", "no-rows"),
            (b'given_name,family_name,email\nLeon,"K,l@example.org\nVera,N,v@example.org\n', "file-malformed"),
            (b'given_name,family_name,email\nLeon,"K"x,l@example.org\n', "file-malformed"),
            (b"given_name,family_name,email\nLeon," + b"x" * 20_000 + b",l@example.org\n", "file-malformed"),
            (b"a," * 300 + b"a\n" + b"1," * 300 + b"1\n", "too-many-columns"),
        ],
    )
    def test_what_is_no_list_is_one_fault(self, data: bytes, code: str) -> None:
        assert found(read(data)) == [(None, "", code)]

    def test_a_broken_quote_is_located(self) -> None:
        (fault,) = read('given_name,family_name,email\nLeon,"K"x,l@example.org\n').faults
        assert "near line 2" in fault.sentence

    def test_a_hundred_thousand_rows_are_one_fault_unless_allowed(self) -> None:
        text = "given_name,family_name,email\n" + "".join(f"P,Q,p{n}@example.org\n" for n in range(100_000))
        assert [fault.sentence for fault in read(text).faults] == [
            "The list has more than 20000 rows. Split it into several lists."
        ]
        allowed = read(text, max_rows=100_000)
        assert (allowed.faults, len(allowed.rows)) == ((), 100_000)

    def test_exactly_the_allowed_rows(self) -> None:
        text = "given_name,family_name,email\n" + "".join(f"P,Q,p{n}@example.org\n" for n in range(5))
        assert read(text, max_rows=5).faults == ()
        assert found(read(text, max_rows=4)) == [(None, "", "too-many-rows")]

    def test_bytes_are_counted_before_anything_is_read(self) -> None:
        assert [fault.params for fault in read(b"x" * 101, max_bytes=100).faults] == [{"size": 101, "limit": 100}]

    def test_faults_are_capped_and_the_rest_counted(self) -> None:
        table = read_table(("given_name,family_name,email\n" + "P,Q,x\n" * 50).encode())
        result = check_table(table, limits=dataclasses.replace(Limits(), max_faults=10))
        assert [fault.code for fault in result.faults] == ["email-invalid"] * 10 + ["too-many-faults"]
        assert result.faults[-1].params == {"count": 40}

    def test_utf8_with_a_few_broken_bytes_faults_only_those_cells(self) -> None:
        rows = "".join(f"Jörg,Größe,j{n}@example.org\n" for n in range(5)).encode()
        result = read(b"given_name,family_name,email\n" + rows + b"J\xf6rg,K,k@example.org\n")
        assert found(result) == [(7, "A (given_name)", "unreadable-character")]


class TestXlsx:
    def test_types_become_what_a_person_would_type(self) -> None:
        data = xlsx([HEADERS_XLSX, ["Leon", "Korhonen", "leon@example.org", dt.date(2001, 3, 25), 1.7]])
        result = read(data)
        assert (result.faults, result.sheet) == ((), "Sheet")
        assert result.rows[0] == ClassListRow(
            number=2,
            given_name="Leon",
            family_name="Korhonen",
            email="leon@example.org",
            date_of_birth=dt.date(2001, 3, 25),
            grade="1.7",
        )
        assert read(xlsx([HEADERS_XLSX, ["L", "K", "l@example.org", 36975, 2.0]])).rows[0].grade == "2"

    def test_formulas_count_by_their_stored_result(self) -> None:
        data = xlsx([HEADERS_XLSX, ["Leon", "Korhonen", "leon@example.org", None, "=1+1"]])
        (fault,) = read(data).faults
        assert (fault.row, fault.column, fault.code, fault.value) == (2, "E (Note)", "formula-without-value", "=1+1")
        stored = (
            changed(data, SHEET, {b"<v></v>": b"<v>2</v>"})
            if b"<v></v>" in _sheet(data)
            else changed(data, SHEET, {b"<v />": b"<v>2</v>"})
        )
        assert (read(stored).faults, read(stored).rows[0].grade) == ((), "2")

    def test_errors_in_cells_are_named(self) -> None:
        book = openpyxl.Workbook()
        book.active.append(HEADERS_XLSX)
        book.active.append(["Leon", "Korhonen", "leon@example.org", None, "#REF!"])
        book.active["E2"].data_type = "e"
        (fault,) = read(saved(book)).faults
        assert (fault.row, fault.code, fault.params) == (2, "spreadsheet-error", {"error": "#REF!"})

    def test_merged_cells_fault_the_cells_they_hide(self) -> None:
        book = openpyxl.Workbook()
        book.active.append(HEADERS_XLSX)
        book.active.append(["Leon", "Korhonen", "leon@example.org", None, "1"])
        book.active.append(["Vera", "Novak", "vera@example.org", None, None])
        book.active.merge_cells("E2:E3")
        assert found(read(saved(book))) == [(3, "E (Note)", "merged-cell")]

    def test_the_first_visible_sheet_with_content_is_read_and_the_others_named(self) -> None:
        book = openpyxl.Workbook()
        hidden = book.create_sheet("Old", 0)
        hidden.append(HEADERS_XLSX)
        hidden.append(["Nobody", "Hidden", "hidden@example.org"])
        hidden.sheet_state = "hidden"
        people = book.create_sheet("People")
        people.append(HEADERS_XLSX)
        people.append(["Leon", "Korhonen", "leon@example.org"])
        book.create_sheet("Notes").append(["remember the milk"])
        book.active = 1
        result = read(saved(book))
        assert (result.sheet, [row.given_name for row in result.rows]) == ("People", ["Leon"])
        assert [note.sentence for note in result.notes if note.code.startswith("note-sheet")] == [
            "The sheet “People” was read. These were not: Sheet, Notes."
        ]
        assert [note.params for note in result.notes if note.code == "note-hidden-sheets"] == [{"others": "Old"}]

    def test_a_cell_in_the_last_row_costs_nothing(self) -> None:
        data = changed(xlsx([HEADERS_XLSX, ["Leon"]]), SHEET, {b'r="A2"': b'r="XFD1048576"'})
        tracemalloc.start()
        assert found(read(data)) == [(None, "", "too-many-rows")]
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
        tracemalloc.stop()
        data = changed(xlsx([HEADERS_XLSX, ["Leon"]]), SHEET, {b'r="A2"': b'r="XFD2"'})
        assert found(read(data)) == [(None, "", "too-many-columns")]

    def test_a_bomb_is_not_unpacked(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b"<workbook/>")
            with archive.open("xl/sharedStrings.xml", "w") as part:
                for _ in range(200):
                    part.write(b" " * 1_000_000)
        tracemalloc.start()
        assert len(out.getvalue()) < 1_000_000
        assert found(read(out.getvalue())) == [(None, "", "file-inflates")]
        assert tracemalloc.get_traced_memory()[1] < 300_000_000
        tracemalloc.stop()

    def test_an_archive_that_lies_about_its_sizes(self) -> None:
        data = bytearray(xlsx([HEADERS_XLSX, ["Leon", "Korhonen", "leon@example.org"]]))
        start = data.index(b"PK\x01\x02")
        while start >= 0:
            length = struct.unpack_from("<H", data, start + 28)[0]
            if bytes(data[start + 46 : start + 46 + length]) == SHEET.encode():
                struct.pack_into("<I", data, start + 24, 10)
            start = data.find(b"PK\x01\x02", start + 4)
        assert found(read(bytes(data))) == [(None, "", "file-damaged")]

    def test_one_long_text_referred_to_often(self) -> None:
        data = xlsx([HEADERS_XLSX, ["Leon", "Korhonen", "leon@example.org"]])
        cell = b'<c r="%s%d" t="s"><v>0</v></c>'
        rows = b"".join(
            b'<row r="%d">' % row + b"".join(cell % (column, row) for column in (b"A", b"B", b"C")) + b"</row>"
            for row in range(3, 3000)
        )
        body = changed(data, SHEET, {b"</sheetData>": rows + b"</sheetData>"})
        out = io.BytesIO(body)
        with zipfile.ZipFile(out, "a") as archive:
            archive.writestr("xl/sharedStrings.xml", b"<sst><si><t>" + b"x" * 30_000 + b"</t></si></sst>")
        assert found(read(out.getvalue())) == [(None, "", "too-much-text")]

    def test_entities_are_refused(self) -> None:
        declaration = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet '
        data = changed(xlsx([HEADERS_XLSX, ["Leon"]]), SHEET, {b"<worksheet ": declaration})
        assert found(read(data)) == [(None, "", "file-damaged")]

    def test_an_interrupted_upload(self) -> None:
        data = xlsx([HEADERS_XLSX, ["Leon", "Korhonen", "leon@example.org"]])
        assert {found(read(data[:length]))[0][2] for length in range(10, len(data) - 30, 97)} == {"file-damaged"}

    def test_other_archives_are_named(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("word/document.xml", b"<w/>")
        assert [fault.sentence for fault in read(out.getvalue()).faults] == [
            "This is a text document, not a table. Save the list as .xlsx, .ods or .csv."
        ]
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("xl/workbook.bin", b"x")
        assert found(read(out.getvalue())) == [(None, "", "file-excel-binary")]

    def test_large_lists_are_read_in_bounded_memory(self) -> None:
        rows = [[f"P{n}", "Q", f"p{n}@example.org", "2001-03-25", "1.0"] for n in range(5000)]
        data = xlsx([HEADERS_XLSX, *rows])
        tracemalloc.start()
        assert len(read(data).rows) == 5000
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
        tracemalloc.stop()


def _sheet(data: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read(SHEET)


def ods(rows: list[list[OdfCell]], *, trailing: int = 0) -> bytes:
    document = OpenDocumentSpreadsheet()
    table = OdfTable(name="Liste")
    for cells in rows:
        row = OdfRow()
        for cell in cells:
            row.addElement(cell)
        table.addElement(row)
    if trailing:
        empty = OdfRow(numberrowsrepeated=trailing)
        empty.addElement(OdfCell(numbercolumnsrepeated=16384))
        table.addElement(empty)
    document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def text_cell(text: str, **attributes: object) -> OdfCell:
    cell = OdfCell(valuetype="string", **attributes)
    cell.addElement(P(text=text))
    return cell


class TestOds:
    def heading(self) -> list[OdfCell]:
        return [text_cell(str(header)) for header in HEADERS_XLSX]

    def test_types_formulas_and_the_endless_empty_rest(self) -> None:
        born = OdfCell(valuetype="date", datevalue="2001-03-25")
        born.addElement(P(text="25.03.01"))
        grade = OdfCell(formula="of:=1+1", valuetype="float", value="2")
        grade.addElement(P(text="2,00"))
        row = [text_cell("Leon"), text_cell("Korhonen"), text_cell("leon@example.org"), born, grade]
        result = read(ods([self.heading(), row], trailing=1_048_000))
        assert (result.faults, result.sheet) == ((), "Liste")
        assert (result.rows[0].date_of_birth, result.rows[0].grade) == (dt.date(2001, 3, 25), "2")

    def test_a_formula_without_result_and_a_merged_cell(self) -> None:
        first = [
            text_cell("Leon"),
            text_cell("K"),
            text_cell("l@example.org"),
            OdfCell(),
            text_cell("1", numberrowsspanned=2),
        ]
        second = [text_cell("Vera"), text_cell("N"), text_cell("v@example.org"), OdfCell(), CoveredTableCell()]
        third = [
            text_cell("Otto"),
            text_cell("M"),
            text_cell("o@example.org"),
            OdfCell(),
            OdfCell(formula="of:=SUM([.A1])"),
        ]
        assert found(read(ods([self.heading(), first, second, third]))) == [
            (3, "E (Note)", "merged-cell"),
            (4, "E (Note)", "formula-without-value"),
        ]

    def test_repeated_cells_are_no_bomb(self) -> None:
        wide = ods([self.heading(), [text_cell("Leon", numbercolumnsrepeated=16_000)]])
        assert found(read(wide)) == [(None, "", "too-many-columns")]
        document = OpenDocumentSpreadsheet()
        table = OdfTable(name="Liste")
        row = OdfRow(numberrowsrepeated=1_000_000)
        row.addElement(text_cell("Leon", numbercolumnsrepeated=100))
        table.addElement(row)
        document.spreadsheet.addElement(table)
        out = io.BytesIO()
        document.write(out)
        assert found(read(out.getvalue())) == [(None, "", "too-many-rows")]


class TestSentences:
    def test_every_message_can_be_said(self) -> None:
        names = {field for text in MESSAGES.values() for _, field, _, _ in string.Formatter().parse(text) if field}
        for code, text in MESSAGES.items():
            assert text.format_map(dict.fromkeys(names, "x")).strip(), code
        assert set(FIELD_NAMES) == set(FIELDS)
        assert all(FILE_KINDS.values())

    @settings(max_examples=150, deadline=None)
    @given(st.binary(max_size=300))
    def test_no_bytes_raise(self, data: bytes) -> None:
        for fault in read(data).faults:
            assert fault.sentence

    @settings(max_examples=150, deadline=None)
    @given(st.lists(st.lists(st.text(max_size=12), min_size=6, max_size=6), max_size=4))
    def test_no_text_raises_and_every_fault_has_a_sentence(self, cells: list[list[str]]) -> None:
        quoted = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells)
        result = read((HEADING + "\n" + quoted).encode("utf-8", errors="replace"))
        assert all(fault.sentence for fault in (*result.faults, *result.notes))

    @settings(max_examples=80, deadline=None)
    @given(st.integers(0, 2000), st.integers(0, 255))
    def test_no_changed_byte_of_a_spreadsheet_raises(self, position: int, byte: int) -> None:
        data = bytearray(SOUND_XLSX)
        data[position % len(data)] = byte
        for fault in read(bytes(data)).faults:
            assert fault.sentence


SOUND_XLSX = xlsx([HEADERS_XLSX, ["Leon", "Korhonen", "leon@example.org", dt.date(2001, 3, 25), 1.7]])


class TestReference:
    PAGE = Path(__file__).parents[2] / "docs" / "reference" / "class-list.md"

    def test_the_page_says_what_is_read_and_what_is_refused(self) -> None:
        page = self.PAGE.read_text(encoding="utf-8")
        missing = [code for code, sentence in MESSAGES.items() if f"| `{code}` | {sentence} |" not in page]
        missing += [field for field, headers in HEADERS.items() if f"| {', '.join(headers)} |" not in page]
        assert missing == []
        codes = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `")}
        assert codes == {*MESSAGES, *FIELDS}
