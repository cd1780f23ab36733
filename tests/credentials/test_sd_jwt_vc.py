"""The European wallet's learning credential as SD-JWT VC."""

import base64
import dataclasses
import datetime as dt
import json
from decimal import Decimal

import pytest

from openmcx.credentials.errors import KeyMaterialError
from openmcx.credentials.formats import sd_jwt_vc
from openmcx.credentials.keys.jwk import write_jwk
from openmcx.credentials.keys.resolve import KeyResolver, Unreachable
from openmcx.credentials.model import (
    Achievement,
    Concept,
    Credential,
    Cycle,
    Identifier,
    LangText,
    Learner,
    LearningOutcome,
    Organisation,
    QualityAssurance,
    Result,
    StatusEntry,
)
from openmcx.credentials.proofs import jose, sd_jwt
from tests.credentials import examples
from tests.credentials.token_cases import DID, HOLDER, NOW, OTHER, SIGNER, issuers, parts, refused, signer, token

WEB = "https://uni.example/issuer"
ISSUER = Organisation(id=DID, name=LangText("Saimaa University"), country="FI")
AWARD = Credential(
    id="urn:uuid:11111111-2222-3333-4444-555555555555",
    issuer=ISSUER,
    achievement=Achievement(
        id="",
        title=LangText("Collaborative robotics"),
        awarding_body=ISSUER,
        description=LangText("Working beside robots safely."),
        outcomes=(LearningOutcome(text=LangText("Programs a robot")), LearningOutcome(text=LangText("Assesses risks"))),
        workload_ects=Decimal("2.5"),
        workload_hours=Decimal("67.5"),
        eqf_level=6,
        languages=("en", "fi"),
        quality_assurance=(QualityAssurance(title=LangText("Course approval")),),
        prerequisites=LangText("Basic programming."),
        stackable=None,
        stackability=LangText("Counts towards the degree."),
    ),
    learner=Learner(given_name="Aino", family_name="Virtanen", id="did:example:aino"),
    awarded_on=dt.date(2026, 6, 30),
    valid_from=dt.datetime(2026, 7, 1, tzinfo=dt.UTC),
    valid_until=dt.datetime(2031, 7, 1, tzinfo=dt.UTC),
    result=Result(grade="5"),
    status=(StatusEntry(list_url="https://uni.example/status/1", index=7),),
)
ALWAYS = {
    "iss": DID,
    "jti": AWARD.id,
    "vct": "urn:eu.europa.ec.eudi:learning:credential:1",
    "iat": int(NOW.timestamp()),
    "nbf": int(AWARD.valid_from.timestamp()),
    "exp": int(AWARD.valid_until.timestamp()),
    "status": {"status_list": {"idx": 7, "uri": "https://uni.example/status/1"}},
    "cnf": {"jwk": write_jwk(HOLDER.public_key)},
    "issuing_authority": "Saimaa University",
    "issuing_country": "FI",
    "date_of_issuance": "2026-06-30",
    "date_of_expiry": "2031-07-01",
    "achievement_title": "Collaborative robotics",
    "achievement_description": "Working beside robots safely.",
    "language_of_classes": ["en", "fi"],
}
CHOSEN = {
    "family_name": "Virtanen",
    "given_name": "Aino",
    "learning_outcomes": ["Programs a robot", "Assesses risks"],
    "assessment_grade": "5",
    "learner_identification": "did:example:aino",
    "expected_study_time": "2.5 ECTS (67.5 hours)",
    "level_of_learning_experience": "EQF 6",
    "types_of_quality_assurance": ["Course approval"],
    "prerequisites_to_enroll": "Basic programming.",
    "integration_stackability_options": "Counts towards the degree.",
}


def issue(award=AWARD, **options):
    return sd_jwt_vc.issue(award, **{"signer": SIGNER, "issued_at": NOW, "holder": HOLDER.public_key, **options})


def verify(text, **options):
    return sd_jwt_vc.verify(text, **{"public_key_for": issuers, **options})


def achievement(**changed):
    return dataclasses.replace(AWARD, achievement=dataclasses.replace(AWARD.achievement, **changed))


# --- claims -----------------------------------------------------------------------------------------------------------


def test_an_award_is_written_with_the_wallets_claims_and_read_back():
    verified = verify(issue())
    assert verified.document == {**ALWAYS, **CHOSEN}
    assert sorted(verified.disclosed) == sorted((name,) for name in CHOSEN)
    assert sd_jwt_vc.read(verified.document) == AWARD


