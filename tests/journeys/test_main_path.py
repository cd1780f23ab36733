"""From a course description and a class list to a credential that anyone can check, as people do it."""

import functools
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.steps import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def issued(browser: Any, node: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Rita uploads a class list with three faults, mends them and issues; one learner's e-mail and file come back."""
    folder = tmp_path_factory.mktemp("main-path")
    context = browser.new_context(base_url=node.url, accept_downloads=True, locale="en")
    context.set_default_timeout(20_000)
    page = context.new_page()
    sign_in(page, node, "registrar")

    page.goto("/demo/")
    with page.expect_download() as started:
        page.get_by_role("link", name="Class list with three faults (Excel)").click()
    started.value.save_as(folder / "class-list.xlsx")

    page.goto("/issuing/new/")
    page.get_by_label("Micro-credential").select_option(label=industrial_internet(page))
    page.get_by_label("Class list", exact=False).set_input_files(folder / "class-list.xlsx")
    page.get_by_role("button", name="Upload and check").click()
    faults = page.locator("table tbody tr").all_inner_texts()

    page.get_by_label("Value in row 8, column D").fill("2001-02-28")
    page.get_by_label("Value in row 15, column C").fill("carmen.rios.ordas@learners.example")
    page.get_by_label("Value in row 26, column C").fill("kwame.boateng.2@learners.example")
    page.get_by_role("button", name="Save and check again").click()
    heading = page.locator("h1").inner_text()
    page.get_by_role("link", name="Preview and issue").first.click()
    page.get_by_role("button", name="Issue 30 credentials").click()
    page.get_by_text("30 messages sent").wait_for(timeout=60_000)
    page.reload()
    results = page.locator("table tbody tr").all_inner_texts()

    page.goto("/demo/outbox/?q=carmen.rios.ordas")
    page.locator("main a[href*='/demo/outbox/']").first.click()
    private_link = page.locator("main a[href*='/c/']").first.get_attribute("href")
    context.close()

    learner = browser.new_context(base_url=node.url, accept_downloads=True, locale="en")
    page = learner.new_page()
    page.goto(private_link)
    seen = page.locator("main").inner_text()
    with page.expect_download() as started:
        page.get_by_role("link", name="Download the credential").click()
    file = folder / "credential.json"
    started.value.save_as(file)
    learner.close()
    return {"faults": faults, "heading": heading, "results": results, "seen": seen, "file": file, "link": private_link}


def industrial_internet(page: Any) -> str:
    labels = page.get_by_label("Micro-credential").locator("option").all_inner_texts()
    return next(label.strip() for label in labels if label.strip().startswith("Industrial Internet of Things"))


def check(page: Any, file: Path) -> str:
    """This will hand a file in on the public page and give the report's text."""
    page.goto("/verify/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Check the credential").click()
    page.get_by_role("heading", name="Report on a credential").wait_for()
    return str(page.locator("main").inner_text())


def test_each_fault_is_shown_with_its_place_and_remedy(issued: dict[str, Any]) -> None:
    places = [re.match(r"(\d+)\s+([A-Z])", row) for row in issued["faults"]]
    assert [(place[1], place[2]) for place in places if place] == [("8", "D"), ("15", "C"), ("26", "C")]
    assert issued["heading"] == "The list is right"


def test_each_learner_has_a_credential(issued: dict[str, Any]) -> None:
    assert len(issued["results"]) == 30
    assert [row for row in issued["results"] if "Issued" not in row] == []


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
    page.goto("/demo/")
    with page.expect_download() as started:
        page.get_by_role("link", name=name).click()
    started.value.save_as(tmp_path / "file.json")
    check(page, tmp_path / "file.json")
    assert sentence in page.locator(".verdict").first.inner_text()


def test_the_command_line_says_the_same(issued: dict[str, Any], node: Any) -> None:
    assert outcome_on_the_command_line(issued, node) == (0, "verified")


def test_it_verifies_when_the_node_is_gone(issued: dict[str, Any], node: Any, tmp_path: Path) -> None:
    exported = node.mcx("export-static", str(tmp_path / "static"))
    assert exported.returncode == 0, exported.stderr
    node.stop()
    try:
        gone = outcome_on_the_command_line(issued, node)
        with serving(tmp_path / "static", node.address):
            served = outcome_on_the_command_line(issued, node)
    finally:
        node.start()
    assert gone == (1, "not-verified")
    assert served == (0, "verified")


def outcome_on_the_command_line(issued: dict[str, Any], node: Any) -> tuple[int, str]:
    """This will check the file with `mcx verify` and give exit status and verdict."""
    done = node.mcx("verify", "--json", "--allow", node.address, str(issued["file"]))
    return done.returncode, json.loads(done.stdout)["files"][0]["verdict"]


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
