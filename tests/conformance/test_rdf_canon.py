"""The W3C test suite of RDF Dataset Canonicalization."""

import json
from pathlib import Path
from typing import Any

import pytest

from openmcx.credentials import WorkLimitError
from openmcx.credentials.jsonld import issued_identifiers, rdfc, rdfc10
from openmcx.credentials.jsonld.limits import DEFAULT, Meter

SUITE = Path(__file__).parents[1] / "credentials" / "vectors" / "rdf-canon"
ENTRIES: list[dict[str, Any]] = json.loads((SUITE / "manifest.jsonld").read_bytes())["entries"]


def entries(kind: str) -> list[Any]:
    return [pytest.param(entry, id=entry["id"][1:]) for entry in ENTRIES if entry["type"] == f"rdfc:{kind}"]


def nquads(name: str) -> str:
    return (SUITE / name).read_bytes().decode()


def algorithm(entry: dict[str, Any]) -> Any:
    return entry.get("hashAlgorithm", "SHA256").lower()


def test_the_suite_is_whole():
    assert len(ENTRIES) == len(entries("RDFC10EvalTest") + entries("RDFC10MapTest") + entries("RDFC10NegativeEvalTest"))
    assert [len(entries(f"RDFC10{kind}Test")) for kind in ("Eval", "Map", "NegativeEval")] == [64, 21, 1]


@pytest.mark.parametrize("entry", entries("RDFC10EvalTest"))
def test_canonical_form(entry):
    assert rdfc10([nquads(entry["action"])], algorithm=algorithm(entry)) == nquads(entry["result"])


@pytest.mark.parametrize("entry", entries("RDFC10MapTest"))
def test_issued_identifiers(entry):
    expected = json.loads(nquads(entry["result"]))
    issued = issued_identifiers([nquads(entry["action"])], algorithm=algorithm(entry))
    assert {old.removeprefix("_:"): new.removeprefix("_:") for old, new in issued.items()} == {
        old.removeprefix("_:"): new.removeprefix("_:") for old, new in expected.items()
    }


@pytest.mark.parametrize("entry", entries("RDFC10NegativeEvalTest"))
def test_poison_is_refused_at_the_work_limit(entry):
    meter = Meter(DEFAULT)
    with pytest.raises(WorkLimitError) as refusal:
        rdfc.canonical(rdfc.parse_nquads(nquads(entry["action"])), meter)
    assert refusal.value.params["limit"] == DEFAULT.max_n_degree_steps
    # It stopped there and then: no step of work more than the one that went over.
    assert DEFAULT.max_n_degree_steps < meter.n_degree_steps <= DEFAULT.max_n_degree_steps + 20
