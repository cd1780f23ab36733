"""From the Commission's sample to thirty credentials that anyone can check, as people do it.

The whole way is walked twice: with the keyboard alone, looking at each page with axe wide and narrow, and with
JavaScript switched off, looking at each page as it then is on a phone.
"""

import functools
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.hands import Keyboard, Mouse
from tests.journeys.steps import TITLE, Way, check, outcome_on_the_command_line, sign_in, take, walk

pytestmark = pytest.mark.browser
WAYS = pytest.mark.parametrize("way", ["by_keyboard", "without_javascript"], indirect=True)


@pytest.fixture(scope="module")
def by_keyboard(
    browser: Any, node: Any, look_wide_and_narrow: Callable[[Any], None], tmp_path_factory: pytest.TempPathFactory
) -> Way:
    folder = tmp_path_factory.mktemp("by-keyboard")
    return walk(browser, node, folder, hands=Keyboard, javascript=True, look=look_wide_and_narrow)


@pytest.fixture(scope="module")
def without_javascript(
    browser: Any, node: Any, look_without_javascript: Callable[[Any], None], tmp_path_factory: pytest.TempPathFactory
) -> Way:
    folder = tmp_path_factory.mktemp("without-javascript")
    title = "Another " + TITLE.lower()
    return walk(browser, node, folder, hands=Mouse, javascript=False, look=look_without_javascript, title=title)


@pytest.fixture(scope="module")
def way(request: pytest.FixtureRequest) -> Way:
    return request.getfixturevalue(request.param)


@WAYS
def test_the_sample_is_read_and_the_missing_element_asked_for(way: Way) -> None:
    assert TITLE.lower() in way.review.lower()
    assert "The document names “University of Zed”. In the draft it is “Kaislaranta University" in way.review
    assert way.asked_for == ["The type of quality assurance is missing. State it, even if there is none."]


@WAYS
def test_the_registrar_publishes_it(way: Way) -> None:
    assert "Version 1 is published." in way.published
    assert "Institutional accreditation" in way.published


@WAYS
def test_three_faults_are_shown_with_place_and_remedy_and_mended_on_the_page(way: Way) -> None:
    places = [re.match(r"(\d+)\s+([A-Z])", row) for row in way.faults]
    assert [(place[1], place[2]) for place in places if place] == [("8", "D"), ("15", "C"), ("26", "D")]
    assert all("Write it" in row for row in way.faults)
    assert way.heading == "The list is right"


@WAYS
def test_each_learner_has_a_credential(way: Way) -> None:
    assert len(way.results) == 30
    assert [row for row in way.results if "Issued" not in row] == []


@WAYS
def test_the_learner_sees_it_behind_the_private_link(way: Way) -> None:
    assert "Credential of Carmen Ríos Ordás" in way.learner_saw
    assert "Valid" in way.learner_saw
    assert TITLE.lower() in way.learner_saw.lower()


@WAYS
def test_anyone_can_check_it(way: Way, node: Any) -> None:
    assert "Genuine and valid: issued by Kaislaranta University of Technology, unchanged since." in way.report
    assert TITLE.lower() in way.report.lower()
    assert outcome_on_the_command_line(way.file, node) == (0, "verified")


def test_one_changed_character_is_found(
    by_keyboard: Way, new_page: Callable[..., Any], node: Any, tmp_path: Path
) -> None:
    text = by_keyboard.file.read_text("utf-8")
    changed = tmp_path / "changed.json"
    changed.write_text(text.replace("Carmen", "Karmen"), "utf-8")
    assert changed.read_text("utf-8") != text
    report = check(new_page(), changed)
    assert "Not genuine: it was changed after it was signed, or somebody else signed it." in report
    assert "Do not rely on what follows" in report
    assert outcome_on_the_command_line(changed, node) == (1, "not-verified")


@pytest.mark.parametrize(
    ("name", "sentence", "outcome"),
    [
        ("A genuine credential", r"Genuine and valid", (0, "verified")),
        ("A credential with one changed character", r"Not genuine", (1, "not-verified")),
        ("A revoked credential", r"^Revoked: .+ has withdrawn this credential\.", (1, "not-verified")),
        ("An expired credential", r"^Expired on \d.*: it was genuine, but is not valid any", (1, "not-verified")),
    ],
)
def test_the_files_to_try_say_what_they_promise(
    new_page: Callable[..., Any], node: Any, tmp_path: Path, name: str, sentence: str, outcome: tuple[int, str]
) -> None:
    page = new_page()
    file = take(page, name, tmp_path / "file.json")
    check(page, file)
    assert re.search(sentence, page.locator(".verdict").first.inner_text(), re.MULTILINE)
    assert outcome_on_the_command_line(file, node) == outcome


def test_a_learner_shows_a_credential_as_text_with_the_keyboard(
    by_keyboard: Way, new_page: Callable[..., Any], node: Any
) -> None:
    page = new_page()
    hand = Keyboard(page)
    sign_in(page, node, "learner", hand)
    hand.click(page.locator("a[href='/verify/']").first)
    page.wait_for_url("**/verify/")
    hand.click(page.locator("details:has(textarea) > summary"))
    hand.fill(page.locator("textarea[name=text]"), by_keyboard.file.read_text("utf-8"))
    hand.click(page.get_by_role("button", name="Check the credential"))
    page.get_by_role("heading", name="Report on a credential").wait_for()
    assert "Genuine and valid" in page.locator(".verdict").first.inner_text()


def test_on_a_phone_in_german(
    by_keyboard: Way, new_page: Callable[..., Any], assert_accessible: Callable[[Any], None]
) -> None:
    page = new_page(width=360, height=740, language="de")
    page.goto("/verify/")
    page.locator("main input[type=file]").set_input_files(by_keyboard.file)
    page.locator("main form button[type=submit]").click()
    page.locator(".verdict").first.wait_for()
    assert "Echt und gültig" in page.locator(".verdict").first.inner_text()
    assert_accessible(page)
    page.goto(by_keyboard.private_link)
    assert page.evaluate("document.documentElement.lang") == "de"
    assert_accessible(page)


def test_it_verifies_when_the_node_is_gone(by_keyboard: Way, node: Any, tmp_path: Path) -> None:
    exported = node.mcx("export-static", str(tmp_path / "static"))
    assert exported.returncode == 0, exported.stderr
    node.stop()
    try:
        gone = outcome_on_the_command_line(by_keyboard.file, node)
        with serving(tmp_path / "static", node.address):
            served = outcome_on_the_command_line(by_keyboard.file, node)
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
