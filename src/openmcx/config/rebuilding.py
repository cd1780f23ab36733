"""Whether the demonstration network stands as it should, found out without starting Django."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


def fingerprint() -> str:
    """This will give, in short, what decides whether to migrate and build again: the tables and the data."""
    package = Path(__file__).resolve().parent.parent
    whole = hashlib.sha256()
    for path in sorted(
        [*package.glob("*/migrations/*.py"), *package.glob("demo/**/*.py"), *package.glob("demo/**/*.json")]
    ):
        whole.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def lines_of_last_start(ready: Path, state: dict[str, str]) -> list[str] | None:
    """This will give what was printed if the demonstration stands as `state` says; None if there is something to build.

    Starting Django only to find that nothing is to be done would double the time of a start.
    """
    try:
        found = json.loads(ready.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    database = ready.parent / "openmcx.sqlite3"
    if (
        state["database"]
        or not database.exists()
        or not isinstance(found, dict)
        or any(found.get(name) != value for name, value in state.items())
    ):
        return None
    return [str(line) for line in found.get("lines", [])]