def test_what_is_not_shown_is_empty():
    shown = verify(sd_jwt.present(issue(), disclose=[("family_name",)]))
    assert shown.document == {**ALWAYS, "family_name": "Virtanen"}
    award = sd_jwt_vc.read(shown.document)
    assert award.learner == Learner(given_name="", family_name="Virtanen")
    assert (award.achievement.eqf_level, award.achievement.outcomes, award.result) == (None, (), None)
    assert award.status == AWARD.status


def test_a_full_award_is_written_in_one_language():
    claims = sd_jwt_vc.write(examples.CREDENTIAL, language="fi")
    assert claims["achievement_title"] == "Yhteistyörobotiikka"
    assert claims["issuing_authority"] == "Saimaan yliopisto"
    assert claims["prerequisites_to_enroll"] == "Basic programming."
    assert claims["types_of_quality_assurance"] == ["Course approval", "Audit of quality assurance"]
    assert sd_jwt_vc.read(claims).achievement.title == LangText("Yhteistyörobotiikka")


@pytest.mark.parametrize(
    ("changed", "written"),
    [
        ({"workload_hours": None}, {"expected_study_time": "2.5 ECTS"}),
        ({"workload_ects": None}, {"expected_study_time": "67.5 hours"}),
        ({"eqf_level": None, "cycle": Cycle.SHORT}, {"level_of_learning_experience": "QF-EHEA short cycle"}),
        (
            {"eqf_level": None, "nqf_levels": (Concept(iri="", label=LangText("Level 6 of the FiNQF")),)},
            {"level_of_learning_experience": "Level 6 of the FiNQF"},
        ),
        ({"stackable": True, "stackability": LangText()}, {"integration_stackability_options": "stackable"}),
        ({"stackable": False, "stackability": LangText()}, {"integration_stackability_options": "stand-alone"}),
    ],
)
def test_what_can_be_said_in_several_ways_is_read_back(changed, written):
    award = achievement(**changed)
    claims = sd_jwt_vc.write(award)
    assert {name: claims[name] for name in written} == written
    assert sd_jwt_vc.read(claims) == award


def test_what_others_write_is_read_as_far_as_it_goes():
    claims = {name: value for name, value in ALWAYS.items() if name not in ("nbf", "exp", "status")}
    read = sd_jwt_vc.read(
        {
            **claims,
            "date_of_expiry": None,
            "language_of_classes": "en",
            "learner_identification": "1234-5678",
            "expected_study_time": "PT75H30M",
            "level_of_learning_experience": "EQF level 5",
            "learning_outcomes": "One text",
            "types_of_quality_assurance": [None, " ", "ESG"],
            "given_name": 7,
            "assessment_grade": None,
        }
    )
    assert read.valid_from == NOW
    assert read.valid_until is None
    assert read.status == ()
    assert read.learner == Learner(
        given_name="", family_name="", identifiers=(Identifier(scheme="", value="1234-5678"),)
    )
    a = read.achievement
    assert (a.languages, a.eqf_level, a.workload_hours, a.workload_ects) == (("en",), 5, Decimal("75.5"), None)
    assert [outcome.text for outcome in a.outcomes] == [LangText("One text")]
    assert [entry.title for entry in a.quality_assurance] == [LangText("ESG")]


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"vct": "urn:eudi:pid:1"}, "format-member-invalid"),
        ({"date_of_issuance": "yesterday"}, "format-member-missing"),
        ({"status": {"status_list": {"idx": -1, "uri": "https://x.example"}}}, "format-member-invalid"),
        ({"status": {"status_list": {"idx": "1", "uri": "https://x.example"}}}, "format-member-invalid"),
        ({"exp": "2031"}, "jwt-claim-invalid"),
    ],
)
def test_what_decides_something_is_read_strictly(claims, code):
    refused(code, sd_jwt_vc.read, {**ALWAYS, **claims})


@pytest.mark.parametrize(
    ("award", "claim"),
    [
        (achievement(title=LangText()), "achievement_title"),
        (achievement(languages=()), "language_of_classes"),
        (achievement(workload_ects=None, workload_hours=None), "expected_study_time"),
        (achievement(eqf_level=None), "level_of_learning_experience"),
        (achievement(quality_assurance=()), "types_of_quality_assurance"),
        (dataclasses.replace(AWARD, learner=Learner(given_name="A", family_name="B")), "learner_identification"),
        (dataclasses.replace(AWARD, learner=Learner(given_name="A", family_name="", id="urn:x")), "family_name"),
    ],
)
def test_what_a_learning_credential_must_have_is_asked_for(award, claim):
    assert sd_jwt_vc.missing(award) == [claim]
    assert refused("format-member-missing", issue, award).params["member"] == claim


