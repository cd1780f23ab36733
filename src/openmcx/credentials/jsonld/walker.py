"""From a JSON-LD document straight to statements, along compiled contexts.

There is no expanded form in between. Whatever the walk does not cover raises ``NotCompiledError``, and the whole
document goes to the general processor: exact by fallback. Whatever a signature would not cover is refused by both.
"""

from collections.abc import Mapping
from typing import Any

from openmcx.credentials.errors import ContextError, DataLossError, DocumentError
from openmcx.credentials.jsonld import rdf, rdfc
from openmcx.credentials.jsonld.compiler import (
    GRAPH,
    IRI,
    LANGUAGE_MAP,
    LIST,
    LITERAL,
    PLAIN,
    SKIPPED,
    Compiler,
    NotCompiledError,
    State,
    Term,
)
from openmcx.credentials.jsonld.dataset import Dataset, Graph, Link, Node
from openmcx.credentials.jsonld.limits import Meter

_compiler = Compiler()

_FIRST = f" {rdf.RDF_FIRST} "
_REST = f" {rdf.RDF_REST} "
_END_OF_LIST = f" {rdf.RDF_REST} {rdf.RDF_NIL} .\n"


def walk(document: Mapping[str, Any], meter: Meter) -> Dataset:
    """This will write a document's statements.

    Raises: NotCompiledError when the general processor is needed; DataLossError, ContextError, WorkLimitError,
    DocumentError.
    """
    if not document.get("@context"):
        raise ContextError("context-missing")
    walker = _Walker(meter)
    try:
        walker.node(_compiler.initial, document, walker.dataset.default)
    except RecursionError as error:
        raise DocumentError("document-too-deep", limit=meter.limits.max_depth) from error
    if not walker.statements and not walker.dataset.default.links:
        raise DataLossError("value-dropped", reason="the document says nothing", mend="Add what it is to say.")
    return walker.dataset


