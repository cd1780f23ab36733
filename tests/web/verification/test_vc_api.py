"""The surface for conformance suites: off unless it is switched on, with test keys, bounded, without cookies."""

import datetime as dt
import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from openmcx.credentials import verify
from openmcx.credentials.jsonld import contexts
from openmcx.credentials.proofs.data_integrity.suites import SUITES
from openmcx.credentials.status import bitstring
from openmcx.verification import rules
from openmcx.verification.endpoints import suites

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
CREDENTIAL: dict[str, Any] = {
    "@context": [contexts.VC_V2, {"nickname": "https://x.example/nickname"}],  # which suites may bring
    "type": ["VerifiableCredential"],
    "issuer": "did:example:issuer",
    "credentialSubject": {"id": "did:example:subject", "nickname": "Lea"},
}
ROOT = "/vc-api/"
VERIFY, PRESENT, DERIVE = "/vc-api/credentials/verify", "/vc-api/presentations/verify", "/vc-api/credentials/derive"
LIST = "/vc-api/status-lists/revocation"
KINDS = [(name, kind) for name, suite in suites.suites().items() for kind in suite.algorithms]


@pytest.fixture(autouse=True)
def switched_on(settings: Any) -> None:
    settings.OPENMCX_VC_API = True


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=True)


def ask(client: Client, address: str, body: object, status: int = 200) -> dict[str, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = client.post(address, data=data, content_type="application/json")
    assert answer.status_code == status, answer.content[:500]
    assert answer["Cache-Control"] == "private, no-store"
    assert not answer.cookies
    assert answer["Content-Type"] == ("application/json" if status < 300 else "application/problem+json")
    told = json.loads(answer.content)
    if status >= 300:
        assert (told["status"], told["instance"]) == (status, address)
        assert told["title"]
        assert told["detail"]
    return told


def issue(client: Client, suite: str, document: object = CREDENTIAL, status: int = 201, **options: Any) -> Any:
    address = f"/vc-api/{suite}/credentials/issue"
    told = ask(client, address, {"credential": document, "options": options}, status)
    return told["verifiableCredential"] if status == 201 else told


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", ROOT),
        ("get", LIST),
        ("get", "/vc-api/identifiers/did:key:z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b"),
        ("post", "/vc-api/eddsa-rdfc-2022/credentials/issue"),
        ("post", VERIFY),
        ("post", PRESENT),
        ("post", DERIVE),
    ],
)
def test_it_is_not_there_unless_it_is_switched_on(client: Client, settings: Any, method: str, address: str) -> None:
    on = getattr(client, method)(
        address, **({"data": "{}", "content_type": "application/json"} if method == "post" else {})
    )
    assert on.status_code == (200 if method == "get" else 400)
    settings.OPENMCX_VC_API = False
    assert getattr(client, method)(address).status_code == 404


def test_it_is_off_by_default() -> None:
    from openmcx.config.env import Env

    assert Env.model_fields["VC_API"].default is False


class TestIssuing:
    @pytest.mark.parametrize(("suite", "kind"), KINDS)
    def test_every_suite_signs_with_every_kind_of_its_keys(self, client: Client, suite: str, kind: Any) -> None:
        signer = suites.suites()[suite].signer(kind)
        did = suites.did_of(signer)
        signed = issue(
            client, suite, {**CREDENTIAL, "issuer": did}, mandatoryPointers=["/issuer"] if "-sd-" in suite else []
        )
        if suite == suites.ENVELOPE_SUITE:
            assert signed["type"] == "EnvelopedVerifiableCredential"
        else:
            assert signed["proof"]["verificationMethod"] == signer.verification_method
            assert signed["proof"]["cryptosuite"] == suites.suites()[suite].cryptosuite
        if "-sd-" in suite:
            body = {"verifiableCredential": signed, "options": {"selectivePointers": ["/credentialSubject/id"]}}
            signed = ask(client, DERIVE, body, 201)["verifiableCredential"]
            assert signed["credentialSubject"] == {"id": "did:example:subject"}
        checks = ["credentialStatus", "proof"]
        told = ask(client, VERIFY, {"verifiableCredential": signed})
        assert told == {"verified": True, "checks": checks, "isBound": True, "controllers": [did], "warnings": []}

    def test_the_kind_of_key_can_be_asked_for(self, client: Client) -> None:
        methods = {
            kind: issue(client, "ecdsa-jcs-2019", **options)["proof"]["verificationMethod"]
            for kind, options in (("usual", {}), ("P-256", {"keyType": "P-256"}), ("P-384", {"keyType": "P-384"}))
        }
        assert methods["usual"] == methods["P-256"]
        assert methods["P-384"].startswith("did:key:z82L")
        told = issue(client, "ecdsa-jcs-2019", status=400, keyType="Ed25519")
        assert (told["code"], told["pointer"]) == ("request-member-invalid", "/options/keyType")

    def test_a_credential_of_the_old_data_model_gets_the_context_it_needs(self, client: Client) -> None:
        old = {
            **CREDENTIAL,
            "@context": [contexts.VC_V1],
            "issuanceDate": "2026-01-01T00:00:00Z",
            "credentialSubject": {"id": "did:example:subject"},
        }
        signed = issue(client, "eddsa-rdfc-2022", old)
        assert signed["@context"] == [contexts.VC_V1, contexts.DATA_INTEGRITY_V2]

    def test_what_is_not_sound_is_refused_with_its_place(self, client: Client) -> None:
        told = issue(client, "eddsa-rdfc-2022", {**CREDENTIAL, "issuer": "fake"}, status=400)
        assert told["type"] == "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"
        assert (told["code"], told["pointer"]) == ("format-member-invalid", "/issuer")
        assert told["problemDetails"] == [{name: told[name] for name in ("type", "title", "detail", "code", "pointer")}]
        told = issue(client, "ecdsa-sd-2023", status=400, mandatoryPointers=["/nowhere"])
        assert told["type"] == "https://w3id.org/security#PROOF_GENERATION_ERROR"

    @pytest.mark.parametrize(
        "options",
        [[], "x", {"mandatoryPointers": "/issuer"}, {"mandatoryPointers": [1]}, {"mandatoryPointers": ["/a"] * 501}],
    )
    def test_options_of_the_wrong_kind(self, client: Client, options: Any) -> None:
        address = "/vc-api/ecdsa-sd-2023/credentials/issue"
        told = ask(client, address, {"credential": CREDENTIAL, "options": options}, 400)
        assert told["code"] == "request-member-invalid"

    def test_a_suite_that_there_is_not(self, client: Client) -> None:
        assert client.post("/vc-api/md5/credentials/issue", "{}", content_type="application/json").status_code == 404