def test_an_award_without_ids_is_not_written():
    refused("format-cannot-write", issue, dataclasses.replace(AWARD, id=""))
    refused("format-cannot-write", issue, dataclasses.replace(AWARD, issuer=dataclasses.replace(ISSUER, id="")))


# --- token ------------------------------------------------------------------------------------------------------------


def test_the_header_names_type_and_key():
    assert parts(issue())[0] == {"alg": "ES256", "typ": "dc+sd-jwt", "kid": SIGNER.verification_method}
    with_chain = parts(issue(chain=[b"first", b"second"]))[0]
    assert with_chain["x5c"] == [base64.b64encode(b"first").decode(), base64.b64encode(b"second").decode()]
    assert "kid" not in with_chain
    assert "cnf" not in parts(issue(holder=None))[1]
    assert verify(issue(decoys=5)).hidden == 5


@pytest.mark.parametrize("name", ["iss", "iat", "nbf", "exp", "jti", "cnf", "vct", "status"])
def test_what_a_holder_must_not_hide_is_never_a_disclosure(name):
    claims = {**ALWAYS, **CHOSEN}
    issued = sd_jwt.issue(claims, disclosable=[(name,)], signer=SIGNER, header={"typ": "dc+sd-jwt"})
    refused("sd-jwt-never-concealed", verify, issued)


def test_it_names_what_it_is():
    header = {"alg": "ES256", "typ": "dc+sd-jwt"}
    refused("jwt-claim-missing", verify, token(header, {"iss": DID}) + "~")
    refused("jwt-claim-invalid", verify, token(header, {"iss": DID, "vct": 1}) + "~")
    refused("jwt-claim-invalid", verify, token(header, {"iss": DID, "vct": "x", "iat": "now"}) + "~")


def test_its_holder_shows_it():
    binding = sd_jwt.Binding(HOLDER, "https://v.example", "n", NOW)
    shown = sd_jwt.present(issue(), disclose=[("given_name",)], binding=binding)
    assert verify(shown, audience="https://v.example", nonce="n").binding.key == HOLDER.public_key
    refused("key-binding-missing", verify, issue(), require_binding=True)


# --- whose key it is --------------------------------------------------------------------------------------------------

WELL_KNOWN = "https://uni.example/.well-known/jwt-vc-issuer/issuer"
JWK = {**write_jwk(SIGNER.public_key), "kid": "key-1"}
METADATA = {"issuer": WEB, "jwks": {"keys": [{**write_jwk(OTHER.public_key), "kid": "key-0"}, JWK]}}


def by_web(documents, *, kid="key-1", iss=WEB, **header):
    def fetch(address):
        return json.dumps(documents[address]).encode()

    head = {"alg": "ES256", "typ": "dc+sd-jwt", **({"kid": kid} if kid else {}), **header}
    keys = sd_jwt_vc.IssuerKeys(KeyResolver(fetch), fetch)
    found = verify(token(head, {"iss": iss, "vct": "urn:x"}) + "~", public_key_for=keys)
    return found, keys.source


def test_the_key_of_a_did():
    keys = sd_jwt_vc.IssuerKeys(KeyResolver(None), None)
    assert verify(issue(), public_key_for=keys).public_key == SIGNER.public_key
    assert keys.source == "did"
    stranger = dataclasses.replace(AWARD, issuer=dataclasses.replace(ISSUER, id="did:web:uni.example"))
    refused("jws-key-not-issuers", verify, issue(stranger), public_key_for=keys)
    for claims in ({"vct": "x"}, {"vct": "x", "iss": "urn:x"}, {"vct": "x", "iss": "http://uni.example"}):
        text = token({"alg": "ES256", "typ": "dc+sd-jwt", "kid": SIGNER.verification_method}, claims) + "~"
        refused("jws-key-missing", verify, text, public_key_for=keys)
    refused("jws-key-missing", verify, token({"alg": "ES256", "typ": "dc+sd-jwt"}, ALWAYS) + "~", public_key_for=keys)


