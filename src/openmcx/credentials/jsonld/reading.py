"""JSON as strictly as something that gets signed must be read.

Two readers that disagree about the same bytes are an attack: one shows what the other did not check. So whatever JSON
leaves open (duplicate keys, lone surrogates, numbers beyond a double) is refused or given the one meaning that RFC 8785
and JSON-LD give it.
"""

import codecs
import json
from typing import Any, NoReturn

import orjson

from openmcx.credentials.errors import DocumentError, pointer
from openmcx.credentials.jsonld.limits import DEFAULT, Limits

_BYTE_ORDER_MARKS = (
    codecs.BOM_UTF8,
    codecs.BOM_UTF32_LE,
    codecs.BOM_UTF32_BE,
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_BE,
)
# For the structure of a JSON text alone: its quotation marks and, as parentheses, its brackets of both kinds.
_NOT_STRUCTURE = bytes(code for code in range(256) if chr(code) not in '[]{}"')
_PARENTHESES = bytes.maketrans(b"[]{}", b"()()")
_SAFE_INTEGER = 2**53 - 1


def load(data: bytes | str, *, limits: Limits = DEFAULT) -> dict[str, Any]:
    """This will read one JSON object, or say what is wrong with it.

    Integers beyond 2**53 - 1 become doubles, as RFC 8785 (which signs them as doubles) and every JavaScript reader do.

    Raises: DocumentError when it is too large, too deep, not UTF-8, not JSON, no object, or says something twice.
    Source: RFC 8259; RFC 8785, section 3.1; RFC 7493 (I-JSON), sections 2.1 to 2.3.
    """
    if isinstance(data, str):
        try:
            data = data.encode()
        except UnicodeEncodeError as error:
            raise DocumentError("lone-surrogate") from error
    if len(data) > limits.max_bytes:
        raise DocumentError("document-too-large", size=len(data), limit=limits.max_bytes)
    try:
        parsed = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        _refuse_unreadable(data, error, limits)
    if not isinstance(parsed, dict):
        raise DocumentError("document-not-an-object", kind=json_type(parsed))
    document: dict[str, Any] = parsed
    quotes = _check_structure(data, limits)
    try:
        written = orjson.dumps(document, option=orjson.OPT_STRICT_INTEGER)
    except TypeError:
        document = {key: _with_doubles(value) for key, value in document.items()}
        written = orjson.dumps(document)
    # Of duplicate keys only the last was read. Nothing else is lost in reading, so the quotation marks tell.
    if _without_escapes(written).count(b'"') != quotes:
        _refuse_duplicates(data)
    return document


def json_type(value: object) -> str:
    """This will give the code of a JSON value's type, one of `wording.KINDS`."""
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}
    if value is None:
        return "json-null"
    name = names.get(type(value))
    return f"json-{name}" if name else type(value).__name__


def _without_escapes(data: bytes) -> bytes:
    """This will take out the escaped quotation marks, leaving those that begin and end a string."""
    return data.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in data else data


def _check_structure(data: bytes, limits: Limits) -> int:
    """This will check how deep the text nests and give the number of its quotation marks."""
    data = _without_escapes(data)
    if data.count(b"{") + data.count(b"[") <= limits.max_depth:
        return data.count(b'"')
    structure = data.translate(_PARENTHESES, _NOT_STRUCTURE)
    # A string without brackets has become a pair of quotation marks. Before a bracket inside a string there is an odd
    # number of them, so one stays behind.
    brackets = structure.replace(b'""', b"")
    if b'"' in brackets:
        brackets = b"".join(structure.split(b'"')[::2])
    if len(brackets) > 2 * limits.max_depth:
        for _ in range(limits.max_depth):  # each round takes away the innermost level
            brackets = brackets.replace(b"()", b"")
            if not brackets:
                break
        else:
            raise DocumentError("document-too-deep", limit=limits.max_depth)
    return data.count(b'"')


def _refuse_unreadable(data: bytes, error: orjson.JSONDecodeError, limits: Limits) -> NoReturn:
    for mark in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            raise DocumentError("document-has-byte-order-mark", mark=mark.hex(" ").upper()) from error
    try:
        data.decode()
    except UnicodeDecodeError as not_utf8:
        raise DocumentError("document-not-utf8", position=not_utf8.start) from error
    if not data.strip():
        raise DocumentError("document-empty") from error
    reason = error.msg
    if "surrogate" in reason:
        raise DocumentError("lone-surrogate") from error
    if "infinity" in reason:
        raise DocumentError("number-out-of-range") from error
    if "depth" in reason:
        raise DocumentError("document-too-deep", limit=limits.max_depth) from error
    raise DocumentError("document-not-json", line=error.lineno, column=error.colno) from error


def _with_doubles(value: Any) -> Any:
    if type(value) is dict:
        return {key: _with_doubles(member) for key, member in value.items()}
    if type(value) is list:
        return [_with_doubles(member) for member in value]
    if type(value) is int and abs(value) > _SAFE_INTEGER:
        return float(value)
    return value


class _Duplicate(dict[str, Any]):
    """An object of the text in which a key stands twice; remembers which."""

    key = ""


def _refuse_duplicates(data: bytes) -> NoReturn:
    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(members)
        if len(found) == len(members):
            return found
        seen: set[str] = set()
        duplicate = _Duplicate(found)
        for key, _ in members:
            if key in seen:
                duplicate.key = key
                break
            seen.add(key)
        return duplicate

    found = _first_duplicate(json.loads(data, object_pairs_hook=pairs), ())
    if found is None:  # cannot happen unless the two JSON readers disagree, and then nothing may be trusted
        raise DocumentError("document-not-json", line=1, column=1)
    path, key = found
    raise DocumentError("duplicate-key", where=pointer((*path, key)), key=key)


def _first_duplicate(value: Any, path: tuple[str | int, ...]) -> tuple[tuple[str | int, ...], str] | None:
    if isinstance(value, _Duplicate):
        return path, value.key
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        if found := _first_duplicate(member, (*path, key)):
            return found
    return None
