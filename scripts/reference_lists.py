"""Write the lists of docs/reference from the code, so that none can fall behind: `PAGES`.

`make docs` does it; tests fail when a page is out of date.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, get_args

if TYPE_CHECKING:
    from openmcx.credentials.model import Concept

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "openmcx"
FOLDER = ROOT / "docs" / "reference"
MADE = "Made by `make docs` from the code; a test fails when it is out of date.\n"

EVENTS = f"""# Events

{MADE}
An event says that something has happened. It carries ids and codes only, is written in the transaction in which it
happened, and is delivered to each handler at least once; [background work](../explanation/background-work.md) says how.
"""
SLOTS = f"""# Slots

{MADE}
A slot is a question that an app asks without knowing who answers. Apps above it on the
[ladder](../explanation/architecture.md) register providers when the node starts.
"""
AUDIT = f"""# Audit actions

{MADE}
Each write leaves one row in the audit trail: who (a pseudonymous id), what (one of these actions), to what (kind and
id), when, at which institution, and ids, codes, counts or digests. Bulk work leaves one row for each chunk.
`mcx audit verify` checks the trail; [the audit trail](../explanation/audit.md) says what that proves.
"""
NOTIFICATIONS = f"""# Notifications

{MADE}
What people are told, behind the bell and by e-mail. A person decides by category; what stands under E-mail happens
unless they do. [Notifications](../explanation/notifications.md) says how it works, the
[guide](../how-to/notifications.md) how to decide. `%(name)s` stands for a parameter.
"""
VOCABULARIES = f"""# Vocabularies

{MADE}
Subjects, kinds of assessment and the like are chosen from controlled vocabularies of the European Learning Model. Their
terms and English labels are the publisher's, the Publications Office of the European Union;
`src/openmcx/credentials/formats/vocabularies/SOURCE.txt` says where they were read. What is signed holds these alone.

**Labels in German, Spanish and Finnish that are “ours” are translations made for this project**, for display; the
publisher's own in these languages were not at hand, and may read otherwise. They are marked in no other way, so
do not quote them as official. No label is taken from the publisher's or from another official translation. Single words
do come from official texts: where a label holds a term of the [glossary](../glossary.md), such as *Qualitätssicherung*,
it uses the glossary's word, and the glossary says in which text that was read.
"""
FURTHER_NAMES = """
## Names from elsewhere

