"""What the architecture tests read: our modules, what they import, the ladder, our templates."""

import ast
import functools
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "openmcx"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS = {contract["id"]: contract for contract in PROJECT["tool"]["importlinter"]["contracts"]}

# Rungs that are open to every app above them, or that put the whole together.
OPEN_TO_ALL = {"kernel", "ui", "credentials"}
ASSEMBLY = {"config", "cli"}


@functools.cache
def ladder() -> list[list[str]]:
    """This will give the rungs from the top, each with its siblings, as the import contract has them."""
    return [re.findall(r"[a-z_]+", layer) for layer in CONTRACTS["ladder"]["layers"]]


@functools.cache
def rung(app: str) -> int:
    """This will give an app's height: the lower the number, the higher the app stands."""
    return next(height for height, siblings in enumerate(ladder()) if app in siblings)


@functools.cache
def apps() -> list[str]:
    """This will name the Django apps that are there, in the order of the ladder."""
    names = [path.parent.name for path in PACKAGE.glob("*/apps.py")]
    return sorted(names, key=rung)


def domain_apps() -> list[str]:
    """This will name the apps whose files follow the order of files inside an app."""
    return [name for name in apps() if name not in OPEN_TO_ALL | ASSEMBLY | {"demo"}]


@functools.cache
def modules() -> dict[str, Path]:
    """This will map the dotted name of every module of ours to its file."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ["openmcx", *path.relative_to(PACKAGE).with_suffix("").parts]
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@functools.cache
def tree(path: Path) -> ast.Module:
    """This will parse a source file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def imports(name: str) -> set[tuple[str, int]]:
    """This will give what a module of ours imports, at its top or inside functions, with the line."""
    path = modules()[name]
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {(alias.name, node.lineno) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
                base = ".".join(filter(None, [*package[: len(package) - node.level + 1], node.module]))
            found |= {(f"{base}.{alias.name}", node.lineno) for alias in node.names}
    return found


@functools.cache
def templates() -> dict[str, Path]:
    """This will map the name of every template of ours, as `extends` would say it, to its file."""
    return {
        path.relative_to(folder).as_posix(): path
        for folder in sorted(PACKAGE.glob("*/templates"))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def where(path: Path, line: int) -> str:
    """This will say a place in the source so that an editor opens it."""
    return f"{path.relative_to(ROOT)}:{line}"