def test_the_key_of_a_web_address():
    found, source = by_web({WELL_KNOWN: METADATA})
    assert (found.public_key, source) == (SIGNER.public_key, "jwt-vc-issuer")
    elsewhere = {"issuer": WEB, "jwks_uri": "https://keys.example/set"}
    assert by_web({WELL_KNOWN: elsewhere, "https://keys.example/set": METADATA["jwks"]})[0].public_key
    lone = {**METADATA, "jwks": {"keys": [JWK]}}
    assert by_web({WELL_KNOWN: lone}, kid="")[0].public_key == SIGNER.public_key


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({**METADATA, "issuer": "https://uni.example"}, "another-issuer"),
        ({**METADATA, "issuer": f"{WEB}/"}, "another-issuer"),
        ({"issuer": WEB}, "no-one-key-set"),
        ({**METADATA, "jwks_uri": "https://keys.example/set"}, "no-one-key-set"),
        ({"issuer": WEB, "jwks_uri": "http://keys.example/set"}, "no-one-key-set"),
        ({**METADATA, "jwks": []}, "jwk-key-missing"),
        ({**METADATA, "jwks": {"keys": []}}, "jwk-key-missing"),
        ({**METADATA, "jwks": {"keys": [JWK, JWK]}}, "jwk-key-twice"),
        ({**METADATA, "jwks": {"keys": [JWK] * 201}}, "too-many-keys"),
        ({**METADATA, "jwks": {"keys": ["x"]}}, "jwk-key-missing"),
        ([], "no-json-object"),
    ],
)
def test_metadata_that_cannot_be_trusted_is_refused(metadata, reason):
    assert refused("jwk-set-invalid", by_web, {WELL_KNOWN: metadata}).params["reason"] == reason


def test_a_token_of_a_web_address_must_name_its_key_where_there_are_several():
    refused("jwk-set-invalid", by_web, {WELL_KNOWN: METADATA}, kid="")
    refused("jwk-set-invalid", by_web, {WELL_KNOWN: METADATA}, kid="key-2")
    refused("signature-wrong", by_web, {WELL_KNOWN: METADATA}, kid="key-0")
    # A DID as kid does not take the place of the issuer's metadata.
    refused("jwk-set-invalid", by_web, {WELL_KNOWN: METADATA}, kid=SIGNER.verification_method)


def test_metadata_that_cannot_be_had_says_nothing():
    with pytest.raises(Unreachable):
        by_web({})


def test_where_the_metadata_of_an_issuer_lie():
    assert sd_jwt_vc.metadata_url("https://uni.example") == "https://uni.example/.well-known/jwt-vc-issuer"
    assert sd_jwt_vc.metadata_url("https://uni.example/") == "https://uni.example/.well-known/jwt-vc-issuer"
    assert sd_jwt_vc.metadata_url("https://uni.example:8443/a/b") == (
        "https://uni.example:8443/.well-known/jwt-vc-issuer/a/b"
    )
    for issuer in (
        "http://uni.example",
        "https://uni.example?a",
        "https://uni.example#a",
        "https://u@uni.example",
        "x",
    ):
        refused("jwk-set-invalid", sd_jwt_vc.metadata_url, issuer)


def test_certificates_are_judged_by_whoever_knows_whom_to_trust():
    issued = issue(chain=[b"certificate"])
    bare = sd_jwt_vc.IssuerKeys(KeyResolver(None), None)
    refused("jws-header-refused", verify, issued, public_key_for=bare)
    seen = []

    def chain_key(chain, issuer):
        seen.append((chain, issuer))
        return SIGNER.public_key

    keys = sd_jwt_vc.IssuerKeys(KeyResolver(None), None, chain_key=chain_key)
    assert verify(issued, public_key_for=keys).public_key == SIGNER.public_key
    assert (seen, keys.source) == ([((b"certificate",), DID)], "x5c")

    def distrusted(chain, issuer):
        raise KeyMaterialError("key-type-missing")

    # Another way is not tried when this one fails.
    both = {"x5c": [base64.b64encode(b"c").decode()]}
    keys = sd_jwt_vc.IssuerKeys(KeyResolver(None), None, chain_key=distrusted)
    text = token({"alg": "ES256", "typ": "dc+sd-jwt", "kid": SIGNER.verification_method, **both}, ALWAYS) + "~"
    refused("key-type-missing", verify, text, public_key_for=keys)


@pytest.mark.parametrize("algorithm", ["Ed25519", "P-384"])
def test_other_kinds_of_keys(algorithm):
    by = signer(algorithm)
    issuer = dataclasses.replace(ISSUER, id=by.verification_method.partition("#")[0])
    issued = issue(dataclasses.replace(AWARD, issuer=issuer), signer=by, holder=by.public_key)
    shown = sd_jwt.present(issued, binding=sd_jwt.Binding(by, "a", "n", NOW))
    keys = jose.public_key_for(KeyResolver(None).public_key)
    assert verify(shown, public_key_for=keys, nonce="n").binding.key == by.public_key
