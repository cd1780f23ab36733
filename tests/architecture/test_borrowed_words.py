"""Our texts do not take over words that Django uses for dates: “May” as a verb would change the name of the month."""

import ast
import re

from django.utils import dates

from tests.architecture import source

WORDS = {
    str(word)
    for table in (dates.WEEKDAYS, dates.WEEKDAYS_ABBR, dates.MONTHS)
    for word in table.values()
} | {"noon", "midnight", "a.m.", "p.m.", "AM", "PM"}  # fmt: skip
FUNCTIONS = {"_", "gettext", "gettext_lazy", "gettext_noop"}


def test_no_template_translates_a_word_of_the_calendar() -> None:
    tag = re.compile(r"{%\s*trans(?:late)?\s+(['\"])(?P<text>.*?)\1(?P<rest>[^%]*)%}")
    found = [
        (path.name, match["text"])
        for path in sorted(source.PACKAGE.rglob("templates/**/*.*"))
        for match in tag.finditer(path.read_text("utf-8"))
        if match["text"] in WORDS and " context " not in match["rest"]
    ]
    assert found == []


def test_no_module_translates_a_word_of_the_calendar() -> None:
    found = [
        (path.name, call.args[0].value)
        for path in sorted(source.PACKAGE.rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in FUNCTIONS
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and call.args[0].value in WORDS
    ]
    assert found == []


def test_the_words_are_those_that_dates_are_written_with() -> None:
    assert {"May", "Monday", "Mon"} <= WORDS
