"""JSON-LD contexts compiled once.

What costs in JSON-LD is not canonicalisation but expansion: scoped contexts are processed again for every object of
every document. But the active context of an object depends only on where it stands and on its types, so there are few
of them. Each is a ``State`` here. PyLD, the reference implementation, computes it once; what it says about keys, types
and the contexts of objects within is then looked up in plain dictionaries.

The memory is bounded against documents made to fill it: when there are too many entries, all are forgotten.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import orjson

from openmcx.credentials.errors import ContextError, DataLossError, DocumentError
from openmcx.credentials.jsonld import processor, rdf
from openmcx.credentials.jsonld.limits import Meter
from openmcx.credentials.jsonld.processor import Active


class NotCompiledError(Exception):
    """The document uses something that only the general processor covers."""


# What a key of an object is.
LITERAL, IRI, VOCABULARY, JSON, SKIPPED = range(5)
# How its values are held.
PLAIN, LIST, LANGUAGE_MAP, GRAPH = range(4)

_CONTAINERS: dict[frozenset[str], int] = {
    frozenset(): PLAIN,
    frozenset({"@set"}): PLAIN,
    frozenset({"@list"}): LIST,
    frozenset({"@language"}): LANGUAGE_MAP,
    frozenset({"@language", "@set"}): LANGUAGE_MAP,
    frozenset({"@graph"}): GRAPH,
    frozenset({"@graph", "@set"}): GRAPH,
}
_absolute_iri = rdf.ABSOLUTE_IRI.fullmatch
_MAX_STATES = 1_000
_MAX_ENTRIES = 50_000


class Term:
    """What one key means in one state: everything needed to write its values."""

    __slots__ = (
        "container",
        "datatype",
        "end",
        "is_iri",
        "is_plain",
        "is_text",
        "key",
        "kind",
        "outside",
        "predicate",
        "reverts",
        "start",
        "state",
    )

    def __init__(self, kind: int, key: str, state: State, predicate: str = "", container: int = PLAIN) -> None:
        """This will describe a key; ``start`` and ``end`` are what stands before and after a literal's text."""
        self.kind = kind
        self.key = key
        self.container = container
        self.is_plain = container == PLAIN and kind != SKIPPED
        self.is_text = container == PLAIN and kind == LITERAL
        self.is_iri = container == PLAIN and kind == IRI
        self.predicate = f" {predicate} "
        self.start = f' {predicate} "'
        self.end = '" .\n'
        self.datatype: str | None = None
        # The state in which scalar values are read, and the one for value objects and lone ids.
        self.state = state
        self.outside: State | None = None
        # Whether a type-scoped context of the object around is left behind on entering an object within.
        self.reverts = "previousContext" in state.active


