"""Open Badges 3.0: nothing is lost on the way out and back, and nothing signed can be put out of sight."""

import copy
import dataclasses
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from openmcx.credentials import DataLossError, FormatError, issue, jsonld
from openmcx.credentials.formats import open_badges
from openmcx.credentials.model import LangText, Organisation, Result, StatusEntry
from tests.credentials import examples
from tests.credentials.examples import CREDENTIAL, ISSUER, SIGNED_AT, SIGNER
from tests.credentials.jsonld_ways import by_expansion, by_walk


def through_json(document: dict[str, Any]) -> dict[str, Any]:
    return jsonld.load(json.dumps(document))


class TestRoundTrip:
    def test_a_credential_with_everything_comes_back_equal(self) -> None:
        assert open_badges.read(through_json(open_badges.write(CREDENTIAL))) == CREDENTIAL

    def test_a_signed_credential_comes_back_equal(self) -> None:
        signed = issue(CREDENTIAL, signer=SIGNER, created=SIGNED_AT)
        assert open_badges.read(through_json(signed)) == CREDENTIAL

    def test_a_model_field_without_a_place_would_be_noticed(self) -> None:
        achievement = CREDENTIAL.achievement
        empty = {field.name for field in dataclasses.fields(achievement) if not getattr(achievement, field.name)}
        assert empty == set()

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(credential=examples.credentials)
    def test_any_credential_comes_back_equal(self, credential: Any) -> None:
        assert open_badges.read(through_json(open_badges.write(credential))) == credential

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(credential=examples.credentials)
    def test_any_credential_can_be_signed_whole(self, credential: Any) -> None:
        document = open_badges.write(credential)
        # Written the quick way and the general way alike: what the quick way does not cover takes fifty times as long.
        assert by_walk(document) == by_expansion(document)
        refusal = None
        try:
            open_badges.check_shape(document)
        except FormatError as error:
            refusal = error
        if refusal is not None:  # right if one address names two things
            assert refusal.code == "node-described-twice"
            assert json.dumps(document).count(f'"id": {json.dumps(refusal.params["id"])}') > 1


class TestWriting:
    def test_open_badges_own_fields_are_used_where_there_are_any(self) -> None:
        document = open_badges.write(CREDENTIAL)
        subject = document["credentialSubject"]
        achievement = subject["achievement"]
        assert document["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
        assert achievement["achievementType"] == "MicroCredential"
        assert achievement["name"] == "Collaborative robotics"
        assert achievement["creditsAvailable"] == subject["creditsEarned"] == 2.5
        assert achievement["fieldOfStudy"] == "Electronics and automation"
        assert achievement["inLanguage"] == "en"
        assert [entry["targetUrl"] for entry in achievement["alignment"]] == [
            "http://data.europa.eu/esco/skill/0001",
            "https://sfia.example/PROG",
            "http://data.europa.eu/esco/skill/0002",
        ]
        assert [entry["value"] for entry in subject["result"]] == ["4", "88.5", "B"]
        assert [entry["id"] for entry in achievement["resultDescription"]] == [
            entry["resultDescription"] for entry in subject["result"]
        ]

    def test_plain_texts_are_in_the_wanted_language(self) -> None:
        assert open_badges.write(CREDENTIAL, language="fi")["name"] == "Yhteistyörobotiikka"

    def test_no_email_and_no_birth_date_unless_given(self) -> None:
        learner = dataclasses.replace(CREDENTIAL.learner, email="", date_of_birth=None)
        text = json.dumps(open_badges.write(dataclasses.replace(CREDENTIAL, learner=learner)))
        assert "leon@mail.example" not in text
        assert "2001-02-03" not in text

    def test_half_a_minute_of_workload_is_kept(self) -> None:
        achievement = dataclasses.replace(CREDENTIAL.achievement, workload_hours=Decimal("1.3333"))
        written = open_badges.write(dataclasses.replace(CREDENTIAL, achievement=achievement))
        read = open_badges.read(through_json(written))
        assert read.achievement.workload_hours == Decimal("1.3333")

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"id": ""}, "no id"),
            ({"valid_from": dt.datetime(2026, 1, 1)}, "no time zone"),  # noqa: DTZ001
            ({"issuer": Organisation(id="", name=LangText("x"))}, "no id"),
        ],
    )
    def test_what_cannot_be_written_is_refused(self, change: dict[str, Any], reason: str) -> None:
        with pytest.raises(FormatError, match=reason):
            open_badges.write(dataclasses.replace(CREDENTIAL, **change))

    @pytest.mark.parametrize("change", [{"title": LangText()}, {"eqf_level": 9}, {"workload_hours": Decimal(-1)}])
    def test_an_achievement_that_cannot_be_written_is_refused(self, change: dict[str, Any]) -> None:
        achievement = dataclasses.replace(CREDENTIAL.achievement, **change)
        with pytest.raises(FormatError):
            open_badges.write(dataclasses.replace(CREDENTIAL, achievement=achievement))

    def test_an_awarding_body_that_contradicts_the_issuer_is_refused(self) -> None:
        other = dataclasses.replace(ISSUER, name=LangText("Somebody else"))
        achievement = dataclasses.replace(CREDENTIAL.achievement, awarding_body=other)
        with pytest.raises(FormatError, match="described differently"):
            open_badges.write(dataclasses.replace(CREDENTIAL, achievement=achievement))

    def test_a_relative_address_is_not_signed(self) -> None:
        achievement = dataclasses.replace(CREDENTIAL.achievement, image_url="robotics.png")
        with pytest.raises(DataLossError):
            issue(dataclasses.replace(CREDENTIAL, achievement=achievement), signer=SIGNER, created=SIGNED_AT)


