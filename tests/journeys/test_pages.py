"""Every page that can be reached by links, as those who may open it: through axe, wide and narrow, without overflow.

A walk begins at the pages without arguments that the permission matrix allows, and follows the first link to each other
address. So a new page is looked at without anybody adding it here. Light is looked at wide and dark narrow: so every
page is seen in both themes and at both widths in two looks; the gallery shows every component in all four.
"""

import json
import re
from collections import Counter
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
# A page that sends on, for instance a class list that is still to be mended, may stay with another link to it.
TRIES = 3
# At least these pages are found by each.
FOUND = {
    "": {"portal:start", "catalogue:list", "catalogue:latest", "institutions:page", "verification:start"},
    "learner": {"portal:home", "accounts:profile", "institutions:claims", "accounts:notifications"},
    "registrar": {"portal:home", "issuing:batches", "issuing:batch", "issuing:credential", "issuing:new"},
    "author": {"portal:home", "catalogue:overview", "catalogue:edit", "catalogue:preview", "catalogue:import"},
    "admin": {"portal:home", "institutions:manage", "institutions:people", "institutions:keys", "institutions:profile"},
    "coordinator": {"portal:home", "institutions:add", "portal:legal-texts", "portal:edit-legal-text"},
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
    tried: Counter[tuple[str, ...]] = Counter()
    while waiting:
        address = waiting.pop(0)
        name = page_of(address)
        if name is None or name in seen or name[0].startswith(ELSEWHERE) or tried[name] == TRIES:
            continue
        if role not in {"", "learner"} and name[0].startswith(SAME_FOR_ALL):
            continue
        tried[name] += 1
        if not opened(page, address):
            seen.add(name)
        elif page_of(page.url) != name:  # sent on, for instance to sign in: that page has its own turn
            waiting.insert(0, page.url)
        else:
            seen.add(name)
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


def look_light_and_dark(page: Any, assert_accessible: Callable[[Any], None]) -> None:
    """This will run axe on a page as it stands: light at desktop width, dark at the width of a small phone."""
    grounds = []
    for scheme, width in (("light", WIDE), ("dark", NARROW)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour is judged half-way to another
        page.set_viewport_size({"width": width, "height": 900})
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert_accessible(page)
    assert grounds[0] != grounds[1], f"{page.url} is not dark where the reader's system is"
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    page.set_viewport_size({"width": WIDE, "height": 900})


@pytest.fixture(scope="module")
def public() -> dict[str, set[tuple[str, ...]]]:
    """What a visitor was shown, by the language of the walk; the others are shown the rest."""
    return {"en": set(), pseudo.TAG: set()}


@pytest.mark.parametrize("role", ["", *ROLES])
def test_pages_that_links_lead_to(
    new_page: Callable[..., Any],
    assert_accessible: Callable[[Any], None],
    public: dict[str, set[tuple[str, ...]]],
    role: str,
) -> None:
    page = new_page(role)
    looked_at = []
    for name in walk(page, role, set(public["en"])):
        look_light_and_dark(page, assert_accessible)
        looked_at.append(name)
    if not role:
        public["en"] |= set(looked_at)
    assert FOUND[role] <= {name[0] for name in looked_at}


# --- in the pseudo-language -------------------------------------------------------------------------------------------

# E-mails are in the language of those who get them.
E_MAILS = ("demo:outbox", "demo:message")
# Names of files, hosts and encodings are the same in every language.
FILES_AND_HOSTS = re.compile(r"[\w.@+-]+\.(?:csv|xlsx|example)\b|\bUTF-8\b")
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


@pytest.mark.parametrize("role", ["", *ROLES])
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


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("", "/verify/"),
        ("", "/accounts/login/"),
        ("", "/accounts/signup/"),
        ("learner", "/accounts/password/change/"),
        ("registrar", "/issuing/new/"),
        ("author", "/design/new/"),
        ("author", "/design/import/"),
        ("admin", "/institutions/kaislaranta/manage/profile/"),
        ("admin", "/institutions/kaislaranta/manage/people/"),
        ("coordinator", "/institutions/add/"),
    ],
)
def test_a_refused_form_is_translated_and_fits(
    new_page: Callable[..., Any], node: Any, is_content: Callable[[str], bool], role: str, address: str
) -> None:
    page = new_page(role)
    page.context.add_cookies([{"name": "language", "value": pseudo.TAG, "url": node.url}])
    page.goto(address)
    with page.expect_navigation():
        page.locator("main form[method=post]").last.evaluate("""form => {
            for (const one of form.querySelectorAll('input:not([type=hidden]), textarea')) one.value = '';
            HTMLFormElement.prototype.submit.call(form);
        }""")
    page.set_viewport_size({"width": NARROW, "height": 900})
    assert_fits(page)
    assert page.locator(".error-summary li").count() > 0
    assert pseudo.untranslated(page.content(), is_content) == []


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


