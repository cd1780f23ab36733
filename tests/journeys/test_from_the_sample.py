"""The Commission's sample becomes thirty credentials: imported, completed, published, issued, received, checked."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.steps import (
    check,
    credentials_of,
    fetch_as_learner,
    issue_to_the_class,
    outcome_on_the_command_line,
    sign_in,
    take,
)

pytestmark = pytest.mark.browser
TITLE = "Digital micro-credential creation"
SAMPLE = "A micro-credential in the European Learning Model"
KEYSTROKES = 60


@pytest.fixture(scope="module")
def way(browser: Any, node: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Rita's way from the sample to the e-mails, and what one learner then sees and downloads."""
    folder = tmp_path_factory.mktemp("from-the-sample")
    context = browser.new_context(base_url=node.url, accept_downloads=True, locale="en")
    context.set_default_timeout(20_000)
    page = context.new_page()
    sign_in(page, node, "registrar")

    sample = take(page, SAMPLE, folder / "sample.json")
    page.goto("/design/import/")
    page.locator("input[type=file]").set_input_files(sample)
    page.get_by_role("button", name="Read it").click()
    review = page.locator("main").inner_text()
    page.get_by_role("button", name="Make a draft from this").click()

    asked_for = page.locator(".notification-warn li").all_inner_texts()
    page.locator(".notification-warn li a").click()
    page.get_by_label("Type of quality assurance").select_option(label="Institutional accreditation")
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.get_by_role("link", name="Publish").click()
    page.get_by_role("button", name="Publish version 1").click()
    published = page.locator("body").inner_text()

    done = issue_to_the_class(page, TITLE, folder)
    context.close()
    file = folder / "credential.json"
    seen = fetch_as_learner(browser, node, done.private_link, file)
    return {"review": review, "asked_for": asked_for, "published": published, "done": done, "seen": seen, "file": file}


def test_the_sample_is_read_and_the_missing_element_asked_for(way: dict[str, Any]) -> None:
    assert TITLE in way["review"]
    assert "The document names “University of Zed”. In the draft it is “Kaislaranta University" in way["review"]
    assert way["asked_for"] == ["The type of quality assurance is missing. State it, even if there is none."]


def test_the_registrar_publishes_it(way: dict[str, Any]) -> None:
    assert "Version 1 is published." in way["published"]
    assert "Institutional accreditation" in way["published"]


def test_three_faults_are_shown_and_mended_on_the_page(way: dict[str, Any]) -> None:
    places = [re.match(r"(\d+)\s+([A-Z]) .*", row) for row in way["done"].faults]
    assert [(place[1], place[2]) for place in places if place] == [("8", "D"), ("15", "C"), ("26", "D")]
    assert all("Write it" in row for row in way["done"].faults)
    assert way["done"].heading == "The list is right"


def test_all_thirty_get_one_and_the_page_says_so_without_being_loaded_anew(way: dict[str, Any]) -> None:
    assert len(way["done"].results) == 30
    assert [row for row in way["done"].results if "Issued" not in row] == []


def test_the_learner_sees_it_behind_the_private_link(way: dict[str, Any]) -> None:
    assert "Credential of Carmen Ríos Ordás" in way["seen"]
    assert TITLE in way["seen"]


def test_the_public_page_says_verified(way: dict[str, Any], new_page: Callable[..., Any]) -> None:
    report = check(new_page(), way["file"])
    assert "Genuine and valid: issued by Kaislaranta University of Technology, unchanged since." in report
    assert TITLE in report


def test_the_command_line_says_verified(way: dict[str, Any], node: Any) -> None:
    assert outcome_on_the_command_line(way["file"], node) == (0, "verified")


def test_one_changed_character_is_refused(
    way: dict[str, Any], new_page: Callable[..., Any], node: Any, tmp_path: Path
) -> None:
    changed = tmp_path / "changed.json"
    text = way["file"].read_text("utf-8")
    assert TITLE in text
    changed.write_text(text.replace(TITLE, TITLE[:-1] + "m", 1), "utf-8")
    report = check(new_page(), changed)
    assert "Not genuine: it was changed after it was signed, or somebody else signed it." in report
    assert outcome_on_the_command_line(changed, node) == (1, "not-verified")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("A revoked credential", r"^Revoked: .+ has withdrawn this credential\."),
        ("An expired credential", r"^Expired on \d.*: it was genuine, but is not valid any more\."),
    ],
)
def test_what_is_no_longer_valid_is_refused(
    new_page: Callable[..., Any], node: Any, tmp_path: Path, name: str, sentence: str
) -> None:
    page = new_page()
    file = take(page, name, tmp_path / "file.json")
    check(page, file)
    assert re.search(sentence, page.locator(".verdict").first.inner_text(), re.MULTILINE)
    assert outcome_on_the_command_line(file, node) == (1, "not-verified")


def focus_on(page: Any, wanted: str) -> None:
    """This will press Tab until the element that `wanted` selects has the focus, which must be seen each time."""
    for _ in range(KEYSTROKES):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "() => { const it = document.activeElement, style = getComputedStyle(it);"
            " return it === document.body || style.outlineStyle !== 'none' || style.boxShadow !== 'none'; }"
        )
        assert seen, f"no visible focus on {page.evaluate('document.activeElement.outerHTML')[:200]}"
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"{KEYSTROKES} keystrokes did not reach {wanted} at {page.url}")


def test_with_the_keyboard_alone(way: dict[str, Any], new_page: Callable[..., Any], node: Any) -> None:
    page = new_page()
    address, password = credentials_of(node, "learner")
    page.goto("/accounts/login/")
    focus_on(page, "input[name=login]")
    page.keyboard.type(address)
    focus_on(page, "input[name=password]")
    page.keyboard.type(password)
    focus_on(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)

    focus_on(page, "a[href='/verify/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/verify/")
    focus_on(page, "details:has(textarea) > summary")
    page.keyboard.press("Enter")
    focus_on(page, "textarea[name=text]")
    page.keyboard.insert_text(way["file"].read_text("utf-8"))
    focus_on(page, "main form button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Report on a credential").wait_for()
    assert "Genuine and valid" in page.locator(".verdict").first.inner_text()


def test_on_a_phone_in_german(
    way: dict[str, Any], new_page: Callable[..., Any], node: Any, assert_accessible: Callable[[Any], None]
) -> None:
    page = new_page(width=360, height=740, language="de")

    def look() -> None:
        assert page.evaluate("document.documentElement.lang") == "de"
        assert_accessible(page)  # which also looks for overflow

    for address in ("/", "/catalogue/", "/accounts/login/", "/demo/", way["done"].private_link):
        page.goto(address)
        look()
    page.goto("/verify/")
    page.locator("input[type=file]").set_input_files(way["file"])
    page.locator("main form button[type=submit]").click()
    page.locator(".verdict").first.wait_for()
    assert "Echt und gültig" in page.locator(".verdict").first.inner_text()
    look()

    sign_in(page, node, "registrar")
    for address in ("/home/", "/issuing/", "/issuing/new/", "/issuing/credentials/", "/design/", "/design/import/"):
        page.goto(address)
        look()
    page.goto("/issuing/")
    page.goto(page.locator("main tbody a").first.get_attribute("href"))
    look()
