"""The test data of RFC 8785's authors."""

import hashlib
import math
import re
import struct
from pathlib import Path

import orjson
import pytest

from openmcx.credentials.jsonld import jcs

SUITE = Path(__file__).parents[1] / "credentials" / "vectors" / "jcs-rfc8785"
NAMES = sorted(path.stem for path in (SUITE / "input").glob("*.json"))


def test_the_suite_is_whole():
    assert NAMES == ["arrays", "french", "structures", "unicode", "values", "weird"]


@pytest.mark.parametrize("name", NAMES)
def test_document(name):
    value = orjson.loads((SUITE / "input" / f"{name}.json").read_bytes())
    written = jcs(value)
    assert written == (SUITE / "output" / f"{name}.json").read_bytes()
    assert written == bytes.fromhex((SUITE / "outhex" / f"{name}.txt").read_text("ascii"))


def numbers(count):
    """The sequence of doubles that the README of the suite defines."""
    listed = re.findall(r"0x([0-9a-f]{16})n", (SUITE / "README.md").read_text("utf-8").split("staticF64s")[0])
    given = [int(digits, 16) for digits in listed] + [0x0010000000000000 + i for i in range(2000)]
    yield from given[:count]
    block = bytes(32)
    left = count - len(given)
    while left > 0:
        block = hashlib.sha256(block).digest()
        for (bits,) in struct.iter_unpack("<Q", block):
            (number,) = struct.unpack("<d", struct.pack("<Q", bits))
            if left > 0 and number != 0 and math.isfinite(number):
                left -= 1
                yield bits


@pytest.mark.parametrize("count", [1000, 10000])
def test_numbers(count):
    checksums = re.findall(r"\| ([0-9a-f]{64}) \| (\d+)", (SUITE / "README.md").read_text("utf-8"))
    lines = []
    for bits in numbers(count):
        (number,) = struct.unpack("<d", struct.pack("<Q", bits))
        lines.append(f"{bits:x},{jcs([number])[1:-1].decode()}\n")
    assert len(lines) == count
    assert (hashlib.sha256("".join(lines).encode()).hexdigest(), str(count)) in checksums