class TestReadingOthers:
    @pytest.mark.shared
    def test_the_sample_of_1edtech_is_read_with_all_its_parts(self, data_from_outside: Path) -> None:
        read = open_badges.read(jsonld.load((data_from_outside / "openbadges-v3" / "complete.json").read_bytes()))
        assert read.issuer.name == LangText("1EdTech University")
        assert read.learner.email == "student@1edtech.edu"
        assert read.achievement.title.best() == "1EdTech University Degree"
        assert read.achievement.outcomes[0].skills[0].iri == "https://1edtech.edu/catalog/degree"
        assert read.result is not None

    def test_a_small_badge_is_read_from_open_badges_own_fields(self) -> None:
        document = {
            "@context": ["https://www.w3.org/ns/credentials/v2", open_badges.write(CREDENTIAL)["@context"][1]],
            "id": "urn:uuid:1",
            "type": ["VerifiableCredential", "AchievementCredential"],
            "issuer": "https://issuer.example/",
            "validFrom": "2026-01-01T00:00:00Z",
            "credentialSubject": {
                "type": "AchievementSubject",
                "identifier": {
                    "type": "IdentityObject",
                    "identityType": "name",
                    "identityHash": "Vera V",
                    "hashed": False,
                },
                "result": {"type": "Result", "value": "B"},
                "achievement": {
                    "id": "https://issuer.example/a",
                    "type": "Achievement",
                    "name": "Teamwork",
                    "description": "Works in teams",
                    "criteria": {"narrative": "Worked in a team"},
                    "inLanguage": "en",
                    "creditsAvailable": 3,
                    "alignment": {"type": "Alignment", "targetName": "cooperate", "targetUrl": "https://x.example/c"},
                },
            },
        }
        read = open_badges.read(document)
        assert read.learner.family_name == "Vera V"
        assert read.awarded_on == dt.date(2026, 1, 1)
        assert read.result == Result(grade="B")
        assert read.achievement.title == LangText({"en": "Teamwork"})
        assert read.achievement.workload_ects == 3
        assert read.achievement.criteria == LangText({"en": "Worked in a team"})
        assert read.achievement.outcomes[0].text == LangText({"en": "cooperate"})
        assert read.achievement.awarding_body == read.issuer

    def test_a_hashed_identity_is_not_shown_as_a_name(self) -> None:
        document = open_badges.write(CREDENTIAL)
        for identity in document["credentialSubject"]["identifier"]:
            identity["hashed"] = True
        assert open_badges.read(document).learner.email == ""

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            (("type",), ["VerifiableCredential"]),
            (("credentialSubject",), []),
            (("credentialSubject",), [{"achievement": {}}, {"achievement": {}}]),
            (("credentialSubject", "achievement"), None),
            (("issuer",), {"name": "nobody"}),
            (("validFrom",), None),
            (("validFrom",), "yesterday"),
            (("validUntil",), 7),
            (("awardedDate",), "2026-13-01T00:00:00Z"),
            (("credentialStatus", "statusListIndex"), 7),
            (("credentialStatus", "statusListIndex"), "-7"),
            (("credentialStatus", "statusListCredential"), None),
        ],
    )
    def test_what_every_award_has_must_be_there(self, path: tuple[str, ...], value: Any) -> None:
        document = open_badges.write(CREDENTIAL)
        node = document
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = value
        with pytest.raises(FormatError):
            open_badges.read(document)


