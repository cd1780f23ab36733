"""Write the table of terms in docs/glossary.md from locale/terms.toml."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TERMS = ROOT / "locale" / "terms.toml"
PAGE = ROOT / "docs" / "glossary.md"
LANGUAGES = ("de", "es", "fi")
BEGIN, END = "<!-- begin of the terms, made by scripts/terms.py from locale/terms.toml -->", "<!-- end of the terms -->"


@dataclass(frozen=True)
class Term:
    """A term: what it is called and means, and how its translations are known."""

    en: str
    definition: str
    names: dict[str, str]
    source: str
    pattern: re.Pattern[str]
    forms: dict[str, tuple[str, ...]]


def load() -> tuple[list[Term], dict[tuple[str, str], str]]:
    """This will give the terms, and the reasons of the exceptions by English text and term."""
    data: dict[str, Any] = tomllib.loads(TERMS.read_text("utf-8"))
    terms = [
        Term(
            en=one["en"],
            definition=one["definition"],
            names={language: one[language] for language in LANGUAGES},
            source=one["source"],
            pattern=re.compile(rf"(?<![\w-])(?:{one.get('pattern', re.escape(one['en']) + 's?')})(?![\w-])", re.I),
            forms={language: tuple(one["forms"][language]) for language in LANGUAGES},
        )
        for one in data["term"]
    ]
    return terms, {(one["en"], term): one["why"] for one in data["exception"] for term in one["terms"]}


def table() -> str:
    """This will give the part of the glossary that shows the terms."""
    rows = ["| English | Deutsch | Español | Suomi | Meaning | Source |", "| --- | --- | --- | --- | --- | --- |"]
    for term in sorted(load()[0], key=lambda term: term.en.casefold()):
        rows.append(f"| {' | '.join([term.en, *term.names.values(), term.definition, term.source])} |")
    return "\n".join([BEGIN, "", *rows, "", END])


def page() -> str:
    """This will give the glossary with the terms as they are now."""
    before, _begin, rest = PAGE.read_text("utf-8").partition(BEGIN)
    return f"{before}{table()}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
