"""The colours of `static/ui/tokens.css`, read from there so that nobody writes them twice."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "static" / "ui" / "tokens.css"
_COLOUR = re.compile(r"--mcx-([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
SURFACES = ("surface", "surface-raised", "surface-sunk")
THEMES = ("light", "dark")


@cache
def colours() -> dict[str, tuple[str, str]]:
    """This will give each colour by its name, as it is in the light theme and in the dark one."""
    return {name: (light, dark) for name, light, dark in _COLOUR.findall(FILE.read_text("utf-8"))}


@cache
def grounds(theme: str) -> tuple[str, ...]:
    """This will give the colours on which text stands in a theme."""
    return tuple(colours()[name][THEMES.index(theme)] for name in SURFACES)
