"""Learner records: several awards in one document, signed ones kept as they are."""

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openmcx.credentials import issue
from openmcx.credentials.errors import CredentialError
from openmcx.credentials.formats import clr, open_badges
from openmcx.credentials.formats.clr import Association, AssociationKind, LearnerRecord, award
from openmcx.credentials.model import Credential
from openmcx.credentials.proofs import data_integrity
from tests import shared_data
from tests.credentials import examples
from tests.credentials.examples import ACHIEVEMENT, CREDENTIAL, ISSUER, OTHER_SIGNER, SIGNED_AT, SIGNER

DEGREE = dataclasses.replace(ACHIEVEMENT, id="https://saimaa.example/beng", title=ACHIEVEMENT.title)
OTHER_ACHIEVEMENT = dataclasses.replace(ACHIEVEMENT, id="https://saimaa.example/catalogue/vision/")
OTHER = dataclasses.replace(
    CREDENTIAL, id="urn:uuid:31111111-1111-4111-8111-111111111111", achievement=OTHER_ACHIEVEMENT
)
SIGNED = issue(CREDENTIAL, signer=SIGNER, created=SIGNED_AT)


def record(**changes: Any) -> LearnerRecord:
    whole = LearnerRecord(
        id="urn:uuid:41111111-1111-4111-8111-111111111111",
        name="Leon's learning",
        issuer=ISSUER,
        learner=CREDENTIAL.learner,
        valid_from=dt.datetime(2026, 7, 2, tzinfo=dt.UTC),
        valid_until=dt.datetime(2030, 7, 2, tzinfo=dt.UTC),
        description="All of it.",
        partial=True,
        awards=(award(SIGNED), award(OTHER)),
        achievements=(DEGREE,),
        associations=(
            Association(AssociationKind.PART, ACHIEVEMENT.id, DEGREE.id),
            Association(AssociationKind.PRECEDES, ACHIEVEMENT.id, OTHER_ACHIEVEMENT.id),
        ),
    )
    return dataclasses.replace(whole, **changes)


def refused(document: Any) -> str:
    with pytest.raises(CredentialError) as caught:
        clr.write(document) if isinstance(document, LearnerRecord) else clr.read(document)
    assert str(caught.value)
    return caught.value.code


class TestWriting:
    def test_what_is_written_is_read_as_it_was(self) -> None:
        assert clr.read(json.loads(json.dumps(clr.write(record())))) == record()

    def test_a_signed_award_is_embedded_as_it_is_and_stays_right(self) -> None:
        embedded = clr.write(record())["credentialSubject"]["verifiableCredential"][0]
        assert embedded == SIGNED
        verified = data_integrity.verify(
            embedded, public_key_for=lambda _: SIGNER.public_key, allowed_cryptosuites=data_integrity.CRYPTOSUITES
        )
        assert verified.document["id"] == CREDENTIAL.id
        assert [entry.signed for entry in record().awards] == [True, False]

    @pytest.mark.parametrize("cryptosuite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_every_term_is_covered_by_the_records_own_signature(self, cryptosuite: Any) -> None:
        made = data_integrity.sign(clr.write(record()), signer=OTHER_SIGNER, created=SIGNED_AT, cryptosuite=cryptosuite)

        def check(document: dict[str, Any]) -> Any:
            return data_integrity.verify(
                document, public_key_for=lambda _: OTHER_SIGNER.public_key, allowed_cryptosuites={cryptosuite}
            )

        assert clr.read(check(made).document) == record()
        made["credentialSubject"]["association"][0]["associationType"] = "replacedBy"
        with pytest.raises(CredentialError):
            check(made)

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"id": ""}, "format-cannot-write"),
            ({"name": ""}, "clr-incomplete"),
            ({"awards": ()}, "clr-incomplete"),
            ({"awards": (award(SIGNED), award(CREDENTIAL))}, "clr-award-twice"),
            ({"awards": (award(OTHER),) * 501}, "clr-too-many"),
            ({"achievements": ()}, "clr-association-dangling"),
            ({"valid_from": dt.datetime(2026, 1, 1)}, "format-cannot-write"),  # noqa: DTZ001 - what is refused
        ],
    )
    def test_what_makes_no_record_is_refused(self, changes: dict[str, Any], code: str) -> None:
        assert refused(record(**changes)) == code

    def test_only_awards_of_achievements_are_taken(self) -> None:
        with pytest.raises(CredentialError, match="no award"):
            award({"type": ["VerifiableCredential"]})


