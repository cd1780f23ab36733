"""Awards as European Digital Credentials: written, read back, and refused when something is missing."""

import base64
import dataclasses
import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from openmcx.credentials import Check, FormatError, Outcome, issue_status_list, jsonld, verify
from openmcx.credentials.formats import elm
from openmcx.credentials.formats.elm import display
from openmcx.credentials.formats.elm.nodes import objects
from openmcx.credentials.keys.x509 import Subject
from openmcx.credentials.model import (
    Concept,
    Credential,
    Identifier,
    LangText,
    LearningType,
    Organisation,
    QualityAssurance,
    Relation,
    RelationKind,
    Result,
    Skill,
    StatusEntry,
)
from openmcx.credentials.proofs import jades
from openmcx.credentials.status import bitstring
from tests.credentials import pki
from tests.credentials.examples import ACHIEVEMENT, CREDENTIAL, ISSUER, SIGNED_AT, SIGNER
from tests.credentials.pki import SAMPLES, SEALER

PICTURE = b"\x89PNG\r\n\x1a\n"
EIDAS = Identifier(scheme="eidas", value="VATFI-12345678")


def written(credential: Credential = CREDENTIAL, **options: Any) -> dict[str, Any]:
    given = {"issued": SIGNED_AT, "sealer": SEALER, "pictures": {"en": PICTURE}, **options}
    return elm.write_credential(credential, **given)


def with_achievement(**changes: Any) -> Credential:
    return dataclasses.replace(CREDENTIAL, achievement=dataclasses.replace(ACHIEVEMENT, **changes))


def holdable(credential: Credential) -> Credential:
    """The award without what the format cannot hold, and with what sealing adds."""
    a = credential.achievement
    issuer = _holdable_body(credential.issuer)
    return dataclasses.replace(
        credential,
        issuer=issuer,
        achievement=dataclasses.replace(
            a,
            awarding_body=issuer,
            version="",
            stackable=None,
            validity_months=None,
            image_url="",
            learning_type=a.learning_type if a.learning_type is not LearningType.INFORMAL else None,
            languages=tuple(tag.partition("-")[0] for tag in a.languages),
            relations=tuple(relation for relation in a.relations if relation.kind is RelationKind.PART_OF),
            assessments=tuple(dataclasses.replace(part, weight_percent=None) for part in a.assessments),
            outcomes=tuple(dataclasses.replace(outcome, descriptor="") for outcome in a.outcomes),
        ),
    )


def _holdable_body(body: Organisation) -> Organisation:
    return dataclasses.replace(
        body,
        image_url="",
        identifiers=(*body.identifiers, EIDAS),
        quality_assurance=tuple(
            QualityAssurance(title=entry.title, kind=entry.kind) for entry in body.quality_assurance
        ),
    )


