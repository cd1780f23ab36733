# ruff: noqa: E501 - rows of tables cannot be broken
"""Write docs/reference/components.md from the declarations that the gallery shows: `make docs` does it."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "components.md"
DESIGN = ROOT / "docs" / "explanation" / "design.md"
BEGIN, END = "<!-- contrasts: made by `make docs` -->", "<!-- end of contrasts -->"

HEAD = """\
# Components of pages

Made by `make docs` from the declarations in `openmcx.ui.gallery`; a test fails when it is out of date. A running node
shows every component in every state at `/gallery/`; `?theme=dark` and `?dir=rtl` show them dark and right to left.
[Design](../explanation/design.md) says why they look as they do.

Every page extends `ui/base.html`. Load the components with `{% load ui %}`. A component with an unknown name, a missing
argument or an argument that it does not know is a template error, which says what the component takes.

## The base template

| block | what stands in it |
| --- | --- |
| `title` | the page's title; the network's name follows by itself |
| `heading` | the text of the one `h1` |
| `actions` | buttons and links beside the heading |
| `page_head` | replaces `heading` and `actions`; use `{% page_head %}` in it |
| `breadcrumbs` | `{% breadcrumbs %}`; section navigation too |
| `notifications` | what the last action had to say; seldom replaced |
| `content` | the page |
| `head`, `scripts` | further `link` and `script` elements; scripts are files, never inline |
"""
TAIL = """\
## In Python

| name | what it is for |
| --- | --- |
| `openmcx.ui.slots.navigation` | an app offers its entries of the main navigation: `NavigationItem(label, url, order, prefixes)` |
| `openmcx.ui.components` | the shapes that components take: `SummaryRow`, `Task`, `State` and others |
| `openmcx.ui.tables.Table` | a list: a subclass sets `caption`, `empty_title`, columns |
| `openmcx.ui.tables.respond(request, table, template_name, context, file_name=…)` | answers with the page that shows the table, or with all of it as CSV or XLSX (`?download=csv`) |
| `openmcx.ui.forms` | fields of our own |
| `openmcx.ui.countries` | `COUNTRIES`, `country_name(code)`, `country_choices()` |

## A component of your own

1. A function in `openmcx.ui.templatetags.ui`, or in a module beside it whose tags join that library; its markup in
   `ui/templates/ui/components/`.
2. A declaration in `openmcx.ui.gallery`: what it is for, what each prop is for, an example of every state. Names, types
   and defaults come from the function.
3. `make docs`. The journey through the gallery runs axe on it in light and dark, at 1280 and 360 pixels.

## Rules

* One `h1` in a page; headings in order.
* Everything works without JavaScript, but for passkeys, which browsers give to scripts only.
* Colours, sizes and distances come from `ui/tokens.css`; no `style` attribute, no inline script (the content security
  policy forbids both).
* A form that is refused answers 400 and shows every error in the summary and at its field. A change is a POST, and the
  answer to it a redirect.
* Never colour alone: a state has an icon and words.
* Things that can be clicked are at least 24 pixels high and wide.
"""


def row(*cells: str) -> str:
    """This will write a row of a table."""
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"


def page() -> str:
    """This will write the whole page."""
    from openmcx.ui.gallery.registry import by_group  # noqa: PLC0415  (needs Django started)

    parts = [HEAD]
    for group, components in by_group():
        parts.append(f"## {group}\n")
        for one in components:
            parts.append(f"### {one.title}\n\n{one.summary}\n\n`{one.usage}`\n")
            if one.props:
                rows = [row("Prop", "Type", "Default", "What it is for"), row(*["---"] * 4)]
                rows += [
                    row(
                        f"`{prop.name}`",
                        f"`{prop.type}`",
                        "must be given" if prop.default is None else f"`{prop.default}`",
                        prop.doc,
                    )
                    for prop in one.props
                ]
                parts.append("\n".join(rows) + "\n")
            shown = ", ".join(example.name.replace("-", " ") for example in one.examples)
            parts.append(f"Shown in the gallery: {shown}.\n")
    return "\n".join([*parts, TAIL])


def contrasts() -> str:
    """This will write the table of contrasts; a figure is rounded down, so that what fails never reads as if it passed."""
    from openmcx.ui import tokens  # noqa: PLC0415  (needs the path)

    rows = [row("Colour", "On", "For", "At least", "Light", "Dark"), row(*["---"] * 6)]
    for promise in tokens.PROMISES:
        figures = [f"{int(min(promise.ratios(theme).values()) * 10) / 10}" for theme in tokens.THEMES]
        backs = ", ".join(f"`{back}`" for back in promise.backs)
        rows.append(row(f"`{promise.front}`", backs, promise.purpose, f"{promise.minimum:g}", *figures))
    return "\n".join(rows)


def design(text: str) -> str:
    """This will put the table of contrasts into the page about the design."""
    before, _begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{DESIGN.name} has lost its marks {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n\n{contrasts()}\n\n{END}{after}"


def main() -> None:
    """This will write the page, and the table in the page about the design."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django  # noqa: PLC0415

    django.setup()
    PAGE.write_text(page(), "utf-8")
    DESIGN.write_text(design(DESIGN.read_text("utf-8")), "utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n{DESIGN.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
