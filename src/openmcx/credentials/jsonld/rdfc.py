"""RDF Dataset Canonicalization (RDFC-1.0) on strings, with a work limit.

Blank nodes get their names from hashes of what is said about them. For nearly every credential the first-degree hash
(a node's own statements) already tells all of them apart; only look-alikes need the n-degree algorithm, which is
exponential and therefore counted. Where two look-alikes hash alike even then, the order among them does not change the
result.

Source: RDF Dataset Canonicalization, sections 4.4 to 4.8. As in the reference implementations, the list of blank nodes
for a related hash (Hn) keeps repetitions.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

from openmcx.credentials.errors import DocumentError, WorkLimitError
from openmcx.credentials.jsonld.limits import DEFAULT, Limits, Meter
from openmcx.credentials.jsonld.rdf import ABSOLUTE_IRI, Quad, escape

type Algorithm = Literal["sha256", "sha384"]
type Hash = Callable[[bytes], "hashlib._Hash"]
type Neighbours = Mapping[str, list[tuple[str, str, str]]]
"""For each blank node, the others in its statements: where they stand (s, o or g), the predicate, which they are."""

_IRI = r'<(?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>'
_LABEL = r"_:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?"
_TEXT = r'"(?:[^"\\\n\r]|\\[tbnrf"\'\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*"'
_LITERAL = rf"{_TEXT}(?:\^\^{_IRI}|@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*)?"
_STATEMENT = re.compile(
    rf"[ \t]*({_IRI}|{_LABEL})[ \t]+({_IRI})[ \t]+({_IRI}|{_LABEL}|{_LITERAL})[ \t]*({_IRI}|{_LABEL})?[ \t]*\.[ \t]*"
)
_ESCAPED = re.compile(r'\\(?:([tbnrf"\'\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))')
_UNESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_XSD_STRING_SUFFIX = "^^<http://www.w3.org/2001/XMLSchema#string>"


def parse_nquads(text: str) -> list[Quad]:
    """This will read N-Quads. Raises: DocumentError naming the line that is none.

    Source: RDF 1.1 N-Quads, section 4. Blank node labels are read in ASCII only.
    """
    quads = []
    for number, line in enumerate(text.split("\n"), 1):  # str.splitlines would also split at U+0085 inside a literal
        statement = line.strip(" \t\r")
        if not statement or statement.startswith("#"):
            continue
        match = _STATEMENT.fullmatch(statement)
        if match is None:
            raise DocumentError("nquads-invalid", line=number)
        quads.append(Quad(*(_canonical_term(term or "", number) for term in match.groups())))
    return quads


def rdfc10(nquads: Iterable[str | Quad], *, limits: Limits = DEFAULT, algorithm: Algorithm = "sha256") -> str:
    """This will write a dataset, given as lines of N-Quads or as quads, as canonical N-Quads.

    Raises: WorkLimitError when there are too many statements or blank nodes, or they take too much telling apart.
    """
    return canonical(_quads(nquads), Meter(limits), algorithm)[0]


def issued_identifiers(
    nquads: Iterable[str | Quad], *, limits: Limits = DEFAULT, algorithm: Algorithm = "sha256"
) -> dict[str, str]:
    """This will give the canonical name of each blank node. Raises: as ``rdfc10``."""
    return canonical(_quads(nquads), Meter(limits), algorithm)[1]


def canonical(quads: Iterable[Quad], meter: Meter, algorithm: Algorithm = "sha256") -> tuple[str, dict[str, str]]:
    """This will give the canonical N-Quads and the blank nodes' canonical names. Raises: as ``rdfc10``."""
    dataset = set(quads)
    check_size(len(dataset), 0, meter.limits)
    mentions: dict[str, list[Quad]] = {}
    for quad in dataset:
        for label in {quad.subject, quad.object, quad.graph}:
            if label.startswith("_:"):
                mentions.setdefault(label, []).append(quad)
    check_size(0, len(mentions), meter.limits)

    def neighbours() -> Neighbours:
        return {
            label: [
                (position, quad.predicate, term)
                for quad in quads
                for position, term in (("s", quad.subject), ("o", quad.object), ("g", quad.graph))
                if term != label and term.startswith("_:")
            ]
            for label, quads in mentions.items()
        }

    seen = {label: "".join(sorted(_seen_from(label, quad) for quad in quads)) for label, quads in mentions.items()}
    issued = issue(seen, neighbours, meter, algorithm)
    lines = [
        Quad(
            issued.get(quad.subject, quad.subject),
            quad.predicate,
            issued.get(quad.object, quad.object),
            issued.get(quad.graph, quad.graph),
        ).line()
        for quad in dataset
    ]
    lines.sort()
    return "".join(lines), issued


