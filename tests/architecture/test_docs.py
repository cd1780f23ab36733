"""The reference says everything that is there, and nothing that is not."""

import importlib
import re
import string
from enum import StrEnum

import pytest

from scripts import reference
from tests.architecture import source

DOCS = source.ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / "reference" / f"{name}.md").read_text("utf-8")


def rows(text: str, pattern: str) -> set[str]:
    """This will give what matches at the beginning of table rows, list items, definitions and headings."""
    return set(re.findall(rf"(?m)^(?:\|\s*|#+\s*|[-*]\s*)?`({pattern})`", text))


def test_every_setting_is_listed() -> None:
    from openmcx.config import env

    settings = {f"{env.PREFIX}{name}" for name in env.Env.model_fields}
    listed = {name for name in rows(page("settings"), r"OPENMCX_[A-Z_]+") if not name.endswith("_FILE")}
    assert listed == settings


def test_every_event_is_listed() -> None:
    from openmcx.kernel.events import Event

    ours = {name for name, kind in Event.declared.items() if kind.__module__.startswith("openmcx.")}
    assert rows(page("events"), r"[a-z]+\.[a-z-]+") == ours


def test_every_slot_is_listed() -> None:
    from openmcx.kernel.slots import Slot

    for app in source.apps():  # an app's slots are declared when they are first imported
        if f"openmcx.{app}.slots" in source.modules():
            importlib.import_module(f"openmcx.{app}.slots")
    ours = {name for name in Slot.declared if name.split(".")[0] in source.apps()}
    assert rows(page("slots"), r"[a-z]+\.[a-z-]+") == ours


def audit_actions() -> set[str]:
    found = set()
    for name in source.modules():
        if name.split(".")[-1] in {"operations", "audit"} or ".operations." in name:
            for kind in vars(importlib.import_module(name)).values():
                if isinstance(kind, type) and issubclass(kind, StrEnum) and kind.__name__ == "Audit":
                    found |= {str(action) for action in kind}
    return found


def test_every_audit_action_is_listed() -> None:
    assert rows(page("audit"), r"[a-z]+\.[a-z-]+\.[a-z-]+") == audit_actions()


def test_audit_actions_say_app_thing_and_deed() -> None:
    wrong = {action for action in audit_actions() if not re.fullmatch(r"[a-z]+\.[a-z-]+\.[a-z-]+", action)}
    assert wrong == set()


def test_the_page_of_error_codes_is_up_to_date() -> None:
    assert reference.PAGE.read_text("utf-8") == reference.page(), "run `make docs` and commit the page"


def test_every_code_is_kebab_case_with_a_sentence() -> None:
    codes = {code: text for _, table in reference.core_tables() for code, text in table.items()}
    codes |= {code: text for code, (text, _) in reference.refusals().items()}
    wrong = {
        code for code, text in codes.items() if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) or not text.strip()
    }
    assert wrong == set()


def test_sentences_of_the_core_name_their_values() -> None:
    wrong = []
    for module, table in reference.core_tables():
        for code, text in table.items():
            names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
            wrong += [(module, code) for name in names if not name.isidentifier()]
    assert wrong == []


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=lambda path: path.relative_to(DOCS).as_posix())
def test_links_between_pages_lead_somewhere(path: object) -> None:
    file = DOCS / str(path)
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", re.sub(r"(?s)```.*?```", "", file.read_text("utf-8")))
    assert [link for link in links if not (file.parent / link).exists()] == []


def test_every_decision_record_has_its_parts() -> None:
    records = sorted((DOCS / "adr").glob("0*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        text = path.read_text("utf-8")
        assert re.match(rf"# {path.name[:4]} \S", text), path.name
        assert re.findall(r"(?m)^(Status(?=:)|## \w+)", text) == [
            "Status",
            "## Context",
            "## Decision",
            "## Consequences",
        ], path.name


def test_glossary_is_sorted_and_free_of_doubles() -> None:
    terms = re.findall(r"(?m)^\*\*(.+)\*\*$", (DOCS / "glossary.md").read_text("utf-8"))
    plain = [term.lower() for term in terms]
    assert len(set(plain)) == len(plain)
    assert plain == sorted(plain)
