"""The quads of one walked document, kept so that canonicalising them needs no parsing.

All blank nodes in it were made by the walk, so each is a node of a tree: it has one record of its own statements and is
pointed at by links. Documents with labels of their own take the general way.
"""

from openmcx.credentials.jsonld import rdfc
from openmcx.credentials.jsonld.limits import Meter
from openmcx.credentials.jsonld.rdf import Quad

type Link = tuple[str, str]
"""A predicate, with a space on either side, and the blank node it points at."""

type Node = tuple[str, list[str], list[Link]]
"""A subject, what is said about it (each once, as `` <predicate> object .\\n``, no object a blank node), and its
links."""


class Graph:
    """One graph of the dataset; the default graph has an empty name."""

    __slots__ = ("name", "nodes")

    def __init__(self, name: str = "") -> None:
        """This will start an empty graph."""
        self.name = name
        self.nodes: list[Node] = []

    def is_empty(self) -> bool:
        """This will say whether the graph holds no statement."""
        return not any(statements or links for _, statements, links in self.nodes)


class Dataset:
    """A default graph and named graphs, the names of which are blank nodes."""

    __slots__ = ("default", "named")

    def __init__(self) -> None:
        """This will start an empty dataset."""
        self.default = Graph()
        self.named: list[Graph] = []

    def quads(self) -> set[Quad]:
        """This will give the statements one by one."""
        found = set()
        for graph in (self.default, *self.named):
            for subject, statements, links in graph.nodes:
                for statement in statements:
                    predicate, _, object_ = statement[1:-3].partition(" ")
                    found.add(Quad(subject, predicate, object_, graph.name))
                found.update(Quad(subject, predicate[1:-1], object_, graph.name) for predicate, object_ in links)
        return found

    def canonical(self, meter: Meter, algorithm: rdfc.Algorithm) -> str:
        """This will write the dataset as canonical N-Quads. Raises: WorkLimitError."""
        return self._with_graphs(meter, algorithm) if self.named else self._without_graphs(meter, algorithm)

    def _without_graphs(self, meter: Meter, algorithm: rdfc.Algorithm) -> str:
        """This will write a lone default graph, subject by subject.

        The lines of one subject stand together in the canonical order, so only those few have to be sorted.
        """
        lines: dict[str, list[str]] = {}
        leaving: dict[str, list[Link]] = {}
        arriving: dict[str, str] = {}
        for subject, statements, links in self.default.nodes:
            if subject in lines:  # an id that stands in several places
                statements = list({*statements, *lines[subject]})
            lines[subject] = sorted(statements)
            if links:
                leaving[subject] = leaving[subject] + links if subject in leaving else links
                start = "_:z" if subject[0] == "_" else subject
                for predicate, object_ in links:
                    arriving[object_] = f"{start}{predicate}_:a .\n"

        seen: dict[str, str] = {}
        for subject, own in lines.items():
            if subject[0] == "_":
                if subject in leaving:
                    own = sorted([*own, *[f"{predicate}_:z .\n" for predicate, _ in leaving[subject]]])
                text = "_:a" + "_:a".join(own) if own else ""
                line = arriving.get(subject, "")
                # Lines with another blank node as subject come last, those with an IRI first.
                seen[subject] = text + line if line[:1] == "_" else line + text
        names = rdfc.issue(seen, self._neighbours, meter, algorithm)
        for subject, links in leaving.items():
            lines[subject] += [f"{predicate}{names[object_]} .\n" for predicate, object_ in links]
            lines[subject].sort()
        named = sorted([(names.get(subject, subject), own) for subject, own in lines.items() if own])
        return "".join([name + name.join(own) for name, own in named])

    def _with_graphs(self, meter: Meter, algorithm: rdfc.Algorithm) -> str:
        """This will write any dataset, line by line."""
        seen = {label: "".join(sorted(lines)) for label, lines in self._seen().items()}
        names = rdfc.issue(seen, self._neighbours, meter, algorithm)
        lines = []
        for graph in (self.default, *self.named):
            end = f" {names[graph.name]} .\n" if graph.name else " .\n"
            for subject, statements, links in graph.nodes:
                name = names.get(subject, subject)
                lines += [f"{name}{statement[:-3]}{end}" for statement in statements]
                lines += [f"{name}{predicate}{names[object_]}{end}" for predicate, object_ in links]
        return "".join(sorted(set(lines)))

    def _seen(self) -> dict[str, list[str]]:
        """This will give each blank node's statements as the first-degree hash sees them.

        Source: RDF Dataset Canonicalization, section 4.6.3.
        """
        seen: dict[str, list[str]] = {}
        for graph in (self.default, *self.named):
            end = " _:z .\n" if graph.name else " .\n"
            about_graph: list[str] = []
            said: set[str] = set()  # an id may stand in several places and be said to be the same in each
            for subject, statements, links in graph.nodes:
                other = subject
                if subject[0] == "_":
                    other = "_:z"
                    own = seen.setdefault(subject, [])
                    own += [f"_:a{statement[:-3]}{end}" for statement in statements]
                    own += [f"_:a{predicate}_:z{end}" for predicate, _ in links]
                for predicate, object_ in links:
                    seen.setdefault(object_, []).append(f"{other}{predicate}_:a{end}")
                if graph.name:
                    lines = [f"{other}{statement[:-3]} _:a .\n" for statement in statements]
                    if other == "_:z":
                        about_graph += lines
                    else:
                        said.update(lines)
                    about_graph += [f"{other}{predicate}_:z _:a .\n" for predicate, _ in links]
            if graph.name:
                seen.setdefault(graph.name, []).extend([*about_graph, *said])
        return seen

    def _neighbours(self) -> rdfc.Neighbours:
        """This will give for each blank node the others in its statements.

        Source: RDF Dataset Canonicalization, section 4.8.3, step 3.
        """
        found: dict[str, list[tuple[str, str, str]]] = {}
        for subject, _, _ in self.default.nodes:
            if subject[0] == "_":
                found[subject] = []
        for graph in (self.default, *self.named):
            named = [("g", graph.name)] if graph.name else []
            for subject, statements, links in graph.nodes:
                first = [("s", subject)] if subject[0] == "_" else []
                for statement in statements if graph.name else ():
                    _relate(found, statement[1 : statement.index(" ", 1)], first + named)
                for predicate, object_ in links:
                    _relate(found, predicate[1:-1], [*first, ("o", object_), *named])
        return found


def _relate(found: dict[str, list[tuple[str, str, str]]], predicate: str, blank_nodes: list[tuple[str, str]]) -> None:
    """This will note the blank nodes of one statement as neighbours of each other."""
    for _, label in blank_nodes:
        found.setdefault(label, []).extend(
            (position, predicate, other) for position, other in blank_nodes if other != label
        )
