"""Contrast, and the nearest colour that reads."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmcx.ui import colour

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
LIGHT = ("#ffffff", "#f8fafa", "#eef3f3")
DARK = ("#10171a", "#172023", "#1d292d")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_what_wcag_says(one: str, other: str, ratio: float) -> None:
    assert round(colour.contrast(one, other), 2) == ratio == round(colour.contrast(other, one), 2)


@pytest.mark.parametrize(
    ("written", "kept"), [("#0B5C66", "#0b5c66"), (" 0b5c66 ", "#0b5c66"), ("#abc", "#aabbcc"), ("ABC", "#aabbcc")]
)
def test_a_colour_is_kept_in_one_form(written: str, kept: str) -> None:
    assert colour.parse(written) == kept


@pytest.mark.parametrize(
    "written", ["", "#", "#12345", "#1234567", "red", "#ggg", "#fff}body{x:y", "rgb(1,2,3)", "#１２３"]
)
def test_what_is_no_colour_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="six hexadecimal digits"):
        colour.parse(written)


@given(COLOURS, st.sampled_from([LIGHT, DARK]))
@settings(max_examples=60, deadline=None)
def test_the_nearest_colour_reads_and_is_near(one: str, grounds: tuple[str, ...]) -> None:
    found = colour.nearest(one, grounds)
    assert colour.reads_on(found, grounds)
    assert colour.nearest(found, grounds) == found
    if colour.reads_on(one, grounds):
        assert found == one


@given(COLOURS)
@settings(max_examples=60, deadline=None)
def test_white_or_black_reads_on_every_colour(one: str) -> None:
    assert colour.contrast(colour.on(one), one) >= colour.TEXT_CONTRAST


def test_a_colour_keeps_its_hue_and_goes_no_further_than_it_must() -> None:
    found = colour.nearest("#ffcc00", LIGHT)
    assert colour.contrast(found, LIGHT[2]) < 4.6
    red, green, blue = (int(found[place : place + 2], 16) for place in (1, 3, 5))
    assert red > green > blue
    assert colour.nearest("#0b5c66", LIGHT) == "#0b5c66"


def test_where_no_lightness_reads_there_is_none() -> None:
    with pytest.raises(ValueError, match="No lightness"):
        colour.nearest("#0b5c66", ("#ffffff", "#000000", "#777777"))


def test_a_cover_is_mixed_with_what_lies_below() -> None:
    assert colour.mixed("#000000", "#ffffff", 0.5) == "#808080"
    assert colour.mixed("#123456", "#ffffff", 1.0) == "#123456"