def issue(
    seen: Mapping[str, str], neighbours: Callable[[], Neighbours], meter: Meter, algorithm: Algorithm
) -> dict[str, str]:
    """This will give each blank node its canonical name.

    ``seen`` are the sorted lines in which a blank node occurs, itself written ``_:a`` and others ``_:z``.
    ``neighbours`` is asked only when two nodes look alike.

    Source: section 4.4.3, steps 3 to 5; section 4.6.3.
    """
    if len(seen) < 2:
        return dict.fromkeys(seen, "_:c14n0")
    new_hash: Hash = getattr(hashlib, algorithm)
    labels = {new_hash(lines.encode()).digest(): label for label, lines in seen.items()}
    if len(labels) == len(seen):
        return {labels[digest]: f"_:c14n{number}" for number, digest in enumerate(sorted(labels))}
    hashes = {label: new_hash(lines.encode()).hexdigest() for label, lines in seen.items()}
    return _Canonicalizer(hashes, neighbours(), meter, new_hash).issue()


def check_size(quads: int, blank_nodes: int, limits: Limits) -> None:
    """This will refuse a dataset that is too large. Raises: WorkLimitError."""
    if quads > limits.max_quads:
        raise WorkLimitError("too-many-statements", limit=limits.max_quads)
    if blank_nodes > limits.max_blank_nodes:
        raise WorkLimitError("too-many-nodes", limit=limits.max_blank_nodes)


def _quads(nquads: Iterable[str | Quad]) -> Iterable[Quad]:
    for item in nquads:
        if isinstance(item, Quad):
            yield item
        else:
            yield from parse_nquads(item)


def _canonical_term(term: str, line: int) -> str:
    if term.startswith("<"):
        address = _ESCAPED.sub(_unescape, term[1:-1])
        if not ABSOLUTE_IRI.fullmatch(address):  # an escape may hide what an IRI may not hold
            raise DocumentError("nquads-iri-invalid", line=line)
        return f"<{address}>"
    if not term.startswith('"'):
        return term
    end = term.rindex('"')
    text = _ESCAPED.sub(_unescape, term[1:end])
    suffix = term[end + 1 :]
    if suffix.startswith("^^"):
        suffix = f"^^{_canonical_term(suffix[2:], line)}"
    return f'"{escape(text)}"{"" if suffix == _XSD_STRING_SUFFIX else suffix}'


def _unescape(match: re.Match[str]) -> str:
    letter, short, long = match.groups()
    code = int(short or long or "0", 16)
    return _UNESCAPED.get(letter, letter) if letter else chr(code if code <= 0x10FFFF else 0xFFFD)


class _Issuer:
    """Hands out names in order. Source: section 4.5."""

    __slots__ = ("issued", "prefix")

    def __init__(self, prefix: str, issued: dict[str, str] | None = None) -> None:
        self.prefix = prefix
        self.issued = issued if issued is not None else {}

    def issue(self, label: str) -> str:
        name = self.issued.get(label)
        if name is None:
            name = self.issued[label] = f"{self.prefix}{len(self.issued)}"
        return name

    def copy(self) -> "_Issuer":
        return _Issuer(self.prefix, dict(self.issued))


def _seen_from(label: str, quad: Quad) -> str:
    return Quad(*(("_:a" if term == label else "_:z") if term.startswith("_:") else term for term in quad)).line()


