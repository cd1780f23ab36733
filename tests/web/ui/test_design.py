"""What the design promises, measured from the stylesheets themselves."""

import re
from pathlib import Path

import pytest

from openmcx.ui import tokens
from scripts import reference_components
from tests.architecture import source

STYLES = sorted(source.PACKAGE.rglob("*.css"))
# What says left or right, top or bottom of the screen; logical properties say start and end of the text.
PHYSICAL = re.compile(
    r"(?<![-\w])(?:(?:margin|padding|border|inset|scroll-(?:margin|padding))-(?:left|right|top|bottom)(?:-[\w-]+)?"
    r"|(?:min-|max-)?(?:width|height)|left|right|top|bottom|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
)


def rules(path: Path) -> str:
    """This will give a stylesheet without comments and without the conditions of media queries."""
    return re.sub(r"/\*.*?\*/|@(?:media|supports|container)[^{]*", "", path.read_text("utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("promise", tokens.PROMISES, ids=lambda one: one.front)
@pytest.mark.parametrize("theme", tokens.THEMES)
def test_every_promised_contrast_is_there(promise: tokens.Promise, theme: str) -> None:
    poor = {back: round(ratio, 2) for back, ratio in promise.ratios(theme).items() if ratio < promise.minimum}
    assert poor == {}


def test_every_colour_is_promised_or_decoration() -> None:
    named = {name for promise in tokens.PROMISES for name in (promise.front, *promise.backs)}
    assert set(tokens.colours()) - named == {"line", *(f"tile-{number}" for number in range(1, 6))}


def test_colours_stand_in_the_tokens_only() -> None:
    found = {
        f"{path.name}: {colour}"
        for path in STYLES
        if path != tokens.FILE
        for line in rules(path).splitlines()
        if "--mcx-surface: #fff" not in line  # paper
        for colour in re.findall(r"(?<!url\()(?<![\w%])#[0-9a-fA-F]{3,8}\b(?![^;]*svg)", line.split("url(")[0])
    }
    assert found <= {"ui.css: #fff"}  # behind logos and QR codes, which are made for white


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_know_no_left_and_right(path: Path) -> None:
    assert PHYSICAL.findall(rules(path)) == []


def test_the_search_for_left_and_right_finds_them() -> None:
    for wrong in ("margin-left: 1px", "left:0", "text-align: right", "width: 3rem", "border-top-left-radius: 1px"):
        assert PHYSICAL.search(f"a {{ {wrong}; }}"), wrong
    for right in ("margin-inline-start: 1px", "border-inline-start-width: 1px", "text-align: start", "inset: 0"):
        assert not PHYSICAL.search(f"a {{ {right}; }}"), right


def test_templates_have_no_styles_of_their_own() -> None:
    styled = [
        name for name, path in source.templates().items() if re.search(r"<[^>]+\sstyle=", path.read_text("utf-8"))
    ]
    assert [name for name in styled if "mail" not in name] == []


def test_the_table_of_contrasts_is_up_to_date() -> None:
    text = reference_components.DESIGN.read_text("utf-8")
    assert text == reference_components.design(text), "run `make docs` and commit the page"
