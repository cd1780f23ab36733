"""The Commission's own judges: its shapes for what we write, its sealed samples for what we verify."""

import dataclasses
import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

import pyshacl
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings

from openmcx.credentials import CredentialError, base64url, jsonld
from openmcx.credentials.formats import elm
from openmcx.credentials.keys.x509 import Anchors, Certificate, Subject, decode_base64, read_certificate
from openmcx.credentials.model import Achievement, Credential, LangText, Learner, Organisation
from openmcx.credentials.proofs import jades
from tests.credentials import examples
from tests.credentials.examples import CREDENTIAL, SIGNED_AT
from tests.credentials.pki import SAMPLES, SEALER

EDC = rdflib.URIRef("http://data.europa.eu/snb/model/elm/EuropeanDigitalCredential")
PICTURE = b"\x89PNG\r\n\x1a\n"
# When the certificates of the samples and of their time-stamps were all valid.
THEN = dt.datetime(2022, 10, 20, tzinfo=dt.UTC)
_BODY = Organisation(id="did:web:uni.example", name=LangText({"en": "University"}), country="FI")
MINIMAL = Credential(
    id="urn:uuid:31111111-1111-4111-8111-111111111111",
    issuer=_BODY,
    achievement=Achievement(id="https://uni.example/a", title=LangText({"en": "A"}), awarding_body=_BODY),
    learner=Learner(given_name="Leon", family_name=""),
    awarded_on=dt.date(2026, 6, 30),
    valid_from=SIGNED_AT,
)


@cache
def shapes() -> rdflib.Graph:
    """The generic shapes with those of the vocabularies, which would import one another over the network."""
    graph = rdflib.Graph()
    for name in ("EDC-generic-full.ttl", "EDC-generic-no-cv.ttl"):
        graph.parse(SAMPLES / "shapes" / name)
    graph.remove((None, rdflib.OWL.imports, None))
    return graph


def violations(document: dict[str, Any]) -> list[str]:
    """What the shapes find wrong, by the last part of the property's name; at least one credential must be judged."""
    data = rdflib.Graph()
    data.parse(data="\n".join(jsonld.to_nquads(document)), format="nt")
    # Shapes that find nothing to judge conform.
    assert len(list(data.subjects(rdflib.RDF.type, EDC))) == 1
    conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes())
    assert isinstance(report, rdflib.Graph)
    found = sorted(
        str(path).rpartition("/")[2].rpartition("#")[2] for path in report.objects(None, rdflib.SH.resultPath)
    )
    assert conforms == (not found)
    return found


def written(credential: Credential) -> dict[str, Any]:
    return elm.write_credential(credential, issued=SIGNED_AT, sealer=SEALER, pictures={"en": PICTURE})


def sample(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / name).read_bytes())


