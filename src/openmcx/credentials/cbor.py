"""CBOR, the part of it that COSE headers and CBOR web tokens are made of, read so that one text has one meaning.

Numbers, byte and text strings, arrays, maps, tags, true, false and null. Everything has its length in front and is in
the shortest form, no key stands twice, nothing follows behind, and the work is bounded before it is done. Floats,
indefinite lengths and other simple values are refused.

Source: RFC 8949, sections 3, 4.2.1 (core deterministic encoding) and 5.6 (duplicate keys).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openmcx.credentials.errors import ProofError

_MAX_BYTES = 4 * 1024 * 1024
_MAX_DEPTH = 16
_MAX_ITEMS = 10_000
_UINT, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_SIMPLE_VALUES: dict[int, bool | None] = {20: False, 21: True, 22: None}


@dataclass(frozen=True, slots=True)
class Tagged:
    """A value with a tag before it."""

    tag: int
    value: Any


def loads(data: bytes, *, max_bytes: int = _MAX_BYTES) -> Any:
    """This will read one value that takes all of `data`.

    Raises: ProofError when it is malformed, ambiguous or beyond the limits.
    """
    if len(data) > max_bytes:
        raise ProofError("cose-malformed", reason="cbor-beyond-limits")
    reader = _Reader(data)
    value = reader.value(0)
    if reader.at != len(data):
        raise ProofError("cose-malformed", reason="cbor-malformed")
    return value


def dumps(value: Any) -> bytes:
    """This will write a value in the shortest form; the members of a map stay in their order.

    Raises: TypeError when it holds something that is not written here.
    """
    if value is None or isinstance(value, bool):
        return bytes([0xF6 if value is None else 0xF5 if value else 0xF4])
    if isinstance(value, int):
        return _head(_UINT, value) if value >= 0 else _head(_NEGATIVE, -1 - value)
    if isinstance(value, bytes):
        return _head(_BYTES, len(value)) + value
    if isinstance(value, str):
        encoded = value.encode()
        return _head(_TEXT, len(encoded)) + encoded
    if isinstance(value, list | tuple):
        return _head(_ARRAY, len(value)) + b"".join(map(dumps, value))
    if isinstance(value, Mapping):
        return _head(_MAP, len(value)) + b"".join(dumps(key) + dumps(member) for key, member in value.items())
    if isinstance(value, Tagged):
        return _head(_TAG, value.tag) + dumps(value.value)
    raise TypeError(f"not written as CBOR: {type(value).__name__}")


def _head(major: int, argument: int) -> bytes:
    if argument < 24:
        return bytes([major << 5 | argument])
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << 8 * size:
            return bytes([major << 5 | info]) + argument.to_bytes(size)
    raise TypeError("a number is too large for CBOR")


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._items = 0
        self.at = 0

    def value(self, depth: int) -> Any:
        self._items += 1
        if depth > _MAX_DEPTH or self._items > _MAX_ITEMS:
            raise ProofError("cose-malformed", reason="cbor-beyond-limits")
        major, argument = self._read_head()
        if major == _UINT:
            return argument
        if major == _NEGATIVE:
            return -1 - argument
        if major == _BYTES:
            return self._take(argument)
        if major == _TEXT:
            try:
                return self._take(argument).decode()
            except UnicodeDecodeError:
                raise _malformed() from None
        if major == _ARRAY:
            self._foresee(argument)
            return [self.value(depth + 1) for _ in range(argument)]
        if major == _MAP:
            return self._map(argument, depth)
        if major == _TAG:
            return Tagged(argument, self.value(depth + 1))
        if argument not in _SIMPLE_VALUES:
            raise _malformed()
        return _SIMPLE_VALUES[argument]

    def _map(self, length: int, depth: int) -> dict[int | str, Any]:
        self._foresee(2 * length)
        found: dict[int | str, Any] = {}
        for _ in range(length):
            key = self.value(depth + 1)
            if type(key) not in (int, str):
                raise _malformed()
            if key in found:
                raise ProofError("cose-malformed", reason="cbor-key-twice")
            found[key] = self.value(depth + 1)
        return found

    def _read_head(self) -> tuple[int, int]:
        first = self._take(1)[0]
        major, info = first >> 5, first & 31
        if info < 24:
            return major, info
        if info > 27 or major == _SIMPLE:
            raise _malformed()  # an indefinite length, a float, or another simple value
        size = 1 << info - 24
        argument = int.from_bytes(self._take(size))
        if argument < 24 or (size > 1 and argument < 1 << 4 * size):
            raise _malformed()  # not in the shortest form
        return major, argument

    def _take(self, length: int) -> bytes:
        end = self.at + length
        if end > len(self._data):
            raise _malformed()
        taken = self._data[self.at : end]
        self.at = end
        return taken

    def _foresee(self, items: int) -> None:
        """This will refuse more items than there are bytes left, before room is made for them."""
        if items > len(self._data) - self.at:
            raise _malformed()


def _malformed() -> ProofError:
    return ProofError("cose-malformed", reason="cbor-malformed")
