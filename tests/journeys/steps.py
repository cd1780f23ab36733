"""Steps that several journeys take."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.journeys.hands import Keyboard, Mouse

# The demo's sign-in that plays a visitor of the matrix, by a word of its label.
ROLES = {
    "learner": "learner",
    "registrar": "registrar",
    "author": "author",
    "admin": "administrator",
    "coordinator": "coordinator",
}
# What the page asks for, by row and column, and what makes it right.
FAULTS_MENDED = {
    "Value in row 8, column D": "2001-02-28",
    "Value in row 15, column C": "carmen.rios.ordas@learners.example",
    "Value in row 26, column D": "2001-09-30",
}
SAMPLE = "A micro-credential in the European Learning Model"
TITLE = "Digital micro-credential creation"  # of the sample
ISSUING_SECONDS = 60


def credentials_of(node: Any, role: str) -> tuple[str, str]:
    """This will give the address and password that the demo printed for the role."""
    hint = re.search(rf"(?im)^\s+[^:@\n]*\b{ROLES[role]}\b.*?\s(\S+@\S+)\s+/\s+(\S+)\s*$", node.printed)
    assert hint, f"the demo printed no sign-in for {role}:\n{node.printed}"
    return hint[1], hint[2]


def sign_in(page: Any, node: Any, role: str, hands: Mouse | Keyboard | None = None) -> None:
    """This will sign in with what the demo printed for the role."""
    hands = hands or Mouse(page)
    address, password = credentials_of(node, role)
    page.goto("/accounts/login/")
    hands.fill(page.locator("input[name=login]"), address)
    hands.fill(page.locator("input[name=password]"), password)
    hands.click(page.locator("main form:has(input[name=password]) button[type=submit]").first)
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def take(page: Any, name: str, target: Path, hands: Mouse | Keyboard | None = None) -> Path:
    """This will download one of the demo's files to try."""
    page.goto("/demo/")
    with page.expect_download() as started:
        (hands or Mouse(page)).click(page.get_by_role("link", name=name))
    started.value.save_as(target)
    return target


@dataclass(frozen=True)
class Way:
    """What was seen on the way from a description to a credential that anybody can check."""

    review: str
    asked_for: list[str]
    published: str
    faults: list[str]
    heading: str
    results: list[str]
    private_link: str
    learner_saw: str
    file: Path
    report: str


def walk(
    browser: Any,
    node: Any,
    folder: Path,
    *,
    hands: type[Mouse | Keyboard],
    javascript: bool,
    look: Callable[[Any], None],
    title: str = TITLE,
) -> Way:
    """This will walk the whole way: import, publish, hand in a class list, mend it, issue, receive, check.

    `look` is called on each page that is met. A second walk needs a title of its own, as learners who have a
    micro-credential already do not get it again.
    """
    options = {"base_url": node.url, "accept_downloads": True, "locale": "en", "java_script_enabled": javascript}
    context = browser.new_context(**options)
    context.set_default_timeout(20_000)
    page = context.new_page()
    hand = hands(page)
    sign_in(page, node, "registrar", hand)

    sample = take(page, SAMPLE, folder / "sample.json", hand)
    sample.write_text(sample.read_text("utf-8").replace(TITLE, title), "utf-8")
    page.goto("/design/import/")
    hand.hand_in(page.locator("main input[type=file]"), sample)
    hand.click(page.get_by_role("button", name="Read it"))
    draft = page.get_by_role("button", name="Make a draft from this")
    draft.wait_for()
    review = page.locator("main").inner_text()
    look(page)
    hand.click(draft)
    page.locator(".notification-warn li").first.wait_for()
    asked_for = page.locator(".notification-warn li").all_inner_texts()
    look(page)
    hand.click(page.locator(".notification-warn li a").first)
    hand.choose(
        page.get_by_label("Type of quality assurance").and_(page.locator("select")), "Institutional accreditation"
    )
    look(page)
    hand.click(page.get_by_role("button", name="Save", exact=True).last)
    hand.click(page.get_by_role("link", name="Publish"))
    publish = page.get_by_role("button", name="Publish version 1")
    publish.wait_for()
    look(page)
    hand.click(publish)
    page.get_by_text("Version 1 is published.").first.wait_for()
    published = page.locator("body").inner_text()

    class_list = take(page, "Class list with three faults (Excel)", folder / "class-list.xlsx", hand)
    page.goto("/issuing/new/")
    choice = page.locator("main form select").first
    labels = [label.strip() for label in choice.locator("option").all_inner_texts()]
    hand.choose(choice, next(label for label in labels if label.startswith(title)))
    hand.hand_in(page.locator("main input[type=file]"), class_list)
    hand.click(page.get_by_role("button", name="Upload and check"))
    page.get_by_role("button", name="Save and check again").wait_for()
    faults = page.locator("table tbody tr").all_inner_texts()
    look(page)
    for label, value in FAULTS_MENDED.items():
        hand.fill(page.get_by_label(label), value)
    hand.click(page.get_by_role("button", name="Save and check again"))
    page.get_by_role("heading", name="The list is right").wait_for()
    heading = page.locator("h1").inner_text()
    hand.click(page.get_by_role("link", name="Preview and issue").first)
    issue = page.get_by_role("button", name="Issue 30 credentials")
    issue.wait_for()
    look(page)
    hand.click(issue)
    wait_until_issued(page, javascript=javascript)
    results = page.locator("table tbody tr").all_inner_texts()
    look(page)

    page.goto("/demo/outbox/?q=carmen.rios.ordas")
    hand.click(page.locator("main tbody a").first)
    link = str(page.locator("main a[href*='/c/']").first.get_attribute("href"))
    context.close()

    # The learner, and then whoever is shown the file: both without an account.
    context = browser.new_context(**options)
    page = context.new_page()
    hand = hands(page)
    page.goto(link)
    look(page)
    with page.expect_download() as started:
        hand.click(page.get_by_role("link", name="Download the credential"))
    started.value.save_as(folder / "credential.json")
    learner_saw = str(page.locator("main").inner_text())
    report = check(page, folder / "credential.json", hand)
    look(page)
    context.close()
    return Way(
        review, asked_for, published, faults, heading, results, link, learner_saw, folder / "credential.json", report
    )


def wait_until_issued(page: Any, *, javascript: bool) -> None:
    """This will wait for the end of the work: the page follows it by itself, or is loaded anew by its reader."""
    done = page.get_by_text("30 messages sent")
    if javascript:
        done.wait_for(timeout=ISSUING_SECONDS * 1000)
        return
    for _ in range(ISSUING_SECONDS):
        page.wait_for_timeout(1000)
        page.reload()
        if done.is_visible():
            return
    raise AssertionError(f"nothing was sent within {ISSUING_SECONDS} s: {page.locator('main').inner_text()[:500]}")


def check(page: Any, file: Path, hands: Mouse | Keyboard | None = None) -> str:
    """This will hand a file in on the public page and give the report's text."""
    hands = hands or Mouse(page)
    page.goto("/verify/")
    hands.hand_in(page.locator("main input[type=file]"), file)
    hands.click(page.get_by_role("button", name="Check the credential"))
    page.get_by_role("heading", name="Report on a credential").wait_for()
    return str(page.locator("main").inner_text())


def outcome_on_the_command_line(file: Path, node: Any) -> tuple[int, str]:
    """This will check the file with `mcx verify` and give exit status and verdict."""
    done = node.mcx("verify", "--json", "--allow", node.address, str(file))
    return done.returncode, json.loads(done.stdout)["files"][0]["verdict"]