class TestRoundTrip:
    def test_all_that_it_can_hold_comes_back(self) -> None:
        read, findings = elm.read_credential(json.dumps(written()))
        assert read == holdable(CREDENTIAL)
        assert findings == []

    def test_all_that_is_lost_is_named(self) -> None:
        assert elm.lost(CREDENTIAL) == {
            *(f"achievement.{name}" for name in ("version", "stackable", "validity_months", "image_url")),
            *(f"achievement.{name}" for name in ("learning_type", "languages", "outcomes.descriptor")),
            *(f"achievement.{name}" for name in ("assessments.weight_percent",)),
            *(f"achievement.relations.{name}" for name in ("kind", "title", "iri")),
            *("issuer.image_url", "achievement.awarding_body.image_url"),
            *(
                f"{body}.quality_assurance.{name}"
                for body in ("issuer", "achievement.awarding_body")
                for name in ("agency", "evidence_url", "valid_from", "valid_until")
            ),
        }
        assert elm.lost(holdable(CREDENTIAL)) == set()
        assert elm.keeps(CREDENTIAL).achievement.outcomes == holdable(CREDENTIAL).achievement.outcomes

    def test_every_term_is_one_of_elm(self) -> None:
        assert len(jsonld.to_nquads(written())) > 300

    def test_it_begins_as_the_commissions_do(self) -> None:
        document = written()
        assert document["@context"] == [
            "https://www.w3.org/2018/credentials/v1",
            "http://data.europa.eu/snb/model/context/edc-ap",
        ]
        assert document["type"] == ["VerifiableCredential", "EuropeanDigitalCredential"]
        assert document["credentialSchema"] == {
            "id": "http://data.europa.eu/snb/model/ap/edc-generic-full",
            "type": "ShaclValidator2017",
        }
        assert document["issued"] == document["issuanceDate"] == "2026-07-01T09:00:00Z"
        assert document["validUntil"] == document["expirationDate"] == "2028-07-01T00:00:00Z"
        assert document["issuer"]["eIDASIdentifier"]["notation"] == "VATFI-12345678"

    def test_levels_and_fields_of_other_schemes_are_kept_beside_those_the_shapes_know(self) -> None:
        other = Concept(iri="https://x.example/l", label=LangText({"en": "Level"}), scheme="https://x.example/s")
        made = with_achievement(
            nqf_levels=(*ACHIEVEMENT.nqf_levels, other), fields_of_study=(*ACHIEVEMENT.fields_of_study, other)
        )
        specification = written(made)["credentialSubject"]["hasClaim"]["specifiedBy"]
        assert [level["id"] for level in specification["nqfLevel"]] == ["http://data.europa.eu/snb/qdr/c_c392e7a2"]
        assert [field["id"] for field in specification["educationSubject"]] == ["https://x.example/l"]
        read, _ = elm.read_credential(written(made))
        assert read.achievement.nqf_levels == made.achievement.nqf_levels
        assert read.achievement.fields_of_study == made.achievement.fields_of_study
        assert (read.achievement.cycle, read.achievement.isced_level) == (ACHIEVEMENT.cycle, ACHIEVEMENT.isced_level)

    def test_where_the_state_is_kept_comes_back(self) -> None:
        entries = (
            StatusEntry(list_url="https://x.example/1", index=0),
            StatusEntry(list_url="https://x.example/2?a=b", index=131071, purpose="suspension"),
        )
        read, _ = elm.read_credential(written(dataclasses.replace(CREDENTIAL, status=entries, evidence_url="")))
        assert (read.status, read.evidence_url) == (entries, "")

    def test_a_state_that_cannot_be_looked_up_is_refused_rather_than_passed_over(self) -> None:
        document = written()
        claim = document["credentialSubject"]["hasClaim"]
        claim["supplementaryDocument"][-1]["contentURL"] = "https://saimaa.example/status/1"
        with pytest.raises(FormatError):
            elm.read_credential(document)

    @pytest.mark.parametrize(
        "result", [None, Result(grade="1.3"), Result(grade="Pass", percent=Decimal(0)), Result(grade="", scheme="x")]
    )
    def test_results_come_back(self, result: Result | None) -> None:
        read, _ = elm.read_credential(written(dataclasses.replace(CREDENTIAL, result=result)))
        expected = dataclasses.replace(result, grade="—") if result and not result.grade else result
        assert read.result == expected

    def test_quality_assurance_without_a_title_keeps_its_kind(self) -> None:
        assurance = (
            QualityAssurance(title=LangText(), kind="none"),
            QualityAssurance(
                title=LangText({"en": "Approval", "fi": "Hyväksyntä"}), kind="", evidence_url="https://x.example/"
            ),
        )
        document = written(with_achievement(quality_assurance=assurance))
        read, _ = elm.read_credential(document)
        assert read.achievement.quality_assurance == (
            assurance[0],
            dataclasses.replace(assurance[1], evidence_url=""),
        )
        assert "Approval — https://x.example/" in json.dumps(document, ensure_ascii=False)

    def test_the_awarding_body_may_be_another_than_the_issuer(self) -> None:
        body = Organisation(id="https://b.example/", name=LangText({"en": "Body"}), country="SE")
        read, _ = elm.read_credential(written(with_achievement(awarding_body=body)))
        assert read.achievement.awarding_body == body