class State:
    """One active context, with what has been asked about it so far."""

    __slots__ = (
        "active",
        "compiler",
        "id_names",
        "locals",
        "none_names",
        "predicates",
        "prefixes",
        "says_twice",
        "terms",
        "type_names",
        "typed",
        "types",
        "value_names",
        "within",
    )

    def __init__(self, active: Active, compiler: Compiler) -> None:
        """This will start a state that knows nothing yet."""
        self.active = active
        self.compiler = compiler
        mappings: Mapping[str, Any] = active["mappings"]
        self.type_names, self.id_names, self.value_names, self.none_names = (
            (keyword, *(term for term, mapping in mappings.items() if mapping and mapping["@id"] == keyword))
            for keyword in ("@type", "@id", "@value", "@none")
        )
        self.prefixes = frozenset(term for term, mapping in mappings.items() if mapping and mapping["_prefix"])
        self.terms: dict[str, Term] = {}
        # Whether two keys of an object can mean the same property, and so say the same twice.
        self.predicates = {f" {rdf.RDF_TYPE} "}
        self.says_twice = False
        self.typed: dict[str | tuple[str, ...], tuple[State, list[str]]] = {}
        self.types: dict[str, str] = {}
        self.locals: dict[str | bytes | tuple[str, ...], State] = {}
        self.within: dict[str, State] = {}

    def term(self, key: str, meter: Meter) -> Term:
        """This will say what a key means here.

        Raises: DataLossError when it means nothing; NotCompiledError.
        """
        with self.compiler.lock:  # two threads must not miss that their keys mean the same
            term = self.terms.get(key)
            if term is None:
                term = self._compile(key, meter)
                self.compiler.count()
                if term.kind != SKIPPED:
                    self.says_twice = self.says_twice or term.predicate in self.predicates
                    self.predicates.add(term.predicate)
                self.terms[key] = term
            return term

    def with_types(self, types: str | tuple[str, ...], meter: Meter) -> tuple[State, list[str]]:
        """This will give the state inside an object of these types, and the statements that it has them.

        Raises: DataLossError when a type means nothing; NotCompiledError.
        """
        try:
            found = self.typed.get(types)
        except TypeError as error:  # not hashable, so no text; the general processor says what is wrong
            raise NotCompiledError from error
        if found is None:
            listed = types if isinstance(types, tuple) else (types,)
            if not all(isinstance(type_, str) for type_ in listed):
                raise NotCompiledError
            statements = sorted({f" {rdf.RDF_TYPE} {self.type_iri(type_)} .\n" for type_ in listed})
            active = self.active
            for type_ in sorted(listed):
                scoped = self._mapping(type_).get("@context")
                if scoped is not None and scoped is not False:
                    active = processor.process(active, scoped, meter, propagate=False)
            found = (self.compiler.state(active), statements)
            self.compiler.count()
            self.typed[types] = found
        return found

    def type_iri(self, type_: str) -> str:
        """This will expand a type. Raises: DataLossError when it means nothing; NotCompiledError."""
        found = self.types.get(type_)
        if found is None:
            expanded = processor.expand_iri(self.active, type_, vocab=True)
            if expanded is not None and expanded.startswith("_:"):
                raise NotCompiledError
            if expanded is None or not rdf.ABSOLUTE_IRI.fullmatch(expanded):
                raise DataLossError("undefined-type", term=type_)
            self.compiler.count()
            found = self.types[type_] = f"<{expanded}>"
        return found

    def datatype_iri(self, type_: str) -> str:
        """This will expand the type of a value object. Raises: NotCompiledError when it is no IRI."""
        try:
            return self.type_iri(type_)[1:-1]
        except DataLossError as error:  # @json, perhaps by another name; or wrong
            raise NotCompiledError from error

    def iri(self, value: str) -> str:
        """This will expand an IRI or compact IRI. Raises: DataLossError when it is relative; NotCompiledError."""
        match = _absolute_iri(value)
        if match is None:
            if value.startswith("_:"):
                raise NotCompiledError
            return rdf.iri(value)
        if match[1] in self.prefixes:
            return rdf.iri(processor.expand_iri(self.active, value, vocab=False))
        return f"<{value}>"

    def vocabulary_iri(self, value: str) -> str:
        """This will expand a value that may be a term. Raises: as ``iri``."""
        expanded = processor.expand_iri(self.active, value, vocab=True)
        if expanded is not None and expanded.startswith("_:"):
            raise NotCompiledError
        return rdf.iri(expanded if expanded is not None else value)

    def local(self, context: Any, meter: Meter) -> State:
        """This will give the state after a context that stands in the document.

        Raises: ContextError, WorkLimitError.
        """
        key: str | bytes | tuple[str, ...]
        if isinstance(context, str):
            key = context
        elif isinstance(context, list) and all(isinstance(item, str) for item in context):
            key = tuple(context)
        else:
            processor.check_local_context(context)
            try:
                key = orjson.dumps(context, option=orjson.OPT_SORT_KEYS)
            except TypeError as error:
                raise ContextError("context-not-json") from error
        found = self.locals.get(key)
        if found is None:
            processor.check_local_context(context)
            found = self.compiler.state(processor.process(self.active, context, meter), like=self)
            self.compiler.count()
            self.locals[key] = found
        return found

    def inside(self, term: Term, meter: Meter) -> State:
        """This will give the state of an object that is a value of the term.

        As PyLD does: a type-scoped context is left, then the term's own scoped context is applied.
        """
        found = self.within.get(term.key)
        if found is None:
            active = term.state.active.get("previousContext", term.state.active)
            found = self.within[term.key] = self._scoped(active, term, meter)
        return found

    def reference(self, term: Term, meter: Meter) -> State:
        """This will give the state of a value object or a lone id, for which no type-scoped context is left."""
        if term.outside is None:
            term.outside = self._scoped(term.state.active, term, meter)
        return term.outside

    def is_reference(self, value: Mapping[str, Any]) -> bool:
        """This will say whether an object of at most two members is a value object or a lone id.

        Source: JSON-LD 1.1 API, section 5.1.2, step 7.
        """
        names = self.id_names + self.value_names if len(value) == 1 else self.value_names
        return any(key in names for key in value)

    def _scoped(self, active: Active, term: Term, meter: Meter) -> State:
        scoped = term.state._mapping(term.key).get("@context")
        if scoped is not None:
            active = processor.process(active, scoped, meter, override_protected=True)
        return self.compiler.state(active)

    def _mapping(self, term: str) -> Mapping[str, Any]:
        mapping: Mapping[str, Any] | None = self.active["mappings"].get(term)
        return mapping or {}

    def _compile(self, key: str, meter: Meter) -> Term:
        if not isinstance(key, str):
            raise DocumentError("key-not-text", found=type(key).__name__)
        meter.charge_context(1)
        expanded = processor.expand_iri(self.active, key, vocab=True)
        if key == "@context" or expanded in ("@id", "@type"):
            return Term(SKIPPED, key, self)
        if expanded is None or not rdf.ABSOLUTE_IRI.fullmatch(expanded):
            if processor.is_keyword(expanded) or (expanded or "").startswith("_:"):
                raise NotCompiledError
            raise DataLossError("keyword-like-term" if key.startswith("@") else "undefined-term", term=key)
        mapping = self._mapping(key)
        state = self
        scoped = mapping.get("@context")
        if scoped is not None:
            state = self.compiler.state(processor.process(self.active, scoped, meter, override_protected=True))
        # Scalars are read with the term as the scoped context has it; where that says anything else, PyLD decides.
        inner = state._mapping(key)
        if (
            processor.expand_iri(state.active, key, vocab=True) != expanded
            or inner.get("@container") != mapping.get("@container")
            or mapping.get("reverse")
            or inner.get("reverse")
            or "@nest" in mapping
            or "@direction" in inner
            or "@direction" in state.active
            or (mapping.get("@type") == "@json") != (inner.get("@type") == "@json")
        ):
            raise NotCompiledError
        container = _CONTAINERS.get(frozenset(mapping.get("@container", ())))
        type_ = inner.get("@type")
        if container is None or type_ in (rdf.XSD_DOUBLE, rdf.RDF_LANG_STRING):
            raise NotCompiledError
        if type_ == "@json":
            if container != PLAIN:
                raise NotCompiledError
            return Term(JSON, key, state, f"<{expanded}>")
        kind = IRI if type_ == "@id" else VOCABULARY if type_ == "@vocab" else LITERAL
        term = Term(kind, key, state, f"<{expanded}>", container)
        if kind == LITERAL and type_ not in (None, "@none"):
            term.datatype = type_
            term.end = rdf.literal("", datatype=type_)[1:] + " .\n"
        elif kind == LITERAL:
            language = inner.get("@language", state.active.get("@language"))
            if language is not None:
                term.end = f'"@{rdf.language_tag(language)} .\n'
        return term


class Compiler:
    """All states, from the initial one on."""

    def __init__(self, *, max_entries: int = _MAX_ENTRIES) -> None:
        """This will start with nothing compiled, and start anew after `max_entries`."""
        self.max_entries = max_entries
        self.entries = 0
        self.lock = threading.RLock()
        self.states: dict[int, State] = {}
        self.initial = self.state(processor.initial())

    def state(self, active: Active, *, like: State | None = None) -> State:
        """This will give the one state for an active context.

        ``like`` is a state that the new one may equal, as when a credential within a credential repeats its contexts.
        """
        found = self.states.get(id(active))
        if found is not None and found.active is active:
            return found
        if like is not None and _same(active, like.active):
            return like
        found = self.states[id(active)] = State(active, self)
        return found

    def count(self) -> None:
        """This will count an entry and forget everything when there are too many."""
        self.entries += 1
        if self.entries > self.max_entries or len(self.states) > _MAX_STATES:
            self.entries = 0
            self.states = {}
            self.initial = self.state(processor.initial())


def _same(one: Active, other: Active) -> bool:
    return all(
        one.get(member) == other.get(member)
        for member in ("@vocab", "@language", "@direction", "@base", "previousContext", "mappings")
    )
