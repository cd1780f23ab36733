"""Every page that can be reached by links, as those who may open it: through axe, wide and narrow, without overflow.

A walk begins at the pages without arguments that the permission matrix allows, and follows the first link to each other
address. So a new page is looked at without anybody adding it here. Light and dark are looked at in the gallery.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve, reverse

from openmcx.credentials import formats
from tests import pseudo
from tests.journeys.conftest import NARROW, WIDE, assert_fits
from tests.journeys.steps import ROLES
from tests.permission_matrix import ROWS

pytestmark = pytest.mark.browser

# What differs so much by an argument that each value counts as a page of its own.
TELLING = ("section",)
# The same for everybody who is signed in: looked at as a learner.
SAME_FOR_ALL = ("account_", "mfa_", "accounts:profile", "accounts:tokens", "accounts:data", "institutions:claims")
# The gallery has a journey of its own; what search engines read is no page.
ELSEWHERE = ("ui:", "portal:sitemap", "portal:robots")
# At least these pages are found by each.
FOUND = {
    "": {"portal:start", "catalogue:list", "catalogue:latest", "institutions:page", "verification:start"},
    "learner": {"portal:home", "accounts:profile", "institutions:claims", "accounts:notifications"},
    "registrar": {"portal:home", "issuing:batches", "issuing:batch", "issuing:credential", "issuing:new"},
    "author": {"portal:home", "catalogue:overview", "catalogue:edit", "catalogue:preview", "catalogue:import"},
    "admin": {"portal:home", "institutions:manage", "institutions:people", "institutions:keys", "institutions:profile"},
    "coordinator": {"portal:home", "institutions:add"},
}


def seeds(visitor: str) -> list[str]:
    """This will list the pages without arguments that a visitor may open."""
    rows = [row for row in ROWS if row.method == "get" and row.kwargs is None and not row.fragment]
    return list(dict.fromkeys(reverse(row.url_name) for row in rows if row.expected[visitor] == 200))


def page_of(address: str) -> tuple[str, ...] | None:
    """This will name what an address leads to, or give None when it is none of the node's pages."""
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return None
    telling = [str(match.kwargs[name]) for name in TELLING if name in match.kwargs]
    return (match.view_name, *telling)


