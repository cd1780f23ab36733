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
    JSON,
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
from openmcx.credentials.jsonld.dataset import Dataset, Graph, Link
from openmcx.credentials.jsonld.jcs import jcs
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
    walker = _Walker(meter, escaping=not rdf.needs_no_escape(document))
    try:
        walker.node(_compiler.initial, document, walker.dataset.default)
    except RecursionError as error:
        raise DocumentError("document-too-deep", limit=meter.limits.max_depth) from error
    if walker.dataset.default.is_empty():
        raise DataLossError("document-says-nothing")
    return walker.dataset


class _Walker:
    __slots__ = ("blank_nodes", "dataset", "escaping", "max_blank_nodes", "max_statements", "meter", "statements")

    def __init__(self, meter: Meter, *, escaping: bool) -> None:
        self.meter = meter
        self.escaping = escaping
        self.max_statements = meter.limits.max_quads
        self.max_blank_nodes = meter.limits.max_blank_nodes
        self.dataset = Dataset()
        self.blank_nodes = 0
        self.statements = 0

    def blank(self) -> str:
        self.blank_nodes += 1
        return f"_:b{self.blank_nodes}"

    def node(self, state: State, element: Mapping[str, Any], graph: Graph) -> str:
        """This will write a node object's statements and give its subject.

        Here every call counts, so the commonest kinds of member are written in place.
        """
        if "@context" in element:
            state = state.local(element["@context"], self.meter)
        statements: list[str] = []
        types = None
        for name in state.type_names:
            if name in element and (types is not None or (types := element[name]) is None):
                raise NotCompiledError  # the general processor says what is wrong
        if types is not None:
            state, about_types = state.with_types(tuple(types) if type(types) is list else types, self.meter)
            statements += about_types
        id_ = None
        for name in state.id_names:
            if name in element and (id_ is not None or type(id_ := element[name]) is not str):
                raise NotCompiledError
        if id_ is not None:
            subject = state.iri(id_)
        else:
            self.blank_nodes += 1
            subject = f"_:b{self.blank_nodes}"
        links: list[Link] = []
        graph.nodes.append((subject, statements, links))
        known = state.terms
        escaping = self.escaping
        for key, value in element.items():
            try:
                term = known[key]
            except KeyError:
                term = state.term(key, self.meter)
            if type(value) is str:
                if term.is_text:
                    statements.append(f"{term.start}{rdf.escape(value) if escaping else value}{term.end}")
                    continue
                if term.is_iri:
                    statements.append(f"{term.predicate}{term.state.iri(value)} .\n")
                    continue
            if term.kind != SKIPPED:
                self.property(state, term, value, statements, links, graph)
        if state.says_twice:
            statements[:] = set(statements)
        self.statements += len(statements)
        if self.statements + self.blank_nodes > self.max_statements or self.blank_nodes > self.max_blank_nodes:
            rdfc.check_size(self.statements + self.blank_nodes, self.blank_nodes, self.meter.limits)
        return subject

    def property(
        self, state: State, term: Term, value: Any, statements: list[str], links: list[Link], graph: Graph
    ) -> None:
        """This will write the statements that one key of a node object makes, unless its value is a plain text."""
        if term.container != PLAIN:
            if term.container == LIST:
                self.list_(state, term, value, statements, links, graph)
                return
            if term.container == LANGUAGE_MAP and type(value) is dict:
                self.language_map(term, value, statements)
                return
        if term.kind == JSON:
            literal = rdf.literal(jcs(value).decode(), datatype=rdf.RDF_JSON)
            statements.append(f"{term.predicate}{literal} .\n")
            return
        write = self.graph if term.container == GRAPH else self.object_
        if type(value) is not list:
            value = (value,)
        own = []
        for item in value:
            object_ = write(state, term, item, graph)
            if object_ is None:
                continue
            if object_[0] == "_":
                links.append((term.predicate, object_))
            else:
                own.append(f"{term.predicate}{object_} .\n")
        statements += own if len(own) < 2 else set(own)

    def object_(self, state: State, term: Term, value: Any, graph: Graph) -> str | None:
        """This will write one value of a term as the object of a statement; None for null, which says nothing."""
        if type(value) is str:
            if term.kind == LITERAL:
                return f'"{rdf.escape(value) if self.escaping else value}{term.end[:-3]}'
            return term.state.iri(value) if term.kind == IRI else term.state.vocabulary_iri(value)
        if type(value) is dict:
            if term.reverts and len(value) <= 2 and "@context" not in value and term.state.is_reference(value):
                inside = state.reference(term, self.meter)
            else:
                inside = state.inside(term, self.meter)
            return self.value_object(inside, value) if "@value" in value else self.node(inside, value, graph)
        if value is None:
            return None
        if isinstance(value, bool | int | float):
            return rdf.native(value, term.datatype)
        # A list within a list says the same as one list; a mapping of another kind is no plain dictionary.
        raise NotCompiledError

    def value_object(self, state: State, value: dict[str, Any]) -> str:
        """This will write ``{"@value": …}`` with a language, a direction or a type; PyLD does all others."""
        text, language, direction = value["@value"], value.get("@language"), value.get("@direction")
        datatype = None
        for name in state.type_names:
            if name in value and (datatype is not None or (datatype := value[name]) is None):
                raise NotCompiledError
        known = 1 + (language is not None) + (direction is not None) + (datatype is not None)
        if known != len(value) or (datatype is not None and known > 2):
            raise NotCompiledError
        if datatype is not None:
            if type(datatype) is not str or type(text) is not str:
                raise NotCompiledError
            return rdf.typed_text(text, state.datatype_iri(datatype))
        if type(text) is not str or direction not in (None, "ltr", "rtl"):
            raise NotCompiledError
        if language is not None and type(language) is not str:
            raise NotCompiledError
        return rdf.tagged_text(text, language, direction)

    def language_map(self, term: Term, value: dict[str, Any], statements: list[str]) -> None:
        """This will write texts in several languages. Source: JSON-LD 1.1 API, section 5.1.2, step 13.7."""
        own = set()
        for tag, texts in value.items():
            language = None if tag in term.state.none_names else tag
            for text in texts if type(texts) is list else (texts,):
                if type(text) is not str:  # null says nothing; anything else is wrong
                    raise NotCompiledError
                end = '" .\n' if language is None else f'"@{rdf.language_tag(language)} .\n'
                own.add(f"{term.start}{rdf.escape(text) if self.escaping else text}{end}")
        statements += own

    def graph(self, state: State, term: Term, value: Any, graph: Graph) -> str | None:
        """This will write an object into a graph of its own, as proofs and the credentials of a presentation are."""
        if value is None:
            return None
        if type(value) is not dict or "@value" in value:
            raise NotCompiledError
        named = Graph(self.blank())
        self.dataset.named.append(named)
        self.object_(state, term, value, named)
        if named.is_empty():
            raise DataLossError("node-says-nothing")
        return named.name

    def list_(
        self, state: State, term: Term, value: Any, statements: list[str], links: list[Link], graph: Graph
    ) -> None:
        """This will write an ordered list as linked cells. Source: JSON-LD 1.1 API, section 8.2.3."""
        if value is None:
            return
        items = value if type(value) is list else [value]
        found = [self.object_(state, term, item, graph) for item in items]
        objects = [object_ for object_ in found if object_ is not None]
        if not objects:
            statements.append(f"{term.predicate}{rdf.RDF_NIL} .\n")
            return
        cells = [self.blank() for _ in objects]
        links.append((term.predicate, cells[0]))
        for position, (cell, object_) in enumerate(zip(cells, objects, strict=True)):
            about_cell: list[str] = []
            leaving: list[Link] = []
            if object_[0] == "_":
                leaving.append((_FIRST, object_))
            else:
                about_cell.append(f"{_FIRST}{object_} .\n")
            if position + 1 < len(cells):
                leaving.append((_REST, cells[position + 1]))
            else:
                about_cell.append(_END_OF_LIST)
            graph.nodes.append((cell, about_cell, leaving))
            self.statements += 2
        rdfc.check_size(self.statements, self.blank_nodes, self.meter.limits)
