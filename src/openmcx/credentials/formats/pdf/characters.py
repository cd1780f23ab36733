"""Which characters the fonts that Typst brings can show.

PDF/A wants every character to be drawn by a font that lies in the file, so one that no font has would stop the making
of the file. The table `coverage.txt` holds what Typst's own fonts have; `scripts/pdf_coverage.py` makes it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# What directs the order of writing could show a name as another one; the rest of these cannot be seen.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_CONTROL = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_LATIN = re.compile("[^\u0020-\u007e\u00a0-\u00ac\u00ae-\u017f\u2013\u2014\u2018-\u201e\u2026\ufffd]")
# Joiners shape letters in scripts that need them and are never drawn themselves.
_JOINERS = {"\u200c", "\u200d"}


def ways(*, more_fonts: bool) -> Iterator[Callable[[str], str]]:
    """This will give ways to make a text printable, from the one that keeps the most to the one that always works."""
    if more_fonts:
        yield _without_controls
    yield _covered
    yield _without_marks
    yield _latin


def _without_controls(text: str) -> str:
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return "".join(_space_or(char) for char in visible)


def _covered(text: str) -> str:
    known = _coverage()
    return "".join(char if ord(char) in known or char in _JOINERS else REPLACEMENT for char in _without_controls(text))


def _without_marks(text: str) -> str:
    """Letters and marks may be in different fonts, which cannot be combined."""
    shown = (char for char in _covered(text) if unicodedata.category(char)[0] != "M" and char not in _JOINERS)
    return "".join(shown)


def _latin(text: str) -> str:
    return _LATIN.sub(REPLACEMENT, _without_controls(text))


def _space_or(char: str) -> str:
    if char.isspace():
        return " "
    return REPLACEMENT if unicodedata.category(char) in _CONTROL else char


@cache
def _coverage() -> frozenset[int]:
    lines = resources.files(__package__).joinpath("coverage.txt").read_text("ascii").split()
    bounds = [[int(bound, 16) for bound in line.split("-")] for line in lines]
    return frozenset(code for first, last in bounds for code in range(first, last + 1))
