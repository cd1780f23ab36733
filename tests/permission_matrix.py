"""Who may open what: one row (or more) for every address of the node.

A row names the URL, how its arguments are found, and the status that each visitor gets. The test in
tests/architecture/test_permission_matrix.py asks every address as every visitor and fails for an address without a row.

    Row("catalogue:version", lambda world: {"slug": world.version_slug, "number": 1}, everyone(200)),
    Row("issuing:batch", lambda world: {"batch_id": world.batch.pk}, everyone(403, visitor=302, registrar=200)),

`world` is what `tests.cast.permission_world` makes: the people and one of each thing they work with, to which an app's
factories add theirs by `add_to_world`. Each request runs in a transaction of its own that is rolled back, so a row with
`method="post"` changes nothing for the next.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

# The cast, from the outside inwards. `other_registrar` holds every right, but at another institution.
VISITORS = ("visitor", "learner", "registrar", "author", "admin", "coordinator", "other_registrar")


@dataclass(frozen=True)
class Row:
    """One address, asked in one way, with what each visitor gets."""

    url_name: str
    kwargs: Callable[[Any], Mapping[str, Any]] | None
    expected: Mapping[str, int]
    method: str = "get"
    data: Mapping[str, Any] = field(default_factory=dict)
    fragment: bool = False  # part of a page, as htmx asks for it

    def __post_init__(self) -> None:
        missing = set(VISITORS) ^ set(self.expected)
        if missing:
            raise ValueError(f"{self.url_name}: the row must name each visitor once; wrong: {sorted(missing)}")


def everyone(status: int, **others: int) -> dict[str, int]:
    """This will expect the same status for all, but for the visitors named."""
    return dict.fromkeys(VISITORS, status) | others


def signed_in(status: int, **others: int) -> dict[str, int]:
    """This will expect a redirect to the sign-in page for a visitor, and the status for all others."""
    return everyone(status, visitor=302) | others


# One list per app, kept by whoever adds an address to the app. Their order is the ladder's.
KERNEL: list[Row] = [Row("health", None, everyone(200))]

UI: list[Row] = []

ACCOUNTS: list[Row] = []

INSTITUTIONS: list[Row] = []

CATALOGUE: list[Row] = []

ISSUING: list[Row] = []

VERIFICATION: list[Row] = [
    Row("verification:start", None, everyone(200)),
    Row("verification:start", None, everyone(422), method="post"),
]

PORTAL: list[Row] = [
    Row("portal:start", None, everyone(200)),
    Row("portal:home", None, signed_in(200)),
    Row("portal:about", None, everyone(200)),
    Row("portal:accessibility", None, everyone(200)),
    Row("portal:privacy", None, everyone(200)),
]

DEMO: list[Row] = [
    Row("demo:start", None, everyone(200)),
    Row("demo:file", lambda world: {"name": "built.json"}, everyone(404)),
    Row("demo:outbox", None, everyone(200)),
    Row("demo:message", lambda world: {"message_id": "20260101-000000-1.0"}, everyone(404)),
]

API: list[Row] = [
    Row("api:openapi-json", None, everyone(200)),
    Row("api:verify_credential", None, everyone(400), method="post"),
]

ROWS = [*KERNEL, *UI, *ACCOUNTS, *INSTITUTIONS, *CATALOGUE, *ISSUING, *VERIFICATION, *PORTAL, *DEMO, *API]
