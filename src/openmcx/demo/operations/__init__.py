"""Building the demonstration, through the same operations as the pages use. Each step may be done again."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from openmcx.demo import queries
from openmcx.demo.operations import awards, files, network, specifications, telling
from openmcx.demo.operations.specifications import DRAFT, REVISED, specification_names
from openmcx.issuing import operations as issuing_operations
from openmcx.kernel import audit, jobs
from openmcx.kernel.scopes import scopes_disabled

__all__ = ["DRAFT", "REVISED", "build", "is_built", "specification_names"]

type Say = Callable[[str], None]


def _nothing(text: str) -> None:
    return


def is_built() -> bool:
    """This will tell whether this version of the demonstration's data has been built here."""
    return _built().get("data") == _digest()


def built_for() -> str:
    """This will name the address that the demonstration's credentials name; "" when it has not been built."""
    return str(_built().get("base_url", ""))


def build(*, at: dt.datetime, say: Say = _nothing) -> bool:
    """This will build the demonstration unless it is there, and tell whether there was something to do.

    What an interrupted build has left is kept and completed.
    """
    if is_built():
        if built_for() != settings.OPENMCX_BASE_URL:
            say(
                f"Note: this demonstration was built for {built_for()}, which its credentials name. At "
                f"{settings.OPENMCX_BASE_URL} they cannot be verified. Listen there, or start afresh."
            )
        return False
    progress = network.Network(at=at)
    steps: tuple[tuple[str, Callable[[network.Network], None]], ...] = (
        ("Five universities, their keys and people …", network.add_institutions),
        ("What the network says about itself …", network.publish_legal_texts),
        ("Twelve micro-credentials …", specifications.publish_all),
        ("Some hundred learners and their credentials …", awards.issue_all),
        ("Revocations …", awards.revoke_some),
        ("Learners' accounts …", awards.claim_some),
        ("A class list that waits …", awards.leave_a_list_waiting),
        ("What people were told …", telling.tell),
        ("Files to try things with …", files.write),
    )
    with scopes_disabled():
        for text, step in steps:
            say(text)
            step(progress)
        # What was awarded in the past stands in lists of the past.
        issuing_operations.publish_due(at=at)
        with _quiet("openmcx.kernel.jobs"):
            jobs.run_pending()
        while audit.seal_pending(at=at):
            pass
    mark = {"data": _digest(), "base_url": settings.OPENMCX_BASE_URL, "built_at": at.isoformat()}
    _mark().write_text(json.dumps(mark), encoding="utf-8")
    return True


@contextlib.contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Keep a line for each finished task out of what the builder tells."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(before)


def _mark() -> Path:
    return queries.folder() / "built.json"


def _built() -> dict[str, Any]:
    try:
        found = json.loads(_mark().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest() -> str:
    """What the demonstration is made of, in short: other data make another demonstration."""
    whole = hashlib.sha256(queries.sample())
    for name in (*queries.DATA, *(f"specifications/{one}" for one in specification_names())):
        whole.update(json.dumps(queries.data(name), sort_keys=True).encode())
    return whole.hexdigest()