class TestTestKeys:
    def test_they_are_the_same_in_every_process_and_no_two_suites(self) -> None:
        methods = [suites.suites()[name].signer(kind).verification_method for name, kind in KINDS]
        assert len(set(methods)) == len(methods) == len(SUITES) + 6
        suites._signer.cache_clear()
        assert [suites.suites()[name].signer(kind).verification_method for name, kind in KINDS] == methods

    def test_they_hang_on_the_master_key(self, settings: Any) -> None:
        before = suites.suites()["eddsa-rdfc-2022"].signer().verification_method
        settings.OPENMCX_MASTER_KEY = bytes(32)
        assert suites.suites()["eddsa-rdfc-2022"].signer().verification_method != before

    def test_what_they_sign_in_an_institutions_name_is_not_believed(self, client: Client) -> None:
        did = "did:web:testserver:institutions:lakeside"
        document = {**CREDENTIAL, "@context": [contexts.VC_V2], "issuer": did, "credentialSubject": {"id": "urn:x"}}
        signed = issue(client, "eddsa-rdfc-2022", document)
        assert ask(client, VERIFY, {"verifiableCredential": signed})["isBound"] is False
        report = verify(signed, at=NOW.replace(year=2100))
        assert (report.verdict, report.check("issuer-key").code) == ("not-verified", "key-not-issuers")


