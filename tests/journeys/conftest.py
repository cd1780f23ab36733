"""One node, one browser, and one context of it for each role: journeys walk through pages, they do not sign in anew."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import chromium
from tests.node import Node


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """The demo network, freshly built and served."""
    running = Node(tmp_path_factory.mktemp("node"))
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


class Faults(list[str]):
    """What went wrong in a page without the page saying so: script errors, refused sources, requests elsewhere."""


@pytest.fixture
def new_page(browser: Any, node: Node) -> Iterator[Callable[..., Any]]:
    """Opens pages, each in a context of its own: `new_page(width=320, language="de", javascript=False)`."""
    contexts = []
    faults = Faults()
    allowed = urlsplit(node.url).netloc

    def open_page(*, width: int = 1280, height: int = 900, language: str = "en", javascript: bool = True) -> Any:
        context = browser.new_context(
            base_url=node.url,
            viewport={"width": width, "height": height},
            locale=language,
            java_script_enabled=javascript,
            accept_downloads=True,
        )
        contexts.append(context)
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
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def check(page: Any) -> None:
        found = axe.run(page, options={"runOnly": {"type": "tag", "values": tags}}).response["violations"]
        told = [f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes']]}" for one in found]
        assert told == [], f"at {page.url}"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px too wide for its window"

    return check