class TestRefusals:
    @pytest.mark.parametrize(
        ("credential", "options", "reason"),
        [
            (dataclasses.replace(CREDENTIAL, id=""), {}, "credential-without-id"),
            (with_achievement(title=LangText()), {}, "achievement-incomplete"),
            (
                with_achievement(awarding_body=Organisation(id="https://b.example/", name=LangText({"en": "B"}))),
                {},
                "institution-without-country",
            ),
            (
                with_achievement(
                    awarding_body=Organisation(id="https://b.example/", name=LangText({"en": "B"}), country="ZZ")
                ),
                {},
                "institution-without-country",
            ),
            (
                with_achievement(awarding_body=Organisation(id="https://b.example/", name=LangText(), country="FI")),
                {},
                "institution-without-name",
            ),
            (with_achievement(awarding_body=dataclasses.replace(ISSUER, url="")), {}, "awarding-body-differs"),
            (
                CREDENTIAL,
                {"sealer": Subject(organisation="Saimaa University", country="FI")},
                "seal-names-no-organisation",
            ),
            (CREDENTIAL, {"sealer": Subject(organisation_id="VATFI-1")}, "seal-names-no-organisation"),
            (CREDENTIAL, {"sealer": Subject(organisation_id="X", country="ZZ")}, "institution-without-country"),
            (CREDENTIAL, {"pictures": {"en": b"<svg/>"}}, "picture-kind-unusable"),
            (CREDENTIAL, {"pictures": {"tlh": PICTURE}}, "language-unknown"),
        ],
    )
    def test_what_the_shapes_ask_for_must_be_there(
        self, credential: Credential, options: dict[str, Any], reason: str
    ) -> None:
        with pytest.raises(FormatError) as refusal:
            written(credential, **options)
        assert refusal.value.params["reason"] == reason
        assert "{" not in str(refusal.value)

    def test_one_id_is_not_two_things(self) -> None:
        for credential in (
            with_achievement(id=ISSUER.id),
            dataclasses.replace(CREDENTIAL, id=ACHIEVEMENT.id),
            with_achievement(
                relations=(Relation(kind=RelationKind.PART_OF, title=LangText({"en": "X"}), iri=ACHIEVEMENT.id),)
            ),
        ):
            with pytest.raises(FormatError) as refusal:
                written(credential)
            assert refusal.value.code == "node-described-twice"

    def test_an_id_that_is_none_or_means_something_in_the_file_alone_gets_another(self) -> None:
        skills = tuple(
            Skill(iri=iri, label=LangText({"en": iri or "nothing"})) for iri in ("no iri", "urn:epass:note:1", "")
        )
        outcomes = (dataclasses.replace(ACHIEVEMENT.outcomes[0], skills=skills),)
        document = written(with_achievement(outcomes=outcomes))
        jsonld.to_nquads(document)
        notes = [node for node in objects(document) if node.get("id") == "urn:epass:note:1"]
        assert {node["type"] for node in notes} == {"Note"}
        read, _ = elm.read_credential(document)
        (outcome,) = read.achievement.outcomes
        assert [(skill.iri, skill.label) for skill in outcome.skills] == [("", skill.label) for skill in skills]

    def test_a_term_labelled_in_two_ways_keeps_the_first(self) -> None:
        first = ACHIEVEMENT.outcomes[0].skills[0]
        second = dataclasses.replace(first, label=LangText({"en": "another name"}))
        outcomes = tuple(dataclasses.replace(ACHIEVEMENT.outcomes[0], skills=(skill,)) for skill in (first, second))
        read, _ = elm.read_credential(written(with_achievement(outcomes=outcomes)))
        assert [outcome.skills[0].label for outcome in read.achievement.outcomes] == [first.label, first.label]

    @pytest.mark.parametrize(
        ("changes", "member"),
        [
            ({"issuer": None}, "issuer"),
            ({"validFrom": None, "issuanceDate": None, "issued": None}, "validFrom"),
            ({"validFrom": "soon"}, "validFrom"),
            ({"credentialSubject": None}, "credentialSubject"),
            ({"credentialSubject": [{}, {}]}, "credentialSubject"),
            ({"credentialSubject": ["urn:x", {"type": "Person"}]}, "credentialSubject"),
            ({"credentialSubject": {"type": "Person"}}, "hasClaim"),
        ],
    )
    def test_what_says_not_who_or_when_is_no_award(self, changes: dict[str, Any], member: str) -> None:
        with pytest.raises(FormatError) as refusal:
            elm.read_credential({**written(), **changes})
        assert refusal.value.params["member"] == member