class _Walker:
    __slots__ = ("blank_nodes", "dataset", "meter", "statements")

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.dataset = Dataset()
        self.blank_nodes = 0
        self.statements = 0

    def blank(self) -> str:
        self.blank_nodes += 1
        return f"_:b{self.blank_nodes}"

    def node(self, state: State, element: Mapping[str, Any], graph: Graph) -> str:
        """This will write a node object's statements and give its subject."""
        if "@context" in element:
            state = state.local(element["@context"], self.meter)
        types = _only(element, state.aliases["@type"])
        statements: set[str] = set()
        if types is not None:
            state, about_types = state.with_types(tuple(types) if type(types) is list else types, self.meter)
            statements.update(about_types)
        id_ = _only(element, state.aliases["@id"])
        subject = self.blank() if id_ is None else state.iri(id_)
        graph.nodes.append(Node(subject, statements))
        links = graph.links
        known = state.terms
        for key, value in element.items():
            term = known.get(key) or state.term(key, self.meter)
            if term.kind == SKIPPED:
                continue
            if type(value) is str:
                # The commonest case first and at length: a text.
                if term.container == PLAIN and term.kind == LITERAL:
                    if not value.isprintable() or '"' in value or "\\" in value:
                        value = rdf.escape(value)
                    statements.add(term.start + value + term.end)
                    continue
                values: Any = (value,)
            elif type(value) is list:
                values = value
            else:
                values = (value,)
            if term.container == LIST:
                self.list_(state, term, value, subject, statements, graph)
            elif term.container == LANGUAGE_MAP and isinstance(value, Mapping):
                self.language_map(state, term, value, statements)
            elif term.container == GRAPH:
                for item in values:
                    self.graph(state, term, item, Link(subject, term.predicate, ""), graph)
            else:
                for item in values:
                    if type(item) is list:  # a list within a list says the same as one list
                        raise NotCompiledError
                    object_ = self.object_(state, term, item, graph)
                    if object_ is None:
                        continue
                    if object_[0] == "_":
                        links.append(Link(subject, term.predicate, object_))
                    else:
                        statements.add(f"{term.predicate}{object_} .\n")
        self.statements += len(statements)
        rdfc.check_size(self.statements + self.blank_nodes, self.blank_nodes, self.meter.limits)
        return subject

    def object_(self, state: State, term: Term, value: Any, graph: Graph) -> str | None:
        """This will write one value of a term as the object of a statement; None for null, which says nothing."""
        if type(value) is str:
            if term.kind == LITERAL:
                return f'"{rdf.escape(value)}{term.end[:-3]}'
            assert term.state is not None
            return term.state.iri(value) if term.kind == IRI else term.state.vocabulary_iri(value)
        if isinstance(value, Mapping):
            return self.object_within(state, term, value, graph)
        if value is None:
            return None
        if isinstance(value, bool | int | float):
            return rdf.native(value, term.datatype)
        raise DocumentError("not-json-data", found=type(value).__name__)

    def object_within(self, state: State, term: Term, value: Mapping[str, Any], graph: Graph) -> str:
        inside = state.inside(term, self.meter)
        if term.reverts and len(value) <= 2 and "@context" not in value:
            assert term.state is not None
            aliases = term.state.aliases
            if any(key in aliases["@value"] for key in value) or (
                len(value) == 1 and any(key in aliases["@id"] for key in value)
            ):
                inside = state.reference(term, self.meter)
        if "@value" in value:
            return self.value_object(inside, value)
        return self.node(inside, value, graph)

    def value_object(self, state: State, value: Mapping[str, Any]) -> str:
        """This will write ``{"@value": …}`` with a language or a type; the general processor does all others."""
        text = value["@value"]
        others = value.keys() - {"@value"}
        if type(text) is str and not others:
            return rdf.literal(text)
        if type(text) is str and others == {"@language"} and type(value["@language"]) is str:
            return rdf.literal(text, language=rdf.language_tag(value["@language"]))
        if type(text) is str and others == {"@type"} and type(value["@type"]) is str:
            return rdf.typed_text(text, state.type_iri(value["@type"])[1:-1])
        raise NotCompiledError

    def language_map(self, state: State, term: Term, value: Mapping[str, Any], statements: set[str]) -> None:
        assert term.state is not None
        without_language = term.state.aliases["@none"]
        for tag, texts in value.items():
            language = None if tag in without_language else rdf.language_tag(tag)
            for text in texts if type(texts) is list else (texts,):
                if type(text) is not str:
                    raise NotCompiledError
                statements.add(f"{term.predicate}{rdf.literal(text, language=language)} .\n")

    def graph(self, state: State, term: Term, value: Any, link: Link, graph: Graph) -> None:
        """This will write an object into a graph of its own, as proofs and the credentials of a presentation are."""
        if value is None:
            return
        if not isinstance(value, Mapping) or "@value" in value:
            raise NotCompiledError
        named = Graph(self.blank())
        self.dataset.named.append(named)
        graph.links.append(link._replace(object=named.name))
        before = self.statements
        self.object_within(state, term, value, named)
        if self.statements == before and not named.links:
            raise DataLossError(
                "value-dropped", reason="it says nothing about what it names", mend="Embed the object itself."
            )

    def list_(self, state: State, term: Term, value: Any, subject: str, statements: set[str], graph: Graph) -> None:
        """This will write an ordered list as linked cells. Source: JSON-LD 1.1 API, section 8.2.3."""
        if value is None:
            return
        items = value if type(value) is list else [value]
        if any(type(item) is list for item in items):
            raise NotCompiledError
        found = [self.object_(state, term, item, graph) for item in items]
        objects = [object_ for object_ in found if object_ is not None]
        if not objects:
            statements.add(f"{term.predicate}{rdf.RDF_NIL} .\n")
            return
        cells = [self.blank() for _ in objects]
        graph.links.append(Link(subject, term.predicate, cells[0]))
        for position, (cell, object_) in enumerate(zip(cells, objects, strict=True)):
            about_cell: set[str] = set()
            if object_[0] == "_":
                graph.links.append(Link(cell, _FIRST, object_))
            else:
                about_cell.add(f"{_FIRST}{object_} .\n")
            if position + 1 < len(cells):
                graph.links.append(Link(cell, _REST, cells[position + 1]))
            else:
                about_cell.add(_END_OF_LIST)
            graph.nodes.append(Node(cell, about_cell))
            self.statements += 2
        rdfc.check_size(self.statements, self.blank_nodes, self.meter.limits)


def _only(element: Mapping[str, Any], aliases: tuple[str, ...]) -> Any:
    """This will give the value under one of a keyword's names."""
    found = None
    for alias in aliases:
        if alias in element:
            if found is not None or element[alias] is None:
                raise NotCompiledError  # the general processor says what is wrong
            found = element[alias]
    if found is not None and type(found) is not str and (type(found) is not list or "@type" not in aliases):
        raise NotCompiledError
    return found
