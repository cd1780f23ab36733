"""Run every part of the suite, installing what it needs where that is possible: `make test-all`.

Parts: the suite on SQLite with the oracles, the database tests again on PostgreSQL, the journeys in Chromium on both.
Nothing is skipped in silence: a tool that is missing and cannot be installed fails the run, by name.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests import chromium, postgresql, softhsm

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str, **environment: str) -> int:
    """This will run a command with its output shown, and return its exit status."""
    print(f"\n$ {' '.join(command)}", flush=True)
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=False).returncode


def may_install() -> bool:
    """This will say whether Debian packages can be installed here."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def ensure(name: str, packages: list[str], present: Callable[[], bool]) -> str | None:
    """This will install Debian packages where a tool is missing, and return what is wrong if it still is."""
    if present():
        return None
    if may_install():
        noninteractive = {"DEBIAN_FRONTEND": "noninteractive"}
        run("apt-get", "update", "-qq", **noninteractive)
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, **noninteractive)
    return None if present() else f"{name} is missing: install {', '.join(packages)} (or what your system calls them)"


def has_node() -> bool:
    """This will say whether Node.js 20 or newer and npm are there."""
    if not shutil.which("node") or not shutil.which("npm"):
        return False
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    return answer.strip().removeprefix("v").split(".")[0].isdigit() and int(answer.strip()[1:].split(".")[0]) >= 20


def pytest(*arguments: str, workers: int = 2, **environment: str) -> int:
    """This will run a part of the suite, and name its ten slowest tests."""
    return run(sys.executable, "-m", "pytest", "-n", str(workers), "--durations=10", *arguments, **environment)


def main() -> int:
    """This will install, run and sum up every part, and return the exit status of the whole."""
    faults = [
        fault
        for fault in (
            ensure("PostgreSQL", ["postgresql"], lambda: postgresql.binaries() is not None),
            ensure("Chromium", ["chromium"], lambda: chromium.executable() is not None),
            ensure("gettext", ["gettext"], lambda: shutil.which("msgfmt") is not None),
            ensure("SoftHSM", ["softhsm2"], lambda: softhsm.library() is not None),
            ensure("Node.js 20", ["nodejs", "npm"], has_node),
        )
        if fault
    ]
    if run(sys.executable, "-m", "tests.oracles.setup"):
        faults.append("the oracles could not be installed (tests/oracles)")

    # The journeys share one node, which a test may stop and start: no workers.
    parts: list[tuple[str, Callable[[], int]]] = [
        ("SQLite, oracles", lambda: pytest("--with", "oracle", "--with", "shared", "--with", "device")),
        (
            "PostgreSQL",
            lambda: pytest("-m", "db or postgresql", "--with", "postgresql", OPENMCX_TEST_DATABASE="postgresql"),
        ),
        ("Chromium on SQLite", lambda: pytest("tests/journeys", "--with", "browser", "--with", "oracle", workers=0)),
        (
            "Chromium on PostgreSQL",
            lambda: pytest("tests/journeys", "--with", "browser", workers=0, OPENMCX_TEST_DATABASE="postgresql"),
        ),
    ]
    results = []
    for name, part in parts:
        started = time.monotonic()
        status = part()
        results.append((name, status, time.monotonic() - started))

    print("\nThe whole suite:")
    for name, status, seconds in results:
        print(f"  {'passed' if status == 0 else f'FAILED ({status})':12} {name} in {seconds:.0f} s")
    for fault in faults:
        print(f"  FAILED       {fault}")
    return 1 if faults or any(status for _, status, _ in results) else 0


if __name__ == "__main__":
    sys.exit(main())
