"""What every answer says to the browser: what may run, who may frame it, what is told to others, what is kept."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from openmcx.config import settings as node_settings
from openmcx.kernel.middleware import CompressPublicPages
from tests import cast
from tests.permission_matrix import ROWS, VISITORS, Row

pytestmark = pytest.mark.django_db

GETS = [row for row in ROWS if row.method == "get"]
# Addresses whose answer holds a form that needs protection, and thus its cookie, for somebody who is not signed in.
COOKIES = {"csrf"}
DENIED = ("camera", "microphone", "geolocation", "payment", "usb", "display-capture")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[cast.Cast]:
    """The people of the matrix and what they work with, rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = cast.permission_world()
        made.things["cookies"] = {name: made.client(made.visitor(name)).cookies for name in VISITORS}
        yield made
        transaction.set_rollback(True)


def ask(world: cast.Cast, row: Row, visitor: str, **named: Any) -> HttpResponse:
    client = Client()
    client.cookies.load(world.cookies[visitor].output(header="", sep=";"))
    address = reverse(row.url_name, kwargs=dict(row.kwargs(world)) if row.kwargs else None)
    cache.clear()
    with transaction.atomic():
        answer = client.get(address, **named)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return answer


def policy(answer: HttpResponse) -> dict[str, list[str]]:
    parts = [part.split() for part in answer["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in parts}


def faults(answer: HttpResponse) -> list[str]:
    """This will list what an answer fails to forbid."""
    allowed = policy(answer)
    found = [f"{name}: {value}" for name, values in allowed.items() for value in values if "unsafe" in value]
    found += [f"{name}: {value}" for name, values in allowed.items() for value in values if value in {"*", "https:"}]
    if allowed.get("default-src") != ["'none'"]:
        found.append("default-src is not 'none'")
    # A file that is no page forbids everything in a shorter way.
    is_sandbox = "sandbox" in allowed
    if not is_sandbox and allowed.get("frame-ancestors") != ["'none'"]:
        found.append("it may be framed")
    if not is_sandbox and (allowed.get("base-uri"), allowed.get("form-action")) != (["'none'"], ["'self'"]):
        found.append("base or forms may lead elsewhere")
    wanted = {
        "X-Content-Type-Options": {"nosniff"},
        "X-Frame-Options": {"DENY"},
        "Referrer-Policy": {"same-origin", "no-referrer"},
        "Cross-Origin-Opener-Policy": {"same-origin"},
    }
    found += [f"{name}: {answer.get(name)}" for name, values in wanted.items() if answer.get(name) not in values]
    permissions = {part.strip() for part in answer.get("Permissions-Policy", "").split(",")}
    return found + [f"{feature} is allowed" for feature in DENIED if f"{feature}=()" not in permissions]


@pytest.mark.parametrize("row", GETS, ids=lambda row: f"{row.url_name}-{ROWS.index(row)}")
def test_every_answer_forbids_what_it_does_not_need(world: cast.Cast, row: Row) -> None:
    """As a visitor, who is often refused, and as somebody who gets the page."""
    reader = next((name for name in VISITORS if row.expected[name] == 200), "visitor")
    for visitor in {"visitor", reader}:
        assert faults(ask(world, row, visitor)) == [], visitor


@pytest.mark.parametrize("row", GETS, ids=lambda row: f"{row.url_name}-{ROWS.index(row)}")
def test_nobody_gets_a_cookie_before_signing_in_but_for_a_form(world: cast.Cast, row: Row) -> None:
    answer = ask(world, row, "visitor")
    assert set(answer.cookies) <= COOKIES
    if "csrf" in answer.cookies:
        assert b"csrfmiddlewaretoken" in answer.content
        cookie = answer.cookies["csrf"]
        assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize("name", ["portal:start", "catalogue:list", "verification:start", "institutions:list"])
def test_public_pages_need_no_cookie(client: Client, name: str) -> None:
    assert not client.get(reverse(name)).cookies


def test_https_is_for_a_year(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000  # as the node's settings have it with an https address, see below
    assert Client().get("/health/", secure=True)["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in Client().get("/health/")


def test_an_https_address_makes_cookies_secure(tmp_path: Any) -> None:
    import subprocess
    import sys

    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "from openmcx.config import settings as s\n"
            "print(s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_NAME)",
        ],
        env={
            "OPENMCX_BASE_URL": "https://mcx.example.org",
            "OPENMCX_SECRET_KEY": "for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz",
            "OPENMCX_MASTER_KEY": "dGVzdHMgb25seTogMzIgYnl0ZXMgb2YgYSBrZXkhISE=",
            "OPENMCX_DATA_DIR": str(tmp_path),
            "OPENMCX_EMAIL_URL": "smtp://mail.example.org:587?tls=1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout.split() == ["31536000", "True", "True", "__Host-session"], told.stderr


# --- compression: smaller where it gives nothing away -----------------------------------------------------------------


def encoding(answer: HttpResponse) -> str | None:
    return answer.get("Content-Encoding")


def test_public_pages_are_compressed(client: Client) -> None:
    gzip = {"accept-encoding": "gzip"}
    assert encoding(client.get("/", headers=gzip)) == "gzip"
    assert encoding(client.get("/")) is None
    assert "Accept-Encoding" in client.get("/", headers=gzip)["Vary"]


@pytest.mark.parametrize("row", [row for row in GETS if 200 in row.expected.values()], ids=lambda row: row.url_name)
def test_what_is_made_for_one_person_is_not_compressed(world: cast.Cast, row: Row) -> None:
    reader = next(name for name in reversed(VISITORS) if row.expected[name] == 200)
    answer = ask(world, row, reader, headers={"accept-encoding": "gzip"})
    if reader != "visitor" or "no-store" in answer.get("Cache-Control", ""):
        assert encoding(answer) is None


def test_an_answer_that_begins_a_session_is_not_compressed() -> None:
    from django.http import HttpRequest

    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = "gzip"
    page = HttpResponse("all the same " * 100)
    with mock.patch.object(node_settings, "SESSION_COOKIE_NAME", "session"):
        page.set_cookie("session", "new")
        assert encoding(CompressPublicPages(lambda _: page)(request)) is None  # type: ignore[arg-type, return-value]
    assert encoding(CompressPublicPages(lambda _: HttpResponse("all the same " * 100))(request)) == "gzip"


# --- static files -----------------------------------------------------------------------------------------------------


def static_file(client: Client, **headers: str) -> SimpleNamespace:
    from django.templatetags.static import static

    address = static("ui/ui.css")
    return SimpleNamespace(address=address, answer=client.get(address, headers=headers))


def test_files_with_a_digest_are_kept_for_ever(client: Client) -> None:
    got = static_file(client, **{"accept-encoding": "gzip, deflate, br"})
    assert got.answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (got.answer["Content-Encoding"], got.answer["Vary"]) == ("gzip", "Accept-Encoding")
    assert got.answer["Content-Type"] == "text/css; charset=utf-8"
    assert int(got.answer["Content-Length"]) == len(got.answer.content)


def test_who_does_not_want_gzip_gets_the_file_as_it_is(client: Client) -> None:
    plain = static_file(client)
    refused = static_file(client, **{"accept-encoding": "gzip;q=0, br"})
    head = client.head(plain.address)
    assert "Content-Encoding" not in plain.answer
    assert plain.answer.content == refused.answer.content
    assert b"--" in plain.answer.content
    assert (head.content, head["Content-Length"]) == (b"", plain.answer["Content-Length"])
    assert client.post(plain.address).status_code == 405


def test_an_address_of_another_version_gets_the_file_for_a_minute(client: Client) -> None:
    answer = client.get("/static/ui/ui.000000000000.css")
    assert answer.status_code == 200
    assert "immutable" not in answer["Cache-Control"]
    assert b"".join(answer.streaming_content) == static_file(client).answer.content


@pytest.mark.parametrize(
    "address",
    [
        "/static/ui/none.000000000000.css",
        "/static/../settings.000000000000.py",
        "/static/ui/%2e%2e/apps.000000000000.py",
    ],
)
def test_no_address_becomes_a_path(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_mistyped_name_is_told() -> None:
    from django.templatetags.static import static

    with pytest.raises(ValueError, match=r"ui/uj\.css"):
        static("ui/uj.css")


# --- weight -----------------------------------------------------------------------------------------------------------

PUBLIC = [
    "portal:start",
    "catalogue:list",
    "catalogue:version",
    "verification:start",
    "institutions:list",
    "institutions:page",
    "portal:help",
    "portal:accessibility",
]
MOST_BYTES = 64_000


def weight(client: Client, page: bytes) -> dict[str, int]:
    """This will ask for each style sheet and script of a page as a browser does. Units: bytes on the wire."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(page, "html.parser")
    found = [str(tag["href"]) for tag in soup.find_all("link", rel="stylesheet")]
    found += [str(tag["src"]) for tag in soup.find_all("script", src=True)]
    inline = sum(len(tag.get_text()) for tag in soup.find_all(["style", "script"]))
    assert found
    weights = {"inline": inline}
    for address in found:
        answer = client.get(address, headers={"accept-encoding": "gzip, deflate, br"})
        assert answer.status_code == 200, address
        weights[address] = int(answer["Content-Length"])
    return weights


@pytest.mark.parametrize("name", PUBLIC)
def test_styles_and_scripts_of_a_public_page_are_light(world: cast.Cast, name: str) -> None:
    row = next(row for row in GETS if row.url_name == name and row.expected["visitor"] == 200)
    client = Client()
    weights = weight(client, ask(world, row, "visitor").content)
    assert sum(weights.values()) <= MOST_BYTES, weights


def test_styles_and_scripts_of_a_report_are_light(client: Client) -> None:
    answer = client.post("/verify/", {"channel": "text", "text": '{"a": 1}'})
    assert b"report" in answer.content
    weights = weight(client, answer.content)
    assert sum(weights.values()) <= MOST_BYTES, weights
