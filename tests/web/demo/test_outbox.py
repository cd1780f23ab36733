"""The e-mails that a demonstration "sends" can be read; nothing else of the file system can."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.filebased import EmailBackend
from django.test import Client

from openmcx.demo import adapters

pytestmark = pytest.mark.django_db


@pytest.fixture
def outbox(settings: Any, tmp_path: Path) -> Path:
    settings.OPENMCX_DATA_DIR = tmp_path
    return tmp_path / "outbox"


def send(outbox: Path, subject: str, to: str = "leon@learners.example", text: str = "Hello") -> None:
    message = EmailMultiAlternatives(subject, text, "node@example.org", [to])
    message.attach_alternative(f"<p>{text}</p>", "text/html")
    backend = EmailBackend(file_path=str(outbox))
    backend.send_messages([message])
    backend.close()


def test_an_empty_outbox_says_what_fills_it(client: Client, outbox: Path) -> None:
    answer = client.get("/demo/outbox/")
    assert answer.status_code == 200
    assert "No e-mail has been sent yet" in answer.content.decode()


def test_a_message_is_listed_and_read_with_its_link(client: Client, outbox: Path) -> None:
    send(outbox, "Ihr Nachweis „Robotik“", text="Open http://testserver/c/abc/ to see it.\n\nGrüße")
    page = BeautifulSoup(client.get("/demo/outbox/").content, "html.parser")
    link = page.select_one("tbody a")
    assert link.get_text() == "Ihr Nachweis „Robotik“"
    message = client.get(link["href"])
    shown = BeautifulSoup(message.content, "html.parser")
    assert shown.select_one(".panel a")["href"] == "http://testserver/c/abc/"
    assert "Grüße" in shown.get_text()
    assert "no-store" in message["Cache-Control"]


def test_what_a_message_says_cannot_become_markup(client: Client, outbox: Path) -> None:
    send(outbox, "<script>1</script>", text="<script>2</script>")
    (message,) = adapters.messages()
    assert b"<script>" not in client.get("/demo/outbox/").content.replace(b"<script ", b"")
    assert b"<script>2" not in client.get(f"/demo/outbox/{message.id}/").content


def test_messages_are_found_by_recipient_and_subject(client: Client, outbox: Path) -> None:
    send(outbox, "First", "a@learners.example")
    send(outbox, "Second", "b@learners.example")
    for words, found in {"b@learners": ["Second"], "FIRST": ["First"], "nothing": []}.items():
        page = BeautifulSoup(client.get("/demo/outbox/", {"q": words}).content, "html.parser")
        assert [link.get_text() for link in page.select("tbody a")] == found


def test_the_list_of_messages_is_sorted_narrowed_by_day_and_exported(client: Client, outbox: Path) -> None:
    send(outbox, "Alpha", "b@learners.example")
    send(outbox, "Beta", "a@learners.example")

    def subjects(**query: str) -> list[str]:
        page = BeautifulSoup(client.get("/demo/outbox/", query).content, "html.parser")
        return [link.get_text() for link in page.select("tbody a")]

    assert subjects(sort="to") == ["Beta", "Alpha"]
    assert subjects(sort="-to") == ["Alpha", "Beta"]
    assert subjects(sent_from="2999-01-01") == []
    assert client.get("/demo/outbox/", {"download": "csv", "sort": "subject"}).content.decode().count("\n") == 3


def test_several_messages_in_one_file_are_told_apart(outbox: Path) -> None:
    backend = EmailBackend(file_path=str(outbox))
    backend.send_messages(
        [EmailMultiAlternatives(name, "x", "n@example.org", ["l@example.org"]) for name in ("One", "Two")]
    )
    backend.close()
    assert sorted(message.subject for message in adapters.messages()) == ["One", "Two"]
    assert all(adapters.message(one.id) == one for one in adapters.messages())
    assert all(isinstance(one.sent_at, dt.datetime) for one in adapters.messages())


@pytest.mark.parametrize(
    "name", ["..", "built", "20260101-000000-1.99", "20260101-000000-1.0/../../secret", "%2e%2e%2fsecret-key.demo"]
)
def test_nothing_but_messages_is_read(client: Client, outbox: Path, name: str) -> None:
    outbox.mkdir()
    (outbox.parent / "secret-key.demo").write_text("secret")
    assert client.get(f"/demo/outbox/{name}/").status_code == 404
    assert adapters.message(name) is None


@pytest.mark.parametrize("name", ["built.json", "..%2fsecret-key.demo", "openmcx.sqlite3"])
def test_only_the_files_that_are_offered_are_handed_over(client: Client, outbox: Path, name: str) -> None:
    assert client.get(f"/demo/files/{name}").status_code == 404


@pytest.mark.parametrize("path", ["/demo/", "/demo/files/credential.json", "/demo/outbox/", "/demo/outbox/x.0/"])
def test_a_request_for_another_host_is_refused(client: Client, outbox: Path, settings: Any, path: str) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # as if somebody had opened it: the pages refuse by themselves
    for host in ("mcx.example.org", "localhost.example.org:8000", "192.0.2.1"):
        assert client.get(path, headers={"host": host}).status_code == 403
    for host in ("localhost:8000", "127.0.0.1", "[::1]:8000"):
        assert client.get(path, headers={"host": host}).status_code in {200, 404}