class TestShapes:
    def test_an_award_with_everything_in_it_conforms(self) -> None:
        assert violations(elm.write_credential(CREDENTIAL, issued=SIGNED_AT, sealer=SEALER)) == []

    def test_an_award_with_the_least_there_may_be_conforms(self) -> None:
        assert violations(written(MINIMAL)) == []

    @settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(credential=examples.credentials)
    def test_any_award_conforms(self, credential: Credential) -> None:
        def located(body: Organisation) -> Organisation:
            return dataclasses.replace(body, name=body.name or LangText({"en": "B"}), country=body.country or "FI")

        achievement = credential.achievement
        body = located(achievement.awarding_body)
        credential = dataclasses.replace(
            credential,
            issuer=located(credential.issuer),
            achievement=dataclasses.replace(achievement, awarding_body=body),
        )
        document = written(credential)
        assert violations(document) == []
        read, findings = elm.read_credential(json.dumps(document))
        assert (read.id, read.achievement.title) == (credential.id, achievement.title)
        assert [finding.code for finding in findings if finding.code == "elm-value-not-understood"] == []

    @pytest.mark.parametrize(
        ("place", "expected"),
        [
            (("issued",), "issued"),
            (("validFrom",), "validFrom"),
            (("credentialSchema",), "credentialSchema"),
            (("credentialProfiles",), "credentialProfiles"),
            (("credentialProfiles", "inScheme"), "credentialProfiles"),
            (("displayParameter",), "displayParameter"),
            (("displayParameter", "title"), "title"),
            (("displayParameter", "primaryLanguage", "inScheme"), "primaryLanguage"),
            (("issuer", "eIDASIdentifier"), "issuer"),
            (("issuer", "legalName"), "legalName"),
            (("issuer", "location"), "location"),
            (("credentialSubject", "hasClaim"), "hasClaim"),
            (("credentialSubject", "hasClaim", "title"), "title"),
            (("credentialSubject", "hasClaim", "awardedBy"), "awardedBy"),
            (("credentialSubject", "hasClaim", "provenBy", "grade"), "grade"),
            (("credentialSubject", "hasClaim", "specifiedBy", "title"), "title"),
            (("credentialSubject", "hasClaim", "specifiedBy", "eqfLevel", "inScheme"), "EQFLevel"),
            (("credentialSubject", "hasClaim", "learningOpportunity", "providedBy"), "providedBy"),
        ],
    )
    def test_what_is_taken_out_is_missed(self, place: tuple[str, ...], expected: str) -> None:
        document = json.loads(json.dumps(written(CREDENTIAL)))
        node = document
        for member in place[:-1]:
            node = node[member]
        removed = node.pop(place[-1])
        _remove_everywhere(document, removed, place[-1])
        assert expected in violations(document)

    def test_the_samples_without_a_seal_lack_what_sealing_adds(self) -> None:
        assert violations(sample("Sample-MC-Annex1-unsigned.jsonld")) == [
            "eidasLegalIdentifier",
            "issued",
            "issuer",
        ]

    @pytest.mark.parametrize("name", ["Sample-MC-Annex1-signed.jsonld", "Sample-CertOfPart-signed.jsonld"])
    def test_the_samples_with_a_seal_conform(self, name: str) -> None:
        assert violations(json.loads(sample(name)["payload"])) == []


def _remove_everywhere(value: Any, removed: Any, member: str) -> None:
    """A node that stands in several places is one node: what is taken from it must be gone everywhere."""
    if isinstance(value, dict):
        if value.get(member) == removed:
            del value[member]
        for entry in value.values():
            _remove_everywhere(entry, removed, member)
    elif isinstance(value, list):
        for entry in value:
            _remove_everywhere(entry, removed, member)


def _added(document: dict[str, Any]) -> list[Certificate]:
    entry = document["signatures"][0]
    objects = [jsonld.load(base64url.decode(text)) for text in entry["header"]["etsiU"]]
    values = next(value["xVals"] for value in objects if "xVals" in value)
    return [read_certificate(decode_base64(value["x509Cert"]["val"])) for value in values]


