"""From a course description and a class list to a credential that anyone can check, as people do it."""

import functools
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.steps import check, fetch_as_learner, issue_to_the_class, outcome_on_the_command_line, sign_in, take

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def issued(browser: Any, node: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Rita uploads a class list with three faults, mends them and issues; one learner's e-mail and file come back."""
    folder = tmp_path_factory.mktemp("main-path")
    context = browser.new_context(base_url=node.url, accept_downloads=True, locale="en")
    context.set_default_timeout(20_000)
    page = context.new_page()
    sign_in(page, node, "registrar")
    done = issue_to_the_class(page, "Industrial Internet of Things", folder)
    context.close()
    file = folder / "credential.json"
    return {"done": done, "seen": fetch_as_learner(browser, node, done.private_link, file), "file": file}


def test_each_fault_is_shown_with_its_place_and_remedy(issued: dict[str, Any]) -> None:
    places = [re.match(r"(\d+)\s+([A-Z])", row) for row in issued["done"].faults]
    assert [(place[1], place[2]) for place in places if place] == [("8", "D"), ("15", "C"), ("26", "D")]
    assert issued["done"].heading == "The list is right"


def test_each_learner_has_a_credential(issued: dict[str, Any]) -> None:
    assert len(issued["done"].results) == 30
    assert [row for row in issued["done"].results if "Issued" not in row] == []


def test_the_learner_sees_the_credential(issued: dict[str, Any]) -> None:
    assert "Credential of Carmen Ríos Ordás" in issued["seen"]
    assert "Valid" in issued["seen"]


def test_anyone_can_check_it(
    issued: dict[str, Any], new_page: Callable[..., Any], assert_accessible: Callable[[Any], None]
) -> None:
    for width in (1280, 320):
        page = new_page(width=width)
        report = check(page, issued["file"])
        assert "Genuine and valid: issued by Kaislaranta University of Technology, unchanged since." in report
        assert_accessible(page)


def test_anyone_can_check_it_without_javascript(issued: dict[str, Any], new_page: Callable[..., Any]) -> None:
    assert "Genuine and valid" in check(new_page(javascript=False), issued["file"])


def test_one_changed_character_is_found(issued: dict[str, Any], new_page: Callable[..., Any], tmp_path: Path) -> None:
    text = issued["file"].read_text("utf-8")
    changed = tmp_path / "changed.json"
    changed.write_text(text.replace("Carmen", "Karmen"), "utf-8")
    report = check(new_page(), changed)
    assert "Not genuine: it was changed after it was signed, or somebody else signed it." in report
    assert "Do not rely on what follows" in report


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("A genuine credential", "Genuine and valid"),
        ("A credential with one changed character", "Not genuine"),
        ("A revoked credential", "Revoked: "),
        ("An expired credential", "Expired on "),
    ],
)
def test_the_files_to_try_say_what_they_promise(
    new_page: Callable[..., Any], tmp_path: Path, name: str, sentence: str
) -> None:
    page = new_page()
    check(page, take(page, name, tmp_path / "file.json"))
    assert sentence in page.locator(".verdict").first.inner_text()


def test_the_command_line_says_the_same(issued: dict[str, Any], node: Any) -> None:
    assert outcome_on_the_command_line(issued["file"], node) == (0, "verified")


def test_it_verifies_when_the_node_is_gone(issued: dict[str, Any], node: Any, tmp_path: Path) -> None:
    exported = node.mcx("export-static", str(tmp_path / "static"))
    assert exported.returncode == 0, exported.stderr
    node.stop()
    try:
        gone = outcome_on_the_command_line(issued["file"], node)
        with serving(tmp_path / "static", node.address):
            served = outcome_on_the_command_line(issued["file"], node)
    finally:
        node.start()
    assert gone == (1, "not-verified")
    assert served == (0, "verified")


@contextmanager
def serving(folder: Path, address: str) -> Iterator[None]:
    """This will serve a folder as any web server does, with the media types that the export names."""
    host, port = address.rsplit(":", 1)
    server = ThreadingHTTPServer((host, int(port)), functools.partial(QuietHandler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        pass
