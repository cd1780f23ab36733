"""Specifications from and to the European Learning Model."""

import dataclasses
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from openmcx.credentials import DocumentError, FormatError, jsonld
from openmcx.credentials.formats import elm, vocabularies
from openmcx.credentials.model import (
    Achievement,
    Identifier,
    LangText,
    LearningType,
    Organisation,
    Participation,
    RelationKind,
    Supervision,
)
from tests.credentials import examples
from tests.credentials.examples import ACHIEVEMENT

FOLDER = "elm-v3/Credentials/JSON-LD Examples (ELM v3)"


def holdable(achievement: Achievement) -> Achievement:
    """This will take out of a specification what `losses` says that ELM cannot hold."""
    return dataclasses.replace(
        achievement,
        version="",
        stackable=None,
        cost_students=None,
        cost_lifelong=None,
        validity_months=None,
        image_url="",
        relations=tuple(relation for relation in achievement.relations if relation.kind is RelationKind.PART_OF),
        assessments=tuple(dataclasses.replace(part, weight_percent=None) for part in achievement.assessments),
        outcomes=tuple(dataclasses.replace(outcome, descriptor="") for outcome in achievement.outcomes),
    )


class TestRoundTrip:
    def test_all_that_elm_can_hold_comes_back(self) -> None:
        written = elm.write_specification(ACHIEVEMENT)
        read, findings = elm.read_specification(json.dumps(written))
        assert read == holdable(ACHIEVEMENT)
        assert findings == []

    def test_all_that_is_lost_is_named(self) -> None:
        changed = {
            field.name
            for field in dataclasses.fields(ACHIEVEMENT)
            if getattr(ACHIEVEMENT, field.name) != getattr(holdable(ACHIEVEMENT), field.name)
        }
        named = {finding.pointer[1:] for finding in elm.losses(ACHIEVEMENT)}
        assert named == changed - {"assessments", "outcomes"} | {"weight_percent", "descriptor"}
        assert elm.losses(holdable(ACHIEVEMENT)) == []

    def test_every_term_is_one_of_elm(self) -> None:
        assert len(jsonld.to_nquads(elm.write_specification(ACHIEVEMENT))) > 100

    @settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(achievement=examples.achievements)
    def test_any_title_outcomes_and_sizes_come_back(self, achievement: Achievement) -> None:
        read, _ = elm.read_specification(json.dumps(elm.write_specification(achievement)))
        for name in ("id", "title", "description", "workload_ects", "workload_hours", "eqf_level", "languages"):
            assert getattr(read, name) == getattr(achievement, name)
        assert [outcome.text for outcome in read.outcomes] == [outcome.text for outcome in achievement.outcomes]
        # What has the same IRI is the same thing in ELM, however it is described.
        skills = [[skill.iri for skill in outcome.skills] for outcome in achievement.outcomes]
        assert [[skill.iri for skill in outcome.skills] for outcome in read.outcomes] == skills

    @pytest.mark.parametrize("change", [{"id": ""}, {"title": LangText()}])
    def test_without_id_or_title_nothing_is_written(self, change: dict[str, Any]) -> None:
        with pytest.raises(FormatError):
            elm.write_specification(dataclasses.replace(ACHIEVEMENT, **change))


@pytest.mark.shared
class TestSamplesOfTheCommission:
    @pytest.mark.parametrize("kind", ["unsigned.jsonld", "unsigned-uploadable.json", "signed.jsonld"])
    def test_the_micro_credential_is_read_with_all_it_holds(self, kind: str, data_from_outside: Path) -> None:
        data = (data_from_outside / FOLDER / f"Sample-MC-Annex1-{kind}").read_bytes()
        read, findings = elm.read_specification(data)
        assert read.title == LangText({"en": "Digital micro-credential creation"})
        assert read.description["en"].startswith("This online course allows the learner")
        assert (read.workload_ects, read.workload_hours) == (Decimal(2), Decimal(60))
        assert read.eqf_level == 6
        assert [level.label["en"] for level in read.nqf_levels] == ["RQF Level 6"]
        assert [field.iri[-4:] for field in read.fields_of_study] == ["/003", "0688"]
        assert [outcome.text["en"] for outcome in read.outcomes] == [
            "Communication, collaboration and creativity",
            "Developing digital content",
        ]
        assert read.outcomes[1].text["es"] == "Contento digital"
        assert [[skill.framework for skill in outcome.skills] for outcome in read.outcomes] == [
            ["ESCO", "ESCO", "ESCO"],
            ["ESCO", "DigComp", "DigComp"],
        ]
        assert [part.kind.iri for part in read.assessments] == ["http://data.europa.eu/snb/assessment/de4d165a6c"]
        assert "successful submission" in read.assessments[0].criteria["en"]
        assert read.supervision is Supervision.UNSUPERVISED_UNVERIFIED
        assert read.participation is Participation.BLENDED
        assert read.learning_type is LearningType.NON_FORMAL
        assert read.languages == ("en",)
        assert "EU Login" in read.prerequisites["en"]
        assert (read.awarding_body.country, read.awarding_body.region) == ("IE", "Dublin city")
        assert read.awarding_body.url == "https://uniz.edu"
        assert Identifier(scheme="vat", value="654321") in read.awarding_body.identifiers
        assert read.id == ""  # ids such as urn:epass:qualification:1 mean something within the file only
        personal = {finding.params["member"] for finding in findings if finding.code == "elm-personal-data"}
        assert {"givenName", "familyName", "dateOfBirth", "nationalID", "grade"} <= personal
        left = {finding.pointer.rsplit("/", 1)[1] for finding in findings if finding.code == "elm-not-taken-over"}
        assert {"maximumDuration", "reusabilityLevel", "assessedBy", "displayParameter", "logo"} <= left

    @pytest.mark.parametrize("kind", ["unsigned.jsonld", "unsigned-uploadable.json", "signed.jsonld"])
    def test_the_certificate_of_participation_is_read(self, kind: str, data_from_outside: Path) -> None:
        data = (data_from_outside / FOLDER / f"Sample-CertOfPart-{kind}").read_bytes()
        read, findings = elm.read_specification(data)
        assert read.title == LangText({"en": "EDC Updates Webinar"})
        assert (read.workload_hours, read.participation, read.languages) == (2, Participation.ONLINE, ("en",))
        assert "P2M" in {finding.params.get("value") for finding in findings}

    def test_no_learner_gets_into_a_specification(self, data_from_outside: Path) -> None:
        for path in sorted((data_from_outside / FOLDER).iterdir()):
            read, _ = elm.read_specification(path.read_bytes())
            assert "Andromeda" not in repr(read)


