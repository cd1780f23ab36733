"""What a page says when something was not right: in its title, at its fields, and where to go on."""

import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.factories import catalogue
from tests.web import pages

LAKESIDE = {"slug": "lakeside"}


@pytest.fixture(autouse=True)
def _no_earlier_attempts(db: None) -> None:
    cache.clear()


def title(page: BeautifulSoup) -> str:
    assert page.title is not None
    return page.title.get_text(strip=True)


@pytest.mark.parametrize(
    ("who", "name", "kwargs", "data"),
    [
        ("visitor", "account_signup", {}, {"email": "x"}),
        ("visitor", "account_login", {}, {"login": "nobody@example.org", "password": "wrong"}),
        ("visitor", "verification:start", {}, {}),
        ("admin", "accounts:profile", {}, {"name": "https://evil.example/", "language": "en"}),
        ("admin", "institutions:look", LAKESIDE, {"colour": "#ffff00"}),
        ("admin", "institutions:change-logo", LAKESIDE, {}),
        ("admin", "institutions:people", LAKESIDE, {}),
        ("registrar", "issuing:new", {}, {"language": "en"}),
        ("coordinator", "institutions:add", {}, {}),
    ],
)
@pytest.mark.parametrize(("language", "word"), [("en", "Error: "), ("de", "Fehler: ")])
def test_a_form_that_is_not_right_is_said_in_the_title_and_nowhere_before_it_is_sent(
    cast: Cast, who: str, name: str, kwargs: Any, data: Any, language: str, word: str
) -> None:
    catalogue.version(cast.lakeside.pk)
    client, address = cast.client(cast.visitor(who)), reverse(name, kwargs=kwargs)
    headers = {"accept-language": language}
    answer = client.post(address, data, headers=headers)
    page = pages.read(answer, answer.status_code)
    assert pages.errors(page)
    assert title(page).startswith(word)
    assert title(page).count(word) == 1
    if name != "institutions:change-logo":  # which answers to nothing but a form that is sent
        assert not title(pages.read(client.get(address, headers=headers))).startswith(word)


@pytest.mark.parametrize("who", ["visitor", "registrar"])
@pytest.mark.parametrize("path", ["/nowhere/", "/institutions/nothing-of-the-kind/"])
def test_a_page_that_is_not_there_offers_ways_on(cast: Cast, who: str, path: str) -> None:
    page = pages.read(cast.client(cast.visitor(who)).get(path), 404)
    ways = {link["href"] for link in page.select("main a")}
    assert ways == {"/", "/help/"} | ({"/home/"} if who == "registrar" else set())


def test_who_may_not_is_told_once_whom_to_ask_and_where_to_go_on(cast: Cast) -> None:
    page = pages.read(cast.client(cast.leon).get(reverse("institutions:manage", kwargs=LAKESIDE)), 403)
    assert page.main is not None
    assert pages.text(page.main).lower().count("administrator") == 1
    assert {link["href"] for link in page.select("main a")} == {"/", "/home/", "/help/"}


class Counted(io.BytesIO):
    """A body that says how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


@pytest.mark.parametrize(("megabytes", "limit"), [(100, "2"), (3, "2")])
def test_a_logo_that_is_far_too_large_is_not_read_and_the_page_knows_who_asks(
    cast: Cast, megabytes: int, limit: str
) -> None:
    client, address = cast.client(cast.ada), reverse("institutions:change-logo", kwargs=LAKESIDE)
    body = Counted(b'--b\r\nContent-Disposition: form-data; name="picture"; filename="a.png"\r\n\r\n')
    extra = {"CONTENT_LENGTH": str(megabytes * 1_000_000), "wsgi.input": body}
    answer = client.generic("POST", address, b"", content_type="multipart/form-data; boundary=b", **extra)
    page = pages.read(answer, 413)
    assert f"larger than {limit} MB" in pages.text(page)
    assert body.taken == 0
    assert page.select_one('a[href^="/accounts/login/"]') is None
    assert "Ada Administrator" in pages.text(page)


def test_a_logo_a_little_too_large_is_said_at_the_field(cast: Cast) -> None:
    upload = SimpleUploadedFile("a.png", b"x" * 2_050_000)
    answer = cast.client(cast.ada).post(reverse("institutions:change-logo", kwargs=LAKESIDE), {"picture": upload})
    assert any("larger than 2 MB" in line for line in pages.errors(pages.read(answer, 400)))


def test_what_a_class_list_needs_is_marked_and_asked_for_in_words(cast: Cast) -> None:
    catalogue.version(cast.lakeside.pk)
    client, address = cast.client(cast.rita), reverse("issuing:new")
    page = pages.read(client.get(address))
    assert "Fields marked with * must be filled in." in pages.text(page)
    marked = {label["for"] for label in page.find_all("label") if label.find(class_="asteriskField")}
    needed = {field["id"] for field in page.select("main input[required], main select[required]")}
    assert needed >= {"id_version", "id_file", "id_awarded_on"}
    assert marked == needed | {"id_language"}  # a list without an empty choice needs no word to the browser
    said = pages.errors(pages.read(client.post(address, {"language": "en", "awarded_on": ""}), 422))
    assert "Micro-credential: Choose what the learners of the list are awarded." in said
    assert "Class list: Choose the file with the list." in said
    assert not [line for line in said if "This field is required" in line]


def test_the_foot_names_the_page_about_data_otherwise_than_the_operators_notice(client: Client) -> None:
    page = pages.read(client.get("/help/"))
    assert page.footer is not None
    assert page.footer.find("a", href="/about/privacy/").get_text() == "Data and cookies"
    words = [link.get_text(strip=True) for link in page.footer.find_all("a")]
    assert len(words) == len(set(words))
    assert not [word for word in words if word.startswith("Privacy") and word != "Privacy notice"]
