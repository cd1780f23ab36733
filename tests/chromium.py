"""Chromium as the system has it: nothing is downloaded, and nothing leaves the machine."""

import os
import shutil
from pathlib import Path

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--no-pings",
    # Whatever a page asks for: only the loopback has an address.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def executable() -> Path | None:
    """This will find the Chromium of this system (or the one OPENMCX_TEST_CHROMIUM names), or give None."""
    named = os.environ.get("OPENMCX_TEST_CHROMIUM")
    if named:
        return Path(named) if Path(named).exists() else None
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None
