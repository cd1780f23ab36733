"""Documents people bring: the Commission's samples, our own exports, and things that are neither."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from openmcx.catalogue.mapping import content, importing
from openmcx.catalogue.mapping.checks import missing_elements
from openmcx.credentials.formats import elm
from openmcx.credentials.model import LangText, Supervision
from openmcx.kernel.errors import Refusal
from tests.factories.catalogue import complete_achievement

SAMPLES = Path("elm-v3/Credentials/JSON-LD Examples (ELM v3)")


@pytest.mark.shared
@pytest.mark.parametrize("form", ["unsigned.jsonld", "unsigned-uploadable.json", "signed.jsonld"])
def test_the_commissions_micro_credential_is_taken_over(data_from_outside: Path, form: str) -> None:
    document = (data_from_outside / SAMPLES / f"Sample-MC-Annex1-{form}").read_bytes()
    imported = importing.read(document, language="en")
    achievement = imported.achievement
    assert (imported.kind, imported.awarding_body) == ("elm", "University of Zed")
    assert achievement.title == {"en": "Digital micro-credential creation"}
    assert (achievement.workload_ects, achievement.workload_hours, achievement.eqf_level) == (
        Decimal(2),
        Decimal(60),
        6,
    )
    assert achievement.supervision is Supervision.UNSUPERVISED_UNVERIFIED
    assert achievement.languages == ("en",)
    assert [problem.code for problem in missing_elements(achievement)] == ["missing-quality-assurance"]
    assert any("contactPoint" in one.sentence for one in imported.not_taken)
    assert "Ana" not in json.dumps(content.to_content(achievement))


@pytest.mark.shared
@pytest.mark.parametrize("form", ["unsigned.jsonld", "unsigned-uploadable.json", "signed.jsonld"])
def test_the_commissions_certificate_is_taken_over(data_from_outside: Path, form: str) -> None:
    document = (data_from_outside / SAMPLES / f"Sample-CertOfPart-{form}").read_bytes()
    assert importing.read(document, language="en").achievement.title == {"en": "EDC Updates Webinar"}


def test_our_export_comes_back_whole() -> None:
    achievement = complete_achievement()
    imported = importing.read(json.dumps(content.to_content(achievement)).encode(), language="fi")
    assert (imported.kind, imported.achievement, imported.not_taken) == ("openmcx", achievement, ())


def test_our_elm_export_comes_back() -> None:
    achievement = complete_achievement()
    imported = importing.read(json.dumps(elm.write_specification(achievement)).encode(), language="fi")
    back = imported.achievement
    assert (imported.kind, back.title, back.workload_ects) == ("elm", achievement.title, achievement.workload_ects)
    assert [outcome.text for outcome in back.outcomes] == [outcome.text for outcome in achievement.outcomes]
    assert [outcome.skills for outcome in back.outcomes] == [outcome.skills for outcome in achievement.outcomes]


def test_texts_without_language_get_the_chosen_one() -> None:
    written = content.to_content(complete_achievement(title=LangText("Plain")))
    assert importing.read(json.dumps(written).encode(), language="fi").achievement.title == {"fi": "Plain"}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"", "unreadable"),
        (b"not json", "unreadable"),
        (b"[]", "unreadable"),
        (b'{"a": 1, "a": 2}', "unreadable"),
        (b"\xff\xfe{\x00}\x00", "unreadable"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "unreadable"),
        (b'{"a": NaN}', "unreadable"),
        (b" " * 3_000_000 + b"{}", "unreadable"),
        (b"{}", "no-specification"),
        (b'{"type": "Person"}', "no-specification"),
        (b'{"format": "openmcx-specification/99"}', "faulty-specification"),
        (b'{"format": "openmcx-specification/1", "titel": {"en": "x"}}', "faulty-specification"),
        (b'{"format": "openmcx-specification/1", "eqf_level": 9}', "faulty-specification"),
        (b'{"format": "openmcx-specification/1", "title": {"x y": "x"}}', "faulty-specification"),
    ],
)
def test_other_documents_are_refused_with_a_reason(document: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        importing.read(document, language="en")
    assert refusal.value.code == code
    assert len(str(refusal.value)) > 40


def test_every_fault_of_ours_is_named_with_its_place() -> None:
    document = {"format": "openmcx-specification/1", "eqf_level": 9, "homepage": "javascript:x"}
    with pytest.raises(Refusal) as refusal:
        importing.read(json.dumps(document).encode(), language="en")
    assert "/eqf_level: 9 is out of range" in str(refusal.value)
    assert "/homepage: “javascript:x” is no web address" in str(refusal.value)
