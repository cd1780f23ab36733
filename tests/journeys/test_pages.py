"""Every page without arguments, as those who may open it: through axe, narrow and wide, without overflow.

The pages come from the permission matrix, so a new page is looked at without anybody adding it here.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from tests.journeys.steps import ROLES, sign_in
from tests.permission_matrix import ROWS, Row

pytestmark = pytest.mark.browser


def pages(visitor: str) -> list[Row]:
    """This will list the pages without arguments that a visitor may open, each address once."""
    rows = [row for row in ROWS if row.method == "get" and row.kwargs is None and not row.fragment]
    return list({row.url_name: row for row in rows if row.expected[visitor] == 200}.values())


def look_at(page: Any, visitor: str, assert_accessible: Callable[[Any], None]) -> list[str]:
    seen = []
    for row in pages(visitor):
        answer = page.request.get(reverse(row.url_name))
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        page.goto(reverse(row.url_name))
        assert_accessible(page)
        seen.append(row.url_name)
    return seen


@pytest.mark.parametrize("width", [1280, 320])
def test_pages_for_everybody(
    new_page: Callable[..., Any], assert_accessible: Callable[[Any], None], width: int
) -> None:
    page = new_page(width=width)
    seen = look_at(page, "visitor", assert_accessible)
    assert {"portal:start", "verification:start", "catalogue:list"} <= set(seen)


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("role", ROLES)
def test_pages_of_a_role(
    new_page: Callable[..., Any], node: Any, assert_accessible: Callable[[Any], None], role: str, width: int
) -> None:
    page = new_page(width=width)
    sign_in(page, node, role)
    assert look_at(page, role, assert_accessible)


@pytest.mark.parametrize("address", ["/", "/verify/", "/catalogue/", "/accounts/login/"])
def test_page_is_complete_without_javascript(new_page: Callable[..., Any], address: str) -> None:
    def texts(javascript: bool) -> tuple[str, list[str]]:
        page = new_page(javascript=javascript)
        page.goto(address)
        return page.title(), page.locator("main h1, main h2, main label, main button").all_inner_texts()

    assert texts(javascript=False) == texts(javascript=True)


@pytest.mark.parametrize("address", ["/", "/verify/", "/catalogue/"])
def test_skip_link_leads_to_the_content(new_page: Callable[..., Any], address: str) -> None:
    page = new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('skip-link')")
    assert page.locator(".skip-link").is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("address", ["/", "/verify/", "/catalogue/"])
def test_text_at_double_size_fits(new_page: Callable[..., Any], address: str) -> None:
    page = new_page(width=1280)
    page.goto(address)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.parametrize("language", ["de", "es", "fi"])
def test_the_reader_s_language_is_used(new_page: Callable[..., Any], language: str) -> None:
    page = new_page(language=language)
    page.goto("/")
    assert page.evaluate("document.documentElement.lang") == language
