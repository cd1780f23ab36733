"""What Lighthouse says of public pages: `python -m benchmarks lighthouse`, and by `make bench`.

It is asked as it is by default: a phone of the middle class on a slow network, in navigation mode. Three of the four
scores are the same each time and asserted in the tests; the speed depends on the machine and is only reported.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

from tests import chromium
from tests.node import Node
from tests.oracles import npm

WANTED = 95
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
SCRIPT = Path(npm.__file__).with_name("lighthouse.mjs")
SECONDS = 600
ENTRY = "/catalogue/industrial-internet-of-things-from-sensor-to-cloud/"
# A report on somebody's credential must not be found by search engines: nothing else may be wrong with it.
REPORT = "the report on a credential (answer to a POST)"


@dataclass(frozen=True)
class Judged:
    """What Lighthouse says of a page. Units: scores from 0 to 100, by category."""

    name: str
    scores: dict[str, int]
    faults: dict[str, list[str]]


@contextmanager
def node() -> Iterator[Node]:
    """This will run the demonstration while the block runs."""
    with tempfile.TemporaryDirectory() as data:
        running = Node(Path(data))
        running.start()
        try:
            yield running
        finally:
            running.stop()


def missing() -> str | None:
    """This will say what is missing for Lighthouse, or None."""
    if chromium.executable() is None:
        return "Chromium is not installed"
    return npm.missing()


def judge(url: str) -> list[Judged]:
    """This will let Lighthouse judge the start page, an entry, verification and its report, at a running demonstration.

    The report has no address: it is the answer to a form. So the page with the form is opened and filled in first, and
    what Lighthouse judges is the navigation that the form's button starts.
    """
    opener = build_opener(ProxyHandler({}))
    with opener.open(f"{url}/demo/files/credential.json") as answer:
        credential = answer.read().decode()
    pages: list[dict[str, Any]] = [
        {"name": "the start page", "url": f"{url}/"},
        {"name": "an entry of the catalogue", "url": f"{url}{ENTRY}"},
        {"name": "verification", "url": f"{url}/verify/"},
        {
            "name": REPORT,
            "url": f"{url}/verify/",
            "form": {"main textarea[name=text]": credential},
            "submit": "main form:has(textarea[name=text]) button[type=submit]",
        },
    ]
    question = {"chromium": str(chromium.executable()), "flags": chromium.FLAGS, "pages": pages}
    told = npm.run(SCRIPT, question, seconds=SECONDS)
    return [Judged(page["name"], page["scores"], page["faults"]) for page in told["pages"]]


def table(judged: list[Judged]) -> str:
    """This will write the scores as a table, and below it what kept a score under what is wanted."""
    width = max(len(one.name) for one in judged)
    lines = ["  ".join(["page".ljust(width), *CATEGORIES, "wanted"])]
    for one in judged:
        scores = (str(one.scores[name]).rjust(len(name)) for name in CATEGORIES)
        reached = "reached" if not missed(one) else "MISSED"
        lines.append("  ".join([one.name.ljust(width), *scores, f"≥ {WANTED} {reached}"]))
    lines += [f"  {one.name}, {name}: {fault}" for one in judged for name in missed(one) for fault in one.faults[name]]
    return "\n".join(lines)


def missed(one: Judged) -> list[str]:
    """This will list the categories under what is wanted; that a report may not be found is as it should be."""
    under = [name for name in CATEGORIES if one.scores[name] < WANTED]
    is_hidden = one.name == REPORT and {fault.split(" · ")[0] for fault in one.faults["seo"]} <= {"is-crawlable"}
    return [name for name in under if not (name == "seo" and is_hidden)]


def main() -> tuple[int, int]:
    """This will print what Lighthouse says, and give how many pages are as wanted, of how many."""
    if fault := missing():
        print(f"Lighthouse was left out: {fault}.\n")
        return 0, 0
    with node() as running:
        judged = judge(running.url)
    print(table(judged), end="\n\n", flush=True)
    return sum(not missed(one) for one in judged), len(judged)