class TestSamples:
    def test_the_micro_credential_is_read_as_an_award(self) -> None:
        read, findings = elm.read_credential((SAMPLES / "Sample-MC-Annex1-signed.jsonld").read_bytes())
        assert read.id == "urn:credential:1018d05f-21d5-4555-b7f0-8fabfd22ca75"
        assert (read.learner.given_name, read.learner.family_name) == ("Ana", "Andromeda")
        # The file says 1999-10-01T22:00:00Z, midnight in Italy.
        assert read.learner.date_of_birth == dt.date(1999, 10, 2)
        assert read.learner.identifiers == (Identifier(scheme="national", value="LA-234218"),)
        assert read.issuer.name == LangText({"en": "ORGANIZACION TEST"})
        assert Identifier(scheme="eidas", value="VATES-A00000000") in read.issuer.identifiers
        assert read.achievement.title == LangText({"en": "Digital micro-credential creation"})
        assert read.achievement.awarding_body.name == LangText({"en": "University of Zed"})
        assert read.result == Result(grade="Pass")
        assert read.valid_from == dt.datetime(2022, 12, 31, 23, tzinfo=dt.UTC)
        assert (read.valid_until, read.status) == (None, ())
        assert len(read.achievement.assessments) == 1
        assert "elm-personal-data" not in {finding.code for finding in findings}

    def test_one_without_a_seal_is_read_too(self) -> None:
        read, _ = elm.read_credential((SAMPLES / "Sample-MC-Annex1-unsigned.jsonld").read_bytes())
        assert read.learner.given_name == "Ana"

    @pytest.mark.parametrize(
        ("written_as", "meant"),
        [
            ("1999-10-01T22:00:00Z", dt.date(1999, 10, 2)),
            ("1999-10-01T21:00:00Z", dt.date(1999, 10, 2)),
            ("1999-10-02T00:00:00+02:00", dt.date(1999, 10, 2)),
            ("1999-10-01T20:00:00Z", dt.date(1999, 10, 1)),
            ("1999-10-01T23:30:00Z", dt.date(1999, 10, 1)),
            ("1999-10-02T00:00:00Z", dt.date(1999, 10, 2)),
            ("1999-10-02T01:00:00Z", dt.date(1999, 10, 2)),
            ("9999-12-31T23:00:00Z", dt.date(9999, 12, 31)),
            ("0001-01-01T00:00:00+02:00", None),
            ("long ago", None),
            (7, None),
        ],
    )
    def test_a_date_is_read_from_the_midnight_it_was_written_as(
        self, written_as: object, meant: dt.date | None
    ) -> None:
        document = written()
        document["credentialSubject"]["dateOfBirth"] = written_as
        assert elm.read_credential(document)[0].learner.date_of_birth == meant


class TestIssuerAndSeal:
    def test_the_registered_identifier_decides(self) -> None:
        document = written()
        assert elm.seal_fault(document, SEALER) is None
        assert elm.seal_fault(document, dataclasses.replace(SEALER, organisation="Renamed University")) is None
        for other in (
            dataclasses.replace(SEALER, organisation_id="VATFI-87654321"),
            dataclasses.replace(SEALER, organisation_id=""),
            dataclasses.replace(SEALER, country="SE"),
        ):
            assert elm.seal_fault(document, other) is not None

    def test_without_one_the_legal_name_does(self) -> None:
        document = written()
        del document["issuer"]["eIDASIdentifier"]
        assert elm.seal_fault(document, dataclasses.replace(SEALER, organisation="saimaa  UNIVERSITY")) is None
        assert elm.seal_fault(document, dataclasses.replace(SEALER, organisation="Saimaa")) is not None
        assert elm.seal_fault(document, Subject()) is not None

    def test_no_identifier_is_not_the_same_as_no_identifier(self) -> None:
        document = written()
        document["issuer"]["eIDASIdentifier"]["notation"] = ""
        assert elm.seal_fault(document, dataclasses.replace(SEALER, organisation_id="")) is not None

    def test_every_identifier_must_be_that_of_the_sealer(self) -> None:
        document = written()
        own = document["issuer"]["eIDASIdentifier"]
        document["issuer"]["eIDASIdentifier"] = [own, {**own, "notation": "VATFI-87654321"}]
        assert elm.seal_fault(document, SEALER) is not None

    @pytest.mark.parametrize("issuer", [None, "did:web:x.example", [], ["did:web:x.example"], 7, {}])
    def test_an_issuer_that_names_nobody_is_nobodys(self, issuer: object) -> None:
        fault = elm.seal_fault({**written(), "issuer": issuer}, SEALER)
        assert fault is not None
        assert "{" not in fault.sentence

    def test_two_issuers_are_none(self) -> None:
        document = written()
        two = [document["issuer"], {**document["issuer"], "id": "did:web:other.example"}]
        assert elm.seal_fault({**document, "issuer": two}, SEALER) is not None
        assert elm.seal_fault({**document, "issuer": [document["issuer"], "did:web:other.example"]}, SEALER) is not None

    def test_greece_is_greece_by_either_code(self) -> None:
        sealer = dataclasses.replace(SEALER, country="EL")
        assert elm.seal_fault(written(sealer=sealer), sealer) is None


