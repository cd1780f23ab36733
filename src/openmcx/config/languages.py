"""Which languages the pages speak: those whose translation is there, discovered from the catalogues.

A language needs nothing but its catalogue. `KEPT` are complete at every commit, which a test demands; another one is
offered as soon as nearly all texts are translated, or when the operator names it. Texts that it still lacks are shown
in the language that stands in for it, at last in English.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
_BESIDE_THE_SOURCE = PACKAGE.parent.parent / "locale"
FOLDER = _BESIDE_THE_SOURCE if _BESIDE_THE_SOURCE.is_dir() else PACKAGE / "locale"
KEPT = ("en", "de", "es", "fi")
ENOUGH = 0.95
_MAGIC = {b"\xde\x12\x04\x95": "<I", b"\x95\x04\x12\xde": ">I"}


def translated(folder: Path = FOLDER) -> dict[str, float]:
    """This will give the share of texts that each catalogue has, 0 to 1; English has all, as the code speaks it.

    Measured against the fullest catalogue there is.
    """
    counts = {
        path.parent.parent.name.replace("_", "-").lower(): _count(path)
        for path in sorted(folder.glob("*/LC_MESSAGES/django.mo"))
    }
    most = max(counts.values(), default=0) or 1
    return {tag: count / most for tag, count in counts.items()} | {"en": 1.0}


def _count(path: Path) -> int:
    """The number of texts in a compiled catalogue stands in its head. Source: GNU gettext manual, section 10.3."""
    with path.open("rb") as file:
        head = file.read(12)
    byte_order = _MAGIC.get(head[:4])
    return int(struct.unpack(byte_order, head[8:12])[0]) if byte_order and len(head) == 12 else 0


def offered(asked: Sequence[str] = (), folder: Path = FOLDER) -> tuple[str, ...]:
    """This will give the languages of the pages in the order of the switch: those asked for, or all that are there.

    Raises: ValueError when one is asked for that has no catalogue, or one twice.
    """
    there = translated(folder)
    if not asked:
        return (*KEPT, *(tag for tag, share in there.items() if share >= ENOUGH and tag not in KEPT))
    unknown = [tag for tag in asked if tag not in there]
    if unknown:
        raise ValueError(f"there is no translation into {', '.join(unknown)}; there is one into {', '.join(there)}")
    if len(set(asked)) < len(asked):
        raise ValueError("a language is named twice")
    return tuple(asked)
