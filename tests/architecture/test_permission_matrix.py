"""Every address, asked by everybody: the status is the one in the matrix, and what is shown is a whole page."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.permission_matrix import ROWS, VISITORS, Row

pytestmark = pytest.mark.django_db

# Forms that change nothing and work without any cookie, so that there is nothing to protect.
WITHOUT_COOKIE = {"/verify/", "/theme/", "/i18n/setlang/"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[cast.Cast]:
    """The people of the matrix and what they work with, made once for all rows and rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = cast.permission_world()
        # Signed in once each: what a request does to its session is rolled back with the rest.
        made.things["cookies"] = {name: made.client(made.visitor(name)).cookies for name in VISITORS}
        yield made
        transaction.set_rollback(True)


def browser(world: cast.Cast, visitor: str) -> Client:
    """This will give a fresh browser in which the visitor is signed in."""
    client = Client()
    client.cookies.load(world.cookies[visitor].output(header="", sep=";"))
    return client


def ask(world: cast.Cast, visitor: str, row: Row) -> HttpResponse:
    """This will send a row's request as a visitor, and undo whatever it did."""
    client = browser(world, visitor)
    cache.clear()  # nobody is slowed down for what another visitor asked
    address = reverse(row.url_name, kwargs=dict(row.kwargs(world)) if row.kwargs else None)
    with transaction.atomic():
        response = getattr(client, row.method)(address, data=dict(row.data) or None)
        if response.streaming:
            b"".join(response.streaming_content)  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    return response


def faults_of_page(response: HttpResponse) -> list[str]:
    """This will list what a page lacks: language, title, one h1, skip link, names of what can be used."""
    soup = BeautifulSoup(response.content, "html.parser")
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    faults = []
    if not soup.html or not soup.html.get("lang"):
        faults.append("no language")
    if not soup.title or not soup.title.get_text(strip=True).strip(" –"):
        faults.append("no title")
    if [bool(h1.get_text(strip=True)) for h1 in soup.find_all("h1")] != [True]:
        faults.append(f"{len(soup.find_all('h1'))} h1, or an empty one")
    title = soup.title.get_text(strip=True) if soup.title else ""
    is_english = soup.html is not None and soup.html.get("lang") == "en"
    summaries = [one for one in soup.select("main .error-summary") if one.find_parent(class_="example") is None]
    if is_english and summaries and not title.startswith("Error: "):
        faults.append("faults in a form that the title does not tell")
    first = soup.body.find(["a", "button", "input", "select", "textarea"]) if soup.body else None
    if first is None or first.name != "a" or first.get("href", "").lstrip("#") not in ids:
        faults.append("no skip link")
    if len(ids) != len(set(ids)):
        faults.append(f"ids twice: {sorted({one for one in ids if ids.count(one) > 1})}")
    labelled = {label["for"] for label in soup.find_all("label", attrs={"for": True})}
    for field in soup.find_all(["input", "select", "textarea"]):
        named = field.get("aria-label") or field.get("aria-labelledby") or field.find_parent("label")
        if field.get("type") in {"hidden", "submit", "button", "image", "reset"} or named:
            continue
        if not field.get("id") or field["id"] not in labelled:
            faults.append(f"no label: {str(field)[:120]}")
    for tag in soup.find_all(["a", "button"]):
        inside = tag.find_all(["img", "svg"])
        if (
            not tag.get_text(strip=True)
            and not tag.get("aria-label")
            and not any(image.get("alt") or image.get("aria-label") or image.find("title") for image in inside)
        ):
            faults.append(f"no name: {str(tag)[:120]}")
    levels = [int(tag.name[1]) for tag in soup.find_all(["h1", "h2", "h3", "h4", "h5", "h6"])]
    if any(later > earlier + 1 for earlier, later in itertools.pairwise(levels)):
        faults.append(f"heading levels leap: {levels}")
    for table in soup.find_all("table"):
        if not table.find("th") or not (
            table.find("caption") or table.get("aria-label") or table.get("aria-labelledby")
        ):
            faults.append("a table without headers or a name")
    for form in soup.find_all("form", method=lambda value: bool(value) and value.lower() == "post"):
        protected = form.find("input", attrs={"name": "csrfmiddlewaretoken"})
        if not protected and form.get("action") not in WITHOUT_COOKIE:
            faults.append(f"a form without protection: {form.get('action')}")
    return faults


def is_page(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method}-{row.url_name}-{ROWS.index(row)}")
def test_everybody_gets_what_the_matrix_says(world: cast.Cast, row: Row) -> None:
    answers = {visitor: ask(world, visitor, row) for visitor in VISITORS}
    assert {visitor: answer.status_code for visitor, answer in answers.items()} == dict(row.expected)
    faults = {
        visitor: found
        for visitor, answer in answers.items()
        if answer.status_code != 302 and is_page(answer) and not row.fragment and (found := faults_of_page(answer))
    }
    assert faults == {}


@pytest.mark.parametrize("row", [row for row in ROWS if row.method == "get"], ids=lambda row: row.url_name)
def test_pages_are_whole_in_every_language(world: cast.Cast, row: Row) -> None:
    visitor = next((one for one in VISITORS if row.expected[one] == 200), None)
    if visitor is None or row.fragment:
        return
    client = browser(world, visitor)
    address = reverse(row.url_name, kwargs=dict(row.kwargs(world)) if row.kwargs else None)
    for language in ("de", "es", "fi"):
        cache.clear()
        with transaction.atomic():
            answer = client.get(address, headers={"accept-language": language})
            transaction.set_rollback(True)
        assert answer.status_code == 200
        if is_page(answer):
            assert faults_of_page(answer) == []
