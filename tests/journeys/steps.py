"""Steps that several journeys take."""

import re
from typing import Any

# The demo's sign-in that plays a visitor of the matrix, by a word of its label.
ROLES = {
    "learner": "learner",
    "registrar": "registrar",
    "author": "author",
    "admin": "administrator",
    "coordinator": "coordinator",
}


def sign_in(page: Any, node: Any, role: str) -> None:
    """This will sign in with what the demo printed for the role."""
    hint = re.search(rf"(?im)^\s+[^:@\n]*\b{ROLES[role]}\b.*?\s(\S+@\S+)\s+/\s+(\S+)\s*$", node.printed)
    assert hint, f"the demo printed no sign-in for {role}:\n{node.printed}"
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(hint[1])
    page.locator("input[name=password]").fill(hint[2])
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
