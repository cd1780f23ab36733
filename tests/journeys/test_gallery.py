"""Every component in every state: axe finds nothing and nothing overflows, light and dark, wide and narrow."""

from collections.abc import Callable
from typing import Any

import pytest

from openmcx.ui.gallery.registry import REGISTRY

pytestmark = pytest.mark.browser

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 800}


# Several examples of one landmark stand on a page of the gallery under one name; on a real page there is one.
AXE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"landmark-unique": {"enabled": False}},
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="module")
def faults_of(gallery: Any) -> Callable[..., list[str]]:
    """Runs axe on the page as it stands, or on a part of it."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()

    def run(part: str | None = None) -> list[str]:
        found = axe.run(gallery, context=part, options=AXE).response["violations"]
        return [f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes']]}" for one in found]

    return run


def overflow(page: Any) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def show(page: Any, theme: str, size: dict[str, int]) -> None:
    """This will turn the page that is there into another theme and width, which is what loading it anew would give."""
    page.set_viewport_size(size)
    page.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", theme)


@pytest.fixture(scope="module")
def gallery(browser: Any, node: Any) -> Any:
    """One window for all components."""
    context = browser.new_context(base_url=node.url, viewport=WIDE, locale="en", reduced_motion="reduce")
    page = context.new_page()
    yield page
    context.close()


@pytest.mark.parametrize("name", REGISTRY)
def test_component(gallery: Any, faults_of: Callable[..., list[str]], name: str) -> None:
    faults: list[str] = []
    gallery.on("pageerror", lambda error: faults.append(str(error)))
    gallery.goto(f"/gallery/{name}/", wait_until="load")
    for size in (WIDE, NARROW):
        for theme in ("light", "dark"):
            show(gallery, theme, size)
            is_first = (theme, size) == ("light", WIDE)
            # What stands around the examples is the same each time: it is looked at once, light and wide.
            assert faults_of(None if is_first else ".example-stage") == [], f"{theme}, {size['width']} px"
        assert overflow(gallery) <= 0, f"{size['width']} px"
    assert faults == []


def test_the_list_of_components(gallery: Any, assert_accessible: Callable[[Any], None]) -> None:
    for query in ("", "?theme=dark", "?dir=rtl"):
        gallery.goto(f"/gallery/{query}")
        gallery.set_viewport_size(NARROW)
        assert_accessible(gallery)


def test_right_to_left_is_a_mirror(gallery: Any) -> None:
    """What stands at the beginning of a line stands left, or right where one reads from there."""
    edges = {}
    for direction in ("ltr", "rtl"):
        gallery.goto(f"/gallery/notification/?dir={direction}")
        gallery.set_viewport_size(WIDE)
        boxes = gallery.evaluate(
            """() => [".brand", "h1", ".notification .icon"].map(one => {
                const box = document.querySelector(one).getBoundingClientRect();
                return [Math.round(box.left), Math.round(document.documentElement.clientWidth - box.right)];
            })"""
        )
        edges[direction] = boxes
        assert overflow(gallery) <= 0
    starts = [[left, right][place] for place, direction in enumerate(edges) for left, right in edges[direction]]
    half = len(starts) // 2
    assert all(abs(one - other) <= 1 for one, other in zip(starts[:half], starts[half:], strict=True)), edges


def test_tabs_of_languages_are_used_by_keyboard(gallery: Any) -> None:
    gallery.goto("/gallery/language-map-field/")
    root = gallery.locator("[data-languages]").nth(1)
    tabs = root.get_by_role("tab")
    assert tabs.all_inner_texts() == ["English ", "Deutsch missing", "español missing", "suomi "] or [
        text.split() for text in tabs.all_inner_texts()
    ] == [["English"], ["Deutsch", "missing"], ["español", "missing"], ["suomi"]]
    tabs.first.focus()
    gallery.keyboard.press("ArrowRight")
    assert root.get_by_role("textbox").count() == 1
    gallery.keyboard.press("Tab")
    gallery.keyboard.type("Waldböden")
    assert tabs.nth(1).inner_text().split() == ["Deutsch"]
    assert root.locator("[lang=de]:is(input)").input_value() == "Waldböden"


def test_a_further_language_is_added_by_keyboard(gallery: Any) -> None:
    gallery.goto("/gallery/language-map-field/")
    root = gallery.locator("[data-languages]").first
    more = gallery.locator(".lang-more").first
    more.get_by_role("combobox").select_option("mt")
    more.get_by_role("button").focus()
    gallery.keyboard.press("Enter")
    gallery.keyboard.type("Ħamrija tal-foresti")
    assert gallery.url.endswith("/gallery/language-map-field/")
    tabs = root.get_by_role("tab")
    assert [text.split()[0] for text in tabs.all_inner_texts()] == ["English", "Deutsch", "español", "suomi", "Malti"]
    assert tabs.last.get_attribute("aria-selected") == "true"
    box = root.locator("[name=field_mt]")
    assert (box.input_value(), box.get_attribute("lang")) == ("Ħamrija tal-foresti", "mt")
    assert root.locator("input[type=hidden]").evaluate_all("all => all.map(one => [one.name, one.value])") == [
        ["field-language", "mt"]
    ]
    assert more.locator("option[value=mt]").count() == 0
    ids = gallery.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert sorted(ids) == sorted(set(ids))
    tabs.last.focus()
    gallery.keyboard.press("Home")
    assert root.locator("[name=field_en]").is_visible()
    assert not box.is_visible()


def test_a_long_list_is_searched_by_keyboard(gallery: Any) -> None:
    gallery.goto("/gallery/autocomplete-field/")
    box = gallery.get_by_role("combobox").first
    box.focus()
    gallery.keyboard.type("osterr")
    assert gallery.locator("[role=option]:visible").count() == 0
    box.fill("")
    gallery.keyboard.type("aust")
    assert gallery.locator("[role=option]:visible").first.inner_text() == "Australia"
    gallery.keyboard.press("ArrowDown")
    gallery.keyboard.press("Enter")
    assert box.input_value() == "Austria"
    assert box.get_attribute("aria-expanded") == "false"
    assert gallery.locator("select[name=field]").first.input_value() == "AT"
    box.fill("nowhere at all")
    assert gallery.locator("[role=option]:visible").count() == 0
    said = gallery.locator(".autocomplete [role=status]").first
    assert said.inner_text() == "Nothing found. Try fewer letters."
    assert said.bounding_box()["height"] > 10  # seen as well as heard
    gallery.keyboard.press("Tab")
    assert (box.input_value(), said.inner_text()) == ("Austria", "")


def test_a_long_list_leaves_nothing_out_without_saying_so(gallery: Any) -> None:
    gallery.goto("/gallery/autocomplete-field/")
    box = gallery.get_by_role("combobox").first
    options, said = gallery.locator("[role=option]:visible"), gallery.locator(".autocomplete [role=status]").first
    box.click()
    every = gallery.locator("select[name=field]").first.locator("option:not([value=''])").all_inner_texts()
    assert len(every) > 60
    assert options.all_inner_texts() == [text.strip() for text in every]
    assert said.inner_text() == f"Found: {len(every)}"
    assert gallery.locator("[aria-selected=true]").count() == 0
    for key, place in (("ArrowDown", 0), ("ArrowUp", len(every) - 1), ("ArrowDown", 0), ("ArrowDown", 1)):
        gallery.keyboard.press(key)
        assert options.nth(place).get_attribute("aria-selected") == "true"
    # More than can be drawn at once: what is left out is told, and found by typing.
    gallery.evaluate("""() => {
        const select = document.querySelector("select[name=field]");
        for (let number = 0; number < 1000; number += 1) select.add(new Option(`Place ${number}`, number));
    }""")
    box.fill("place")
    assert options.count() == 500
    assert said.inner_text() == "Found: 1000. Not shown: 500. Type more to narrow the list."
    assert said.bounding_box()["height"] > 10
    box.press_sequentially(" 987")
    assert (options.all_inner_texts(), said.inner_text()) == (["Place 987"], "Found: 1")


def test_without_javascript_every_field_is_there(new_page: Callable[..., Any]) -> None:
    page = new_page(javascript=False)
    page.goto("/gallery/language-map-field/")
    assert page.locator("[data-languages]").first.locator("input:visible").count() == 4
    page.goto("/gallery/autocomplete-field/")
    assert page.locator("select:visible").count() == 3
    page.goto("/gallery/table/")
    assert page.locator("input[name=rows]:visible").count() == 3


def test_all_rows_are_ticked_at_once(gallery: Any) -> None:
    gallery.goto("/gallery/table/")
    everything = gallery.get_by_label("Choose all rows")
    everything.check()
    assert gallery.locator(".bulk-count").inner_text() == "3"
    gallery.get_by_label("Choose: Berg, Björn").uncheck()
    assert gallery.locator(".bulk-count").inner_text() == "2"


def test_a_choice_of_colours_holds_on_the_next_page(new_page: Callable[..., Any]) -> None:
    page = new_page(javascript=False)
    page.goto("/gallery/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Dark").click()
    page.goto("/gallery/notification/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.get_by_role("button", name="As on my device").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light
    assert page.context.cookies() == [cookie for cookie in page.context.cookies() if cookie["name"] != "theme"]
