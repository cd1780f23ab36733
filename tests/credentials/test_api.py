"""The core's front door."""

import ast
from collections.abc import Iterator
from pathlib import Path

import openmcx.credentials as core
from openmcx.credentials import class_list

# What takes a code, and which of its arguments that is.
_TAKERS = {"note": 1, "report": 0, "_note": 0, "Finding": 0, "Unreachable": 0, "get": 2}


def _codes(path: Path) -> Iterator[tuple[str, int]]:
    """This will give every code that a source file uses, with its line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        place = 0 if name.endswith("Error") else _TAKERS.get(name)
        if place is None or place >= len(node.args):
            continue
        if name == "note":
            place = 2
        argument = node.args[place] if place < len(node.args) else None
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and "-" in argument.value:
            yield argument.value, node.lineno


def test_every_code_has_a_sentence() -> None:
    folder = Path(core.__file__).parent
    known = {**core.SENTENCES, **class_list.MESSAGES}
    used = [(code, f"{path}:{line}") for path in sorted(folder.rglob("*.py")) for code, line in _codes(path)]
    assert len(used) > 120
    assert [place for code, place in used if code not in known and " " not in code] == []


def test_the_public_names_are_these() -> None:
    assert core.__all__ == [
        "MESSAGES",
        "SENTENCES",
        "Check",
        "ContextError",
        "CredentialError",
        "DataLossError",
        "DocumentError",
        "Ed25519Signer",
        "EstablishedIssuer",
        "Finding",
        "FormatError",
        "KeyMaterialError",
        "KnownIssuer",
        "Outcome",
        "ProofError",
        "PublicKey",
        "Report",
        "Signer",
        "StatusError",
        "Verdict",
        "WorkLimitError",
        "generate_ed25519",
        "issue",
        "issue_status_list",
        "verify",
    ]
    assert [name for name in core.__all__ if not hasattr(core, name)] == []


def test_the_verbs_are_functions() -> None:
    assert core.issue.__module__ == "openmcx.credentials.issue"
    assert core.verify.__module__ == "openmcx.credentials.verify"
    assert callable(core.issue)
    assert callable(core.verify)
