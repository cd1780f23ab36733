"""The ten main pages under the circumstances in which people read them, and the explanations beside words.

What docs/reference/accessibility-checklist.md reports was seen with these steps.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.browser

# (name, role, address or the link that leads there from the address)
PAGES = (
    ("start", "", "/", ""),
    ("catalogue", "", "/catalogue/", ""),
    ("catalogue entry", "", "/catalogue/", ".results h2 a"),
    ("check", "", "/verify/", ""),
    ("help", "", "/help/", ""),
    ("accessibility", "", "/about/accessibility/", ""),
    ("sign in", "", "/accounts/login/", ""),
    ("home of a registrar", "registrar", "/home/", ""),
    ("upload", "registrar", "/issuing/new/", ""),
    ("draft of a description", "author", "/design/", "main table a, main .task-list a, main .results a"),
)
MAIN = pytest.mark.parametrize(("role", "address", "link"), [page[1:] for page in PAGES], ids=[one[0] for one in PAGES])
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def opened(browser: Any, node: Any, cookies_of: Callable[[str], list[Any]]) -> Iterator[Callable[..., Any]]:
    """Opens a main page in a window of its own: `opened(role, address, link, width=320)`."""
    contexts = []

    def open_page(role: str, address: str, link: str, *, width: int = 1280, height: int = 900, **options: Any) -> Any:
        context = browser.new_context(
            base_url=node.url, viewport={"width": width, "height": height}, locale="en", **options
        )
        contexts.append(context)
        context.add_cookies(cookies_of(role))
        page = context.new_page()
        page.goto(address)
        if link:
            page.goto(page.locator(link).first.get_attribute("href"))
        return page

    yield open_page
    for context in contexts:
        context.close()


def cut_off(page: Any) -> list[str]:
    """This will list the elements whose text is wider or higher than they show, and that do not scroll."""
    return page.evaluate("""() => [...document.querySelectorAll('main *, header *, footer *')].filter(one => {
        if (!one.checkVisibility() || one.closest('.visually-hidden, svg, select, .menu > summary')) return false;
        const style = getComputedStyle(one);
        const hides = way => ['hidden', 'clip'].includes(way);
        return (hides(style.overflowX) && one.scrollWidth > one.clientWidth + 1)
            || (hides(style.overflowY) && one.scrollHeight > one.clientHeight + 1);
    }).map(one => one.outerHTML.slice(0, 160))""")


@MAIN
def test_text_at_double_size_loses_nothing(opened: Callable[..., Any], role: str, address: str, link: str) -> None:
    page = opened(role, address, link)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(TOO_WIDE) <= 0
    assert cut_off(page) == []
    header = page.locator(".site-header").bounding_box()["height"]
    assert header < 900 / 4, f"the header takes {header} of 900 px"


@MAIN
def test_zoom_of_400_percent_needs_no_scrolling_to_the_side(
    opened: Callable[..., Any], role: str, address: str, link: str
) -> None:
    # What a window of 1280 by 1024 shows at 400 %, as WCAG 1.4.10 counts it.
    page = opened(role, address, link, width=320, height=256, device_scale_factor=4)
    assert page.evaluate(TOO_WIDE) <= 0
    assert cut_off(page) == []


@MAIN
def test_wider_spacing_of_text_cuts_nothing_off(opened: Callable[..., Any], role: str, address: str, link: str) -> None:
    page = opened(role, address, link, width=360)
    # Source: WCAG 2.2, success criterion 1.4.12.
    page.evaluate("""() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important;'
            + ' word-spacing: .16em !important; } p { margin-block-end: 2em !important; }');
        document.adoptedStyleSheets = [sheet];
    }""")
    assert page.evaluate(TOO_WIDE) <= 0
    assert cut_off(page) == []


@MAIN
def test_forced_colours_keep_everything_visible(opened: Callable[..., Any], role: str, address: str, link: str) -> None:
    page = opened(role, address, link, forced_colors="active")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    # A control that is told from its surroundings by its colour alone loses its edge when the colours are the system's.
    edgeless = page.evaluate("""() => [...document.querySelectorAll(
        'main .btn:not(.btn-link), main .form-control, main .form-select, main .panel, main .status, main .notification'
    )].filter(one => one.checkVisibility() && getComputedStyle(one).borderTopStyle === 'none')
      .map(one => one.outerHTML.slice(0, 160))""")
    assert edgeless == []
    for _press in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


EDGES = """() => {
    // How an element is told from its neighbours: by a line that has another colour than the ground.
    const ground = getComputedStyle(document.body).backgroundColor;
    const edges = one => {
        const style = getComputedStyle(one);
        const borders = ['Top', 'Right', 'Bottom', 'Left'].filter(side => style[`border${side}Style`] !== 'none'
            && parseFloat(style[`border${side}Width`]) && style[`border${side}Color`] !== ground);
        return borders.length > 0 || style.outlineStyle !== 'none';
    };
    const shown = [...document.querySelectorAll('.main-nav a, .side-nav a, .issuing-tabs a, .choice-switch button')]
        .filter(one => one.checkVisibility());
    return shown.map(one => [one.textContent.trim(), one.hasAttribute('aria-current'), edges(one)]);
}"""


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("", "/catalogue/"),
        ("registrar", "/issuing/credentials/"),
        ("admin", "/institutions/kaislaranta/manage/profile/"),
    ],
)
def test_in_forced_colours_the_current_entry_alone_has_an_edge(
    opened: Callable[..., Any], role: str, address: str, width: int
) -> None:
    page = opened(role, address, "", width=width, forced_colors="active", reduced_motion="reduce")
    if width == 360:
        page.locator(".main-nav-button").click()
    entries = page.evaluate(EDGES)
    assert [name for name, is_current, has_edge in entries if is_current != has_edge] == []
    # The current entry of the header, of the tabs where there are any, of the languages and of the colours.
    assert sum(is_current for _name, is_current, _edge in entries) == (4 if role else 3)


IS_HIDDEN = """() => {
    const it = document.activeElement;
    it.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    const box = it.getBoundingClientRect();
    const points = [[.5, .5], [.1, .5], [.9, .5], [.5, .2], [.5, .8]];
    const seen = points.filter(([x, y]) => {
        const top = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
        return top && (it.contains(top) || top.contains(it));
    });
    return seen.length ? '' : it.outerHTML.slice(0, 160);
}"""


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("menu", [".main-nav-button", ".menu > summary"])
def test_no_menu_hides_what_has_the_focus(opened: Callable[..., Any], menu: str, javascript: bool) -> None:
    page = opened("registrar", "/home/", "", width=360, height=740, java_script_enabled=javascript)
    page.locator(menu).focus()
    page.keyboard.press("Enter")
    box = page.locator(".main-nav a, .menu > ul a").locator("visible=true").first
    assert box.is_visible()
    reached_the_page = 0
    while reached_the_page < 4:
        page.keyboard.press("Tab")
        assert page.evaluate(IS_HIDDEN) == ""
        reached_the_page += page.evaluate("document.activeElement.closest('main') !== null")
    assert box.is_visible() is not javascript


@pytest.mark.parametrize("menu", [".main-nav-button", ".menu > summary"])
def test_a_menu_closes_with_escape_and_when_something_else_is_used(opened: Callable[..., Any], menu: str) -> None:
    page = opened("registrar", "/home/", "", width=360, height=740)
    summary, entries = page.locator(menu), page.locator(".main-nav a, .menu > ul a").locator("visible=true")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == entries.first.inner_text() == "Home"
    page.keyboard.press("Escape")
    assert entries.count() == 0
    assert summary.evaluate("one => one === document.activeElement")
    page.keyboard.press("Enter")
    assert entries.count() > 0
    page.mouse.click(5, 700)
    assert entries.count() == 0


def test_what_is_folded_is_printed(opened: Callable[..., Any]) -> None:
    page = opened("", "/gallery/check-list/", "")
    evidence = page.locator("details.evidence:not([open]) dl").first
    assert evidence.evaluate("one => one.checkVisibility({ contentVisibilityAuto: true })") is False
    page.emulate_media(media="print")
    assert evidence.evaluate("one => one.checkVisibility({ contentVisibilityAuto: true })") is True
    assert evidence.bounding_box()["height"] > 20


@MAIN
def test_reduced_motion_stops_all_motion(opened: Callable[..., Any], role: str, address: str, link: str) -> None:
    page = opened(role, address, link, reduced_motion="reduce")
    moving = page.evaluate("""() => [...document.querySelectorAll('*')].filter(one => {
        const style = getComputedStyle(one);
        return style.animationName !== 'none' || style.transitionDuration.split(',').some(part => parseFloat(part) > 0);
    }).map(one => one.outerHTML.slice(0, 120))""")
    assert moving == []


@MAIN
def test_targets_are_large_enough(opened: Callable[..., Any], role: str, address: str, link: str) -> None:
    page = opened(role, address, link, width=360)
    # Links inside a sentence are excepted (WCAG 2.2, 2.5.8), and a control whose label takes clicks counts with it.
    small = page.evaluate("""() => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
        .filter(one => {
            if (!one.checkVisibility() || one.closest('.skip-link, .visually-hidden') || one.tabIndex < 0) return false;
            const around = one.closest('p, li, dd, td, th, label');
            const own = one.textContent.trim();
            const rest = around ? around.textContent.trim().replace(own, '').trim() : '';
            if (one.tagName === 'A' && around && rest.length > 0) return false;
            const box = one.getBoundingClientRect();
            return box.width > 0 && (box.width < 23.5 || box.height < 23.5);
        }).map(one => `${Math.round(one.getBoundingClientRect().width)} x `
            + `${Math.round(one.getBoundingClientRect().height)}: ${one.outerHTML.slice(0, 120)}`)""")
    assert small == []


@MAIN
def test_the_reading_order_begins_and_ends_as_it_should(
    opened: Callable[..., Any], role: str, address: str, link: str
) -> None:
    page = opened(role, address, link)
    lines = [line.strip("- ").rstrip(":") for line in page.locator("body").aria_snapshot().splitlines()]
    places = [
        next((number for number, line in enumerate(lines) if line.startswith(start)), -1)
        for start in ('link "Skip to the content"', "banner", "main", "heading", "contentinfo")
    ]
    assert places[0] == 0
    assert places == sorted(places), lines[:12]
    assert -1 not in places
    assert [line for line in lines if line in ("button", "link", "textbox", "combobox", "img")] == []


# --- explanations -----------------------------------------------------------------------------------------------------


def test_an_explanation_opens_and_closes_with_the_keyboard(opened: Callable[..., Any]) -> None:
    page = opened("", "/catalogue/", "", java_script_enabled=False)
    button = page.get_by_role("button", name="What is an EQF level?")
    text = page.locator("#concept-eqf-level")
    assert not text.is_visible()
    button.focus()
    page.keyboard.press("Enter")
    assert text.is_visible()
    assert "from 1 to 8" in text.inner_text()
    # What comes next is the text's own link, whatever stands between them in the page.
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("href") == "/help/#eqf-level"
    page.keyboard.press("Escape")
    assert not text.is_visible()
    assert page.locator(":focus").get_attribute("aria-label") == "What is an EQF level?"


@pytest.mark.parametrize("zoom", [1, 2])
def test_an_explanation_fits_into_a_narrow_window(
    opened: Callable[..., Any], zoom: int, assert_accessible: Callable[[Any], None]
) -> None:
    page = opened("", "/catalogue/", "", width=320, height=500)
    page.evaluate(f"document.documentElement.style.fontSize = '{zoom * 100}%'")
    for name in ("What is ISCED-F?", "What is an EQF level?", "What is the form of participation?"):
        page.get_by_role("button", name=name).click()
        box = page.locator(".concept-text:popover-open").bounding_box()
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= 320
        assert box["y"] + box["height"] <= 500
        if zoom == 1:
            assert_accessible(page)
        page.keyboard.press("Escape")


def test_an_explanation_is_not_printed(opened: Callable[..., Any]) -> None:
    page = opened("", "/catalogue/", ".results h2 a")
    assert page.locator(".concept-button").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator(".concept:visible").count() == 0
