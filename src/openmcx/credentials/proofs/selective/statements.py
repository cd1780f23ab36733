"""Which statements of a document a JSON pointer reveals, and the names under which blank nodes are signed.

To find the statements of a part of a document among those of the whole, every object without an id is given one for
the time being (skolemisation), so that the part speaks of the same objects. That this changes nothing else is checked
and not assumed: the document that comes out must have the canonical form of the one that went in.

Source: Data Integrity ECDSA Cryptosuites 1.0, sections 3.4.1 to 3.4.16.
"""

import hmac
import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from openmcx.credentials import base64url
from openmcx.credentials.errors import ProofError
from openmcx.credentials.jsonld import Limits, canonical_nquads, to_nquads
from openmcx.credentials.jsonld.limits import Meter
from openmcx.credentials.jsonld.processor import objects_without_id
from openmcx.credentials.jsonld.rdf import Quad
from openmcx.credentials.jsonld.rdfc import canonical, parse_nquads

type Label = Callable[[str], str]
"""Gives the name under which a blank node is signed, from its canonical name ``c14n…``."""

_KEPT = ("@context", "@id", "id", "@type", "type")
_INDEX = re.compile(r"0|[1-9][0-9]{0,5}")
_BAD_ESCAPE = re.compile(r"~(?![01])")


@dataclass(frozen=True, slots=True)
class Group:
    """What some pointers select: the numbers of the lines, and their statements with the names of the whole."""

    indexes: frozenset[int]
    quads: frozenset[Quad]


class Statements:
    """All statements of a document, with the blank nodes under the names that are signed."""

    def __init__(self, document: Mapping[str, Any], label: Label, limits: Limits) -> None:
        """This will canonicalise and name. Raises: ProofError when the document cannot be divided; as ``to_nquads``."""
        # The general processor looks at contexts anew in each object; what it gets is the signer's or holder's.
        meter = Meter(replace(limits, max_context_definitions=10 * limits.max_context_definitions))
        self._limits = limits
        self._scheme = f"urn:bnid:{secrets.token_hex(16)}:"
        self._whole = self._with_ids(document, meter)
        quads = self._quads(self._whole)
        text, issued = canonical(quads, Meter(limits))
        if text != canonical_nquads(document, limits=limits):
            raise ProofError("selective-not-possible")
        self.names = {own: f"_:{label(name[2:])}" for own, name in issued.items()}
        self.lines = sorted(relabelled(quad, self.names).line() for quad in quads)
        self._numbers = {line: number for number, line in enumerate(self.lines)}

    def group(self, pointers: Sequence[str]) -> Group:
        """This will give what the pointers select. Raises: ProofError when one leads nowhere."""
        if not pointers:
            return Group(frozenset(), frozenset())
        quads = self._quads(select(self._whole, pointers))
        try:
            indexes = [self._numbers[relabelled(quad, self.names).line()] for quad in quads]
        except KeyError:  # a part says something else than the whole: an @context in its middle, for instance
            raise ProofError("selective-not-possible") from None
        return Group(frozenset(indexes), frozenset(quads))

    def _with_ids(self, document: Mapping[str, Any], meter: Meter) -> dict[str, Any]:
        without = objects_without_id(document, meter)

        def copied(value: Any, path: tuple[str | int, ...]) -> Any:
            if isinstance(value, Mapping):
                copy = {key: copied(member, (*path, key)) for key, member in value.items()}
                return {"@id": f"{self._scheme}{without[path]}", **copy} if path in without else copy
            if isinstance(value, list):
                return [copied(member, (*path, number)) for number, member in enumerate(value)]
            return value

        whole: dict[str, Any] = copied(document, ())
        return whole

    def _quads(self, document: Mapping[str, Any]) -> set[Quad]:
        """This will give the statements, with the ids that were given taken away again."""
        quads = {
            Quad(*map(self._own_name, quad)) for quad in parse_nquads("".join(to_nquads(document, limits=self._limits)))
        }
        if any(term.startswith("_:") and not term.startswith("_:s") for quad in quads for term in quad):
            # An ordered list, or an object that only the context makes: it cannot be told from which part it comes.
            raise ProofError("selective-not-possible")
        return quads

    def _own_name(self, term: str) -> str:
        return f"_:s{term[len(self._scheme) + 1 : -1]}" if term.startswith(f"<{self._scheme}") else term


def hmac_label(key: bytes) -> Label:
    """This will give names that tell nothing about the order of the blank nodes.

    Source: Data Integrity ECDSA Cryptosuites 1.0, section 3.4.4 (createHmacIdLabelMapFunction).
    """
    return lambda name: "u" + base64url.encode(hmac.digest(key, name.encode(), "sha256"))


def relabelled(quad: Quad, names: Mapping[str, str]) -> Quad:
    """This will give a statement with other names for its blank nodes."""
    return Quad(*(names.get(term, term) for term in quad))


def named_lines(document: Mapping[str, Any], label: Label, limits: Limits) -> tuple[list[str], list[str]]:
    """This will give the statements of a document with its blank nodes named anew, and their canonical names.

    Raises: as ``to_nquads``.
    """
    quads = parse_nquads("".join(to_nquads(document, limits=limits)))
    _, issued = canonical(quads, Meter(limits))
    names = {own: f"_:{label(name[2:])}" for own, name in issued.items()}
    return sorted({relabelled(quad, names).line() for quad in quads}), [name[2:] for name in issued.values()]


def select(document: Mapping[str, Any], pointers: Iterable[str]) -> dict[str, Any]:
    """This will give the part of a document that JSON pointers name.

    On the way to a value, ids and types of the objects passed are taken along; from lists, only what is named.

    Raises: ProofError when a pointer is malformed or leads nowhere.
    Source: Data Integrity ECDSA Cryptosuites 1.0, sections 3.4.12 to 3.4.14 (selectJsonLd); RFC 6901.
    """
    chosen: dict[str | int, Any] = {}
    for pointer in pointers:
        if pointer == "":
            return dict(document)
        _choose(chosen, document, pointer)
    part: dict[str, Any] = _dense(document, chosen)
    return part


def _choose(tree: dict[str | int, Any], value: Any, pointer: str) -> None:
    """This will add what one pointer names to the tree of what is chosen; True stands for all of a value."""
    if not pointer.startswith("/") or _BAD_ESCAPE.search(pointer):
        raise ProofError("selective-pointer-wrong", path=pointer)
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/")]
    steps: list[str | int] = []
    for part in parts:
        if isinstance(value, list) and _INDEX.fullmatch(part) and int(part) < len(value):
            steps.append(int(part))
        elif isinstance(value, Mapping) and part in value:
            steps.append(part)
        else:
            raise ProofError("selective-pointer-wrong", path=pointer)
        value = value[steps[-1]]
    for step in steps[:-1]:
        if tree.get(step) is True:
            return
        tree = tree.setdefault(step, {})
    tree[steps[-1]] = True


def _dense(value: Any, chosen: Any) -> Any:
    """This will cut a value down to what is chosen of it. Parts stay in the order in which they stand."""
    if chosen is True:
        return value
    if isinstance(value, list):
        return [_dense(member, chosen[number]) for number, member in enumerate(value) if number in chosen]
    return {
        key: _dense(member, True if key in _KEPT else chosen[key])
        for key, member in value.items()
        if key in chosen or (key in _KEPT and not _is_blank(key, member))
    }


def _is_blank(key: str, member: Any) -> bool:
    return key in ("@id", "id") and isinstance(member, str) and member.startswith("_:")
