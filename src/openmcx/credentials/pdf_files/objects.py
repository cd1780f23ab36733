"""The objects of a PDF file, read with every piece of work counted.

Source: ISO 32000-1, section 7.3 (objects).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from openmcx.credentials.errors import DocumentError

_MAX_DEPTH = 40
_WHITE = b"\0\t\n\x0c\r "
_SPACE = re.compile(rb"(?:[\0\t\n\f\r ]++|%[^\r\n]*+)*+")
_REGULAR = re.compile(rb"[^\0\t\n\f\r ()<>\[\]{}/%]+")
_NUMBER = re.compile(rb"[+-]?(?:\d{1,15}\.?\d{0,15}|\.\d{1,15})")
_REFERENCE = re.compile(rb"(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+R(?![^\0\t\n\f\r ()<>\[\]{}/%])")
_HEX = re.compile(rb"[0-9A-Fa-f\0\t\n\f\r ]*")
_ESCAPED_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_ENTRY = re.compile(rb"[\0\t\n\f\r ]*+(\d{1,10})[\0\t\n\f\r ]++\d{1,5}[\0\t\n\f\r ]++([nf])(?![^\0\t\n\f\r ])")
_OCTAL = re.compile(rb"[0-7]{1,3}")
_PLAIN_STRING = re.compile(rb"[^()\\]+")


class Reference(NamedTuple):
    """A pointer to another object."""

    number: int
    generation: int


class Name(str):
    """A name, such as ``/Type``, without the slash."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream: its dictionary and where its bytes begin."""

    dictionary: dict[str, Any]
    start: int


@dataclass(slots=True)
class Budget:
    """How much work one file may still cause: objects parsed and bytes unpacked."""

    objects: int = 60_000
    bytes: int = 64 * 1024 * 1024

    def take_object(self) -> None:
        """This will count one object. Raises: DocumentError when there were too many."""
        self.objects -= 1
        if self.objects < 0:
            raise DocumentError("pdf-too-complicated")

    def take_bytes(self, count: int) -> None:
        """This will count unpacked bytes. Raises: DocumentError when there were too many."""
        self.bytes -= count
        if self.bytes < 0:
            raise DocumentError("pdf-too-complicated")


class Parser:
    """Reads objects one after another from a place in the bytes."""

    def __init__(self, data: bytes, position: int, budget: Budget) -> None:
        """This will begin at `position`."""
        self.data = data
        self.position = position
        self._budget = budget

    def skip(self) -> None:
        """This will go on to what is neither white space nor a comment."""
        match = _SPACE.match(self.data, self.position)
        if match:
            self.position = match.end()

    def keyword(self, word: bytes) -> bool:
        """This will go past a word if it stands here."""
        self.skip()
        if not self.data.startswith(word, self.position):
            return False
        self.position += len(word)
        return True

    def integer(self) -> int:
        """This will read a whole number. Raises: DocumentError when none stands here."""
        value = self.value()
        if type(value) is not int:
            raise DocumentError("pdf-damaged")
        return value

    def entry(self) -> tuple[int, bool]:
        """This will read a line of a cross-reference table: where an object stands, and whether it is in use."""
        match = _ENTRY.match(self.data, self.position)
        if match is None:
            raise DocumentError("pdf-damaged")
        self.position = match.end()
        return int(match[1]), match[2] == b"n"

    def value(self, depth: int = 0) -> Any:
        """This will read one object.

        Raises: DocumentError when none stands here, or it nests too deeply.
        """
        if depth > _MAX_DEPTH:
            raise DocumentError("pdf-too-complicated")
        self._budget.take_object()
        self.skip()
        data, at = self.data, self.position
        two = data[at : at + 2]
        if two == b"<<":
            return self._dictionary(depth)
        first = two[:1]
        if first == b"[":
            return self._array(depth)
        if first == b"/":
            return self._name()
        if first == b"(":
            return self._string()
        if first == b"<":
            return self._hexadecimal()
        return self._word()

    def _dictionary(self, depth: int) -> dict[str, Any]:
        self.position += 2
        found: dict[str, Any] = {}
        while True:
            self.skip()
            if self.data.startswith(b">>", self.position):
                self.position += 2
                return found
            if self.data[self.position : self.position + 1] != b"/":
                raise DocumentError("pdf-damaged")
            key = self._name()
            value = self.value(depth + 1)
            # Readers differ on which of two equal keys counts.
            if key in found:
                raise DocumentError("pdf-damaged")
            found[key] = value

    def _array(self, depth: int) -> list[Any]:
        self.position += 1
        found: list[Any] = []
        while True:
            self.skip()
            if self.data[self.position : self.position + 1] == b"]":
                self.position += 1
                return found
            found.append(self.value(depth + 1))

    def _name(self) -> Name:
        match = _REGULAR.match(self.data, self.position + 1)
        raw = match[0] if match else b""
        self.position += 1 + len(raw)
        return Name(_ESCAPED_NAME.sub(lambda found: bytes.fromhex(found[1].decode()), raw).decode("latin-1"))

    def _string(self) -> bytes:
        found: list[bytes] = []
        level, data, at = 1, self.data, self.position + 1
        while True:
            match = _PLAIN_STRING.match(data, at)
            if match:
                found.append(match[0])
                at = match.end()
            char = data[at : at + 1]
            at += 1
            if char == b"\\":
                escape = data[at : at + 1]
                octal = _OCTAL.match(data, at)
                if octal:
                    found.append(bytes([int(octal[0], 8) & 255]))
                    at = octal.end()
                    continue
                at += 2 if data[at : at + 2] == b"\r\n" else 1
                found.append(_ESCAPES.get(escape, b"" if escape in (b"\r", b"\n") else escape))
            elif char == b"(":
                level += 1
                found.append(char)
            elif char == b")":
                level -= 1
                if level == 0:
                    self.position = at
                    return b"".join(found)
                found.append(char)
            else:
                raise DocumentError("pdf-damaged")

    def _hexadecimal(self) -> bytes:
        match = _HEX.match(self.data, self.position + 1)
        if match is None or self.data[match.end() : match.end() + 1] != b">":
            raise DocumentError("pdf-damaged")
        self.position = match.end() + 1
        digits = match[0].translate(None, _WHITE)
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))

    def _word(self) -> Any:
        match = _REFERENCE.match(self.data, self.position)
        if match:
            self.position = match.end()
            return Reference(int(match[1]), int(match[2]))
        match = _REGULAR.match(self.data, self.position)
        if match is None:
            raise DocumentError("pdf-damaged")
        word = match[0]
        self.position = match.end()
        constants = {b"true": True, b"false": False, b"null": None}
        if word in constants:
            return constants[word]
        if not _NUMBER.fullmatch(word):
            raise DocumentError("pdf-damaged")
        return float(word) if b"." in word else int(word)
