"""Every page in the pseudo-language: what is not in it was never given to the translators."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.translation import override
from django_scopes import scopes_disabled

from openmcx.ui.languages import UNION, own_name
from tests import cast, pseudo
from tests.architecture import catalogues
from tests.architecture.source import PACKAGE
from tests.permission_matrix import ROWS, VISITORS, Row

pytestmark = pytest.mark.django_db

# What is called the same in every language: names of formats, standards, systems and registers; languages by the name
# they give themselves; and what the things in the world of the tests are called that looks like a code.
NAMES = (
    "OpenMCX", "ECTS", "ELM", "JSON-LD", "JSON", "CSV", "XLSX", "ODS", "PDF", "PNG", "SVG", "ROR", "ETER", "DEQAR",
    "SCHAC", "VAT", "EUR", "DID", "did:web", "IRI", "API", "ESCO", "EUPL", "OpenAPI", "Mac Roman", "Windows-1250",
    "Windows-1252", "Windows-1257", *map(own_name, UNION), *UNION.values(), "key-1", "course-code", "list.csv",
    "A (given_name)", "B (family_name)", "C (email)", "D (date_of_birth)", "E (grade)", "F (awarded_on)",
)  # fmt: skip
# Documentation for those who build pages, in English like the rest of it.
ENGLISH = {"ui:gallery", "ui:component"}
SHOWN = {200, 400, 403, 404, 409, 429}
_ADDRESS = re.compile(r"\S+@[\w.-]+|\b(?:https?|did|urn|mailto):\S+|/[\w/.-]+")
_CODE = re.compile(r"[a-z][a-z0-9_.:-]*")


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[cast.Cast]:
    """The people of the permission matrix and what they work with, in a node that speaks the pseudo-language."""
    now = {name: getattr(settings, name) for name in ("LANGUAGES", "LOCALE_PATHS")}
    changed = pseudo.settings_with(tmp_path_factory.mktemp("pseudo"), now)
    with override_settings(**changed), django_db_blocker.unblock(), transaction.atomic():
        made = cast.permission_world()
        made.things["cookies"] = {name: made.client(made.visitor(name)).cookies for name in VISITORS}
        with scopes_disabled():
            made.things["known"] = sorted(_contents(), key=len, reverse=True)
        yield made
        transaction.set_rollback(True)


def _contents() -> set[str]:
    """Every text that stands in the database, but for codes: a code that a page shows is a fault."""
    found: set[str] = set()
    for model in apps.get_models():
        if not model.__module__.startswith(("openmcx.", "tests.")):
            continue
        for row in model._default_manager.all():
            for field in model._meta.concrete_fields:
                if not field.choices:
                    found |= set(_texts(getattr(row, field.attname)))
    return {text for text in found if len(text) > 2 and not _CODE.fullmatch(text)} | set(NAMES)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield " ".join(value.split())
        yield from (line.strip() for line in value.splitlines())
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def is_content_of(known: list[str]) -> Callable[[str], bool]:
    """This will tell texts made of nothing but what is known, the longest first, from those that need translating."""

    def is_content(text: str) -> bool:
        rest = _ADDRESS.sub("", text)
        for one in known:
            rest = rest.replace(one, "")
        return not re.search(r"[^\W\d_]{2}", rest)  # a single letter stands for a name

    return is_content


def _faults(world: cast.Cast, page: str) -> list[str]:
    return pseudo.untranslated(page, is_content_of(world.known))


def _pages() -> list[Row]:
    return [row for row in ROWS if SHOWN & set(row.expected.values()) and row.url_name not in ENGLISH]


@pytest.mark.parametrize("row", _pages(), ids=lambda row: f"{row.method}-{row.url_name}-{ROWS.index(row)}")
def test_every_text_of_a_page_is_translated(world: cast.Cast, row: Row) -> None:
    """Pages, what they say to a form that is not right, and the pages of faults, as everybody sees them."""
    address = reverse(row.url_name, kwargs=dict(row.kwargs(world)) if row.kwargs else None)
    faults = {}
    for visitor in [name for name in VISITORS if row.expected[name] in SHOWN]:
        client = Client()
        client.cookies.load(world.cookies[visitor].output(header="", sep=";"))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = pseudo.TAG
        cache.clear()
        with transaction.atomic():
            answer = getattr(client, row.method)(address, data=dict(row.data) or None)
            transaction.set_rollback(True)
        if answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            page = answer.content.decode()
            if not row.fragment:
                assert f'<html lang="{pseudo.TAG}"' in page
            found = _faults(world, page)
            if found:
                faults[visitor] = found
    assert faults == {}


# What e-mails say besides texts of ours, as their templates know it.
_MAIL = {
    "institution": "University of Lakeside", "title": "OpenMCX", "number": "1", "url": "https://testserver/x",
    "network_name": "OpenMCX", "base_url": "https://testserver", "name": "OpenMCX", "role": "OpenMCX", "count": 3,
}  # fmt: skip


def _mails() -> list[str]:
    """The templates of e-mails, by their path from the folder of templates."""
    found = (path for folder in PACKAGE.glob("*/templates") for path in folder.rglob("mail/*"))
    return sorted(str(path).partition("/templates/")[2] for path in found)


@pytest.mark.parametrize("name", _mails())
def test_every_text_of_an_e_mail_is_translated(world: cast.Cast, name: str) -> None:
    with override(pseudo.TAG):
        text = render_to_string(name, _MAIL)
    assert _faults(world, text if name.endswith(".html") else f"<p>{text}</p>") == []


def test_a_text_that_was_forgotten_is_found() -> None:
    page = """<html lang="en-xa"><head><title>⟦Ţîţļé⟧ – Lakeside</title></head><body>
      <p>⟦Šîĝñ <a href="/x/">îñ</a> åš⟧ Anna</p> <p title="Forgotten title">⟦Þåĝé⟧ 3</p> <p lang="fi">Suomeksi</p>
      <code>mcx serve</code> <input type="submit" value="Forgotten button"> <button>⟦Ŝéñð⟧</button>
      <p>⟦Ñöţĥîñĝ⟧ forgotten words</p><img alt="Forgotten picture"><input placeholder="⟦Ñåɱé⟧"></body></html>"""
    assert pseudo.untranslated(page, lambda text: text in {"– Lakeside", "Anna"}) == [
        "forgotten words",
        "in an attribute: Forgotten title",
        "in an attribute: Forgotten button",
        "in an attribute: Forgotten picture",
    ]


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("%(count)s of 100 %% <b>are</b> {name} &amp; so on", ["python-format"]),
        ('{number:.1f} of {{all}} in <a href="{url}">here</a>', ["python-brace-format"]),
        ("50 % done", []),
    ],
)
def test_placeholders_and_markup_stay(text: str, flags: list[str]) -> None:
    made = pseudo.pseudo(text, flags)
    assert catalogues.placeholders(made, flags) == catalogues.placeholders(text, flags)
    assert catalogues.markup(made) == catalogues.markup(text)
    assert (made[0], made[-1]) == (pseudo.OPEN, pseudo.CLOSE)


def test_texts_grow_by_two_fifths() -> None:
    text = "Download the credential and keep the file: it is yours."
    assert 1.35 < (len(pseudo.pseudo(text)) - 2) / len(text) < 1.45