def _orders(labels: list[str]) -> Iterator[tuple[str, ...]]:
    """This will give every order of the labels once, also when labels repeat (a node in several statements)."""
    counts = Counter(labels)

    def complete(order: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if len(order) == len(labels):
            yield order
            return
        for label in counts:
            if counts[label]:
                counts[label] -= 1
                yield from complete((*order, label))
                counts[label] += 1

    return complete(())


class _Canonicalizer:
    """Tells look-alikes apart by their neighbours, with the canonicalization state of section 4.2."""

    def __init__(self, hashes: Mapping[str, str], neighbours: Neighbours, meter: Meter, new_hash: Hash) -> None:
        self.first_degree = hashes
        self.neighbours = neighbours
        self.meter = meter
        self.new_hash = new_hash
        self.canonical = _Issuer("_:c14n")

    def issue(self) -> dict[str, str]:
        """Source: section 4.4.3, steps 4 and 5."""
        by_hash: dict[str, list[str]] = {}
        for label, digest in self.first_degree.items():
            by_hash.setdefault(digest, []).append(label)
        ties = []
        for _, labels in sorted(by_hash.items()):
            if len(labels) == 1:
                self.canonical.issue(labels[0])
            else:
                ties.append(labels)
        for labels in ties:
            paths = []
            for label in labels:
                if label not in self.canonical.issued:
                    issuer = _Issuer("_:b")
                    issuer.issue(label)
                    paths.append(self.hash_n_degree(label, issuer))
            for _, issuer in sorted(paths, key=lambda path: path[0]):
                for label in issuer.issued:
                    self.canonical.issue(label)
        return self.canonical.issued

    def digest(self, text: str) -> str:
        return self.new_hash(text.encode()).hexdigest()

    def related(self, label: str, issuer: _Issuer) -> dict[str, list[str]]:
        """Source: section 4.7.3; section 4.8.3, steps 1 to 3."""
        found: dict[str, list[str]] = {}
        self.meter.charge_n_degree(len(self.neighbours[label]))
        for position, predicate, term in self.neighbours[label]:
            name = self.canonical.issued.get(term) or issuer.issued.get(term) or self.first_degree[term]
            digest = self.digest(f"{position}{'' if position == 'g' else predicate}{name}")
            found.setdefault(digest, []).append(term)
        return found

    def hash_n_degree(self, label: str, issuer: _Issuer) -> tuple[str, _Issuer]:
        """Source: section 4.8.3."""
        self.meter.charge_n_degree()
        self.meter.enter_n_degree()
        related = self.related(label, issuer)
        data = []
        for digest in sorted(related):
            data.append(digest)
            chosen_path = ""
            chosen_issuer = issuer
            for order in _orders(related[digest]):
                tried = self.try_order(order, issuer, chosen_path)
                if tried is not None and (not chosen_path or tried[0] < chosen_path):
                    chosen_path, chosen_issuer = tried
            data.append(chosen_path)
            issuer = chosen_issuer
        self.meter.n_degree_depth -= 1
        return self.digest("".join(data)), issuer

    def try_order(self, order: tuple[str, ...], issuer: _Issuer, chosen_path: str) -> tuple[str, _Issuer] | None:
        """This will give the path of one order of look-alikes, or None as soon as it is worse than the chosen one.

        Source: section 4.8.3, step 5.4.
        """
        self.meter.charge_n_degree(1 + len(issuer.issued) // 32 + len(order) // 8)
        issuer = issuer.copy()
        path = ""
        recursion = []
        for label in order:
            if label in self.canonical.issued:
                path += self.canonical.issued[label]
            else:
                if label not in issuer.issued:
                    recursion.append(label)
                path += issuer.issue(label)
            if chosen_path and len(path) >= len(chosen_path) and path > chosen_path:
                return None
        for label in recursion:
            digest, result = self.hash_n_degree(label, issuer)
            path += f"{issuer.issue(label)}<{digest}>"
            issuer = result
            if chosen_path and len(path) >= len(chosen_path) and path > chosen_path:
                return None
        return path, issuer
