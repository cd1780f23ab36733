"""Write docs/reference/error-codes.md from the sources, so that it cannot fall behind: `make docs` does it.

The core's codes come from its tables of sentences, the node's from every place that raises a Refusal.
"""

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "openmcx"
PAGE = ROOT / "docs" / "reference" / "error-codes.md"
TABLES = ("MESSAGES", "SENTENCES", "KINDS", "REASONS")

INTRODUCTION = """\
# Error codes

Made by `make docs` from the sources; a test fails when it is out of date.

A code is stable: it never changes its meaning, and programs may rely on it. Sentences are for people, are translated,
and may be put better in a later version. `{name}` and `%(name)s` stand for the values of the case.
"""


def parse(path: Path) -> ast.Module:
    """This will parse a source file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def core_tables() -> Iterator[tuple[str, dict[str, str]]]:
    """This will give every table of sentences and words in the credential core, with the module it stands in."""
    for path in sorted((PACKAGE / "credentials").rglob("*.py")):
        for node in parse(path).body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            for target in targets:
                if isinstance(target, ast.Name) and target.id in TABLES:
                    parts = path.relative_to(PACKAGE).with_suffix("").parts
                    module = ".".join(["openmcx", *(parts[:-1] if parts[-1] == "__init__" else parts)])
                    yield module, getattr(importlib.import_module(module), target.id)


def literal(node: ast.expr | None) -> str | None:
    """This will give the text of a string, also inside a call of gettext."""
    if isinstance(node, ast.Call) and node.args:
        return literal(node.args[0])
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def node_modules() -> list[Path]:
    """This will list the sources of the node."""
    return [path for path in sorted(PACKAGE.rglob("*.py")) if not {"credentials", "migrations"} & set(path.parts)]


def refusal_classes() -> set[str]:
    """This will name Refusal and everything that is derived from it."""
    names = {"Refusal"}
    classes = [node for path in node_modules() for node in ast.walk(parse(path)) if isinstance(node, ast.ClassDef)]
    while (
        found := {node.name for node in classes if {ast.unparse(b).split(".")[-1] for b in node.bases} & names} - names
    ):
        names |= found
    return names


def refusals() -> dict[str, tuple[str, set[str]]]:
    """This will give every code the node refuses with: its sentence, and the apps that use it."""
    named = {
        target.id: text
        for path in node_modules()
        for node in parse(path).body
        if isinstance(node, ast.Assign) and (text := literal(node.value))
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    classes = refusal_classes()
    result: dict[str, tuple[str, set[str]]] = {}
    for path in node_modules():
        app = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.ClassDef) and node.name in classes:
                for function in node.body:
                    if isinstance(function, ast.FunctionDef) and function.name == "__init__":
                        given = [literal(default) for default in function.args.defaults]
                        if len(given) > 1 and given[0] and given[1]:
                            result.setdefault(given[0], (given[1], set()))[1].add(app)
            if not isinstance(node, ast.Call) or ast.unparse(node.func).split(".")[-1] not in classes:
                continue
            code = literal(node.args[0]) if node.args else None
            if code is None:
                continue
            message = node.args[1] if len(node.args) > 1 else None
            text = literal(message) or (named.get(ast.unparse(message).split(".")[-1]) if message else None)
            result.setdefault(code, (text or "", set()))[1].add(app)
    return result


def row(*cells: str) -> str:
    """This will write a row of a table."""
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"


def page() -> str:
    """This will write the whole page."""
    parts = [INTRODUCTION, "## The credential core\n"]
    for module, table in core_tables():
        parts.append(f"### `{module}`\n")
        parts.append("\n".join([row("Code", "Sentence"), row("---", "---")]))
        parts.append("\n".join(row(f"`{code}`", table[code]) for code in sorted(table)) + "\n")
    parts.append("## The node\n")
    parts.append("\n".join([row("Code", "Sentence", "Used in"), row("---", "---", "---")]))
    found = refusals()
    parts.append(
        "\n".join(row(f"`{code}`", found[code][0], ", ".join(sorted(found[code][1]))) for code in sorted(found))
    )
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
