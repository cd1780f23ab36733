"""Every error has a sentence, and every sentence is used with what it names."""

import ast
import pickle
from pathlib import Path
from string import Formatter

import pytest

from openmcx.credentials import errors

SOURCE = Path(errors.__file__).parent
KINDS = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.CredentialError)
}
PLACES = {"where"}


def texts(node):
    """The texts that an expression may come to."""
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return texts(node.body) | texts(node.orelse)
    return set()


def raised():
    """Each place in the core that makes an error: its code, and the names of what it passes."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_bytes())
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef | ast.Module):
                continue
            assigned = {
                target.id: texts(statement.value)
                for statement in ast.walk(function)
                if isinstance(statement, ast.Assign)
                for target in statement.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(function):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in KINDS
                    and node.args
                ):
                    first = node.args[0]
                    codes = assigned.get(first.id, set()) if isinstance(first, ast.Name) else texts(first)
                    names = {keyword.arg for keyword in node.keywords}
                    found += [(f"{path.name}:{node.lineno}", code, names) for code in sorted(codes, key=str)]
    return found


RAISED = raised()  # in the same order in every process


def named_in(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_the_places_are_found():
    assert len(RAISED) > 60
    assert {"undefined-term", "relative-iri", "invalid-iri", "signature-wrong"} <= {code for _, code, _ in RAISED}


@pytest.mark.parametrize(("place", "code", "names"), RAISED, ids=[f"{place}-{code}" for place, code, _ in RAISED])
def test_every_error_has_a_sentence_that_names_what_it_is_given(place, code, names):
    assert code in errors.MESSAGES, f"{place}: add {code} to MESSAGES"
    if None not in names:  # **params are not looked into
        assert names - PLACES == named_in(errors.MESSAGES[code]), place


@pytest.mark.parametrize("code", errors.MESSAGES)
def test_every_sentence_is_a_whole_one(code):
    sentence = errors.MESSAGES[code]
    assert code == code.lower().strip("-").replace("_", "-").replace(" ", "-")
    assert sentence[0].isupper() or sentence[0] in "{“"
    assert sentence.endswith(".")
    assert all(name.isidentifier() for name in named_in(sentence))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_an_error_crosses_process_borders(kind):
    error = kind("document-too-large", where="/a", size=3, limit=2)
    copied = pickle.loads(pickle.dumps(error))
    assert (type(copied), copied.code, copied.where, copied.params, str(copied)) == (
        kind,
        "document-too-large",
        "/a",
        {"size": 3, "limit": 2},
        str(error),
    )


def test_what_a_hostile_document_says_is_quoted_short_and_on_one_line():
    error = errors.DataLossError("undefined-term", term="x\n\u202e\x1b[31m" + "y" * 500)
    assert error.params["term"] == "x\ufffd\ufffd\ufffd[31m" + "y" * 111 + "…"
    assert "\n" not in str(error)
    assert "\x1b" not in str(error)


def test_braces_in_what_is_quoted_are_no_placeholders():
    assert "{limit}" in str(errors.DataLossError("undefined-term", term="{limit}{0}"))


def test_pointers_are_escaped():
    assert errors.pointer(["a/b", 0, "~", ""]) == "/a~1b/0/~0/"
    assert errors.pointer([]) == ""
