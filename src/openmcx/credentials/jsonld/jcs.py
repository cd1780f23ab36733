"""JSON Canonicalization Scheme.

orjson with sorted keys writes RFC 8785 for nearly every document, a hundred times faster than a serializer in Python.
It differs in three places only, and a guard looks for each: floats, integers beyond 2**53 - 1, and keys outside the
Basic Multilingual Plane (sorted by UTF-16 in the RFC). Then rfc8785 writes the document.
"""

from typing import Any

import orjson
import rfc8785

from openmcx.credentials.errors import DocumentError

_OPTIONS = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_STRICT_INTEGER
    | orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
)
_DEEPEST = 254  # levels that orjson writes
_BELOW_ASTRAL = bytes(range(0xF0))
_BELOW_PRIVATE_USE = bytes(range(0xEE))
_FROM_ASTRAL = bytes(range(0xF0, 0x100))


def jcs(value: Any) -> bytes:
    """This will write a JSON value canonically.

    Raises: DocumentError when the value is no JSON: not finite, beyond a double, half a character, another type.
    Source: RFC 8785.
    """
    try:
        written = orjson.dumps(value, option=_OPTIONS)
    except TypeError:  # the exact serializer decides, and names what is wrong
        return _exactly(value)
    return _exactly(value) if _holds_float(value) or _may_sort_otherwise(written) else written


def _holds_float(value: Any) -> bool:
    """This will look for a float anywhere in a value that orjson could write (NaN and infinities are floats, too)."""
    containers: list[Any] = [[value]]
    for container in containers:  # grows while it is gone through
        for item in container:
            kind = type(item)
            if kind is float:
                return True
            if kind is dict:
                containers.append(item.values())
            elif kind is list or kind is tuple:
                containers.append(item)
    return False


def _may_sort_otherwise(written: bytes) -> bool:
    """This will say whether keys could sort otherwise by UTF-16 than by UTF-8.

    They can only between an astral character and one from U+E000 on; in a value that is a false alarm.
    """
    return (
        not written.isascii()
        and bool(written.translate(None, _BELOW_ASTRAL))
        and bool(written.translate(None, _BELOW_PRIVATE_USE + _FROM_ASTRAL))
    )


def _exactly(value: Any) -> bytes:
    try:
        _check(value)
        return rfc8785.dumps(value)
    except rfc8785.IntegerDomainError as error:
        raise DocumentError("number-out-of-range") from error
    except rfc8785.FloatDomainError as error:
        raise DocumentError("not-a-finite-number") from error
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise DocumentError("lone-surrogate") from error
    except RecursionError as error:
        raise DocumentError("document-too-deep", limit=_DEEPEST) from error


def _check(value: Any) -> None:
    """This will refuse what is no JSON before the serializer words it as something else."""
    if isinstance(value, dict):
        for key, member in value.items():
            if not isinstance(key, str):
                raise DocumentError("key-not-text", found=type(key).__name__)
            _check(member)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item)
    elif value is not None and not isinstance(value, str | int | float):
        raise DocumentError("not-json-data", found=type(value).__name__)