class TestReading:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"type": ["VerifiableCredential"]}, "clr-not-a-record"),
            ({"issuer": None}, "format-member-missing"),
            ({"validFrom": None}, "format-member-missing"),
            ({"validFrom": "today"}, "format-member-invalid"),
            ({"credentialSubject": []}, "format-member-invalid"),
            ({"credentialSubject": [{}, {}]}, "format-member-invalid"),
            ({"credentialSubject": {"verifiableCredential": [{}] * 501}}, "clr-too-many"),
            ({"credentialSubject": {"association": [{}] * 5001}}, "clr-too-many"),
            ({"credentialSubject": {"achievement": [{}] * 501}}, "clr-too-many"),
        ],
    )
    def test_what_is_no_record_is_refused(self, change: dict[str, Any], code: str) -> None:
        assert refused({**clr.write(record()), **change}) == code

    def test_an_award_that_cannot_be_read_does_not_hide_the_others(self) -> None:
        document = clr.write(record())
        broken = {**SIGNED, "validFrom": "never"}
        document["credentialSubject"]["verifiableCredential"] += [broken, {"type": ["VerifiableCredential"]}, "eyJ"]
        found = clr.read(document)
        assert [entry.credential is not None for entry in found.awards] == [True, True, False, False, False]
        faults = [entry.fault for entry in found.awards if entry.fault]
        assert [one.code for one in faults] == [
            "format-member-invalid",
            "format-not-an-achievement",
            "format-not-an-achievement",
        ]
        assert faults[1].pointer == "/credentialSubject/verifiableCredential/3"
        assert all(one.sentence for one in faults)

    def test_what_ties_nothing_together_is_passed_over(self) -> None:
        document = clr.write(record())
        document["credentialSubject"]["association"] += [{"associationType": "marriedTo"}, {"sourceId": "urn:x"}]
        assert clr.read(document).associations == record().associations

    def test_a_lone_award_stands_without_brackets(self) -> None:
        document = clr.write(record(awards=(award(OTHER),), achievements=(), associations=()))
        document["credentialSubject"]["verifiableCredential"] = document["credentialSubject"]["verifiableCredential"][0]
        assert [entry.credential for entry in clr.read(document).awards] == [OTHER]


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft201909Validator:
    if shared_data.ROOT is None:
        pytest.fail("The schemas are missing: name the folder of the test data in OPENMCX_SHARED.")
    path: Path = shared_data.ROOT / "schemas" / "clr-v2" / "clr_v2p0_clrcredential_schema.json"
    schema = json.loads(path.read_text("utf-8"))
    return jsonschema.Draft201909Validator(schema, format_checker=jsonschema.FormatChecker())


@pytest.mark.shared
class TestTheSchema:
    def faults(self, validator: jsonschema.Draft201909Validator, document: dict[str, Any]) -> list[str]:
        return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document)]

    def test_a_record_with_everything_fits(self, validator: jsonschema.Draft201909Validator) -> None:
        made = data_integrity.sign(clr.write(record()), signer=SIGNER, created=SIGNED_AT)
        assert self.faults(validator, made) == []

    def test_the_schema_would_notice_a_fault(self, validator: jsonschema.Draft201909Validator) -> None:
        document = clr.write(record())
        document["credentialSubject"]["association"][0]["associationType"] = "marriedTo"
        assert self.faults(validator, document) != []
        assert self.faults(validator, {**clr.write(record()), "name": None}) != []

    @settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(credentials=st.lists(examples.credentials, min_size=1, max_size=2, unique_by=lambda one: one.id))
    def test_any_awards_fit(self, validator: jsonschema.Draft201909Validator, credentials: list[Credential]) -> None:
        awards = tuple(award(dataclasses.replace(one, status=one.status[:1])) for one in credentials)
        document = clr.write(record(awards=awards, achievements=(), associations=()))
        assert self.faults(validator, document) == []
        assert clr.read(document).awards == awards
        assert [open_badges.read(entry.document) for entry in awards] == [entry.credential for entry in awards]
