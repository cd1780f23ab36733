"""JSON-LD for credentials: strict reading, N-Quads, canonical forms.

Nothing here fetches, guesses or drops: contexts are bundled, and a term, type or address that a signature would not
cover is refused with the place where it stands.
"""

from collections.abc import Mapping
from typing import Any

from openmcx.credentials.jsonld import expanded, processor
from openmcx.credentials.jsonld.compiler import NotCompiledError
from openmcx.credentials.jsonld.contexts import BUNDLED
from openmcx.credentials.jsonld.jcs import jcs
from openmcx.credentials.jsonld.limits import DEFAULT, Limits, Meter
from openmcx.credentials.jsonld.places import places_in
from openmcx.credentials.jsonld.rdfc import Algorithm, canonical, issued_identifiers, rdfc10
from openmcx.credentials.jsonld.reading import load
from openmcx.credentials.jsonld.walker import walk

__all__ = [
    "BUNDLED",
    "DEFAULT",
    "Algorithm",
    "Limits",
    "canonical_nquads",
    "issued_identifiers",
    "jcs",
    "load",
    "rdfc10",
    "to_nquads",
]


def to_nquads(document: Mapping[str, Any], *, limits: Limits = DEFAULT) -> list[str]:
    """This will write a JSON-LD document as lines of N-Quads, in no particular order.

    Raises: DataLossError when something in it would be dropped; ContextError; WorkLimitError; DocumentError.
    """
    meter = Meter(limits)
    with places_in(document):
        try:
            quads = walk(document, meter).quads()
        except NotCompiledError:
            quads = set(expanded.quads(processor.expand(document, meter)))
    return [quad.line() for quad in quads]


def canonical_nquads(
    document: Mapping[str, Any],
    *,
    limits: Limits = DEFAULT,
    algorithm: Algorithm = "sha256",
    meter: Meter | None = None,
) -> str:
    """This will write a JSON-LD document as canonical N-Quads, the work being counted on a `meter` of several if given.

    Raises: as ``to_nquads``.
    Source: RDF Dataset Canonicalization; JSON-LD 1.1 API.
    """
    if meter is None:
        meter = Meter(limits)
    with places_in(document):
        try:
            return walk(document, meter).canonical(meter, algorithm)
        except NotCompiledError:
            return canonical(expanded.quads(processor.expand(document, meter)), meter, algorithm)[0]
