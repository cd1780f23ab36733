"""The choice of columns: kept for each person and table, in the address for visitors."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from openmcx.accounts import queries
from openmcx.accounts.models import Person
from openmcx.accounts.operations import erase
from openmcx.kernel.models import AuditRecord
from tests.cast import Cast
from tests.factories import institutions

pytestmark = pytest.mark.django_db
TABLE = "institutions.InstitutionTable"


def page(client: Client, query: str = "") -> BeautifulSoup:
    return BeautifulSoup(client.get(reverse("institutions:list") + query).content, "html.parser")


def headings(shown: BeautifulSoup) -> list[str]:
    return [cell.get_text(strip=True) for cell in shown.select("thead th")]


def choose(client: Client, shown: BeautifulSoup, *names: str) -> str:
    """Send the form of the page with these columns ticked, as a browser does."""
    form = shown.select_one(".column-choice form")
    assert form is not None
    hidden = {str(one["name"]): str(one["value"]) for one in form.select("input[type=hidden]")}
    return str(client.post(str(form["action"]), {**hidden, "columns": list(names)})["Location"])


def test_a_choice_is_remembered_on_every_device(cast: Cast) -> None:
    anna = cast.client(cast.anna)
    shown = page(anna, "?q=lake&sort=-name&page=1")
    assert "Country" in headings(shown)
    back = choose(anna, shown, "kind", "website")
    assert back == reverse("institutions:list") + "?q=lake&sort=-name"
    wanted = ["Name", "Kind", "Website"]
    assert headings(page(anna)) == wanted
    # Signed in anew, the choice is there; another person and a visitor have their own.
    assert headings(page(cast.client(cast.anna))) == wanted
    assert "Country" in headings(page(cast.client(cast.rita)))
    assert "Country" in headings(page(Client()))
    # An address that names columns is followed, and changes nothing that is kept.
    assert headings(page(anna, "?columns=country")) == ["Name", "Country"]
    assert headings(page(anna)) == wanted
    file = anna.get(reverse("institutions:list") + "?download=csv").content.decode("utf-8-sig")
    assert file.splitlines()[0].split(",") == wanted


def test_no_column_is_a_choice_too(cast: Cast) -> None:
    anna = cast.client(cast.anna)
    choose(anna, page(anna))
    assert headings(page(anna)) == ["Name"]


def test_visitors_get_no_cookie_and_have_the_choice_in_the_address(cast: Cast) -> None:
    client = Client()
    form = page(client).select_one(".column-choice form")
    assert form is not None
    assert (form["method"], form.get("action")) == ("get", None)
    assert headings(page(client, "?columns=-&columns=kind")) == ["Name", "Kind"]
    assert dict(client.cookies) == {}


def test_only_columns_and_tables_that_there_are_can_be_kept(cast: Cast) -> None:
    anna, address = cast.client(cast.anna), reverse("accounts:columns")
    for table in ("", "institutions.Nothing", "__class__", TABLE + "\x00"):
        assert anna.post(address, {"table": table, "columns": ["kind"]}).status_code == 404
    assert anna.get(address).status_code == 405
    sent = {"table": TABLE, "columns": ["kind", "password", "x" * 9_000], "next": "https://evil.example/"}
    assert anna.post(address, sent)["Location"] == "/"
    assert Person.objects.get(pk=cast.anna.pk).table_columns == {TABLE: ["kind"]}
    anna.post(address, sent)
    rows = AuditRecord.objects.filter(action="accounts.preference.changed", subject_id=str(cast.anna.pk))
    assert [row.data for row in rows] == [{"table": TABLE}]
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.anna)
    assert strict.post(address, {"table": TABLE}).status_code == 403


def test_the_choice_is_among_a_persons_data_and_goes_with_them(cast: Cast) -> None:
    leon = cast.client(cast.leon)
    choose(leon, page(leon), "kind")
    said = [value for held in queries.personal_data_of(cast.leon.pk) for value in held.values]
    assert ("columns of tables", f"{TABLE}: kind") in said
    erase(by=queries.actor(cast.leon.pk), at=institutions.AT, person_id=cast.leon.pk)
    assert Person.objects.get(pk=cast.leon.pk).table_columns == {}
