"""Our own JSON for specifications."""

import json
import pickle
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openmcx.credentials.formats import specification
from openmcx.credentials.formats.specification import SpecificationError
from openmcx.credentials.model import Achievement, LangText, Organisation, TargetGroup
from tests.credentials.examples import ACHIEVEMENT

ROOT = Path(__file__).resolve().parents[2]
MINIMAL: dict[str, Any] = {"format": specification.FORMAT, "title": {"en": "Robotics"}}
SCHEMA = specification.json_schema()


def codes(change: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(SpecificationError) as caught:
        specification.read({**MINIMAL, **change})
    assert all(finding.sentence for finding in caught.value.findings)
    return [(finding.pointer, finding.code) for finding in caught.value.findings]


def test_a_specification_with_everything_comes_back_equal() -> None:
    written = json.loads(json.dumps(specification.write(ACHIEVEMENT)))
    assert specification.read(written) == ACHIEVEMENT
    assert set(written) == {"format", *SCHEMA["properties"]}


def test_an_empty_draft_can_be_read() -> None:
    draft = specification.read({"format": specification.FORMAT})
    assert draft == Achievement(id="", title=LangText(), awarding_body=Organisation(id="", name=LangText()))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"format": "x"}, [("/format", "spec-unknown-format")]),
        ({"titel": {}}, [("/titel", "spec-misspelt-member")]),
        ({"zzzzzz": 1}, [("/zzzzzz", "spec-unknown-member")]),
        ({"title": "Robotics"}, [("/title", "spec-not-texts")]),
        ({"title": {"e n": "x"}}, [("/title/e n", "spec-not-a-language")]),
        ({"title": {"en": 7}}, [("/title/en", "spec-not-a-text")]),
        ({"title": {"en": "x" * 20001}}, [("/title/en", "spec-too-long")]),
        ({"outcomes": {}}, [("/outcomes", "spec-not-a-list")]),
        ({"outcomes": [{}]}, [("/outcomes/0", "spec-missing-member")]),
        ({"outcomes": ["x"]}, [("/outcomes/0", "spec-not-an-object")]),
        ({"outcomes": [{"text": {"en": "x"}}] * 201}, [("/outcomes", "spec-too-long")]),
        ({"eqf_level": 9}, [("/eqf_level", "spec-out-of-range")]),
        ({"eqf_level": "6"}, [("/eqf_level", "spec-not-a-whole-number")]),
        ({"eqf_level": True}, [("/eqf_level", "spec-not-a-whole-number")]),
        ({"workload_ects": -1}, [("/workload_ects", "spec-out-of-range")]),
        ({"workload_ects": "NaN"}, [("/workload_ects", "spec-out-of-range")]),
        ({"workload_ects": "1e999999"}, [("/workload_ects", "spec-out-of-range")]),
        ({"workload_ects": "three"}, [("/workload_ects", "spec-not-a-number")]),
        ({"workload_ects": [3]}, [("/workload_ects", "spec-not-a-number")]),
        ({"participation": "remote"}, [("/participation", "spec-not-a-choice")]),
        ({"participation": []}, [("/participation", "spec-not-a-choice")]),
        ({"stackable": "yes"}, [("/stackable", "spec-not-true-or-false")]),
        ({"languages": ["english"]}, [("/languages/0", "spec-not-a-language")]),
        ({"homepage": "javascript:alert(1)"}, [("/homepage", "spec-not-a-web-address")]),
        ({"id": "robotics"}, [("/id", "spec-not-an-iri")]),
        ({"awarding_body": {"country": "Finland"}}, [("/awarding_body/country", "spec-not-a-country")]),
        (
            {"cost_students": {"amount": 5, "currency": "euro"}},
            [("/cost_students/currency", "spec-not-a-currency")],
        ),
        ({"cost_students": {"amount": 5}}, [("/cost_students", "spec-missing-member")]),
        (
            {"quality_assurance": [{"valid_from": "2026-02-30", "valid_until": "soon"}]},
            [
                ("/quality_assurance/0/valid_from", "spec-not-a-date"),
                ("/quality_assurance/0/valid_until", "spec-not-a-date"),
            ],
        ),
        (
            {"quality_assurance": [{"valid_from": "2026-02-03", "valid_until": "2026-02-02"}]},
            [("/quality_assurance/0/valid_until", "spec-dates-swapped")],
        ),
    ],
)
def test_each_fault_is_named_with_its_place(change: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert codes(change) == found


def test_all_faults_are_named_at_once_and_survive_a_worker() -> None:
    with pytest.raises(SpecificationError) as caught:
        specification.read({"title": 1, "eqf_level": 0, "languages": 3})
    error = pickle.loads(pickle.dumps(caught.value))
    assert [finding.pointer for finding in error.findings] == ["/format", "/title", "/eqf_level", "/languages"]
    assert str(error).count("\n") == 3


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(member=st.sampled_from(sorted(SCHEMA["properties"])), value=json_values)
def test_whatever_stands_there_is_read_or_refused_as_the_schema_says(member: str, value: Any) -> None:
    document = {**MINIMAL, member: value}
    try:
        specification.read(document)
    except SpecificationError:
        return
    # The reader may be stricter than the schema (dates that do not exist), never laxer.
    assert list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(document)) == []


class TestSchema:
    def test_the_shipped_schema_is_the_readers(self) -> None:
        shipped = resources.files("openmcx.credentials.formats") / "specification.schema.json"
        assert json.loads(shipped.read_text("utf-8")) == SCHEMA

    def test_the_schema_is_valid_and_fits_what_is_written(self) -> None:
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        assert list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(specification.write(ACHIEVEMENT))) == []

    def test_the_example_in_the_documentation_is_complete_and_valid(self) -> None:
        page = (ROOT / "docs" / "reference" / "specification-json.md").read_text("utf-8")
        example = json.loads(page.split("```json\n", 1)[1].split("```", 1)[0])
        assert specification.completeness(specification.read(example)) == []

    def test_the_documentation_names_every_member(self) -> None:
        page = (ROOT / "docs" / "reference" / "specification-json.md").read_text("utf-8")
        missing = [name for name in SCHEMA["properties"] if f"`{name}`" not in page]
        assert missing == []


class TestCompleteness:
    def test_nothing_is_missing_from_a_whole_one(self) -> None:
        assert specification.completeness(ACHIEVEMENT) == []

    def test_everything_is_missing_from_an_empty_one(self) -> None:
        draft = specification.read({"format": specification.FORMAT, "target_groups": ["lifelong"]})
        assert draft.target_groups == (TargetGroup.LIFELONG,)
        assert [finding.code for finding in specification.completeness(draft)] == [
            "missing-title",
            "missing-awarding-body",
            "missing-country",
            "missing-outcomes",
            "missing-workload",
            "missing-contact-hours",
            "missing-level",
            "missing-assessment",
            "missing-participation",
            "missing-quality-assurance",
        ]
