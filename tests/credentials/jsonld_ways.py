"""The ways in which a document can become canonical N-Quads, for tests that compare them."""

from typing import Any

from openmcx.credentials import CredentialError
from openmcx.credentials.jsonld import contexts, expanded, processor, rdfc
from openmcx.credentials.jsonld.compiler import NotCompiledError
from openmcx.credentials.jsonld.limits import DEFAULT, Limits, Meter
from openmcx.credentials.jsonld.walker import walk

VC = contexts.VC_V2
OPEN_BADGES = contexts.OPEN_BADGES_V3
NOT_COMPILED = "not compiled"


def by_walk(document: dict[str, Any], limits: Limits = DEFAULT) -> str:
    """The compiled walk, subject by subject."""
    meter = Meter(limits)
    return walk(document, meter).canonical(meter, "sha256")


def by_quads(document: dict[str, Any], limits: Limits = DEFAULT) -> str:
    """The compiled walk, quad by quad through the general canonicalisation."""
    meter = Meter(limits)
    return rdfc.canonical(walk(document, meter).quads(), meter)[0]


def by_expansion(document: dict[str, Any], limits: Limits = DEFAULT) -> str:
    """The general processor."""
    meter = Meter(limits)
    return rdfc.canonical(expanded.quads(processor.expand(document, meter)), meter)[0]


def outcome(way: Any, document: dict[str, Any], limits: Limits = DEFAULT) -> Any:
    """The canonical form, or the kind and code of the error."""
    try:
        return way(document, limits)
    except CredentialError as error:
        return type(error).__name__, error.code
    except NotCompiledError:
        return NOT_COMPILED


def bundled_loader(url: str, options: Any) -> dict[str, Any]:
    """A document loader for PyLD that knows the bundled contexts only."""
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": {"@context": contexts.definition(url)},
    }
