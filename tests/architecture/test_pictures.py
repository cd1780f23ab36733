"""The pictures of the pages: each that the list names is there and shown, and there is no other."""

import re

from PIL import Image

from scripts import pictures
from tests.architecture import source

NAMED = {name: size for page in pictures.PAGES for size, name in pictures.files(page).items()}
TOUR = source.ROOT / "docs" / "explanation" / "tour-of-the-pages.md"
MOST_BYTES = 4_000_000


def test_each_picture_is_there_and_no_other() -> None:
    assert {file.name for file in pictures.FOLDER.iterdir()} == set(NAMED)


def test_each_page_is_drawn_in_both_themes_and_both_widths() -> None:
    assert len({page.name for page in pictures.PAGES}) == 10
    assert set(NAMED.values()) == {(w, t) for w in (360, 1280) for t in ("dark", "light")}
    for name, (width, _) in NAMED.items():
        with Image.open(pictures.FOLDER / name) as picture:
            assert (picture.format, picture.mode) == ("PNG", "P")
            assert picture.size == (width, pictures.SIZES[width]), name


def test_together_they_are_small() -> None:
    assert sum(file.stat().st_size for file in pictures.FOLDER.iterdir()) < MOST_BYTES


def test_the_tour_shows_each() -> None:
    shown = re.findall(r"\.\./pictures/([\w.-]+)", TOUR.read_text("utf-8"))
    assert sorted(shown) == sorted(NAMED)


def test_the_picture_of_the_readme_is_one_of_them() -> None:
    readme = (source.ROOT / "README.md").read_text("utf-8")
    shown = set(re.findall(r"docs/pictures/([\w.-]+)", readme))
    assert shown
    assert shown <= set(NAMED)
