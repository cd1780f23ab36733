"""Steps that several journeys take."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


def credentials_of(node: Any, role: str) -> tuple[str, str]:
    """This will give the address and password that the demo printed for the role."""
    hint = re.search(rf"(?im)^\s+[^:@\n]*\b{ROLES[role]}\b.*?\s(\S+@\S+)\s+/\s+(\S+)\s*$", node.printed)
    assert hint, f"the demo printed no sign-in for {role}:\n{node.printed}"
    return hint[1], hint[2]


def sign_in(page: Any, node: Any, role: str) -> None:
    """This will sign in with what the demo printed for the role."""
    address, password = credentials_of(node, role)
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(address)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def take(page: Any, name: str, target: Path) -> Path:
    """This will download one of the demo's files to try."""
    page.goto("/demo/")
    with page.expect_download() as started:
        page.get_by_role("link", name=name).click()
    started.value.save_as(target)
    return target


@dataclass(frozen=True)
class Issued:
    """What the registrar saw on the way from a class list to credentials."""

    faults: list[str]
    heading: str
    results: list[str]
    private_link: str


def issue_to_the_class(page: Any, title: str, folder: Path) -> Issued:
    """This will upload the demo's class list, mend its three faults on the page, issue and open Carmen's e-mail."""
    class_list = take(page, "Class list with three faults (Excel)", folder / "class-list.xlsx")
    page.goto("/issuing/new/")
    choice = page.get_by_label("Micro-credential")
    labels = [label.strip() for label in choice.locator("option").all_inner_texts()]
    choice.select_option(label=next(label for label in labels if label.startswith(title)))
    page.get_by_label("Class list", exact=False).set_input_files(class_list)
    page.get_by_role("button", name="Upload and check").click()
    faults = page.locator("table tbody tr").all_inner_texts()

    for label, value in FAULTS_MENDED.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Save and check again").click()
    heading = page.locator("h1").inner_text()
    page.get_by_role("link", name="Preview and issue").first.click()
    page.get_by_role("button", name="Issue 30 credentials").click()
    # The page follows the work by itself; nothing is loaded anew here.
    page.get_by_text("30 messages sent").wait_for(timeout=60_000)
    results = page.locator("table tbody tr").all_inner_texts()

    page.goto("/demo/outbox/?q=carmen.rios.ordas")
    page.locator("main a[href*='/demo/outbox/']").first.click()
    link = page.locator("main a[href*='/c/']").first.get_attribute("href")
    return Issued(faults=faults, heading=heading, results=results, private_link=link)


def fetch_as_learner(browser: Any, node: Any, link: str, target: Path) -> str:
    """This will follow the private link in a browser that is not signed in, download the credential there and give
    the page's text.
    """
    context = browser.new_context(base_url=node.url, accept_downloads=True, locale="en")
    try:
        page = context.new_page()
        page.goto(link)
        with page.expect_download() as started:
            page.get_by_role("link", name="Download the credential").click()
        started.value.save_as(target)
        return str(page.locator("main").inner_text())
    finally:
        context.close()


def check(page: Any, file: Path) -> str:
    """This will hand a file in on the public page and give the report's text."""
    page.goto("/verify/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Check the credential").click()
    page.get_by_role("heading", name="Report on a credential").wait_for()
    return str(page.locator("main").inner_text())


def outcome_on_the_command_line(file: Path, node: Any) -> tuple[int, str]:
    """This will check the file with `mcx verify` and give exit status and verdict."""
    done = node.mcx("verify", "--json", "--allow", node.address, str(file))
    return done.returncode, json.loads(done.stdout)["files"][0]["verdict"]