@pytest.mark.parametrize("language", ["en", "de", "es", "fi"])
@pytest.mark.parametrize(("width", "height", "screens"), [(WIDE, 800, 1), (NARROW, 740, 1.5)])
def test_the_start_page_offers_search_and_check_without_scrolling_far(
    new_page: Callable[..., Any], language: str, width: int, height: int, screens: float
) -> None:
    page = new_page(width=width, height=height, language=language)
    page.goto("/")
    for button in (".start-find button[type=submit]", ".start-check button[type=submit]"):
        box = page.locator(button).bounding_box()
        assert box["y"] + box["height"] <= screens * height, button


@pytest.mark.parametrize("language", ["en", "de", "es", "fi"])
@pytest.mark.parametrize("width", [NARROW, 320])
def test_the_header_of_a_phone_is_one_row(new_page: Callable[..., Any], language: str, width: int) -> None:
    page = new_page(width=width, height=740, language=language)
    page.goto("/")
    assert_fits(page)
    header = page.locator(".site-header").bounding_box()
    menu = page.locator(".main-nav-button")
    for one in (".brand", ".main-nav-button", ".site-header-tools"):
        box = page.locator(one).bounding_box()
        assert abs(box["y"] + box["height"] / 2 - header["y"] - header["height"] / 2) <= 2, one
    # The entries are behind a button, which has a name although only its sign is seen.
    entries = page.locator(".main-nav a")
    assert not entries.first.is_visible()
    assert menu.inner_text() or menu.get_attribute("aria-label")
    menu.click()
    assert entries.first.is_visible()
    assert_fits(page)


def test_no_line_of_the_breadcrumbs_begins_with_a_stroke(new_page: Callable[..., Any]) -> None:
    page = new_page(width=NARROW)
    page.goto("/institutions/kaislaranta/")
    strokes = page.eval_on_selector_all(
        ".breadcrumbs li",
        "all => all.map(one => ['::before', '::after'].map(end => getComputedStyle(one, end).content.includes('/')))",
    )
    assert strokes == [[False, True], [False, False]]
    # The way takes two lines here: that is where a stroke would begin one.
    tops = page.eval_on_selector_all(".breadcrumbs li", "all => all.map(one => one.getBoundingClientRect().top)")
    assert tops[0] < tops[1]


@pytest.mark.parametrize("language", ["de", "es", "fi"])
def test_the_reader_s_language_is_used(new_page: Callable[..., Any], language: str) -> None:
    page = new_page(language=language)
    page.goto("/")
    assert page.evaluate("document.documentElement.lang") == language


def test_a_visitor_is_given_no_cookie_but_for_a_form(page: Any) -> None:
    for address in ("/", "/catalogue/", "/verify/", "/help/", "/institutions/", "/accounts/login/"):
        page.goto(address)
        assert {cookie["name"] for cookie in page.context.cookies()} <= {"csrf"}, address