class TestShape:
    """Each of these says the same to a signature as the original does, and less to a reader."""

    @staticmethod
    def _statements(document: dict[str, Any]) -> set[str]:
        unsecured = {key: value for key, value in document.items() if key != "proof"}
        return set(jsonld.canonical_nquads(unsecured).splitlines())

    @pytest.mark.parametrize(
        ("term", "iri"),
        [
            ("credentialStatus", "https://www.w3.org/2018/credentials#credentialStatus"),
            ("evidence", "https://www.w3.org/2018/credentials#evidence"),
        ],
    )
    def test_a_term_written_as_its_iri_is_refused(self, term: str, iri: str) -> None:
        document = open_badges.write(CREDENTIAL)
        hidden = copy.deepcopy(document)
        hidden[iri] = hidden.pop(term)
        assert self._statements(hidden) == self._statements(document)
        with pytest.raises(FormatError, match="readers do not look"):
            open_badges.check_shape(hidden)

    @pytest.mark.parametrize("keyword", ["@included", "@graph", "@nest", "@reverse", "@id", "@type", "@index", "@set"])
    def test_keywords_that_hang_statements_in_from_the_side_are_refused(self, keyword: str) -> None:
        document = open_badges.write(CREDENTIAL)
        document[keyword] = [{"id": document["id"], "credentialStatus": document.pop("credentialStatus")}]
        with pytest.raises(FormatError) as caught:
            open_badges.check_shape(document)
        assert caught.value.code == "signed-term-hidden"

    def test_the_status_described_beside_a_second_mention_of_the_credential_is_refused(self) -> None:
        credential = dataclasses.replace(CREDENTIAL, evidence_url=CREDENTIAL.id)
        document = open_badges.write(credential)
        hidden = copy.deepcopy(document)
        hidden["evidence"][0]["type"] = ["Evidence", "VerifiableCredential"]
        hidden["evidence"][0]["credentialStatus"] = hidden.pop("credentialStatus")
        assert self._statements(hidden) == self._statements(document)
        with pytest.raises(FormatError) as caught:
            open_badges.check_shape(hidden)
        assert (caught.value.code, caught.value.where) == ("node-described-twice", "/evidence/0/credentialStatus")

    def test_one_thing_may_be_described_twice_when_the_first_says_it_all(self) -> None:
        document = open_badges.write(CREDENTIAL)
        creator = document["credentialSubject"]["achievement"]["creator"]
        creator["name"] = document["issuer"]["name"]
        open_badges.check_shape(document)

    def test_a_context_of_ones_own_is_refused(self) -> None:
        document = open_badges.write(CREDENTIAL)
        document["@context"] = [*document["@context"], {"x": "https://www.w3.org/2018/credentials#credentialStatus"}]
        with pytest.raises(FormatError) as caught:
            open_badges.check_shape(document)
        assert caught.value.code == "own-context"

    def test_a_blank_node_label_is_refused(self) -> None:
        document = open_badges.write(CREDENTIAL)
        document["credentialSubject"]["id"] = "_:b0"
        with pytest.raises(FormatError):
            open_badges.check_shape(document)

    @pytest.mark.parametrize(
        ("member", "value"),
        [
            ("type", ["OpenBadgeCredential"]),
            ("issuer", None),
            ("issuer", "nobody"),
            ("issuer", {"name": "x"}),
            ("credentialSubject", []),
            ("id", "relative"),
            ("id", 7),
            ("validUntil", "2020-01-01T00:00:00Z"),
            ("validFrom", "2026"),
            ("credentialStatus", {"id": "urn:x"}),
            ("credentialStatus", "https://x.example/"),
            ("credentialSchema", [{"id": "https://x.example/"}]),
        ],
    )
    def test_what_the_data_model_requires_is_required(self, member: str, value: Any) -> None:
        document = open_badges.write(CREDENTIAL)
        document[member] = value
        with pytest.raises(FormatError):
            open_badges.check_shape(document)

    def test_two_states_can_be_kept(self) -> None:
        entries = (
            StatusEntry(list_url="https://saimaa.example/status/1", index=1),
            StatusEntry(list_url="https://saimaa.example/status/2", index=2, purpose="suspension"),
        )
        document = open_badges.write(dataclasses.replace(CREDENTIAL, status=entries))
        open_badges.check_shape(document)
        assert open_badges.read(document).status == entries