class TestDisplay:
    def test_a_page_is_drawn_in_the_language_of_the_title(self) -> None:
        document = elm.write_credential(CREDENTIAL, issued=SIGNED_AT, sealer=SEALER)
        (shown,) = document["displayParameter"]["individualDisplay"]
        assert shown["language"]["id"].endswith("/ENG")
        picture = base64.b64decode(shown["displayDetail"]["image"]["content"])
        assert picture.startswith(b"\x89PNG\r\n\x1a\n")
        assert len(picture) < 100_000

    def test_what_is_drawn_is_never_read_as_a_program(self) -> None:
        hostile = LangText({"en": '#panic("x") #read("/etc/passwd") ]}#import "@preview/x:1.0.0"'})
        drawn = display.draw(with_achievement(title=hostile), "en")
        assert drawn.startswith(b"\x89PNG")

    def test_long_and_odd_words_are_drawn_too(self) -> None:
        for text in ("x" * 100_000, "\u202e\0Ω ж 漢", "—"):
            assert display.draw(with_achievement(title=LangText({"el": text})), "el").startswith(b"\x89PNG")

    def test_given_pictures_are_taken_as_they_are(self) -> None:
        pictures = {"fi": b"\xff\xd8\xff\xe0", "en": PICTURE}
        document = written(pictures=pictures)
        shown = document["displayParameter"]["individualDisplay"]
        assert [entry["language"]["id"][-3:] for entry in shown] == ["FIN", "ENG"]
        kinds = [entry["displayDetail"]["image"]["contentType"]["id"].rpartition("/")[2] for entry in shown]
        assert kinds == ["JPEG", "PNG"]


class TestState:
    def sealed(self) -> bytes:
        document = json.dumps(written())
        sealed = jades.sign(
            document, signer=pki.SEAL_SIGNER, chain=pki.CHAIN, sealed_at=pki.SEALED_AT, timestamp=pki.stamp
        )
        return json.dumps(sealed).encode()

    def checked(self, **served: int | None) -> Check:
        bits = bitstring.new_bits()
        revoked = served.get("revoked")
        if revoked is not None:
            bitstring.put(bits, revoked, True)
        (entry,) = CREDENTIAL.status
        unsigned = bitstring.status_list_credential(
            id=entry.list_url, issuer=ISSUER.id, bits=bits, valid_from=SIGNED_AT
        )
        signed = json.dumps(issue_status_list(unsigned, signer=SIGNER, created=SIGNED_AT)).encode()
        files = {entry.list_url: signed}
        report = verify(self.sealed(), at=pki.NOW, fetch=files.__getitem__, anchors=pki.ANCHORS)
        return next(check for check in report.checks if check.name == "status")

    def test_a_sealed_award_that_was_revoked_is_found_out(self) -> None:
        assert (self.checked().outcome, self.checked().finding.code) == (Outcome.PASSED, "status-good")
        revoked = self.checked(revoked=CREDENTIAL.status[0].index)
        assert (revoked.outcome, revoked.finding.code) == (Outcome.FAILED, "revoked")

    def test_a_state_that_a_document_from_elsewhere_names_is_asked_too(self) -> None:
        foreign = {**written(), "credentialStatus": "https://x.example/state"}
        read, _ = elm.read_credential(foreign)
        entries = elm.credential_status(foreign, read)
        assert entries[0] == "https://x.example/state"
        assert [entry["statusListIndex"] for entry in entries[1:]] == ["7777"]
