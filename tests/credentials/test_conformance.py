"""What the public conformance suites talk to: the specifications, and no more than they say."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from openmcx.credentials import CredentialError, conformance, verify
from openmcx.credentials.conformance import problems
from openmcx.credentials.findings import Finding
from openmcx.credentials.jsonld import contexts
from openmcx.credentials.keys import did_key
from openmcx.credentials.keys.signer import signer_for
from openmcx.credentials.proofs import data_integrity, envelopes, jose
from openmcx.credentials.proofs.data_integrity.suites import SUITES
from openmcx.credentials.status import bitstring
from tests.credentials.examples import DID, OTHER_SIGNER, SIGNER

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
SECONDS = dt.timedelta(seconds=1)
CREDENTIAL: dict[str, Any] = {
    "@context": [contexts.VC_V2, {"nickname": "https://x.example/nickname"}],  # which suites may bring
    "type": ["VerifiableCredential"],
    "issuer": DID,
    "credentialSubject": {"id": "did:example:subject", "nickname": "Lea"},
}
OLD: dict[str, Any] = {
    "@context": [contexts.VC_V1],
    "type": ["VerifiableCredential"],
    "issuer": DID,
    "issuanceDate": "2026-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:subject"},
}
VECTORS = Path(__file__).parent / "vectors" / "vc-di-eddsa" / "TestVectors"
LIST = "https://uni.example/status/1"
SECURITY, MODEL = "https://w3id.org/security#", "https://www.w3.org/TR/vc-data-model#"
STATUS = "https://www.w3.org/ns/credentials/status-list#"


def signer(algorithm: Any) -> Any:
    secret = bytes(16) + bytes(range(1, 17 if algorithm != "P-384" else 33))
    return signer_for(algorithm, secret, did_key.verification_method(signer_for(algorithm, secret, "").public_key))


def issued(document: dict[str, Any] = CREDENTIAL, **more: Any) -> dict[str, Any]:
    return conformance.issue(document, **{"signer": SIGNER, "created": NOW, **more})


def types(judgement: conformance.Judgement) -> list[str]:
    return [problem.type for problem in judgement.problems]


@pytest.mark.parametrize("document", [CREDENTIAL, OLD], ids=["2.0", "1.1"])
@pytest.mark.parametrize(
    ("cryptosuite", "algorithm"),
    [(suite.name, kind) for suite in SUITES.values() if suite.form != "selective" for kind in suite.key_algorithms],
)
def test_every_suite_signs_and_is_verified(cryptosuite: Any, algorithm: str, document: dict[str, Any]) -> None:
    key = signer(algorithm)
    did = key.verification_method.partition("#")[0]
    signed = issued({**document, "issuer": did}, signer=key, cryptosuite=cryptosuite)
    judgement = conformance.verify_credential(signed, at=NOW)
    assert (judgement.problems, judgement.is_verified, judgement.is_bound) == ((), True, True)
    assert judgement.controllers == (did,)
    changed = {**signed, "credentialSubject": {"id": "did:example:other"}}
    assert types(conformance.verify_credential(changed, at=NOW)) == [f"{MODEL}CRYPTOGRAPHIC_SECURITY_ERROR"]


def test_selective_disclosure_goes_by_a_derived_proof() -> None:
    key = signer("P-256")
    base = issued(signer=key, cryptosuite="ecdsa-sd-2023", mandatory_pointers=["/issuer"])
    assert not conformance.verify_credential(base, at=NOW).is_verified  # nobody is to be shown it
    derived = conformance.derive(base, selective_pointers=["/credentialSubject/id"])
    assert derived["credentialSubject"] == {"id": "did:example:subject"}
    assert conformance.verify_credential(derived, at=NOW).is_verified


@pytest.mark.parametrize("change", [{"issuer": "fake"}, {"type": []}, {"nonsense": 1}, {"@context": []}, {"proof": {}}])
@pytest.mark.parametrize("cryptosuite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_what_is_not_sound_is_not_signed(cryptosuite: Any, change: dict[str, Any]) -> None:
    with pytest.raises(CredentialError):
        issued({**CREDENTIAL, **change}, cryptosuite=cryptosuite)


def test_a_json_signature_over_terms_that_mean_nothing() -> None:
    signed = data_integrity.sign(
        {**CREDENTIAL, "nonsense": 1}, signer=SIGNER, created=NOW, cryptosuite="eddsa-jcs-2022"
    )
    assert types(conformance.verify_credential(signed, at=NOW)) == [f"{SECURITY}DATA_LOSS_DETECTION_ERROR"]


def test_somebody_elses_key_is_reported_here_and_refused_where_it_counts() -> None:
    signed = issued(signer=OTHER_SIGNER)
    judgement = conformance.verify_credential(signed, at=NOW)
    assert (judgement.is_verified, judgement.is_bound) == (True, False)
    assert verify(signed, at=NOW).verdict == "not-verified"


def test_a_key_in_an_address_is_nobodys() -> None:
    key = signer_for("Ed25519", bytes(32), "")
    multibase = did_key.did_key(key.public_key).removeprefix("did:key:")
    key.verification_method = f"https://uni.example/issuer#{multibase}"
    judgement = conformance.verify_credential(
        issued({**CREDENTIAL, "issuer": "https://uni.example/issuer"}, signer=key), at=NOW
    )
    assert (judgement.is_verified, judgement.is_bound, judgement.controllers) == (True, False, ())


class TestTimes:
    def test_validity_is_a_note(self) -> None:
        late = issued({**CREDENTIAL, "validUntil": "2026-01-01T00:00:00Z"})
        early = issued({**CREDENTIAL, "validFrom": "2027-01-01T00:00:00Z"})
        found = [conformance.verify_credential(one, at=NOW) for one in (late, early, issued())]
        assert [judgement.is_verified for judgement in found] == [True, True, True]
        assert [[note.code for note in judgement.notes] for judgement in found] == [["expired"], ["not-yet-valid"], []]

    @pytest.mark.parametrize(("after", "ok"), [(299 * SECONDS, True), (300 * SECONDS, False)])
    def test_a_proof_expires_but_for_what_clocks_differ(self, after: dt.timedelta, ok: bool) -> None:
        signed = data_integrity.sign(CREDENTIAL, signer=SIGNER, created=NOW, expires=NOW)
        judgement = conformance.verify_credential(signed, at=NOW + after)
        assert judgement.is_verified is ok
        assert types(judgement) == ([] if ok else [f"{SECURITY}PROOF_VERIFICATION_ERROR"])

    @pytest.mark.parametrize(("ahead", "ok"), [(300 * SECONDS, True), (301 * SECONDS, False)])
    def test_a_proof_from_the_future(self, ahead: dt.timedelta, ok: bool) -> None:
        assert conformance.verify_credential(issued(created=NOW + ahead), at=NOW).is_verified is ok


@pytest.mark.parametrize(
    ("change", "type_", "code"),
    [
        ({"proof": None}, f"{MODEL}PARSING_ERROR", "proof-missing"),
        ({"proof": 7}, f"{MODEL}PARSING_ERROR", "proof-not-an-object"),
        ({"issuer": None}, f"{MODEL}MALFORMED_VALUE_ERROR", "format-member-missing"),
        ({"@context": [contexts.VC_V2, "https://x.example/"]}, f"{MODEL}MALFORMED_VALUE_ERROR", "unknown-context"),
        ({"nonsense": 1}, f"{SECURITY}DATA_LOSS_DETECTION_ERROR", "undefined-term"),
    ],
)
def test_the_type_of_a_problem(change: dict[str, Any], type_: str, code: str) -> None:
    (problem,) = conformance.verify_credential({**issued(), **change}, at=NOW).problems
    assert (problem.type, problem.finding.code) == (type_, code)
    assert problem.as_dict()["title"]


@pytest.mark.parametrize("document", ["eyJ", None, [], 7])
def test_what_is_no_object(document: object) -> None:
    for judge in (conformance.verify_credential, conformance.verify_presentation):
        assert types(judge(document, at=NOW)) == [f"{MODEL}PARSING_ERROR"]


@pytest.mark.parametrize("change", [{"cryptosuite": "none"}, {"type": "X"}, {"proofPurpose": "authentication"}])
def test_everything_else_is_wrong_with_the_proof(change: dict[str, Any]) -> None:
    signed = issued()
    signed["proof"].update(change)
    assert types(conformance.verify_credential(signed, at=NOW)) == [f"{SECURITY}PROOF_VERIFICATION_ERROR"]


def test_when_issuing_it_is_the_making_of_a_proof_that_fails() -> None:
    with pytest.raises(CredentialError) as refused:
        issued({**CREDENTIAL, "proof": {}})
    assert conformance.problem(refused.value, is_issuing=True).type == f"{SECURITY}PROOF_GENERATION_ERROR"


def test_every_type_has_a_title() -> None:
    kinds = {
        *problems._TYPES_BY_CODE.values(),
        *problems._STATUS_TYPES_BY_CODE.values(),
        *problems._TYPES_BY_KIND.values(),
    }
    assert all(conformance.Problem(kind, Finding("expired", {"date": ""})).title for kind in kinds)


class TestFormerProofs:
    """Ed25519Signature2020, which many issuers of badges still make."""

    VECTOR = json.loads((VECTORS / "Ed25519Signature2020" / "signedEdSig.json").read_bytes())

    def test_they_are_verified(self) -> None:
        judgement = conformance.verify_credential(self.VECTOR, at=NOW)
        assert (judgement.problems, judgement.is_bound) == ((), False)

    @pytest.mark.parametrize("member", ["created", "proofPurpose", "verificationMethod", "proofValue", "type"])
    def test_whole(self, member: str) -> None:
        proof = {name: value for name, value in self.VECTOR["proof"].items() if name != member}
        assert not conformance.verify_credential({**self.VECTOR, "proof": proof}, at=NOW).is_verified

    def test_and_unchanged(self) -> None:
        changed = conformance.verify_credential({**self.VECTOR, "name": "x"}, at=NOW)
        assert types(changed) == [f"{MODEL}CRYPTOGRAPHIC_SECURITY_ERROR"]

    def test_they_are_not_made(self) -> None:
        with pytest.raises(CredentialError, match="not supported"):
            issued(cryptosuite="Ed25519Signature2020")


class TestStatus:
    INDEX = 94_567

    def listed(self, *, index: int | None = None, **more: Any) -> Any:
        bits = bitstring.new_bits()
        if index is not None:
            bitstring.put(bits, index, value=True)
        document = bitstring.status_list_credential(id=LIST, issuer=DID, bits=bits, valid_from=NOW)
        body = json.dumps(issued(document, **more)).encode()
        return lambda url: {LIST: body}[url]

    def signed(self, **more: Any) -> dict[str, Any]:
        entry = {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(self.INDEX),
            "statusListCredential": LIST,
        }
        return issued({**CREDENTIAL, "credentialStatus": {**entry, **more}})

    def test_good(self) -> None:
        judgement = conformance.verify_credential(self.signed(), at=NOW, fetch=self.listed())
        assert (judgement.problems, judgement.notes) == ((), ())

    def test_revoked(self) -> None:
        judgement = conformance.verify_credential(self.signed(), at=NOW, fetch=self.listed(index=self.INDEX))
        assert types(judgement) == [f"{STATUS}STATUS_VERIFICATION_ERROR"]
        assert judgement.problems[0].finding.code == "revoked"

    def test_not_to_be_had(self) -> None:
        assert types(conformance.verify_credential(self.signed(), at=NOW)) == [f"{STATUS}STATUS_RETRIEVAL_ERROR"]

    def test_outside_the_list(self) -> None:
        signed = self.signed(statusListIndex="999999")
        judgement = conformance.verify_credential(signed, at=NOW, fetch=self.listed())
        assert types(judgement) == [f"{MODEL}RANGE_ERROR"]

    def test_a_list_of_somebody_else(self) -> None:
        judgement = conformance.verify_credential(self.signed(), at=NOW, fetch=self.listed(signer=OTHER_SIGNER))
        assert types(judgement) == [f"{STATUS}STATUS_VERIFICATION_ERROR"]

    def test_only_what_is_asked_for(self) -> None:
        revoked = self.listed(index=self.INDEX)
        assert conformance.verify_credential(self.signed(), at=NOW, fetch=revoked, checks=["proof"]).is_verified

    def test_other_kinds_are_noted(self) -> None:
        document = {**CREDENTIAL, "credentialStatus": {"type": "https://x.example/Status", "id": "urn:x"}}
        judgement = conformance.verify_credential(issued(document), at=NOW)
        assert judgement.is_verified
        assert [note.code for note in judgement.notes] == ["status-kind-unsupported"]


class TestPresentations:
    BINDING = {"domain": "verifier.example", "challenge": "1234"}

    def presented(self, *credentials: dict[str, Any], **more: Any) -> dict[str, Any]:
        document = {"@context": [contexts.VC_V2], "type": ["VerifiablePresentation"], "holder": DID, **more}
        if credentials:
            document["verifiableCredential"] = list(credentials)
        return data_integrity.sign(document, signer=SIGNER, created=NOW, proof_purpose="authentication", **self.BINDING)

    def judged(self, document: object, **more: Any) -> conformance.Judgement:
        return conformance.verify_presentation(document, at=NOW, **{**self.BINDING, **more})

    def test_with_credentials_and_without(self) -> None:
        plain = {**CREDENTIAL, "@context": [contexts.VC_V2], "credentialSubject": {"id": "urn:x"}}
        for credentials in ((), (issued(plain),), (issued(plain), issued(plain, signer=OTHER_SIGNER))):
            judgement = self.judged(self.presented(*credentials))
            assert (judgement.problems, judgement.is_bound) == ((), True)
            assert [one.is_verified for one in judgement.credentials] == [True] * len(credentials)

    def test_for_somebody_else(self) -> None:
        presented = self.presented()
        assert types(self.judged(presented, domain="other.example")) == [f"{SECURITY}INVALID_DOMAIN_ERROR"]
        assert types(self.judged(presented, challenge="5678")) == [f"{SECURITY}INVALID_CHALLENGE_ERROR"]

    def test_by_somebody_else(self) -> None:
        assert not self.judged(self.presented(holder="did:example:alice")).is_bound

    def test_a_credential_that_does_not_hold_is_named(self) -> None:
        plain = {**CREDENTIAL, "@context": [contexts.VC_V2], "credentialSubject": {"id": "urn:x"}}
        forged = {**issued(plain), "credentialSubject": {"id": "urn:y"}}
        judgement = self.judged(self.presented(issued(plain), forged))
        assert [(problem.finding.code, problem.finding.pointer) for problem in judgement.problems] == [
            ("signature-wrong", "/verifiableCredential/1/proof")
        ]

    def test_an_unsigned_credential_does_not_hold(self) -> None:
        plain = {**CREDENTIAL, "@context": [contexts.VC_V2], "credentialSubject": {"id": "urn:x"}}
        assert types(self.judged(self.presented(plain))) == [f"{MODEL}PARSING_ERROR"]

    def test_no_more_credentials_than_can_be_judged(self) -> None:
        plain = {**CREDENTIAL, "@context": [contexts.VC_V2], "credentialSubject": {"id": "urn:x"}}
        presented = self.presented(*[plain] * (conformance.MAX_CREDENTIALS + 1))
        (problem,) = self.judged(presented).problems
        assert problem.finding.params["reason"] == "too-many-entries"

    def test_a_credentials_proof_is_no_presentations(self) -> None:
        signed = data_integrity.sign(
            {"@context": [contexts.VC_V2], "type": ["VerifiablePresentation"]}, signer=SIGNER, created=NOW
        )
        assert types(conformance.verify_presentation(signed, at=NOW)) == [f"{SECURITY}PROOF_VERIFICATION_ERROR"]

    def test_enveloped_credentials_are_judged_too(self) -> None:
        plain = {**CREDENTIAL, "@context": [contexts.VC_V2], "credentialSubject": {"id": "urn:x"}}
        enveloped = conformance.envelop(plain, signer=SIGNER)
        forged = {**enveloped, "id": enveloped["id"][:-5] + "AAAAA"}
        judgement = self.judged(self.presented(issued(plain), enveloped))
        assert (judgement.problems, [one.is_bound for one in judgement.credentials]) == ((), [True, True])
        (problem,) = self.judged(self.presented(issued(plain), forged)).problems
        assert (problem.type, problem.finding.code) == (f"{MODEL}CRYPTOGRAPHIC_SECURITY_ERROR", "signature-wrong")


class TestEnvelopes:
    @pytest.mark.parametrize("algorithm", ["Ed25519", "P-256", "P-384"])
    def test_every_kind_of_key_envelops(self, algorithm: str) -> None:
        key = signer(algorithm)
        did = key.verification_method.partition("#")[0]
        enveloped = conformance.envelop({**CREDENTIAL, "issuer": did, "validUntil": "2026-01-01T00:00:00Z"}, signer=key)
        assert enveloped["type"] == "EnvelopedVerifiableCredential"
        assert enveloped["id"].startswith("data:application/vc+jwt,eyJ")
        judgement = conformance.verify_credential(enveloped, at=NOW)
        assert (judgement.problems, judgement.is_bound, judgement.controllers) == ((), True, (did,))
        assert judgement.document["credentialSubject"] == CREDENTIAL["credentialSubject"]
        assert [note.code for note in judgement.notes] == ["expired"]

    def test_somebody_elses_key_is_reported(self) -> None:
        judgement = conformance.verify_credential(conformance.envelop(CREDENTIAL, signer=OTHER_SIGNER), at=NOW)
        assert (judgement.is_verified, judgement.is_bound) == (True, False)

    @pytest.mark.parametrize(
        "change",
        [
            {"@context": []},
            {"@context": "https://www.w3.org/ns/credentials/examples/v2"},
            {"@context": contexts.VC_V1},
            {"id": None},
            {"id": "eyJ"},
            {"type": None},
            {"type": "VerifiableCredential"},
            {"type": ["EnvelopedVerifiableCredential", 7]},
            {"type": ["EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation"]},
        ],
    )
    def test_envelopes_that_are_none(self, change: dict[str, Any]) -> None:
        enveloped = conformance.envelop(CREDENTIAL, signer=SIGNER)
        assert not conformance.verify_credential({**enveloped, **change}, at=NOW).is_verified

    @pytest.mark.parametrize("change", [{"nonsense": 1}, {"issuer": "fake"}, {"@context": [contexts.VC_V1]}])
    def test_what_is_not_sound_is_neither_enveloped_nor_verified(self, change: dict[str, Any]) -> None:
        with pytest.raises(CredentialError):
            conformance.envelop({**CREDENTIAL, **change}, signer=SIGNER)

    def test_terms_that_mean_nothing_inside(self) -> None:
        enveloped = envelopes.wrap(jose.sign({**CREDENTIAL, "nonsense": 1}, signer=SIGNER), "vc+jwt")
        assert types(conformance.verify_credential(enveloped, at=NOW)) == [f"{SECURITY}DATA_LOSS_DETECTION_ERROR"]

    @pytest.mark.parametrize(
        ("claims", "code"),
        [
            ({"exp": NOW - 300 * SECONDS}, "proof-expired"),
            ({"exp": NOW - 299 * SECONDS}, ""),
            ({"nbf": NOW + 301 * SECONDS}, "proof-not-yet"),
            ({"nbf": NOW + 300 * SECONDS}, ""),
            ({"iat": NOW + 301 * SECONDS}, "proof-from-the-future"),
        ],
    )
    def test_the_times_of_the_token(self, claims: dict[str, dt.datetime], code: str) -> None:
        numbers = {name: int(moment.timestamp()) for name, moment in claims.items()}
        enveloped = envelopes.wrap(jose.sign(CREDENTIAL, signer=SIGNER, claims=numbers), "vc+jwt")
        found = [problem.finding.code for problem in conformance.verify_credential(enveloped, at=NOW).problems]
        assert found == ([code] if code else [])


class TestEnvelopedPresentations:
    CLAIMS = {"aud": "verifier.example", "nonce": "1234"}

    def wrapped(self, claims: dict[str, Any] = CLAIMS, **more: Any) -> dict[str, Any]:
        plain = {**CREDENTIAL, "@context": [contexts.VC_V2], "credentialSubject": {"id": "urn:x"}}
        document = {
            "@context": [contexts.VC_V2],
            "type": ["VerifiablePresentation"],
            "holder": DID,
            "verifiableCredential": [conformance.envelop(plain, signer=SIGNER)],
            **more,
        }
        return envelopes.wrap(jose.sign(document, signer=SIGNER, kind="vp", claims=claims), "vp+jwt")

    def judged(self, document: object, **more: Any) -> conformance.Judgement:
        return conformance.verify_presentation(
            document, at=NOW, **{"domain": "verifier.example", "challenge": "1234", **more}
        )

    def test_with_what_is_in_them(self) -> None:
        for claims in (self.CLAIMS, {**self.CLAIMS, "aud": ["x", "verifier.example"]}):
            judgement = self.judged(self.wrapped(claims))
            assert (judgement.problems, judgement.is_bound) == ((), True)
            assert [one.is_bound for one in judgement.credentials] == [True]

    def test_for_somebody_else_or_of_another_time(self) -> None:
        assert types(self.judged(self.wrapped(), domain="other.example")) == [f"{SECURITY}INVALID_DOMAIN_ERROR"]
        assert types(self.judged(self.wrapped({"nonce": "1234"}))) == [f"{SECURITY}INVALID_DOMAIN_ERROR"]
        assert types(self.judged(self.wrapped(), challenge="5678")) == [f"{SECURITY}INVALID_CHALLENGE_ERROR"]
        late = self.wrapped({**self.CLAIMS, "exp": int((NOW - 300 * SECONDS).timestamp())})
        assert [problem.finding.code for problem in self.judged(late).problems] == ["proof-expired"]

    def test_a_holder_who_did_not_sign(self) -> None:
        judgement = self.judged(self.wrapped(holder="did:example:alice"))
        assert (judgement.is_verified, judgement.is_bound) == (True, False)

    @pytest.mark.parametrize(
        "change",
        [
            {"@context": []},
            {"@context": ["https://www.w3.org/ns/credentials/examples/v2"]},
            {"id": "eyJ"},
            {"type": ["VerifiablePresentation"]},
            {"type": "EnvelopedVerifiableCredential"},
        ],
    )
    def test_envelopes_that_are_none(self, change: dict[str, Any]) -> None:
        assert not self.judged({**self.wrapped(), **change}).is_verified

    def test_a_changed_one(self) -> None:
        wrapped = self.wrapped()
        changed = self.judged({**wrapped, "id": wrapped["id"][:-5] + "AAAAA"})
        assert types(changed) == [f"{MODEL}CRYPTOGRAPHIC_SECURITY_ERROR"]

    def test_an_enveloped_credential_is_no_presentation(self) -> None:
        assert not self.judged(conformance.envelop(CREDENTIAL, signer=SIGNER)).is_verified
        assert not conformance.verify_credential(self.wrapped(), at=NOW).is_verified
