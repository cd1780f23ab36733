"""What a learner, an administrator and a coordinator come for, each from the first page to what is left of it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.steps import check

pytestmark = pytest.mark.browser
INVITED = "new.colleague@kaislaranta.example"


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


def test_an_administrator_invites_a_colleague_without_javascript(new_page: Callable[..., Any]) -> None:
    page = new_page("admin", javascript=False)
    page.goto("/institutions/kaislaranta/manage/")
    page.locator("main a[href$='/manage/people/']").first.click()
    page.locator("main input[name=email]").fill(INVITED)
    page.locator("main select[name=role]").select_option(label="Registrar")
    page.get_by_role("button", name="Give role or invite").click()
    waiting = page.locator("tr", has_text=INVITED)
    waiting.wait_for()
    assert "Registrar" in waiting.inner_text()

    # The colleague, who has no account yet, follows the link of the e-mail.
    stranger = new_page(javascript=False)
    letters = stranger.locator("main tbody a")
    for _ in range(20):
        stranger.goto("/demo/outbox/?q=new.colleague")
        if letters.count():
            break
        stranger.wait_for_timeout(500)
    letters.first.click()
    stranger.goto(stranger.locator("main a[href*='/institutions/invitations/']").first.get_attribute("href"))
    assert "Invitation from Kaislaranta University of Technology" in stranger.locator("h1").inner_text()
    assert stranger.get_by_role("link", name="Create an account").is_visible()

    waiting.get_by_role("button", name="Withdraw").click()
    page.locator("main").wait_for()
    assert page.locator("tr", has_text=INVITED).count() == 0
    assert stranger.reload().status != 200


def test_a_coordinator_adds_an_institution_without_javascript(new_page: Callable[..., Any]) -> None:
    page = new_page("coordinator", javascript=False)
    page.goto("/institutions/")
    page.locator("main a[href$='/institutions/add/']").first.click()
    page.locator("main input[name^=name]").first.fill("University of Northmere")
    page.locator("main select[name=country]").select_option("IE")
    page.locator("main input[name=slug]").fill("northmere")
    page.get_by_role("button", name="Add the institution").click()
    page.wait_for_url(lambda url: "/institutions/add/" not in url)
    visitor = new_page(javascript=False)
    visitor.goto("/institutions/northmere/")
    assert visitor.locator("h1").inner_text() == "University of Northmere"
    assert "did:web:" in visitor.locator("main").inner_text()
