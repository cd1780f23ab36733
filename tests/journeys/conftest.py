"""One node, one browser and one sign-in for each role: journeys walk through pages, they do not sign in anew."""

import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import chromium, pseudo
from tests.journeys.steps import sign_in
from tests.node import Node

WIDE, NARROW = 1280, 360


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """The demo network, freshly built and served, which speaks the pseudo-language of the tests too."""
    python_path = {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    running = Node(tmp_path_factory.mktemp("node"), environment=pseudo.environment(python_path))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium as the system has it, without a way out of the machine."""
    from playwright.sync_api import sync_playwright

    executable = chromium.executable()
    if executable is None:
        pytest.fail("Chromium is missing; `make test-all` installs it where it may.")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(executable), args=chromium.FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def cookies_of(browser: Any, node: Node) -> Callable[[str], list[Any]]:
    """The cookies of each role, signed in once; of "" none."""
    kept: dict[str, list[Any]] = {"": []}

    def cookies(role: str) -> list[Any]:
        if role not in kept:
            context = browser.new_context(base_url=node.url, locale="en")
            sign_in(context.new_page(), node, role)
            kept[role] = context.cookies()
            context.close()
        return kept[role]

    return cookies


class Faults(list[str]):
    """What went wrong in a page without the page saying so: script errors, refused sources, requests elsewhere."""


@pytest.fixture
def new_page(browser: Any, node: Node, cookies_of: Callable[[str], list[Any]]) -> Iterator[Callable[..., Any]]:
    """Opens pages, each in a context of its own: `new_page("registrar", width=320, language="de", javascript=False)`.

    At the end nothing may have gone wrong in any: no error on the console (where refused sources are told as well), and
    no request to another host.
    """
    contexts = []
    faults = Faults()
    allowed = urlsplit(node.url).netloc

    def open_page(
        role: str = "",
        *,
        width: int = WIDE,
        height: int = 900,
        language: str = "en",
        javascript: bool = True,
    ) -> Any:
        context = browser.new_context(
            base_url=node.url,
            viewport={"width": width, "height": height},
            locale=language,
            java_script_enabled=javascript,
            accept_downloads=True,
        )
        contexts.append(context)
        context.add_cookies(cookies_of(role))
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: message.type == "error" and faults.append(f"{page.url}: {message.text}"))
        page.on("request", lambda request: _judge(request.url, allowed, faults))
        return page

    yield open_page
    for context in contexts:
        context.close()
    # A status of 4xx is shown to the reader by the page itself; Chromium logs it as an error all the same.
    assert [fault for fault in faults if "the server responded with a status of 4" not in fault] == []


def _judge(url: str, allowed: str, faults: Faults) -> None:
    parts = urlsplit(url)
    if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != allowed:
        faults.append(f"a page asked for {url}")


@pytest.fixture
def page(new_page: Callable[..., Any]) -> Any:
    """One page at desktop width, in English."""
    return new_page()


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Any], None]:
    """Runs axe (WCAG 2.2 A and AA, and best practices) on the page as it stands, and checks that nothing overflows."""
    from axe_playwright_python.base import AXE_SCRIPT

    options = {
        "runOnly": {
            "type": "tag",
            "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        },
        "resultTypes": ["violations"],
    }

    def check(page: Any) -> None:
        if not page.evaluate("'axe' in window"):  # half a megabyte, once for each page
            page.evaluate(AXE_SCRIPT)
        found = page.evaluate("options => axe.run(options).then(found => found.violations)", options)
        told = [f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes']]}" for one in found]
        assert told == [], f"at {page.url}"
        assert_fits(page)

    return check


def assert_fits(page: Any) -> None:
    """This will check that a page is not wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide for its window of {page.viewport_size['width']} px"


@pytest.fixture(scope="session")
def look_without_javascript(
    browser: Any, node: Node, assert_accessible: Callable[[Any], None]
) -> Iterator[Callable[[Any], None]]:
    """Looks at a page of a window without JavaScript, on a phone.

    Axe is a script itself and cannot run there. So it is shown a copy of the page as it stands, answers to a POST
    included, in a window where only the page's own scripts are kept away.
    """
    context = browser.new_context(base_url=node.url, viewport={"width": NARROW, "height": 740}, locale="en")
    context.route(lambda url: urlsplit(url).path.endswith(".js"), lambda route: route.abort())
    copy = context.new_page()

    def look(page: Any) -> None:
        address, content = page.url, page.content()
        copy.route(address, lambda route: route.fulfill(body=content, content_type="text/html; charset=utf-8"))
        copy.goto(address)
        copy.unroute(address)
        assert not copy.evaluate("document.documentElement.classList.contains('scripted')")
        assert_accessible(copy)

    yield look
    context.close()


@pytest.fixture(scope="session")
def look_wide_and_narrow(assert_accessible: Callable[[Any], None]) -> Callable[[Any], None]:
    """Looks at a page as it stands on a wide screen and, without loading it anew, on a phone."""

    def look(page: Any) -> None:
        for width in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": 900})
            assert_accessible(page)

    return look