| What | Languages | Whose |
| --- | --- | --- |
| countries | those of the pages | ours, among the texts of the pages; codes by ISO 3166-1 |
| languages | those of the pages | Django's, and ours where it has none; tags by BCP 47 |
| currencies | no name is shown | codes by ISO 4217 |
| skills | as whoever described the micro-credential gave them | ESCO's in the demonstration, as its `SOURCE.txt` says |
| terms of the field | the four | the [glossary](../glossary.md) names the text each was read in, or says “ours” |
"""


def summary(thing: object) -> str:
    """This will give the first sentence of a docstring."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def row(*cells: str) -> str:
    """This will write a row of a table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def table(*rows: tuple[str, ...]) -> str:
    """This will write a table; the first row is its head."""
    head, *body = rows
    return "\n".join([row(*head), row(*("---" for _ in head)), *(row(*one) for one in body)]) + "\n"


def events() -> str:
    """This will write the page of events."""
    from openmcx.kernel import events as kernel  # noqa: PLC0415  (needs Django started)

    ours = {name: kind for name, kind in kernel.Event.declared.items() if kind.__module__.startswith("openmcx.")}
    heard = kernel.subscribers()
    rows = [
        (
            f"`{name}`",
            summary(ours[name]),
            ", ".join(f"{field.name}" for field in dataclasses.fields(ours[name])),
            ", ".join(sorted(heard[name])) or "nobody yet",
        )
        for name in sorted(ours)
    ]
    return EVENTS + "\n" + table(("Event", "What happened", "Carries", "Heard by"), *rows)


def slots() -> str:
    """This will write the page of slots."""
    from openmcx.kernel.slots import Slot  # noqa: PLC0415

    for path in sorted(PACKAGE.glob("*/slots.py")):
        importlib.import_module(f"openmcx.{path.parent.name}.slots")
    ours = {name: slot for name, slot in Slot.declared.items() if (PACKAGE / name.split(".")[0]).is_dir()}
    rows = [
        (f"`{name}`", ours[name].doc, ", ".join(sorted(ours[name].providers)) or "nobody yet") for name in sorted(ours)
    ]
    return SLOTS + "\n" + table(("Slot", "Question", "Answered by"), *rows)


def audit() -> str:
    """This will write the page of audit actions."""
    found = set()
    for path in sorted([*PACKAGE.glob("*/operations.py"), *PACKAGE.glob("*/operations/*.py")]):
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        for kind in vars(importlib.import_module(name)).values():
            if isinstance(kind, type) and issubclass(kind, StrEnum) and kind.__name__ == "Audit":
                found |= {str(action) for action in kind}
    parts = [AUDIT]
    for app in sorted({action.split(".")[0] for action in found}):
        mine = sorted(action for action in found if action.startswith(f"{app}."))
        rows = [(f"`{action}`", *(part.replace("-", " ") for part in action.split(".")[1:])) for action in mine]
        parts.append(f"## {app.capitalize()}\n\n" + table(("Action", "To what", "What was done"), *rows))
    return "\n".join(parts)


def notifications() -> str:
    """This will write the page of what people are told."""
    from django.utils import translation  # noqa: PLC0415

    from openmcx.accounts import queries  # noqa: PLC0415
    from openmcx.accounts.slots import Mail  # noqa: PLC0415
    from openmcx.institutions.models import Role  # noqa: PLC0415

    mail = {
        Mail.AT_ONCE: "at once",
        Mail.DAILY: "once a day",
        Mail.OFF: "no",
        None: "never: the institution writes itself",
    }
    parts = [NOTIFICATIONS]
    with translation.override("en"):
        for category in queries.categories().values():
            mine = [kind for kind in queries.kinds().values() if kind.category == category]
            rows = [
                (
                    f"`{kind.code}`",
                    str(kind.title),
                    str(kind.sentence % {name: placeholder(name) for name in kind.params}),
                    ", ".join(str(Role(role).label) for role in kind.audience) or "everybody",
                    mail[kind.mail],
                    ", ".join(f"{name}: {shape}" for name, shape in kind.params.items()),
                )
                for kind in mine
            ]
            head = ("Kind", "Title", "Sentence", "Who is told", "E-mail", "Parameters")
            parts.append(f"## {category.label}\n\n`{category.code}`. {category.hint}\n\n" + table(head, *rows))
    return "\n".join(parts)


def vocabularies() -> str:
    """This will write the page of vocabularies: whose labels a reader sees in which language."""
    from openmcx.credentials.formats import vocabularies as core  # noqa: PLC0415

    rows = []
    for name in get_args(core.Vocabulary):
        terms = core.concepts(name)
        by_code = name in {"country", "currency", "language"}
        whose = ["by its code, see below" if by_code else whose_labels(terms, one) for one in ("de", "es", "fi")]
        rows.append((name, f"`{terms[0].scheme}`", str(len(terms)), "the publisher's", *whose))
    head = ("Vocabulary", "Scheme", "Terms", "English", "German", "Spanish", "Finnish")
    return VOCABULARIES + "\n" + table(head, *rows) + FURTHER_NAMES


def whose_labels(terms: Sequence[Concept], language: str) -> str:
    """This will say whose labels a vocabulary's terms have in a language."""
    from openmcx.credentials.formats import vocabularies as core  # noqa: PLC0415

    published = sum(language in term.label for term in terms)
    shown = sum(language in core.names(term) for term in terms)
    parts = [
        f"{count} {whose}" if count < len(terms) else whose
        for count, whose in ((published, "the publisher's"), (shown - published, "ours"))
        if count
    ]
    return ", ".join(parts) or "none: shown in English"


class Placeholder(int):
    """Stands for a parameter of a sentence: chooses the plural, and is written as its name."""

    name: str

    def __str__(self) -> str:
        return f"%({self.name})s"


def placeholder(name: str) -> Placeholder:
    """This will make one."""
    made = Placeholder(2)
    made.name = name
    return made


PAGES = {
    "events": events,
    "slots": slots,
    "audit": audit,
    "notifications": notifications,
    "vocabularies": vocabularies,
}


def main() -> None:
    """This will write the pages."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django  # noqa: PLC0415

    django.setup()
    for name, write in PAGES.items():
        (FOLDER / f"{name}.md").write_text(write(), "utf-8")
        sys.stdout.write(f"docs/reference/{name}.md\n")


if __name__ == "__main__":
    main()
