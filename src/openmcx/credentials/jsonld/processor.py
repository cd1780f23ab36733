"""The general JSON-LD processor: PyLD, kept from fetching, guessing and dropping anything.

It does two things. It processes contexts for the compiler, whose states are PyLD's active contexts. And it expands
whole documents that use what the compiled walk does not cover. PyLD follows the specification in dropping, without a
word, whatever has no meaning in RDF; here each such place is an error, because a signature would not cover it.
"""

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from openmcx.credentials.errors import ContextError, CredentialError, DataLossError, DocumentError, WorkLimitError
from openmcx.credentials.jsonld import contexts
from openmcx.credentials.jsonld.limits import Meter
from openmcx.credentials.jsonld.rdf import ABSOLUTE_IRI, LANGUAGE_TAG


@contextmanager
def _without_network_libraries() -> Iterator[None]:
    """This will keep PyLD from loading the libraries it would fetch contexts with.

    They are half of its import time, and without them it has nothing to fetch with.
    """
    hidden = [name for name in ("requests", "aiohttp") if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # an import of it then raises ImportError
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


with _without_network_libraries():
    from pyld import jsonld as pyld
    from pyld.resolved_context import ResolvedContext

type Active = Mapping[str, Any]
"""An active context as PyLD has it."""

# PyLD's caches are not safe between threads, and the meter of the document at work is kept beside them.
_LOCK = threading.RLock()

_FORBIDDEN_IN_INLINE_CONTEXTS = ("@import", "@base", "@direction", "@propagate")
_KNOWN_IN_INLINE_CONTEXTS = ("@version", "@vocab", "@language", "@protected", "@type")
_MAX_INLINE_DEPTH = 8


class _Context(ResolvedContext):  # type: ignore[misc]  # PyLD has no types
    """One context, with the number of term definitions in it, charged whenever it has to be processed."""

    def __init__(self, document: Any, *, definitions: int) -> None:
        super().__init__(document)
        self.definitions = definitions

    def set_processed(self, active_ctx: Active, processed_ctx: Active) -> None:
        super().set_processed(active_ctx, processed_ctx)
        if _at_work.meter is not None:
            # Each processing also copies and looks through the terms there are.
            _at_work.meter.charge_context(self.definitions + 10 + len(processed_ctx["mappings"]) // 16)


class _AtWork:
    """Whose document is being processed; changed under the lock only."""

    meter: Meter | None = None


_at_work = _AtWork()


class _Resolver:
    """Resolves bundled addresses and inline contexts, and nothing else."""

    def __init__(self) -> None:
        self.bundled: dict[str, _Context] = {}

    def resolve(self, active_ctx: Active, context: Any, base: Any, cycles: Any = None) -> list[_Context]:
        """This will do what PyLD's own resolver does, without loading anything."""
        if isinstance(context, Mapping) and "@context" in context:
            context = context["@context"]
        return [self._one(item) for item in (context if isinstance(context, list) else [context])]

    def _one(self, item: Any) -> _Context:
        if isinstance(item, str):
            known = self.bundled.get(item)
            if known is None:
                definition = contexts.definition(item)
                known = self.bundled[item] = _Context(definition, definitions=count_definitions(definition))
            return known
        if item is None or item is False:
            return _Context(document=False, definitions=1)
        if not isinstance(item, Mapping):
            raise ContextError("context-not-an-object")
        definitions = count_definitions(item)
        if _at_work.meter is not None:
            # PyLD says that a context was processed when it is done with it, which is too late for a great one.
            _at_work.meter.foresee_context(definitions)
        return _Context(item, definitions=definitions)


_RESOLVER = _Resolver()
_OPTIONS = {
    "base": None,  # without it PyLD resolves relative addresses against an example base
    "contextResolver": _RESOLVER,
    "processingMode": "json-ld-1.1",
    "isFrame": False,
    "keepFreeFloatingNodes": False,
}


class _Guarded(pyld.JsonLdProcessor):  # type: ignore[misc]  # PyLD has no types
    """PyLD's processor, refusing what it would drop."""

    def __init__(self) -> None:
        super().__init__(on_property_dropped=self._refuse_property)

    def _refuse_property(self, expanded: str | None) -> None:
        raise DataLossError("undefined-term", term=expanded or "@…")

    def _process_context(self, *args: Any, **more: Any) -> Any:
        try:
            return super()._process_context(*args, **more)
        except RecursionError:
            raise
        except Exception as error:
            raise _worded(error, ContextError, "context-invalid") from error

    def _expand(self, active_ctx: Any, active_property: Any, element: Any, options: Any, **more: Any) -> Any:
        expanded = super()._expand(active_ctx, active_property, element, options, **more)
        if expanded is None and element is not None:
            raise DataLossError("value-says-nothing")
        return expanded


_processor = _Guarded()


def initial() -> Active:
    """This will give the active context that every document starts with."""
    active: Active = _processor._get_initial_context(_OPTIONS)
    return active


def process(
    active: Active, local: Any, meter: Meter, *, override_protected: bool = False, propagate: bool = True
) -> Active:
    """This will apply a local context to an active one.

    Raises: ContextError when it is unknown or not valid; WorkLimitError when it is too much.
    """
    with _working(meter, ContextError, "context-invalid"):
        processed: Active = _processor._process_context(
            active, local, dict(_OPTIONS), override_protected=override_protected, propagate=propagate
        )
        return processed


def expand_iri(active: Active, value: str, *, vocab: bool) -> str | None:
    """This will expand a term, compact IRI or IRI as JSON-LD does, relative ones staying relative."""
    expanded: str | None = _processor._expand_iri(active, value, vocab=vocab, base=None)
    return expanded


def expand(document: Mapping[str, Any], meter: Meter) -> list[Any]:
    """This will expand a whole document, refusing what would be dropped.

    Raises: DataLossError, ContextError, DocumentError, WorkLimitError.
    """
    _check_values(document, meter)
    check_inline_contexts(document)
    with _working(meter, DocumentError, "json-ld-invalid"):
        expanded: list[Any] = _processor.expand(document, dict(_OPTIONS))
        return expanded


type Path = tuple[str | int, ...]


class _Placed(dict[str, Any]):
    """An object that knows where in the document it stands, which survives PyLD's copying."""

    path: Path


_NOT_BLANK = frozenset({"@id", "@value", "@list", "@set"})


class _Watching(_Guarded):
    """PyLD's processor, noting which objects of the document become nodes without an id."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Path] = []

    def _expand(self, active_ctx: Any, active_property: Any, element: Any, options: Any, **more: Any) -> Any:
        expanded = super()._expand(active_ctx, active_property, element, options, **more)
        if isinstance(element, _Placed) and isinstance(expanded, dict) and _NOT_BLANK.isdisjoint(expanded):
            self.found.append(element.path)
        return expanded


def objects_without_id(document: Mapping[str, Any], meter: Meter) -> dict[Path, int]:
    """This will give the places of all objects that become blank nodes, numbered.

    Raises: as ``expand``.
    """
    _check_values(document, meter)
    check_inline_contexts(document)

    def placed(value: Any, path: Path) -> Any:
        if isinstance(value, Mapping):
            members = {key: m if key == "@context" else placed(m, (*path, key)) for key, m in value.items()}
            copy = _Placed(members)
            copy.path = path
            return copy
        if isinstance(value, list):
            return [placed(member, (*path, number)) for number, member in enumerate(value)]
        return value

    watching = _Watching()
    with _working(meter, DocumentError, "json-ld-invalid"):
        watching.expand(placed(document, ()), dict(_OPTIONS))
    return {path: number for number, path in enumerate(dict.fromkeys(watching.found))}


def check_inline_contexts(document: Any) -> None:
    """This will look at every context written into the document itself. Raises: ContextError."""
    stack = [document]
    while stack:
        item = stack.pop()
        if isinstance(item, Mapping):
            if "@context" in item:
                check_local_context(item["@context"])
            stack.extend(value for key, value in item.items() if key != "@context")
        elif isinstance(item, list):
            stack.extend(item)


def check_local_context(local: Any) -> None:
    """This will refuse what a context in a document may not do.

    Raises: ContextError for unknown addresses and for what changes the meaning of terms behind the reader's back.
    """
    for item in local if isinstance(local, list) else [local]:
        if isinstance(item, str):
            if item not in contexts.BUNDLED:
                raise ContextError("unknown-context", url=item)
        elif isinstance(item, Mapping):
            _check_inline(item, 1)
        elif item is not None:
            raise ContextError("context-not-an-object")


def _check_inline(context: Mapping[str, Any], depth: int) -> None:
    if depth > _MAX_INLINE_DEPTH:
        raise ContextError("context-nests-too-deeply", limit=_MAX_INLINE_DEPTH)
    for key, value in context.items():
        if not isinstance(key, str):
            raise ContextError("context-term-not-text")
        if key in _FORBIDDEN_IN_INLINE_CONTEXTS:
            raise ContextError("context-keyword-not-allowed", keyword=key)
        if key.startswith("@") and key not in _KNOWN_IN_INLINE_CONTEXTS:
            raise ContextError("context-keyword-not-allowed", keyword=key)
        if key == "@vocab" and not (isinstance(value, str) and ABSOLUTE_IRI.fullmatch(value)):
            raise ContextError("context-vocabulary-invalid")
        if key == "@language" and not (isinstance(value, str) and LANGUAGE_TAG.fullmatch(value)):
            raise ContextError("context-language-invalid")
        if isinstance(value, Mapping):
            _check_term_definition(value, depth)
        elif isinstance(value, str) and key not in _KNOWN_IN_INLINE_CONTEXTS:
            _check_mapping(value)


def _check_term_definition(value: Mapping[str, Any], depth: int) -> None:
    scoped = value.get("@context")
    for item in scoped if isinstance(scoped, list) else [scoped]:
        if isinstance(item, Mapping):
            _check_inline(item, depth + 1)
        elif item is not None:  # each address would be processed anew inside each term
            raise ContextError("context-address-inside")
    if "@direction" in value:
        raise ContextError("context-keyword-not-allowed", keyword="@direction")
    language = value.get("@language")
    if language is not None and not (isinstance(language, str) and LANGUAGE_TAG.fullmatch(language)):
        raise ContextError("context-language-invalid")
    for member in ("@id", "@reverse", "@type"):
        if isinstance(value.get(member), str):
            _check_mapping(value[member])


def _check_mapping(target: str) -> None:
    if target.startswith("@") and not is_keyword(target):
        raise ContextError("context-keyword-unknown", keyword=target)


def count_definitions(context: Any) -> int:
    """This will count the term definitions in a context, scoped contexts included."""
    if isinstance(context, list):
        return sum(map(count_definitions, context))
    if not isinstance(context, Mapping):
        return 1
    return len(context) + sum(
        count_definitions(value["@context"])
        for value in context.values()
        if isinstance(value, Mapping) and "@context" in value
    )


def _check_values(document: Any, meter: Meter) -> None:
    """This will count the values and refuse what is no JSON, of which PyLD would write Python's representation.

    Raises: WorkLimitError, DocumentError.
    """
    count = 0
    stack = [document]
    while stack:
        item = stack.pop()
        count += 1
        if count > meter.limits.max_slow_values:
            raise WorkLimitError("too-many-values", limit=meter.limits.max_slow_values)
        if isinstance(item, Mapping):
            for key in item:
                if not isinstance(key, str):
                    raise DocumentError("key-not-text", found=type(key).__name__)
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
        elif item is not None and not isinstance(item, str | bool | int | float):
            raise DocumentError("not-json-data", found=type(item).__name__)


@contextmanager
def _working(meter: Meter, kind: type[CredentialError], code: str) -> Iterator[None]:
    """This will run PyLD for one document and word whatever it raises as an error of ours."""
    with _LOCK:
        outer, _at_work.meter = _at_work.meter, meter
        try:
            yield
        except CredentialError:
            raise
        except RecursionError as error:
            raise DocumentError("document-too-deep", limit=meter.limits.max_depth) from error
        except Exception as error:
            raise _worded(error, kind, code) from error
        finally:
            _at_work.meter = outer


def _worded(error: BaseException, kind: type[CredentialError], code: str) -> CredentialError:
    """This will find our own error under PyLD's wrappings, or name PyLD's, which is one of JSON-LD's error codes."""
    name = type(error).__name__
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, CredentialError):
            return inner
        if isinstance(inner, pyld.JsonLdError) and inner.code:
            name = str(inner.code)
        inner = inner.__cause__
    return kind(code, error=name)


def is_keyword(value: str | None) -> bool:
    """This will say whether a value is a keyword of JSON-LD."""
    return bool(pyld._is_keyword(value))
