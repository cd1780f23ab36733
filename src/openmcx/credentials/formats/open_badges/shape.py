"""What a document must look like so that nobody can be shown less than was signed.

A signature over JSON-LD covers a graph of statements, not the text. The same statements can be written so that a reader
of the JSON does not meet some of them: moved to another description of the same thing, put under keywords that hang
nodes into the graph from the side, or named by an IRI instead of the term. The signature still matches; the revocation
entry, the expiry or the grade is out of sight. Such documents are refused here, as is what the data model requires
but no signature does.

Source: Verifiable Credential Data Integrity 1.0, section 2.4.1 (validating contexts); JSON-LD 1.1, section 9.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from openmcx.credentials.errors import FormatError, pointer
from openmcx.credentials.formats import vc
from openmcx.credentials.formats.open_badges.statements import READ, term_iris, type_iris
from openmcx.credentials.formats.open_badges.values import each

_VALUE_KEYWORDS = frozenset({"@value", "@language", "@type", "@direction"})
_Path = tuple[str | int, ...]

# Where a reader looks, the most decisive place first, and the members that it looks for there.
_READ_PLACES: tuple[tuple[str, ...], ...] = (
    (),
    ("credentialSubject",),
    ("credentialSubject", "achievement"),
    ("issuer",),
    ("credentialSubject", "achievement", "creator"),
)


def check_shape(document: dict[str, Any]) -> None:
    """This will refuse a document whose text could hide a part of what it states, or that lacks what all must have.

    Raises: FormatError or ContextError naming the first fault and its place.
    """
    vc.check_credential(document)
    described: dict[str, list[tuple[_Path, dict[str, Any]]]] = {}
    for path, node in _objects(document, ()):
        _check_keys(path, node)
        if "verifiableCredential" in path:  # another credential, in a graph of its own: what it says is its own
            continue
        name = node.get("id")
        if isinstance(name, str) and any(key not in ("id", "type", "@context") for key in node):
            described.setdefault(name, []).append((path, node))
    for name, places in described.items():
        if len(places) > 1:
            _check_places(name, places)


def _objects(value: object, path: _Path) -> Iterator[tuple[_Path, dict[str, Any]]]:
    # The proof is checked on its own; it is no part of the statements.
    stack: list[tuple[_Path, object]] = [(path, value)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, dict):
            yield path, value
            members: Iterable[tuple[str | int, object]] = value.items()
        else:
            assert isinstance(value, list)
            members = enumerate(value)
        for step, member in members:
            if isinstance(member, dict | list) and step != "@context" and (path or step != "proof"):
                stack.append(((*path, step), member))


def _check_keys(path: _Path, node: dict[str, Any]) -> None:
    keywords = {key for key in node if key[:1] == "@" and key != "@context"}
    if keywords and not ("@value" in node and keywords <= _VALUE_KEYWORDS):
        raise FormatError("signed-term-hidden", term=min(keywords), where=pointer(path))
    for key in node:
        if ":" in key and (_is_compact(key) or key in term_iris()):  # every IRI has a colon
            raise FormatError("signed-term-hidden", term=key, where=pointer((*path, key)))
    for kind in each(node.get("type")):
        if isinstance(kind, str) and (kind in type_iris() or _is_compact(kind)) and "@value" not in node:
            raise FormatError("signed-term-hidden", term=kind, where=pointer((*path, "type")))
    if isinstance(node.get("id"), str) and node["id"].startswith("_:"):
        raise FormatError("signed-term-hidden", term=node["id"], where=pointer((*path, "id")))
    for entry in each(node.get("@context")):
        if not isinstance(entry, str):
            raise FormatError("own-context", where=pointer((*path, "@context")))


def _is_compact(kind: str) -> bool:
    return ":" in kind and not kind.startswith(("http://", "https://", "urn:"))


def _check_places(name: str, places: list[tuple[_Path, dict[str, Any]]]) -> None:
    """This will refuse a description elsewhere that says what a reader looks for and does not find at its place."""
    read = [(rank, path, node) for path, node in places if (rank := _rank(path)) is not None]
    if not read:
        return
    _, main, described = min(read, key=lambda place: place[0])
    for path, node in places:
        for key, value in node.items():
            if path != main and key in READ and not _within(value, described.get(key)):
                raise FormatError("node-described-twice", id=name, where=pointer((*path, key)))


def _rank(path: _Path) -> int | None:
    members = tuple(step for step in path if isinstance(step, str))
    return _READ_PLACES.index(members) if members in _READ_PLACES else None


def _within(part: object, whole: object) -> bool:
    return part == whole or all(entry in list(each(whole)) for entry in each(part))
