"""Getting about in a document of the European Learning Model: nodes, what they are called, what was not looked at."""

from collections.abc import Iterator, Mapping
from typing import Any

from openmcx.credentials.errors import pointer
from openmcx.credentials.findings import Finding
from openmcx.credentials.formats.elm import names
from openmcx.credentials.formats.open_badges.values import each
from openmcx.credentials.model import Concept, LangText

Node = dict[str, Any]
Path = tuple[str | int, ...]

_PASSED_OVER = frozenset({"id", "type", "@context", "inScheme"})


class Document:
    """One document; finds nodes by their names and remembers what was not taken over."""

    def __init__(self, document: Node) -> None:
        self._document = document
        self._findings: list[Finding] = []
        self._index: dict[str, Node] = {}
        for node in objects(document):
            name = node.get("id")
            if isinstance(name, str) and len(node) > len(self._index.get(name, {})):
                self._index[name] = node

    def _whole(self, node: Node) -> Node:
        """This will give the full description of a node that is only referred to here."""
        name = node.get("id")
        return self._index.get(name, node) if isinstance(name, str) and len(node) < 3 else node

    def _all(self, node: Node, member: str) -> list[Node]:
        found = []
        for entry in each(node.get(member)):
            if isinstance(entry, str):
                found.append(self._index.get(entry, {"id": entry}))
            elif isinstance(entry, dict):
                found.append(self._whole(entry))
        return found

    def _one(self, node: Node, member: str, path: Path) -> Node:
        found = self._all(node, member)
        if len(found) > 1:
            self._note("elm-more-than-one", (*path, member), member=member)
        return found[0] if found else {}

    def _url(self, node: Node, member: str) -> str:
        for entry in self._all(node, member):
            url = entry.get("contentURL")
            if isinstance(url, str):
                return url
        return ""

    def _rest(self, node: Node, path: Path, *taken: str) -> None:
        for member in node:
            if member not in taken and member not in _PASSED_OVER:
                self._note("elm-not-taken-over", (*path, member), member=member)

    def _note(self, code: str, path: Path, **params: object) -> None:
        self._findings.append(Finding(code, params, pointer(path)))

    def _note_value(self, path: Path, member: str, value: object) -> None:
        self._note("elm-value-not-understood", path, member=member, value=str(value)[:80])


def objects(value: object) -> Iterator[Node]:
    stack = [value]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            yield value
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)


def is_node(value: object) -> bool:
    return isinstance(value, dict)


def types(node: Node) -> frozenset[str]:
    return frozenset(entry for entry in each(node.get("type")) if isinstance(entry, str))


def id_of(node: Node) -> str:
    name = node.get("id")
    return name if isinstance(name, str) else ""


def lasting_id(node: Node) -> str:
    name = id_of(node)
    return "" if name.startswith(names.LOCAL_ID) else name


def texts(value: object) -> LangText:
    """This will read an ELM language map, ``{"en": "…"}``; of several texts in a language the first counts."""
    if isinstance(value, str):
        value = {"und": value}
    if not isinstance(value, Mapping):
        return LangText()
    found = {}
    for tag, text in value.items():
        first = next(iter(each(text)), None)
        if isinstance(first, str):
            found[tag] = first
    try:
        return LangText(found)
    except ValueError:
        return LangText()


def first_text(member: str, *found: Node) -> LangText:
    return next((text for node in found if (text := texts(node.get(member)))), LangText())


def label(node: Node) -> str:
    return texts(node.get("prefLabel")).best()


def read_concept(node: Node) -> Concept:
    scheme = node.get("inScheme")
    scheme_id = lasting_id(scheme) if isinstance(scheme, dict) else scheme
    return Concept(
        iri=lasting_id(node),
        label=texts(node.get("prefLabel")),
        scheme=scheme_id if isinstance(scheme_id, str) else "",
    )
