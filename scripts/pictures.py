"""Make the pictures of the most important pages anew: `make pictures`.

Each page is drawn in both themes and two widths, from the demonstration's data, with a clock that stands still, so that
pictures change only with the pages. They are in docs/pictures, and docs/explanation/tour-of-the-pages.md shows them.
"""

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from tests import chromium
from tests.journeys.steps import sign_in, take
from tests.node import Node

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
THEMES = ("light", "dark")
# Units: CSS pixels; a page is drawn down to the second figure.
SIZES = {1280: 960, 360: 800}
ADDRESS = "127.0.0.1:8741"  # stands in identifiers that pages show
COLOURS = 96


@dataclass(frozen=True)
class Page:
    """A page worth a picture: who sees it, and how one gets there."""

    name: str
    role: str | None
    visit: Callable[[Any, Path], object]


def at(address: str) -> Callable[[Any, Path], object]:
    """This will open an address."""

    def visit(page: Any, folder: Path) -> None:
        answer = page.goto(address)
        if not answer.ok:
            raise RuntimeError(f"{address} answered {answer.status}")

    return visit


def through(address: str, link: str) -> Callable[[Any, Path], object]:
    """This will open an address and follow the first link in its content that leads below another."""

    def visit(page: Any, folder: Path) -> None:
        page.goto(address)
        page.goto(page.locator(f"main a[href^='{link}']").first.get_attribute("href"))

    return visit


def report(page: Any, folder: Path) -> None:
    """This will check the demonstration's genuine credential."""
    file = take(page, "A genuine credential", folder / "credential.json")
    page.goto("/verify/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Check the credential").click()
    page.locator(".verdict").first.wait_for()


def class_list(page: Any, folder: Path) -> None:
    """This will open the class list that waits with its faults."""
    page.goto("/home/")
    page.goto(page.locator("main a[href*='/issuing/lists/']").first.get_attribute("href"))


PAGES = (
    Page("start", None, at("/")),
    Page("catalogue", None, at("/catalogue/")),
    Page("micro-credential", None, at("/catalogue/industrial-internet-of-things-from-sensor-to-cloud/")),
    Page("institution", None, at("/institutions/kaislaranta/")),
    Page("description", "author", through("/design/", "/design/0")),
    Page("home", "registrar", at("/home/")),
    Page("class-list", "registrar", class_list),
    Page("credential", "learner", through("/home/", "/c/")),
    Page("report", None, report),
    Page("help", None, at("/help/")),
)


def files(page: Page) -> dict[tuple[int, str], str]:
    """This will name a page's pictures by width and theme."""
    return {(width, theme): f"{page.name}-{width}-{theme}.png" for width in SIZES for theme in THEMES}


def packed(picture: bytes) -> bytes:
    """This will write a picture with few colours, which flat pages do not miss."""
    colours = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    written = io.BytesIO()
    colours.save(written, "PNG", optimize=True)
    return written.getvalue()


def make(node: Node, folder: Path) -> None:
    """This will draw every page: one browser window for each role, resized and recoloured."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (the tests read PAGES without a browser)

    executable = chromium.executable()
    if executable is None:
        sys.exit("Chromium is missing: `make setup-all` says how to get it.")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as downloads:
        # Letters are drawn without the screen's help, which differs between machines.
        browser = playwright.chromium.launch(
            executable_path=str(executable),
            args=[*chromium.FLAGS, "--font-render-hinting=none", "--disable-lcd-text", "--hide-scrollbars"],
        )
        for role in dict.fromkeys(page.role for page in PAGES):
            context = browser.new_context(base_url=node.url, locale="en", reduced_motion="reduce")
            window = context.new_page()
            if role:
                sign_in(window, node, role)
            for page in [one for one in PAGES if one.role == role]:
                page.visit(window, Path(downloads))
                for (width, theme), name in files(page).items():
                    window.set_viewport_size({"width": width, "height": SIZES[width]})
                    window.emulate_media(color_scheme=theme)
                    window.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
                    (folder / name).write_bytes(packed(window.screenshot(animations="disabled", caret="hide")))
            context.close()
        browser.close()


def main() -> None:
    """This will make all pictures anew and remove those of pages that are no longer listed."""
    FOLDER.mkdir(exist_ok=True)
    clock = {
        "DJANGO_SETTINGS_MODULE": "scripts.pictures_settings",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", "")))),
        "PICTURES_BEGAN": str(time.time()),
    }
    with tempfile.TemporaryDirectory() as data:
        node = Node(Path(data), address=ADDRESS, environment=clock)
        node.start()
        try:
            make(node, FOLDER)
        finally:
            node.stop()
    wanted = {name for page in PAGES for name in files(page).values()}
    for old in {file.name for file in FOLDER.iterdir()} - wanted:
        (FOLDER / old).unlink()
    total = sum(file.stat().st_size for file in FOLDER.iterdir())
    print(f"{len(wanted)} pictures in {FOLDER.relative_to(ROOT)}, {total / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
