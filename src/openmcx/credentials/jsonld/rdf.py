"""RDF terms as canonical N-Quads, and the checks without which a term could say more than one thing.

A term that is written unchecked can close its own quotes: a language tag or an IRI with a space, a quotation mark or a
line break in it would add or hide whole statements in the canonical form. So nothing reaches a line unless it has the
shape that the N-Quads grammar gives it.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from openmcx.credentials.errors import DataLossError, DocumentError

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = f"<{RDF}type>"
RDF_FIRST = f"<{RDF}first>"
RDF_REST = f"<{RDF}rest>"
RDF_NIL = f"<{RDF}nil>"
RDF_JSON = f"{RDF}JSON"
RDF_LANG_STRING = f"{RDF}langString"
XSD_STRING = f"{XSD}string"
XSD_BOOLEAN = f"{XSD}boolean"
XSD_INTEGER = f"{XSD}integer"
XSD_DOUBLE = f"{XSD}double"

SAFE_INTEGER = 2**53 - 1

# A scheme, a colon and nothing that the grammar of N-Quads keeps out of <…>: no space, control or surrogate, and none
# of < > " { } | ^ ` \ either. (What may stand there is listed because that is quicker than listing what may not.)
ABSOLUTE_IRI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):[!#-;=?-\[\]_a-z~\x80-\ud7ff\ue000-\U0010ffff]*")
LANGUAGE_TAG = re.compile(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")
# N-Quads' BLANK_NODE_LABEL without the letters beyond ASCII, which no JSON-LD processor we exchange with needs.
BLANK_NODE = re.compile(r"_:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")

# The backslash first, since the others bring backslashes in.
_SHORT_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")
_LONG_ESCAPE = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff]")


class Quad(NamedTuple):
    """A statement; each term as N-Quads writes it, ``graph`` empty for the default graph."""

    subject: str
    predicate: str
    object: str
    graph: str = ""

    def line(self) -> str:
        """This will write the statement as one line of N-Quads."""
        subject, predicate, object_, graph = self
        return f"{subject} {predicate} {object_} {graph} .\n" if graph else f"{subject} {predicate} {object_} .\n"


def needs_no_escape(document: Mapping[str, Any]) -> bool:
    """This will say that no text of a document holds anything to escape, by looking at all of it at once."""
    try:
        written = orjson.dumps(document)
    except TypeError:
        return False
    # What JSON escapes, DEL, and (with false alarms) U+FFFE and U+FFFF.
    return b"\\" not in written and b"\x7f" not in written and (written.isascii() or b"\xef\xbf" not in written)


def escape(value: str) -> str:
    """This will write a literal's text for between quotation marks.

    Raises: DocumentError when half a character is in it.
    Source: RDF Dataset Canonicalization, section 5 (canonical N-Quads).
    """
    if value.isprintable() and '"' not in value and "\\" not in value:
        return value
    for char, escaped in _SHORT_ESCAPES.items():
        value = value.replace(char, escaped)
    if _HALF_CHARACTER.search(value):
        raise DocumentError("lone-surrogate")
    return _LONG_ESCAPE.sub(lambda match: f"\\u{ord(match[0]):04X}", value)


def literal(value: str, *, datatype: str = XSD_STRING, language: str | None = None) -> str:
    """This will write a literal; the data type must have passed ``iri`` and the language ``language_tag``."""
    if language is not None:
        return f'"{escape(value)}"@{language}'
    return f'"{escape(value)}"' if datatype == XSD_STRING else f'"{escape(value)}"^^<{datatype}>'


def iri(value: object) -> str:
    """This will write an absolute IRI. Raises: DataLossError when it is none."""
    if isinstance(value, str) and ABSOLUTE_IRI.fullmatch(value):
        return f"<{value}>"
    text = str(value)
    code = "invalid-iri" if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text) else "relative-iri"
    raise DataLossError(code, value=text)


@lru_cache(maxsize=1024)
def language_tag(value: str) -> str:
    """This will give a language tag in lower case. Raises: DataLossError when it is none.

    Source: RFC 5646, section 2.1, as far as the LANGTAG of N-Quads goes; JSON-LD 1.1 API, section 5.1.2.
    """
    if not LANGUAGE_TAG.fullmatch(value):
        raise DataLossError("invalid-language-tag", value=value)
    return value.lower()


def native(value: bool | float, datatype: str | None) -> str:
    """This will write a JSON number or boolean as the literal that JSON-LD makes of it.

    Raises: DocumentError when an integer is beyond what a double holds exactly, or the number is not finite.
    Source: JSON-LD 1.1 API, section 8.2.2 (Object to RDF Conversion).
    """
    if isinstance(value, bool):
        return literal("true" if value else "false", datatype=datatype or XSD_BOOLEAN)
    if isinstance(value, int):
        if abs(value) > SAFE_INTEGER:
            raise DocumentError("number-out-of-range")
        if datatype != XSD_DOUBLE:
            return literal(str(value), datatype=datatype or XSD_INTEGER)
        return literal(double(value), datatype=XSD_DOUBLE)
    if value != value or value in (float("inf"), float("-inf")):
        raise DocumentError("not-a-finite-number")
    if value.is_integer() and abs(value) < 1e21 and datatype != XSD_DOUBLE:
        return literal(str(int(value)), datatype=datatype or XSD_INTEGER)
    return literal(double(value), datatype=datatype or XSD_DOUBLE)


def double(value: float) -> str:
    """This will write a number as a canonical xsd:double, with the 15 decimals that JSON-LD keeps."""
    mantissa, exponent = f"{value:.15E}".split("E")
    digits = mantissa.rstrip("0")
    return f"{digits}0E{int(exponent)}" if digits.endswith(".") else f"{digits}E{int(exponent)}"


def tagged_text(value: str, language: str | None, direction: str | None) -> str:
    """This will write a text with a language, a base direction (as the i18n data types have it), both or neither.

    Raises: DataLossError for a bad language tag.
    Source: JSON-LD 1.1, section 10.2.1 (i18n-datatype).
    """
    tag = None if language is None else language_tag(language)
    if direction is None:
        return literal(value, language=tag)
    return literal(value, datatype=f"https://www.w3.org/ns/i18n#{tag or ''}_{direction}")


def typed_text(value: str, datatype: str) -> str:
    """This will write a text that the document gives a data type, xsd:double in its canonical form.

    Raises: DataLossError when it is called an xsd:double and is none: processors read different numbers out of it.
    """
    if datatype == RDF_LANG_STRING:
        raise DataLossError("language-missing")
    if datatype == XSD_DOUBLE:
        if not DOUBLE.fullmatch(value) or abs(float(value)) == float("inf"):
            raise DataLossError("not-a-double", value=value)
        value = double(float(value))
    return literal(value, datatype=datatype)
