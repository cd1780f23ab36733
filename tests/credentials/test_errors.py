"""Every error has a sentence, and every sentence is used with what it names."""

import ast
import pickle
from pathlib import Path
from string import Formatter

import pytest

from openmcx.credentials import errors
from openmcx.credentials.class_list import messages
from openmcx.credentials.encodings import KEEPS
from openmcx.credentials.findings import SENTENCES
from openmcx.credentials.formats import recognise
from openmcx.credentials.jsonld.reading import json_type
from openmcx.credentials.wording import ELEMENTS, REASONS, WORDS, say
from openmcx.credentials.wording import KINDS as KIND_WORDS

SOURCE = Path(errors.__file__).parent
KINDS = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.CredentialError)
}
PLACES = {"where", "because"}


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
                    given = {keyword.arg: keyword.value for keyword in node.keywords}
                    reason = given.get("reason")
                    reasons = assigned.get(reason.id, set()) if isinstance(reason, ast.Name) else texts(reason)
                    words = {name for text in reasons for name in named_in(REASONS.get(text, ""))}
                    if isinstance(reason, ast.Name) and not reasons:  # one of several that a loop goes through
                        words = names - PLACES - {"reason"}
                    found += [(f"{path.name}:{node.lineno}", code, names, words) for code in sorted(codes, key=str)]
    return found


def named_in(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


RAISED = raised()  # in the same order in every process


def test_the_places_are_found():
    assert len(RAISED) > 60
    assert {"undefined-term", "relative-iri", "invalid-iri", "signature-wrong"} <= {code for _, code, *_ in RAISED}


@pytest.mark.parametrize(
    ("place", "code", "names", "words"), RAISED, ids=[f"{place}-{code}" for place, code, *_ in RAISED]
)
def test_every_error_has_a_sentence_that_names_what_it_is_given(place, code, names, words):
    assert code in errors.MESSAGES, f"{place}: add {code} to MESSAGES"
    if None not in names:  # **params are not looked into
        assert names - PLACES == named_in(errors.MESSAGES[code]) | words, place


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


# What is language inside a sentence is a code, whose words are translated like the sentence.


def given_as(name):
    """Each text in the core that is passed under a name, alone or as a first or later one of several."""
    found = set()
    for path in sorted(SOURCE.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(function, ast.keyword) and function.arg == name:
                found |= {(path.name, text) for text in texts(function.value) if isinstance(text, str)}
            if isinstance(function, ast.Assign) and [getattr(target, "id", "") for target in function.targets] == [
                name
            ]:
                found |= {(path.name, text) for text in texts(function.value) if isinstance(text, str)}
    return found


def test_every_reason_that_is_given_has_words():
    given = given_as("reason")
    assert len(given) > 30
    assert {(place, text) for place, text in given if text not in REASONS} == set()


def test_every_kind_that_is_given_has_words():
    values = ({}, [], "", True, 1, 1.5, None)
    kinds = {json_type(value) for value in values}
    tree = ast.parse(Path(recognise.__file__).read_bytes())
    kinds |= {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in KIND_WORDS
    }
    kinds |= KEEPS.keys()
    assert kinds == set(KIND_WORDS)
    named = [
        returned
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name in {"_kind_of_bytes", "recognise_json"}
        for node in ast.walk(function)
        if isinstance(node, ast.Return)
        for returned in texts(node.value.elts[0] if isinstance(node.value, ast.Tuple) else node.value)
        if returned is not None
    ]
    assert len(named) > 15
    assert set(named) <= set(KIND_WORDS)


@pytest.mark.parametrize("text", [*REASONS.values(), *KIND_WORDS.values(), *ELEMENTS.values()])
def test_words_inside_a_sentence_are_no_sentence(text):
    assert not text.endswith(".")
    assert text[0].islower() or text[0] in "{“"


def test_only_these_parameters_are_language():
    assert set(WORDS) == {"kind", "carrier", "reason", "element"}
    assert set(messages.WORDS) == {"kind", "field"}
    assert say("It is {kind}: {reason}.", {"kind": "pdf", "reason": "too-many-keys", "limit": 3}) == (
        "It is a PDF file: it lists more than 3 keys."
    )
    assert say("“{kind}”", {"kind": "{limit}"}) == "“{limit}”"


# Everything else that a sentence names is data: a number, a name, an address, a code of a standard, what a document
# says. Whoever adds a name here answers for that.
DATA = {
    "address", "algorithm", "allowed", "begins", "choices", "claimed", "column", "count", "created", "cryptosuite",
    "date", "detail", "did", "domain", "ends", "error", "expected", "found", "guess", "highest", "id", "index",
    "issuer", "key", "keyword", "languages", "limit", "line", "lowest", "mark", "member", "method", "path", "position",
    "size", "subject", "term", "type", "url", "value",
}  # fmt: skip


def test_all_other_parameters_are_data():
    assert {name for text in SENTENCES.values() for name in named_in(text)} == {*DATA, *WORDS}


def test_the_error_behind_an_error_is_told_and_crosses_process_borders():
    behind = errors.DocumentError("document-empty")
    error = errors.KeyMaterialError("did-document-unreadable", did="did:web:a", because=behind)
    copied = pickle.loads(pickle.dumps(error))
    assert str(copied) == str(error) == f"The DID document of “did:web:a” cannot be read. {behind}"