class TestOtherForms:
    def test_a_specification_in_a_graph_whose_parts_are_referred_to(self) -> None:
        document = {
            "@graph": [
                {
                    "id": "https://x.example/s",
                    "type": "LearningAchievementSpecification",
                    "title": {"en": ["Robotics", "Robots"]},
                    "learningOutcome": "https://x.example/o",
                    "awardingOpportunity": {"awardingBody": {"id": "https://x.example/org"}},
                },
                {"id": "https://x.example/o", "type": "LearningOutcome", "title": {"en": "Builds robots"}},
                {"id": "https://x.example/org", "type": "Organisation", "legalName": {"en": "X University"}},
            ]
        }
        read, findings = elm.read_specification(document)
        assert (read.id, read.title) == ("https://x.example/s", LangText({"en": "Robotics"}))
        assert read.outcomes[0].text == LangText({"en": "Builds robots"})
        assert read.awarding_body == Organisation(id="https://x.example/org", name=LangText({"en": "X University"}))
        assert findings == []

    def test_what_is_not_understood_is_named(self) -> None:
        document = {
            "id": "https://x.example/s",
            "type": "Qualification",
            "title": {"en": "Robotics"},
            "volumeOfLearning": "P2M",
            "language": {"id": "https://x.example/klingon"},
            "creditPoint": {"framework": {"id": "https://x.example/points"}, "point": "7"},
            "learningSetting": {"id": "https://x.example/odd", "prefLabel": {"en": "odd"}},
            "entitlesTo": {"id": "https://x.example/e"},
        }
        read, findings = elm.read_specification(document)
        assert (read.workload_hours, read.workload_ects, read.languages, read.learning_type) == (None, None, (), None)
        assert {(finding.pointer, finding.code) for finding in findings} == {
            ("/volumeOfLearning", "elm-value-not-understood"),
            ("/language", "elm-value-not-understood"),
            ("/creditPoint", "elm-value-not-understood"),
            ("/learningSetting", "elm-value-not-understood"),
            ("/entitlesTo", "elm-not-taken-over"),
        }

    @pytest.mark.parametrize(
        "document",
        [
            {},
            {"type": "Person"},
            {"credentialSubject": {"hasClaim": []}},
            {"credentialSubject": {"hasClaim": {"type": "LearningAchievement"}}},
            {"type": "Qualification", "title": "x", "learningOutcome": [7, None, []], "@graph": 7, "provenBy": "x"},
        ],
    )
    def test_odd_documents_are_read_or_refused(self, document: dict[str, Any]) -> None:
        try:
            read, _ = elm.read_specification(document)
        except FormatError:
            return
        assert read.title

    def test_what_is_no_json_is_refused(self) -> None:
        with pytest.raises(DocumentError):
            elm.read_specification(b"<xml/>")


class TestVocabularies:
    def test_codes_of_countries_and_languages_go_both_ways(self) -> None:
        assert vocabularies.country_iri("FI") == "http://publications.europa.eu/resource/authority/country/FIN"
        assert vocabularies.country_code("http://publications.europa.eu/resource/authority/country/GRC") == "GR"
        assert vocabularies.language_iri("de") == "http://publications.europa.eu/resource/authority/language/DEU"
        assert vocabularies.language_tag("http://publications.europa.eu/resource/authority/language/SWE") == "sv"
        assert (vocabularies.country_iri("ZZ"), vocabularies.language_iri("de-AT")) == (None, None)

    def test_every_code_names_a_term_and_no_two_the_same(self) -> None:
        for kind, countries in (("country", True), ("language", False)):
            known = {concept.iri for concept in vocabularies.concepts(kind)}  # type: ignore[arg-type]
            codes = vocabularies._codes()["countries" if countries else "languages"]
            find = vocabularies.country_iri if countries else vocabularies.language_iri
            assert len(set(codes.values())) == len(codes)
            assert {find(code) for code in codes} <= known

    def test_the_official_languages_of_the_union_are_there(self) -> None:
        official = "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv"
        assert [tag for tag in official.split(" ") if vocabularies.language_iri(tag) is None] == []

    def test_levels_go_both_ways(self) -> None:
        assert [vocabularies.eqf_level(vocabularies.eqf_iri(level)) for level in range(1, 9)] == list(range(1, 9))
        assert vocabularies.eqf_level("http://data.europa.eu/snb/eqf/9") is None