def walk(page: Any, role: str, seen: set[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """This will open one page after the other that was not `seen`, and give what it is."""
    waiting = seeds(role or "visitor")
    while waiting:
        address = waiting.pop(0)
        name = page_of(address)
        if name is None or name in seen or name[0].startswith(ELSEWHERE):
            continue
        if role not in {"", "learner"} and name[0].startswith(SAME_FOR_ALL):
            continue
        seen.add(name)
        if opened(page, address):
            found = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(one => one.href)")
            here = urlsplit(page.url).netloc
            waiting += [one for one in found if urlsplit(one).netloc == here]
            yield name


def opened(page: Any, address: str) -> bool:
    """This will open a page; a file to download, or one that is no page, is none."""
    from playwright.sync_api import Error

    try:
        answer = page.goto(address)
    except Error as error:
        if "Download is starting" in str(error):
            return False
        raise
    assert answer.status < 500, f"{address} answered {answer.status}"
    return answer.status == 200 and answer.headers.get("content-type", "").startswith("text/html")


@pytest.fixture(scope="module")
def public() -> dict[str, set[tuple[str, ...]]]:
    """What a visitor was shown, by the language of the walk; the others are shown the rest."""
    return {"en": set(), pseudo.TAG: set()}


@pytest.mark.parametrize("role", ["", *ROLES])
def test_pages_that_links_lead_to(
    new_page: Callable[..., Any],
    look_wide_and_narrow: Callable[[Any], None],
    public: dict[str, set[tuple[str, ...]]],
    role: str,
) -> None:
    page = new_page(role)
    looked_at = []
    for name in walk(page, role, set(public["en"])):
        look_wide_and_narrow(page)
        looked_at.append(name)
    if not role:
        public["en"] |= set(looked_at)
    assert FOUND[role] <= {name[0] for name in looked_at}


# --- in the pseudo-language -------------------------------------------------------------------------------------------

# E-mails are in the language of those who get them.
E_MAILS = ("demo:outbox", "demo:message")
FILES_AND_HOSTS = re.compile(r"[\w.@+-]+\.(?:csv|xlsx|example)\b")
VOCABULARIES = Path(formats.__file__).parent / "vocabularies"
_CONTENTS = """
import json
from django_scopes import scopes_disabled
from tests.web.test_pseudo_language import _contents
with scopes_disabled():
    print("CONTENTS" + json.dumps(sorted(_contents())))
"""


@pytest.fixture(scope="module")
def is_content(node: Any) -> Callable[[str], bool]:
    """Tells what need not be translated: what stands in the node's database, in vocabularies of others, in settings."""
    from tests.web.test_pseudo_language import is_content_of

    done = node.mcx("manage", "shell", "--verbosity", "0", "-c", _CONTENTS)
    assert "CONTENTS" in done.stdout, done.stderr
    known = {*json.loads(done.stdout.split("CONTENTS", 1)[1]), "Industry 4.0 Network"}
    isced = json.loads((VOCABULARIES / "isced-f.json").read_text("utf-8"))
    known |= {concept["label"] for concept in isced["concepts"]}
    judge = is_content_of(sorted(known, key=len, reverse=True))
    return lambda text: judge(FILES_AND_HOSTS.sub("", text))


@pytest.mark.parametrize("role", ["", "learner", "registrar", "author", "admin"])
def test_in_the_pseudo_language_nothing_is_english_and_all_fits(
    new_page: Callable[..., Any],
    node: Any,
    is_content: Callable[[str], bool],
    public: dict[str, set[tuple[str, ...]]],
    role: str,
) -> None:
    page = new_page(role)
    page.context.add_cookies([{"name": "language", "value": pseudo.TAG, "url": node.url}])
    english = {}
    looked_at = set()
    for name in walk(page, role, set(public[pseudo.TAG])):
        looked_at.add(name)
        assert page.evaluate("document.documentElement.lang") == pseudo.TAG
        for width in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": 900})
            assert_fits(page)
        if name[0] not in E_MAILS and (found := pseudo.untranslated(page.content(), is_content)):
            english[name] = found
    if not role:
        public[pseudo.TAG] |= looked_at
    assert english == {}, "\n".join(f"{name}: {texts}" for name, texts in english.items())
    assert FOUND[role] <= {name[0] for name in looked_at}


# --- without JavaScript, by keyboard, in the reader's language --------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/verify/", "/catalogue/", "/accounts/login/"])
def test_page_is_complete_without_javascript(new_page: Callable[..., Any], address: str) -> None:
    def texts(javascript: bool) -> tuple[str, list[str]]:
        page = new_page(javascript=javascript)
        page.goto(address)
        return page.title(), page.locator("main h1, main h2, main label, main button").all_inner_texts()

    assert texts(javascript=False) == texts(javascript=True)


def test_skip_link_leads_to_the_content(page: Any) -> None:
    for address in ("/", "/verify/", "/catalogue/"):
        page.goto(address)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.classList.contains('skip-link')")
        assert page.locator(".skip-link").is_visible()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("language", ["de", "es", "fi"])
def test_the_reader_s_language_is_used(new_page: Callable[..., Any], language: str) -> None:
    page = new_page(language=language)
    page.goto("/")
    assert page.evaluate("document.documentElement.lang") == language


def test_a_visitor_is_given_no_cookie_but_for_a_form(page: Any) -> None:
    for address in ("/", "/catalogue/", "/verify/", "/help/", "/institutions/", "/accounts/login/"):
        page.goto(address)
        assert {cookie["name"] for cookie in page.context.cookies()} <= {"csrf"}, address
