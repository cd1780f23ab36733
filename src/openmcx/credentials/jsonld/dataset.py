"""The quads of one walked document, kept so that canonicalising them needs no parsing.

All blank nodes in it were made by the walk, so each is a node of a tree: it has one record of its own statements and is
pointed at by links. Documents with labels of their own take the general way.
"""

from openmcx.credentials.jsonld import rdfc
from openmcx.credentials.jsonld.limits import Meter
from openmcx.credentials.jsonld.rdf import Quad

type Node = tuple[str, set[str]]
"""A subject and what is said about it: each statement as `` <predicate> object .\\n``, no object a blank node."""

type Link = tuple[str, str, str]
"""A statement whose object is a blank node; the predicate with a space on either side."""


class Graph:
    """One graph of the dataset; the default graph has an empty name."""

    __slots__ = ("links", "name", "nodes")

    def __init__(self, name: str = "") -> None:
        """This will start an empty graph."""
        self.name = name
        self.nodes: list[Node] = []
        self.links: list[Link] = []


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
            for subject, statements in graph.nodes:
                for statement in statements:
                    predicate, _, object_ = statement[1:-3].partition(" ")
                    found.add(Quad(subject, predicate, object_, graph.name))
            found.update(
                Quad(subject, predicate[1:-1], object_, graph.name) for subject, predicate, object_ in graph.links
            )
        return found

    def canonical(self, meter: Meter, algorithm: rdfc.Algorithm) -> str:
        """This will write the dataset as canonical N-Quads. Raises: WorkLimitError."""
        names = rdfc.issue(self._seen(), self._neighbours, meter, algorithm)
        lines = []
        for graph in (self.default, *self.named):
            end = f" {names[graph.name]} .\n" if graph.name else " .\n"
            for subject, statements in graph.nodes:
                name = names.get(subject, subject)
                if graph.name:
                    lines += [f"{name}{statement[:-3]}{end}" for statement in statements]
                else:
                    lines += [name + statement for statement in statements]
            lines += [
                f"{names.get(subject, subject)}{predicate}{names[object_]}{end}"
                for subject, predicate, object_ in graph.links
            ]
        return "".join(sorted(set(lines)))

    def _seen(self) -> dict[str, list[str]]:
        """This will give each blank node's statements as the first-degree hash sees them.

        Source: RDF Dataset Canonicalization, section 4.6.3.
        """
        seen: dict[str, list[str]] = {
            subject: ["_:a" + statement for statement in statements]
            for subject, statements in self.default.nodes
            if subject[0] == "_"
        }
        for graph in self.named:
            about_graph = seen.setdefault(graph.name, [])
            for subject, statements in graph.nodes:
                if subject[0] == "_":
                    seen[subject] = [f"_:a{statement[:-3]} _:z .\n" for statement in statements]
                    subject = "_:z"
                about_graph += [f"{subject}{statement[:-3]} _:a .\n" for statement in statements]
        for graph in (self.default, *self.named):
            end = " _:z .\n" if graph.name else " .\n"
            for subject, predicate, object_ in graph.links:
                other = subject
                if subject[0] == "_":
                    other = "_:z"
                    seen[subject].append(f"_:a{predicate}_:z{end}")
                seen[object_].append(f"{other}{predicate}_:a{end}")
                if graph.name:
                    seen[graph.name].append(f"{other}{predicate}_:z _:a .\n")
        return seen

    def _neighbours(self) -> rdfc.Neighbours:
        """This will give for each blank node the others in its statements.

        Source: RDF Dataset Canonicalization, section 4.8.3, step 3.
        """
        found: dict[str, list[tuple[str, str, str]]] = {}
        for graph in (self.default, *self.named):
            if graph.name:
                found.setdefault(graph.name, [])
            for subject, statements in graph.nodes:
                if subject[0] == "_":
                    about = found.setdefault(subject, [])
                    if graph.name:
                        about += [("g", "", graph.name)] * len(statements)
                        found[graph.name] += [
                            ("s", statement[1 : statement.index(" ", 1)], subject) for statement in statements
                        ]
        for graph in (self.default, *self.named):
            for subject, predicate, object_ in graph.links:
                predicate = predicate[1:-1]
                ends = [("o", object_)] if subject[0] != "_" else [("s", subject), ("o", object_)]
                if graph.name:
                    ends.append(("g", graph.name))
                for _, label in ends:
                    found[label] += [(position, predicate, other) for position, other in ends if other != label]
        return found
