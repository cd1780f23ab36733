"""What a learner, an administrator and a coordinator come for, each from the first page to what is left of it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.hands import Keyboard, Mouse
from tests.journeys.steps import check

pytestmark = pytest.mark.browser
# Each goes there once with the keyboard alone, and once with JavaScript switched off.
WAYS = pytest.mark.parametrize("way", [Keyboard, Mouse], ids=["by-keyboard", "without-javascript"])


def test_a_learner_downloads_a_credential_and_shows_it(
    new_page: Callable[..., Any], look_wide_and_narrow: Callable[[Any], None], tmp_path: Path
) -> None:
    page = new_page("learner")
    page.goto("/home/")
    page.goto(page.locator("main a[href*='/c/']").last.get_attribute("href"))
    page.get_by_role("heading", name="Credential of", exact=False).first.wait_for()
    with page.expect_download() as started:
        page.get_by_role("link", name="Download the credential").first.click()
    started.value.save_as(tmp_path / "credential.json")
    report = check(new_page(), tmp_path / "credential.json")
    assert re.search(r"Genuine and valid|Expired on|Revoked:", report)
    look_wide_and_narrow(page)


def test_a_learner_and_an_author_reach_by_keyboard_what_they_come_for(new_page: Callable[..., Any]) -> None:
    learner = new_page("learner")
    learner.goto("/home/")
    hand = Keyboard(learner)
    hand.click(learner.locator("main a[href*='/c/']").last)
    download = learner.get_by_role("link", name="Download the credential").first
    with learner.expect_download():
        hand.click(download)

    author = new_page("author")
    author.goto("/home/")
    hand = Keyboard(author)
    hand.click(author.locator(".main-nav a[href='/design/']"))
    author.wait_for_url("**/design/")
    hand.click(author.locator("main a[href='/design/new/']").first)
    author.wait_for_url("**/design/new/")
    hand.fill(author.locator("main input[name=title]"), "Made with the keyboard")
    hand.reach(author.locator("main form button[type=submit]:visible").last)


@WAYS
def test_an_administrator_invites_a_colleague(new_page: Callable[..., Any], way: type[Mouse | Keyboard]) -> None:
    by_keyboard = way is Keyboard
    invited = f"new.{way.__name__.lower()}@kaislaranta.example"
    page = new_page("admin", javascript=by_keyboard)
    hand = way(page)
    page.goto("/home/")
    hand.click(page.locator(".main-nav a[href$='/manage/']"))
    page.wait_for_url("**/manage/")
    hand.click(page.locator("main a[href$='/manage/people/']").first)
    hand.fill(page.locator("main input[name=email]"), invited)
    hand.choose(page.locator("main select[name=role]"), "Registrar")
    hand.click(page.get_by_role("button", name="Give role or invite"))
    waiting = page.locator("tr", has_text=invited)
    waiting.wait_for()
    assert "Registrar" in waiting.inner_text()

    # The colleague, who has no account yet, follows the link of the e-mail.
    stranger = new_page(javascript=by_keyboard)
    letters = stranger.locator("main tbody a")
    for _ in range(20):
        stranger.goto(f"/demo/outbox/?q={invited.split('@')[0]}")
        if letters.count():
            break
        stranger.wait_for_timeout(500)
    way(stranger).click(letters.first)
    stranger.goto(stranger.locator("main a[href*='/institutions/invitations/']").first.get_attribute("href"))
    assert "Invitation from Kaislaranta University of Technology" in stranger.locator("h1").inner_text()
    assert stranger.get_by_role("link", name="Create an account").is_visible()

    hand.click(waiting.get_by_role("button", name="Withdraw"))
    waiting.wait_for(state="detached")
    assert page.locator("h1").inner_text() == "People and roles"
    assert stranger.reload().status != 200


@WAYS
def test_a_coordinator_adds_an_institution(new_page: Callable[..., Any], way: type[Mouse | Keyboard]) -> None:
    by_keyboard = way is Keyboard
    name, slug = ("University of Southmere", "southmere") if by_keyboard else ("University of Northmere", "northmere")
    page = new_page("coordinator", javascript=by_keyboard)
    hand = way(page)
    page.goto("/home/")
    hand.click(page.locator(".main-nav a[href='/institutions/']"))
    page.wait_for_url("**/institutions/")
    hand.click(page.locator("main a[href$='/institutions/add/']").first)
    page.wait_for_url("**/institutions/add/")
    hand.fill(page.locator("main input[name^=name]:visible").first, name)
    if by_keyboard:  # the list has a box to search in
        hand.fill(page.get_by_role("combobox", name="Country"), "irel")
        page.keyboard.press("Enter")
    else:
        hand.choose(page.locator("main select[name=country]"), "Ireland")
    hand.fill(page.locator("main input[name=slug]"), slug)
    hand.click(page.get_by_role("button", name="Add the institution"))
    page.wait_for_url(lambda url: "/institutions/add/" not in url)
    visitor = new_page(javascript=by_keyboard)
    visitor.goto(f"/institutions/{slug}/")
    assert visitor.locator("h1").inner_text() == name
    assert "did:web:" in visitor.locator("main").inner_text()
    assert "Ireland" in visitor.locator("main").inner_text()