class TestVerifying:
    def test_a_changed_credential(self, client: Client) -> None:
        signed = issue(client, "eddsa-rdfc-2022")
        told = ask(client, VERIFY, {"verifiableCredential": {**signed, "id": "urn:x"}}, 400)
        assert told["type"] == "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR"
        assert (told["verified"], told["code"]) == (False, "signature-wrong")

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"", "document-empty"),
            (b"{", "document-not-json"),
            (b"[]", "document-not-an-object"),
            (b'{"verifiableCredential": {}, "verifiableCredential": {}}', "duplicate-key"),
            (b'{"verifiableCredential": "eyJ"}', "document-not-an-object"),
            (b"{}", "request-member-invalid"),
            (b'{"verifiableCredential": {}, "options": 7}', "request-member-invalid"),
            (b'{"verifiableCredential": {}, "options": {"domain": []}}', "request-member-invalid"),
            (b'{"verifiableCredential": {}, "options": {"challenge": 7}}', "request-member-invalid"),
            (b'{"verifiableCredential": {}, "options": {"checks": "proof"}}', "request-member-invalid"),
            (b'{"verifiableCredential":' + b'{"a":' * 100 + b"1" + b"}" * 101, "document-too-deep"),
        ],
    )
    def test_requests_that_are_wrong(self, client: Client, body: bytes, code: str) -> None:
        told = ask(client, VERIFY, body, 400)
        assert (told["code"], told["type"]) == (code, "https://www.w3.org/TR/vc-data-model#PARSING_ERROR")

    def test_no_more_is_read_than_the_limit(self, client: Client) -> None:
        body = b'{"verifiableCredential": "' + b"x" * (rules.MAX_DOCUMENT_BYTES + rules.FORM_OVERHEAD_BYTES) + b'"}'
        for address in (VERIFY, PRESENT, DERIVE, "/vc-api/eddsa-rdfc-2022/credentials/issue"):
            assert client.post(address, body, content_type="application/json").status_code == 413

    def test_nothing_is_fetched_from_elsewhere(self, client: Client) -> None:
        entry = {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "7",
            "statusListCredential": "https://uni.example/status/1",
        }
        signed = issue(client, "eddsa-rdfc-2022", {**CREDENTIAL, "credentialStatus": entry})
        told = ask(client, VERIFY, {"verifiableCredential": signed}, 400)
        assert told["type"] == "https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR"
        assert "nothing is fetched here" in told["detail"]
        asked = {"verifiableCredential": signed, "options": {"checks": ["proof"]}}
        assert ask(client, VERIFY, asked)["checks"] == ["proof"]
        signed["proof"]["verificationMethod"] = "did:web:uni.example#key"
        told = ask(client, VERIFY, {"verifiableCredential": signed}, 400)
        assert (told["code"], told["type"]) == (
            "key-not-reachable",
            "https://w3id.org/security#PROOF_VERIFICATION_ERROR",
        )

    def test_presentations_must_answer_the_challenge(self, client: Client) -> None:
        presentation = {"@context": [contexts.VC_V2], "type": ["VerifiablePresentation"]}
        told = ask(client, PRESENT, {"verifiablePresentation": presentation}, 400)
        assert (told["code"], told["verified"]) == ("proof-missing", False)
        signer = suites.suites()["eddsa-jcs-2022"].signer()
        from openmcx.credentials.proofs import data_integrity

        held = issue(
            client,
            "ecdsa-rdfc-2019",
            {**CREDENTIAL, "@context": [contexts.VC_V2], "credentialSubject": {"id": "urn:x"}},
        )
        signed = data_integrity.sign(
            {**presentation, "holder": suites.did_of(signer), "verifiableCredential": [held]},
            signer=signer, created=NOW.replace(year=2020), proof_purpose="authentication", domain="d", challenge="c",
        )  # fmt: skip
        body = {"verifiablePresentation": signed, "options": {"domain": "d", "challenge": "c"}}
        told = ask(client, PRESENT, body)
        assert (told["verified"], told["isBound"], [one["isBound"] for one in told["credentials"]]) == (
            True,
            True,
            [False],
        )
        body["options"]["challenge"] = "another"
        told = ask(client, PRESENT, body, 400)
        assert told["type"] == "https://w3id.org/security#INVALID_CHALLENGE_ERROR"


class TestStatusList:
    def test_a_credential_gets_an_entry_of_the_list(self, client: Client) -> None:
        signed = issue(client, suites.STATUS_LIST_SUITE)
        entry = signed["credentialStatus"]
        address = settings.OPENMCX_BASE_URL + LIST
        assert entry == {
            "id": f"{address}#{entry['statusListIndex']}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(int(entry["statusListIndex"])),
            "statusListCredential": address,
        }
        own = {**entry, "id": "urn:mine", "statusListIndex": "7"}
        assert (
            issue(client, suites.STATUS_LIST_SUITE, {**CREDENTIAL, "credentialStatus": own})["credentialStatus"] == own
        )

    def test_the_list_holds(self, client: Client) -> None:
        answer = client.get(LIST)
        assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/json", "public, max-age=300")
        document = json.loads(answer.content)
        assert ask(client, VERIFY, {"verifiableCredential": document})["isBound"] is True
        assert document["id"] == settings.OPENMCX_BASE_URL + LIST
        assert bitstring.decode(document["credentialSubject"]["encodedList"]) == bytes(16_384)
        assert client.get("/vc-api/status-lists/suspension").status_code == 404


def test_the_index_names_what_a_configuration_needs(client: Client) -> None:
    told = client.get(ROOT).json()
    assert [suite["name"] for suite in told["suites"]] == list(suites.suites())
    for suite in told["suites"]:
        known = suites.suites()[suite["name"]].signers()
        assert suite["issue"].endswith(f"/vc-api/{suite['name']}/credentials/issue")
        assert {one["id"]: one["verificationMethod"] for one in suite["issuers"]} == {
            did: signer.verification_method for did, signer in known.items()
        }
    root = settings.OPENMCX_BASE_URL
    assert (told["verifyCredential"], told["verifyPresentation"], told["derive"], told["statusLists"]) == (
        root + VERIFY,
        root + PRESENT,
        root + DERIVE,
        [root + LIST],
    )


@pytest.mark.parametrize(
    ("did", "status"),
    [
        ("did:key:z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b", 200),
        ("did:key:@", 400),
        ("did:experimental:z6Mk", 501),
        ("did:key:z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b#z6LS", 404),
    ],
)
def test_the_resolver_answers_as_a_did_resolver_does(client: Client, did: str, status: int) -> None:
    answer = client.get(reverse("verification:vc-api-resolve", kwargs={"did": did}))
    assert (answer.status_code, answer["Content-Type"]) == (
        status,
        'application/ld+json;profile="https://w3id.org/did-resolution"',
    )
    assert ("error" in str(answer.json())) is (status != 200)


def test_only_the_methods_that_there_are(client: Client) -> None:
    assert client.get(VERIFY).status_code == 405
    assert client.post(LIST).status_code == 405
