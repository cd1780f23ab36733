"""Where in a document an error arose.

The walk keeps no path, since nearly every document is sound and the path would cost a tenth of the time. When it meets
something wrong, the place is looked up afterwards: wherever the offending key or text stands, if it stands once only.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Self

from openmcx.credentials.errors import ContextError, DataLossError, pointer, quotable

_MAX_MEMBERS = 10_000
_KEY_CODES = ("undefined-term", "keyword-like-term")


class places_in:  # noqa: N801  # reads as what it does, and is quicker than a generator on the path of every document
    """A context in which errors without a place get one: ``with places_in(document): …``."""

    __slots__ = ("document",)

    def __init__(self, document: Mapping[str, Any]) -> None:
        """This will remember the document."""
        self.document = document

    def __enter__(self) -> Self:
        """This will begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """This will note the place in an error that has none."""
        if isinstance(error, DataLossError | ContextError) and error.where is None:
            error.where = _place(self.document, error)


def _place(document: Mapping[str, Any], error: DataLossError | ContextError) -> str | None:
    sought = next((error.params[name] for name in ("term", "value", "url") if name in error.params), None)
    if not isinstance(sought, str):
        return None
    members = list(islice(_members(document, in_contexts=isinstance(error, ContextError)), _MAX_MEMBERS))
    if len(members) == _MAX_MEMBERS:  # too many to say that it stands once only
        return None
    is_key = error.code in _KEY_CODES
    found = [path for path, value in members if sought == quotable(path[-1] if is_key else value)]
    return pointer(found[0]) if len(found) == 1 else None


def _members(document: Any, *, in_contexts: bool) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """This will go through all members with their paths; through those of contexts if these are in question."""
    stack: list[tuple[tuple[str | int, ...], Any]] = [((), document)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, Mapping):
            members: Any = value.items()
        elif isinstance(value, list):
            members = enumerate(value)
        else:
            continue
        for key, member in members:
            yield (*path, key), member
            if key != "@context" or in_contexts:
                stack.append(((*path, key), member))
