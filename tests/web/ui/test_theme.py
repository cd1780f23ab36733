"""Light, dark, or as the system has it."""

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client

pytestmark = pytest.mark.django_db


def root(response: HttpResponse) -> dict[str, str]:
    page = BeautifulSoup(response.content, "html.parser")
    meta = page.find("meta", attrs={"name": "color-scheme"})
    return {"theme": page.html.get("data-theme", ""), "scheme": meta["content"]}


def test_nothing_is_kept_before_somebody_chooses() -> None:
    client = Client()
    answer = client.get("/gallery/")
    assert "theme" not in client.cookies
    assert root(answer) == {"theme": "", "scheme": "light dark"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_choice_is_kept_and_shown(theme: str) -> None:
    client = Client()
    answer = client.post("/theme/", {"theme": theme, "next": "/gallery/?a=b"})
    assert (answer.status_code, answer["Location"]) == (302, "/gallery/?a=b")
    cookie = client.cookies["theme"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"], cookie["path"]) == (theme, True, "Lax", "/")
    shown = client.get("/gallery/")
    assert root(shown) == {"theme": theme, "scheme": theme}
    page = BeautifulSoup(shown.content, "html.parser")
    pressed = [button["value"] for button in page.select('form[action="/theme/"] button[aria-current]')]
    assert pressed == [theme]


def test_leaving_it_to_the_system_takes_the_cookie_away() -> None:
    client = Client()
    client.post("/theme/", {"theme": "dark"})
    client.post("/theme/", {"theme": "system"})
    assert client.cookies["theme"]["max-age"] == 0
    assert root(client.get("/gallery/"))["theme"] == ""


@pytest.mark.parametrize("said", ['"><script>', "DARK", "blue", "x" * 5000])
def test_a_theme_that_does_not_exist_is_no_choice(said: str) -> None:
    client = Client()
    answer = client.post("/theme/", {"theme": said})
    assert answer.cookies["theme"]["max-age"] == 0
    client.cookies["theme"] = said
    assert root(client.get("/gallery/"))["theme"] == ""


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_the_way_back_stays_on_this_node(target: str) -> None:
    assert Client().post("/theme/", {"theme": "dark", "next": target})["Location"] == "/"


def test_the_gallery_shows_one_page_in_a_theme_without_keeping_it() -> None:
    client = Client()
    client.cookies["theme"] = "light"
    assert root(client.get("/gallery/?theme=dark"))["theme"] == "dark"
    assert root(client.get("/gallery/"))["theme"] == "light"
