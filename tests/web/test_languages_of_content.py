"""Texts that people wrote, on pages in another language: each stands in an element that says its language.

The world of the permission matrix is written in English and German. Whoever asks for its pages in Finnish gets these
texts in English, and a screen reader has to be told, or it reads them by the rules of Finnish.

Source: WCAG 2.2, success criterion 3.1.2 (Language of Parts).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from bs4 import BeautifulSoup, Comment, Doctype, NavigableString, Tag
from django.apps import apps
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django_scopes import scopes_disabled

from openmcx.credentials.model.text import LANGUAGE_TAG, LangText
from openmcx.issuing import queries as issuing_queries
from tests import cast
from tests.permission_matrix import ROWS, VISITORS, Row

pytestmark = pytest.mark.django_db

HERE = "fi"
SHOWN = {200, 400, 403, 404, 409, 429}
# The gallery shows components, some of them on purpose with texts in other languages.
LEFT_OUT = {"ui:gallery", "ui:component"}
# What cannot hold an element: the page's title, and the choices and values of fields. Code is in no language.
_NO_ELEMENTS = {"title", "option", "textarea", "script", "style", "code", "pre", "svg", "template"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[cast.Cast]:
    """The people of the permission matrix and what they work with."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = cast.permission_world()
        made.things["cookies"] = {name: made.client(made.visitor(name)).cookies for name in VISITORS}
        with scopes_disabled():
            made.things["known"] = {text for text in _texts() if len(text) > 3}
        yield made
        transaction.set_rollback(True)


def _texts() -> Iterator[str]:
    """What the database holds in languages, but not in Finnish, as a page in Finnish would show it."""
    for model in apps.get_models():
        if not model.__module__.startswith("openmcx."):
            continue
        for row in model._default_manager.all():
            for field in model._meta.concrete_fields:
                for texts in _maps(getattr(row, field.attname)):
                    if texts.best_tag(HERE).partition("-")[0] not in (HERE, "und"):
                        yield " ".join(texts.best(HERE).split())


def _maps(value: object) -> Iterator[LangText]:
    if isinstance(value, Mapping):
        if value and all(LANGUAGE_TAG.fullmatch(str(key)) and isinstance(one, str) for key, one in value.items()):
            if set(value) <= {"en", "de"}:
                yield LangText(value)
        else:
            for one in value.values():
                yield from _maps(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _maps(one)


def unmarked(page: str, known: set[str]) -> list[str]:
    """This will list the texts of a page that hold what is known to be in another language, and do not say so."""
    found = []
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in sorted(known, key=len, reverse=True)))
    for node in BeautifulSoup(page, "html.parser").descendants:
        if not isinstance(node, NavigableString) or isinstance(node, Comment | Doctype):
            continue
        text = " ".join(node.split())
        if pattern.search(text) and _language(node) == HERE:
            found.append(text)
    return found


def misplaced(page: str) -> list[str]:
    """This will list the marks that stand where no element can: in attributes, and in what holds text alone."""
    soup = BeautifulSoup(page, "html.parser")
    within = [
        str(one) for name in sorted(_NO_ELEMENTS - {"svg", "template", "code", "pre"}) for one in soup.find_all(name)
    ]
    values = [str(value) for tag in soup.find_all(True) for value in tag.attrs.values()]
    texts = [re.sub(r"^<[^>]*>", "", one) for one in within] + values
    return [text for text in texts if re.search(r"<span lang|&lt;span lang", text)]


def _language(node: NavigableString) -> str:
    """The language of a text by the elements around it; "" where there can be none."""
    parent = node.parent
    while isinstance(parent, Tag):
        if parent.name in _NO_ELEMENTS:
            return ""
        if parent.get("lang"):
            return str(parent["lang"]).partition("-")[0]
        parent = parent.parent
    return HERE


def _pages() -> list[Row]:
    return [row for row in ROWS if SHOWN & set(row.expected.values()) and row.url_name not in LEFT_OUT]


@pytest.mark.parametrize("row", _pages(), ids=lambda row: f"{row.method}-{row.url_name}-{ROWS.index(row)}")
def test_texts_in_another_language_say_which(world: cast.Cast, row: Row) -> None:
    address = reverse(row.url_name, kwargs=dict(row.kwargs(world)) if row.kwargs else None)
    faults = {}
    for visitor in [name for name in VISITORS if row.expected[name] in SHOWN]:
        client = cast.Client()
        client.cookies.load(world.cookies[visitor].output(header="", sep=";"))
        cache.clear()
        with transaction.atomic():
            headers = {"accept-language": HERE}
            answer = getattr(client, row.method)(address, data=dict(row.data) or None, headers=headers)
            transaction.set_rollback(True)
        if answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            page = answer.content.decode()
            found = unmarked(page, world.known) + misplaced(page)
            if found:
                faults[visitor] = found
    assert faults == {}


def test_the_report_on_a_credential_says_so_too(world: cast.Cast) -> None:
    with transaction.atomic():
        body = issuing_queries.document(world.issued_credential)
        assert body is not None
        upload = SimpleUploadedFile("credential.json", body)
        answer = cast.Client().post(reverse("verification:start"), {"file": upload}, headers={"accept-language": HERE})
        transaction.set_rollback(True)
    page = answer.content.decode()
    soup = BeautifulSoup(page, "html.parser")
    assert answer.status_code == 200
    assert unmarked(page, world.known) + misplaced(page) == []
    # The sentences of the verdict and of two checks, who is established and claimed, and the evidence.
    assert {one["lang"] for one in soup.find_all("span", string="University of Lakeside")} == {"en"}
    assert "{'" not in soup.get_text()
    shown = {one.get_text() for one in soup.select('main [lang="en"]')}
    assert shown >= {"Collaborative robotics", "Cell layout", "0 to 5, passed from 1", "Plan a shared workspace"}


def test_what_is_not_marked_is_found_and_what_is_marked_in_the_wrong_place_too() -> None:
    page = """<html lang="fi"><head><title>Robotics</title></head><body><p>Kurssi Robotics</p><p lang="en">Robotics</p>
      <p>Robotics2</p><code>Robotics</code><a title="&lt;span lang=&quot;en&quot;&gt;x">y</a></body></html>"""
    assert unmarked(page, {"Robotics"}) == ["Kurssi Robotics"]
    assert len(misplaced(page)) == 1
