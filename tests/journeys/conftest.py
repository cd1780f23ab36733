"""A real node on a free port of the loopback, and Chromium to walk through it.

The node is `mcx demo` with a data folder of its own; it stops by itself should the tests die. With
OPENMCX_TEST_DATABASE=postgresql it stands on a database of its own in the tests' cluster.
"""

import os
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import pytest

from tests import chromium

START_SECONDS = 180
STOP_AFTER_SECONDS = 1500
READY = re.compile(r"ready at (http://\S+?)/?\s")


class Node:
    """A node that runs `mcx demo` in a process of its own: its address, what it printed, the folder of its data."""

    def __init__(self, data: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENMCX_", "DJANGO_"))}
        self.environment = kept | {"OPENMCX_DEMO": "1", "OPENMCX_DATA_DIR": str(data), "PYTHONUNBUFFERED": "1"}
        if os.environ.get("OPENMCX_TEST_DATABASE_URL"):
            self.environment["OPENMCX_DATABASE_URL"] = own_database(os.environ["OPENMCX_TEST_DATABASE_URL"])
        self.address = "127.0.0.1:0"  # the first start takes a free port and keeps it
        self.data = data
        self.lines: list[str] = []

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    @property
    def printed(self) -> str:
        return "".join(self.lines)

    def start(self) -> None:
        """This will start the node and wait until it is ready."""
        self.lines = []
        self.process = subprocess.Popen(
            [mcx(), "demo", "--listen", self.address, "--stop-after", str(STOP_AFTER_SECONDS)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._read, args=(self.process.stdout, self.lines), daemon=True)
        self.reader.start()
        started = time.monotonic()
        while not ((found := READY.search(self.printed)) and "Sign in as" in self.printed):
            if self.process.poll() is not None or time.monotonic() - started > START_SECONDS:
                pytest.fail(f"mcx demo did not get ready:\n{self.printed[-4000:]}")
            time.sleep(0.1)
        time.sleep(0.3)  # the sign-ins follow
        self.address = urlsplit(found[1]).netloc

    def stop(self) -> None:
        """This will stop the node as Ctrl-C or a service manager does."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.reader.join(5)
        assert "Traceback (most recent call last)" not in self.printed, self.printed[-6000:]

    def mcx(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """This will run an `mcx` command with the settings of this node."""
        environment = self.environment | {"OPENMCX_LISTEN": self.address}
        command = [mcx(), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)

    @staticmethod
    def _read(stream: IO[str], lines: list[str]) -> None:
        with stream:
            lines.extend(iter(stream.readline, ""))


def mcx() -> str:
    return str(Path(sys.executable).with_name("mcx"))


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """The demo network, freshly built and served."""
    running = Node(tmp_path_factory.mktemp("node"))
    running.start()
    yield running
    running.stop()


def own_database(url: str) -> str:
    import psycopg

    name = f"journeys_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return url.rsplit("/", 1)[0] + f"/{name}"


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
