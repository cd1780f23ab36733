"""The colours of `static/ui/tokens.css`, read from there so that nobody writes them twice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from openmcx.ui.colour import CONTROL_CONTRAST, TEXT_CONTRAST, contrast

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


@dataclass(frozen=True, slots=True)
class Promise:
    """A contrast that holds in both themes: what stands in front, what lies behind, and how much at least."""

    front: str
    backs: tuple[str, ...]
    minimum: float
    purpose: str

    def ratios(self, theme: str) -> dict[str, float]:
        """This will measure the contrast with each ground."""
        place = THEMES.index(theme)
        front = colours()[self.front][place]
        return {back: contrast(front, colours()[back][place]) for back in self.backs}


_STATES = ("ok", "warn", "bad", "info", "quiet")
PROMISES = (
    Promise("text", (*SURFACES, "accent-soft", *(f"{state}-soft" for state in _STATES)), 7.0, "text"),
    Promise("text-muted", SURFACES, TEXT_CONTRAST, "hints, labels, captions"),
    Promise("accent", (*SURFACES, "accent-soft"), TEXT_CONTRAST, "links, the current entry"),
    Promise("accent-hover", SURFACES, TEXT_CONTRAST, "links under the pointer"),
    Promise("on-accent", ("accent", "accent-hover"), TEXT_CONTRAST, "buttons"),
    *(Promise(state, (*SURFACES, f"{state}-soft"), TEXT_CONTRAST, f"the state “{state}”") for state in _STATES),
    Promise("surface", ("bad", "bad-hover"), TEXT_CONTRAST, "buttons for what cannot be undone"),
    Promise("line-strong", SURFACES, CONTROL_CONTRAST, "borders of fields and buttons"),
    Promise("mark", SURFACES, CONTROL_CONTRAST, "the middle of the mark"),
    Promise("focus", (*SURFACES, "focus-halo"), CONTROL_CONTRAST, "the inner line of the focus"),
)
