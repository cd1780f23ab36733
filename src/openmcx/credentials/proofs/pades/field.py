"""The place of a seal in a PDF file: the signature fields of its form, and what of the file a signature covers.

Source: ISO 32000-1, sections 12.7 (interactive forms) and 12.8.1 (signature dictionaries).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from openmcx.credentials.errors import ProofError
from openmcx.credentials.pdf_files.objects import Parser, Reference
from openmcx.credentials.pdf_files.reading import PdfFile

MAX_CONTENT_BYTES = 128 * 1024
DIGESTS = {"P-256": "sha256", "P-384": "sha384", "RSA": "sha256"}
"""The digest that goes with each kind of key, as in JWS."""
_MAX_FIELDS = 200


def seals(file: PdfFile) -> Iterator[dict[str, Any]]:
    """This will give the signature dictionaries of the form's fields."""
    catalog = file.resolve(file.trailer.get("Root"))
    form = file.resolve(catalog.get("AcroForm")) if isinstance(catalog, dict) else None
    waiting = _entries(file, form, "Fields") if isinstance(form, dict) else []
    visited, seen = 0, set()
    while waiting:
        visited += 1
        if visited > _MAX_FIELDS:
            raise ProofError("pdf-seal-kind-unsupported", type="AcroForm")
        reference = waiting.pop()
        node = file.resolve(reference)
        if not isinstance(node, dict):
            continue
        waiting += _entries(file, node, "Kids")
        value = file.resolve(node.get("V"))
        named = node.get("V") if isinstance(node.get("V"), Reference) else id(value)
        if isinstance(value, dict) and "ByteRange" in value and named not in seen:
            seen.add(named)
            yield value


def _entries(file: PdfFile, node: dict[str, Any], member: str) -> list[Any]:
    value = file.resolve(node.get(member))
    return list(value[: _MAX_FIELDS + 1]) if isinstance(value, list) else []


def covers_all(file: PdfFile, entry: dict[str, Any]) -> bool:
    """This will tell whether the signature covers every byte of the file but the place where it stands itself.

    The gap must hold the signature as one hexadecimal string and nothing else, or something else could be put there.
    """
    data, ranges, content = file.data, file.resolve(entry.get("ByteRange")), entry.get("Contents")
    if not isinstance(ranges, list) or len(ranges) != 4 or not isinstance(content, bytes):
        return False
    if not all(type(one) is int and one >= 0 for one in ranges):
        return False
    start, first, second, length = ranges
    if start != 0 or not first < second or second + length != len(data) or second - first > 4 * MAX_CONTENT_BYTES:
        return False
    entry["ByteRange"] = ranges
    gap = data[first:second]
    if gap[:1] != b"<" or gap[-1:] != b">" or gap[1:2] == b"<":
        return False
    parser = Parser(gap, 0, file.budget)
    return parser.value() == content and parser.position == len(gap)


def read_time(value: object) -> dt.datetime | None:
    """This will read a date as PDF writes it, or give None.

    Source: ISO 32000-1, section 7.9.4.
    """
    text = value.decode("latin-1") if isinstance(value, bytes) else ""
    digits, sign, offset = text[2:16], text[16:17], text[17:].replace("'", "")
    if not text.startswith("D:") or len(digits) != 14 or not digits.isdecimal():
        return None
    zone = f"{sign}{offset[:4]}" if sign in ("+", "-") and len(offset) >= 4 else "+0000"
    try:
        return dt.datetime.strptime(digits + zone, "%Y%m%d%H%M%S%z")
    except ValueError:
        return None
