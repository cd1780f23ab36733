"""Documents that differ in a few texts only, compiled once.

All proofs that an issuer makes look alike but for the time and the key. So one sample with holes in it is written as
canonical N-Quads, cut at the holes, and filled again and again. That is exact as long as nothing else can depend on
what stands in a hole; where it could, there is no template and the general way is taken:

* a hole must come out as the object of one statement, and no other statement may share its subject and predicate
  (their order would depend on the values);
* at most one blank node may be there (names given by hashes would depend on the values).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from openmcx.credentials.jsonld import rdf
from openmcx.credentials.jsonld.compiler import NotCompiledError
from openmcx.credentials.jsonld.limits import Meter
from openmcx.credentials.jsonld.walker import walk

# Schemes that no bundled context uses as a prefix: an address with one of them means itself under all of them.
_SCHEMES = ("did", "http", "https", "urn")
_HOLE = "urn:openmcx:hole:"


class Template:
    """The canonical N-Quads of a document, with holes for some of its texts."""

    __slots__ = ("_addresses", "_pieces")

    def __init__(self, pieces: Sequence[str], addresses: Sequence[bool]) -> None:
        """This will keep what stands between the holes, and which holes hold addresses."""
        self._pieces = tuple(pieces)
        self._addresses = tuple(addresses)

    @classmethod
    def of(cls, document: Mapping[str, Any], holes: Sequence[str], meter: Meter) -> Self | None:
        """This will make a template of a document whose top-level members ``holes`` are to vary; None if it cannot.

        Raises: as ``walk``.
        """
        marks = {member: f"{_HOLE}{number}:" for number, member in enumerate(holes)}
        try:
            dataset = walk({**document, **marks}, meter)
        except NotCompiledError:
            return None
        if dataset.named or sum(node[0][0] == "_" for node in dataset.default.nodes) > 1:
            return None
        text = dataset.canonical(meter, "sha256")
        positions = [text.find(mark) for mark in marks.values()]
        if positions != sorted(positions) or any(text.count(mark) != 1 for mark in marks.values()):
            return None
        starts = [line.split(" ", 2)[:2] for line in text.split("\n")[:-1]]
        pieces, addresses = [], []
        for mark in marks.values():
            piece, text = text.split(mark)
            *_, line = piece.split("\n")
            before = line.split(" ", 2)
            if before[2:] not in (['"'], ["<"]) or starts.count(before[:2]) > 1:
                return None
            pieces.append(piece)
            addresses.append(before[2] == "<")
        return cls([*pieces, text], addresses)

    def fill(self, values: Sequence[str]) -> str | None:
        """This will give the canonical N-Quads with these texts in the holes, or None where the general way must judge.

        Raises: DocumentError when half a character is in a text.
        """
        pieces = self._pieces
        filled = pieces[0]
        for value, is_address, piece in zip(values, self._addresses, pieces[1:], strict=True):
            if is_address:
                match = rdf.ABSOLUTE_IRI.fullmatch(value)
                if match is None or match[1] not in _SCHEMES:
                    return None
                filled += value + piece
            else:
                filled += rdf.escape(value) + piece
        return filled