class TestSealedSamples:
    @pytest.mark.parametrize(
        ("name", "claimed", "sealer"),
        [
            ("Sample-MC-Annex1-signed.jsonld", "2023-09-27T11:54:17+00:00", "ORGANIZACION TEST"),
            ("Sample-CertOfPart-signed.jsonld", "2023-09-27T12:07:01+00:00", "ORGANIZACION TEST"),
            ("edci-credential-jws-invalid.jsonld", "2022-10-11T09:27:47+00:00", "Certificado TEST Sello Electronico"),
            (
                "edci-eseal-json_to_seal-signed-jades-baseline-lta.json",
                "2022-08-19T11:10:45+00:00",
                "Certificado TEST Sello Electronico",
            ),
        ],
    )
    def test_the_seal_is_right_byte_for_byte(self, name: str, claimed: str, sealer: str) -> None:
        document = sample(name)
        seal = jades.verify(document, at=THEN, anchors=Anchors())
        assert seal.payload == document["payload"]
        assert (seal.algorithm, seal.level, str(seal.certificate.subject)) == ("RS256", "B-LTA", sealer)
        assert seal.claimed_at is not None
        assert seal.claimed_at.isoformat() == claimed
        assert {finding.code for finding in seal.unchecked} == {
            "seal-revocation-not-checked",
            "seal-revocation-data-not-read",
        }
        for changed in (document["payload"] + " ", document["payload"].replace("TEST", "BEST", 1)[1:]):
            with pytest.raises(CredentialError):
                jades.verify({**document, "payload": changed}, at=THEN, anchors=Anchors())

    @pytest.mark.parametrize(
        "name", ["Sample-MC-Annex1-signed.jsonld", "edci-eseal-json_to_seal-signed-jades-baseline-lta.json"]
    )
    def test_all_time_stamps_are_right_and_the_path_is_found(self, name: str) -> None:
        document = sample(name)
        certificate = jades.verify(document, at=THEN, anchors=Anchors()).certificate
        added = _added(document)
        trusted = [entry for entry in added if entry.subject == certificate.issuer]
        stamping = [entry for entry in added if entry.subject == entry.issuer]
        at = dt.datetime(2023, 10, 1, tzinfo=dt.UTC)
        seal = jades.verify(document, at=at, anchors=Anchors(trusted), time_stamp_anchors=Anchors(stamping))
        assert [(stamp.kind, stamp.trusted, stamp.fault) for stamp in seal.stamps] == [
            ("archive", True, None),
            ("signature", True, None),
            ("content", True, None),
        ]
        assert seal.path is not None
        assert str(seal.path.anchor.subject) == "ANF Autoridad de Certificacion"
        assert seal.sealed_at is not None
        assert dt.timedelta() <= seal.sealed_at - seal.claimed_at < dt.timedelta(seconds=5)

    @pytest.mark.parametrize("name", ["Sample-MC-Annex1-signed.jsonld", "Sample-CertOfPart-signed.jsonld"])
    def test_the_issuer_is_the_one_who_sealed(self, name: str) -> None:
        seal = jades.verify(sample(name), at=THEN, anchors=Anchors())
        assert elm.seal_fault(seal.document, seal.certificate.subject) is None
        for other in (
            dataclasses.replace(seal.certificate.subject, organisation_id="VATES-B00000000"),
            dataclasses.replace(seal.certificate.subject, country="FR"),
            Subject(organisation="ORGANIZACION TEST"),
        ):
            fault = elm.seal_fault(seal.document, other)
            assert fault is not None
            assert fault.code == "seal-of-another"

    @pytest.mark.shared
    @pytest.mark.parametrize(
        ("name", "verdict"),
        [
            ("jades-lta.json", "B-LTA"),
            ("jades-lta-broken-arcTst.json", "B-LT"),
            ("jades-flattened-BpT-broken-sigTst.json", "B-B"),
            ("jades-level-b-full-type.json", "B-B"),
            ("jades-b-no-signing-time.json", "B-B"),
            ("altered-jws.json", "signature-wrong"),
            ("jades-b-iat-and-sigt.json", "seal-invalid"),
            ("jades-with-b64-not-in-crit.json", "seal-invalid"),
            ("jades-with-empty-crit.json", "seal-invalid"),
            ("jades-with-extra-crit-entry.json", "seal-invalid"),
        ],
    )
    def test_the_vectors_of_the_commissions_library_get_its_verdict(
        self, name: str, verdict: str, data_from_outside: Path
    ) -> None:
        text = (data_from_outside / "protocols/edc-jades/dss-vectors" / name).read_text().strip()
        if text.startswith("{"):
            document = json.loads(text)
        else:  # the compact form, which holds the same
            protected, payload, signature = text.split(".")
            document = {"payload": payload, "protected": protected, "signature": signature}
        try:
            found: str = jades.verify(document, at=THEN, anchors=Anchors()).level
        except CredentialError as error:
            found = error.code
        assert found == verdict
