"""Tables: sorting, pages, downloads."""

import csv
import io

import django_tables2
import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template
from django.test import RequestFactory
from django_tables2 import RequestConfig

from openmcx.ui import tables

EVIL = ["=1+1", " =1+1", "\uff1d1+1", "\n=1", "+1", "-1", "@SUM(A1)", "\t=1", "plain, with comma", "ümläut"]

pytestmark = pytest.mark.django_db  # the foot of every page lists what the operator has published


class People(tables.Table):
    caption = "People of the test"
    name = django_tables2.Column(verbose_name="Name")
    age = django_tables2.Column(verbose_name="Age")

    class Meta(tables.Table.Meta):
        pass


def table(*names: str) -> People:
    return People([{"name": name, "age": place} for place, name in enumerate(names)])


def shown(rows: People, **query: str) -> BeautifulSoup:
    request = RequestFactory().get("/people/", query)
    RequestConfig(request, paginate={"per_page": 2}).configure(rows)
    source = Template("{% load render_table from django_tables2 %}{% render_table table %}")
    return BeautifulSoup(source.render(Context({"request": request, "table": rows})), "html.parser")


def test_a_table_has_a_caption_and_headings_for_rows_and_columns() -> None:
    page = shown(table("Ada", "Bea", "Cem"))
    assert page.caption.get_text() == "People of the test"
    assert [cell.get_text(strip=True) for cell in page.select('thead th[scope="col"]')] == ["Name", "Age"]
    assert [cell.get_text() for cell in page.select('tbody th[scope="row"]')] == ["Ada", "Bea"]
    assert page.select_one('.pages a[rel="next"]')["href"] == "?page=2"


def test_the_order_is_said_and_can_be_turned() -> None:
    page = shown(table("Ada", "Bea", "Cem"), sort="-name")
    assert page.select_one("th[aria-sort]")["aria-sort"] == "descending"
    assert [cell.get_text() for cell in page.select('tbody th[scope="row"]')] == ["Cem", "Bea"]
    assert page.select_one("thead a")["href"] == "?sort=name"


def test_an_empty_table_says_so() -> None:
    page = shown(table())
    assert page.table is None
    assert "Nothing here yet" in page.get_text()


def test_a_download_holds_all_rows_in_the_chosen_order() -> None:
    request = RequestFactory().get("/people/", {"download": "csv", "sort": "-age"})
    answer = tables.respond(request, table("Ada", "Bea", "Cem"), "none.html", {}, file_name="people")
    assert answer["Content-Disposition"] == 'attachment; filename="people.csv"'
    assert list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))) == [
        ["Name", "Age"],
        ["Cem", "2"],
        ["Bea", "1"],
        ["Ada", "0"],
    ]


def test_nothing_in_a_download_is_a_formula() -> None:
    request = RequestFactory().get("/people/", {"download": "csv"})
    answer = tables.respond(request, table(*EVIL), "none.html", {}, file_name="people")
    cells = [row[0] for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))][1:]
    assert cells == [
        "'=1+1",
        "' =1+1",
        "'\uff1d1+1",
        "'\n=1",
        "'+1",
        "'-1",
        "'@SUM(A1)",
        "'\t=1",
        "plain, with comma",
        "ümläut",
    ]
    request = RequestFactory().get("/people/", {"download": "xlsx"})
    answer = tables.respond(request, table(*EVIL), "none.html", {}, file_name="people")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [(cell.value, cell.data_type) for cell in sheet["A"]][1:] == [(value, "s") for value in EVIL]


@pytest.mark.parametrize("kind", ["exe", "", "CSV"])
def test_other_kinds_of_file_are_not_made(kind: str) -> None:
    request = RequestFactory().get("/people/", {"download": kind})
    answer = tables.respond(request, table("Ada"), "403.html", {"detail": "x"}, file_name="people")
    assert answer["Content-Type"] == "text/html; charset=utf-8"
