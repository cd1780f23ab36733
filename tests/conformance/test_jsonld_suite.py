"""The W3C test suite of JSON-LD 1.1, from JSON to RDF: every answer of ours is right; what we do not take is refused.

Much is refused on purpose: contexts in the document may not use every keyword, none is fetched, and what a signature
would not cover is never dropped in silence.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from openmcx.credentials import CredentialError
from openmcx.credentials.jsonld import rdfc10, to_nquads

SUITE = Path(__file__).parents[1] / "credentials" / "vectors" / "json-ld-to-rdf"
CASES: list[dict[str, Any]] = json.loads((SUITE / "cases.json").read_bytes())
# Version 1.0 of JSON-LD, which credentials do not use, forbids what 1.1 allows.
OLD = [case for case in CASES if "json-ld-1.0" in (case.get("option", {}).values())]
NEW = [case for case in CASES if case not in OLD]
# Whoever refuses everything answers nothing wrongly, so what we answer today is counted.
RIGHT = 187


def answer(case: dict[str, Any]) -> list[str] | None:
    """Our N-Quads, or None when we refuse. A list of documents is no document of ours."""
    document = json.loads(case["input"])
    if not isinstance(document, dict):
        return None
    try:
        return to_nquads(document)
    except CredentialError:
        return None


def test_the_suite_is_whole() -> None:
    assert (len(CASES), len({case["id"] for case in CASES}), len(OLD)) == (467, 467, 19)


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case["id"]) for case in NEW if case["kind"] == "NegativeEvaluationTest"]
)
def test_what_must_fail_is_refused(case: dict[str, Any]) -> None:
    assert answer(case) is None


def test_every_answer_is_right() -> None:
    right, wrong = [], []
    for case in NEW:
        if "expect" not in case or (ours := answer(case)) is None:
            continue
        expected = [line for line in case["expect"].split("\n") if line.strip()]
        (right if rdfc10(ours) == rdfc10(expected) else wrong).append(case["id"])
    assert wrong == []
    assert len(right) == RIGHT
