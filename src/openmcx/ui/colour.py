"""Colours: contrast as WCAG measures it, and the nearest lightness at which a colour can be read.

Pure: no settings, no database. A colour is written ``#rrggbb``.
"""

from __future__ import annotations

import re
from functools import lru_cache

# WCAG 2.2, 1.4.3: text. 1.4.11: what one must see to use a control.
TEXT_CONTRAST = 4.5
CONTROL_CONTRAST = 3.0
WHITE, BLACK = "#ffffff", "#000000"
_HEX = re.compile(r"#[0-9a-f]{6}")
_STEPS = 400  # a step of lightness is a quarter of a percent: finer than eyes see

type Triple = tuple[float, float, float]


def parse(text: str) -> str:
    """This will give a colour in the one form in which it is kept: ``#`` and six small hexadecimal digits.

    Raises: ValueError.
    """
    plain = text.strip().lower()
    if re.fullmatch(r"#?[0-9a-f]{3}", plain):
        plain = "#" + "".join(digit * 2 for digit in plain.removeprefix("#"))
    plain = plain if plain.startswith("#") else f"#{plain}"
    if not _HEX.fullmatch(plain):
        raise ValueError("A colour is # and six hexadecimal digits, for instance #0b5c66.")
    return plain


def luminance(colour: str) -> float:
    """This will give the relative luminance, from 0 for black to 1 for white.

    Source: WCAG 2.2, “relative luminance”.
    """
    red, green, blue = (_linear(part) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """This will give the contrast ratio of two colours, from 1 to 21.

    Source: WCAG 2.2, “contrast ratio”.
    """
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(front: str, back: str, share: float) -> str:
    """This will give what is seen where `front` covers `back` with the given share of opacity."""
    (r1, g1, b1), (r2, g2, b2), rest = _parts(front), _parts(back), 1 - share
    return _hex((r1 * share + r2 * rest, g1 * share + g2 * rest, b1 * share + b2 * rest))


def on(colour: str) -> str:
    """This will give white or black, whichever reads better on the colour. One of them always has 4.5:1."""
    return WHITE if contrast(WHITE, colour) >= contrast(BLACK, colour) else BLACK


def reads_on(colour: str, grounds: tuple[str, ...]) -> bool:
    """This will tell whether text in the colour reads on each of the grounds, and text on the colour does too."""
    return contrast(on(colour), colour) >= TEXT_CONTRAST and all(
        contrast(colour, ground) >= TEXT_CONTRAST for ground in grounds
    )


@lru_cache(maxsize=1024)
def nearest(colour: str, grounds: tuple[str, ...]) -> str:
    """This will give the colour with the same hue that reads on all grounds and is nearest in lightness.

    Chroma gives way only as far as the screen cannot show the hue that light or that dark. A colour that reads already
    is given back as it is. The grounds must be all light or all dark, or there is none.

    Raises: ValueError when no lightness reads on all of them.
    Source: Björn Ottosson, “A perceptual color space for image processing” (OKLab), for lightness, chroma and hue.
    """
    if reads_on(colour, grounds):
        return colour
    lightness, a, b = _oklab(colour)
    ranked = sorted((step / _STEPS for step in range(_STEPS + 1)), key=lambda level: abs(level - lightness))
    for level in ranked:
        tried = _in_gamut(level, a, b)
        if reads_on(tried, grounds):
            return tried
    raise ValueError(f"No lightness of {colour} reads on all of {', '.join(grounds)}.")


# --- sRGB and OKLab ---------------------------------------------------------------------------------------------------


def _parts(colour: str) -> Triple:
    return (int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255)


def _hex(parts: Triple) -> str:
    return "#" + "".join(f"{round(min(1.0, max(0.0, part)) * 255):02x}" for part in parts)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _encoded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)


def _oklab(colour: str) -> Triple:
    """Lightness, and the coordinates a and b: their quotient is the hue, their length the chroma."""
    red, green, blue = (_linear(part) for part in _parts(colour))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _in_gamut(lightness: float, a: float, b: float) -> str:
    """The colour of this lightness and hue with as much of the chroma as sRGB can show."""
    low, high = 0.0, 1.0
    if _fits(_rgb(lightness, a, b)):
        return _hex(_rgb(lightness, a, b))
    for _round in range(16):
        middle = (low + high) / 2
        if _fits(_rgb(lightness, a * middle, b * middle)):
            low = middle
        else:
            high = middle
    return _hex(_rgb(lightness, a * low, b * low))


def _fits(parts: Triple) -> bool:
    return all(-0.0005 <= part <= 1.0005 for part in parts)


def _rgb(lightness: float, a: float, b: float) -> Triple:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    # What is below nothing stays so: it tells that the screen cannot show it.
    return (_encoded(red), _encoded(green), _encoded(blue))
