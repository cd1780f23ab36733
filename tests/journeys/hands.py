"""How somebody uses a page: with a mouse, or with the keyboard alone."""

from pathlib import Path
from typing import Any

KEYSTROKES = 120
_FOCUS_IS_SEEN = """() => {
    const it = document.activeElement, style = getComputedStyle(it);
    return it === document.body || style.outlineStyle !== 'none' || style.boxShadow !== 'none';
}"""


class Mouse:
    """Points at what it wants."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def click(self, target: Any) -> None:
        """This will follow a link, press a button or open what is folded."""
        target.click()

    def fill(self, target: Any, text: str) -> None:
        """This will put a text into a field, in place of what is there."""
        target.fill(text)

    def choose(self, target: Any, label: str) -> None:
        """This will choose from a list."""
        target.select_option(label=label)

    def hand_in(self, target: Any, file: Path) -> None:
        """This will choose a file."""
        target.set_input_files(file)


class Keyboard:
    """Presses Tab until it is there, and sees on the way where it is."""

    def __init__(self, page: Any) -> None:
        self.page = page
        # The driver begins to catch the system's window some time after it is asked to; so it is asked at once.
        page.on("filechooser", lambda asked: None)

    def reach(self, target: Any) -> None:
        """This will press Tab until the element has the focus, which must be seen each time."""
        target.wait_for(state="attached")
        for _ in range(KEYSTROKES):
            if target.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            self._see_focus()
        raise AssertionError(f"{KEYSTROKES} keystrokes did not reach {target} at {self.page.url}")

    def _see_focus(self) -> None:
        for _ in range(10):  # what marks the focus of a field may fade in
            if self.page.evaluate(_FOCUS_IS_SEEN):
                return
            self.page.wait_for_timeout(50)
        where = self.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        raise AssertionError(f"no visible focus on {where} at {self.page.url}")

    def click(self, target: Any) -> None:
        """This will follow a link, press a button or open what is folded."""
        self.reach(target)
        self.page.keyboard.press("Enter")

    def fill(self, target: Any, text: str) -> None:
        """This will put a text into a field, in place of what is there."""
        self.reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def choose(self, target: Any, label: str) -> None:
        """This will choose from a list by the first letters of what is wanted."""
        self.reach(target)
        self.page.keyboard.type(label)
        assert target.evaluate("one => one.selectedOptions[0].label.trim()") == label

    def hand_in(self, target: Any, file: Path) -> None:
        """This will choose a file; the system's own window for it is answered."""
        self.reach(target)
        with self.page.expect_file_chooser() as asked:
            self.page.keyboard.press("Space")
        asked.value.set_files(file)
