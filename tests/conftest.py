"""What every test shares: which kinds of test run here, and what is said at the end about those that did not."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import hypothesis
import pytest
from django.test import override_settings
from django.utils import translation

from tests import append_only, shared_data
from tests.cast import cast  # noqa: F401  (a fixture for all)

# Kinds of test that need more than Python. Each runs where --with names it; then a missing tool is a failure.
LEFT_OUT = {
    "browser": "journeys in Chromium",
    "device": "signing with a hardware security module (SoftHSM)",
    "oracle": "comparisons with independent implementations from npm and PyPI",
    "postgresql": "what only PostgreSQL does",
    "shared": "tests on data that may not be redistributed",
    "slow": "fuzzing, load and long differential runs",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--with",
        action="append",
        default=[],
        choices=sorted(LEFT_OUT),
        dest="with_kinds",
        help="also run the tests of this kind; may be given several times",
    )


def pytest_configure(config: pytest.Config) -> None:
    append_only.lift_for_flush()
    # How long an example takes depends on what else the machine does; benchmarks measure speed.
    hypothesis.settings.register_profile("openmcx", deadline=None)
    hypothesis.settings.load_profile("openmcx")
    config.stash[COUNTS] = Counter()


COUNTS = pytest.StashKey[Counter[str]]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = set(config.getoption("with_kinds"))
    if shared_data.ROOT is not None:
        wanted.add("shared")
    kept, left_out = [], []
    for item in items:
        missing = [kind for kind in LEFT_OUT if item.get_closest_marker(kind) and kind not in wanted]
        if missing:
            config.stash[COUNTS].update(missing[:1])
            left_out.append(item)
        else:
            kept.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    fixtures = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"}:
        item.add_marker("db")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    # A random id would give the same test another name in each worker.
    return argname if isinstance(val, UUID | bytes) else None


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = dict(session.config.stash[COUNTS])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    # Every worker collects the whole suite: their counts are equal, not to be added.
    for kind, count in getattr(node, "workeroutput", {}).get("left_out", {}).items():
        counts = node.config.stash[COUNTS]
        counts[kind] = max(counts[kind], count)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    counts = config.stash[COUNTS]
    on_postgresql = os.environ.get("OPENMCX_TEST_DATABASE") == "postgresql"
    terminalreporter.section("left out", sep="-")
    for kind, meaning in LEFT_OUT.items():
        if counts[kind]:
            how = "make check-slow" if kind == "slow" else "make test-all"
            terminalreporter.line(f"{counts[kind]:5} {meaning} ({how})")
    if not on_postgresql:
        terminalreporter.line("      the database tests on PostgreSQL (make test-all)")
    if not any(counts.values()) and on_postgresql:
        terminalreporter.line("      nothing")


@pytest.fixture
def data_from_outside() -> Path:
    """The folder of test data that may not be redistributed; tests that use it carry the mark `shared`."""
    if shared_data.ROOT is None:
        pytest.fail("Test data that may not be redistributed are missing: name their folder in OPENMCX_SHARED.")
    return shared_data.ROOT


@pytest.fixture(scope="session", autouse=True)
def _no_proxy() -> Iterator[None]:
    """Loopback servers are asked directly, whatever the machine's environment says about proxies."""
    names = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    yield
    os.environ.update(kept)


@pytest.fixture(autouse=True)
def _language_of_tests() -> Iterator[None]:
    """A page in another language leaves that language active in the thread; the next test starts in English again."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _audit_heads_of_the_test(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The heads of the audit trail are noted outside the database, so a rolled-back test would leave its own behind.

    A module that builds its data once (the demonstration's) keeps the node's own file and removes it itself.
    """
    if not request.node.get_closest_marker("db") or "django_db_blocker" in request.fixturenames:
        yield
        return
    with override_settings(OPENMCX_AUDIT_HEADS=tmp_path_factory.mktemp("audit") / "heads.log"):
        yield
