"""@digitalbazaar/vc verifies what we issue, we verify what it issues, and jsonld.js writes the same canonical forms."""

import copy
from typing import Any

import pytest

from openmcx.credentials import CredentialError, issue
from openmcx.credentials.formats import open_badges
from openmcx.credentials.jsonld import canonical_nquads, contexts, load
from openmcx.credentials.keys import PublicKey
from openmcx.credentials.multibase import decode_base58btc
from openmcx.credentials.proofs import data_integrity
from tests import shared_data
from tests.credentials.examples import CREDENTIAL, SIGNED_AT, SIGNER
from tests.oracles import npm

pytestmark = pytest.mark.oracle

NOW = "2026-08-01T00:00:00Z"
BADGE = {
    "@context": [contexts.VC_V2, contexts.OPEN_BADGES_V3, contexts.OPEN_BADGES_V3_EXTENSIONS],
    "id": "urn:uuid:0198f3a2-7c51-7b7e-9f5a-2d1f4b6c8e01",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": SIGNER.verification_method.split("#")[0], "type": ["Profile"], "name": "Saimaa"},
    "validFrom": "2026-06-30T10:00:00Z",
    "name": 'Quotes " and \\ and\nlines, Ünïcödé \u2028 \U0001f393',
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "creditsEarned": 2.5,
        "identifier": [
            {"type": "IdentityObject", "hashed": False, "identityHash": hashed, "identityType": "emailAddress"}
            for hashed in ("a@example.org", "b@example.org")
        ],
        "achievement": {
            "id": "urn:a",
            "type": ["Achievement"],
            "name": "A",
            "description": "B",
            "criteria": {"narrative": "C"},
            "tag": ["x", "y", "x"],
            "http://data.europa.eu/snb/model/elm/eqfLevel": {"id": "http://data.europa.eu/snb/eqf/6"},
        },
    },
}


def ask(script: str, **question: Any) -> dict[str, Any]:
    if (lacking := npm.missing()) is not None:
        pytest.fail(lacking)
    return npm.run(npm.HERE / script, question)


def verdicts(*credentials: dict[str, Any]) -> list[bool]:
    return [verdict["verified"] for verdict in ask("verify.mjs", credentials=credentials, now=NOW)["verdicts"]]


def key(method: str) -> PublicKey:
    did, _, fragment = method.partition("#")
    assert did == f"did:key:{fragment}"
    return PublicKey("Ed25519", decode_base58btc(fragment, size=34)[2:])


def verified(document: dict[str, Any]) -> bool:
    try:
        data_integrity.verify(document, public_key_for=key, allowed_cryptosuites={"eddsa-rdfc-2022"})
    except CredentialError:
        return False
    return True


def tampered(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Copies of a signed document in each of which one thing was changed."""
    changes = [
        lambda copied: copied.update(name="Another"),
        lambda copied: copied["issuer"].update(name="Another"),
        lambda copied: copied["credentialSubject"]["achievement"].pop("criteria"),
        lambda copied: copied["proof"].update(created="2026-07-02T09:00:00Z"),
        lambda copied: copied.update(description="Added"),
        lambda copied: copied.update(nickname="Undefined"),
    ]
    copies = [copy.deepcopy(document) for _ in changes]
    for change, copied in zip(changes, copies, strict=True):
        change(copied)
    return copies


class TestOursToTheirs:
    def test_they_verify_what_we_sign_and_refuse_what_was_changed(self):
        signed = data_integrity.sign(BADGE, signer=SIGNER, created=SIGNED_AT)
        changed = tampered(signed)
        assert verdicts(signed, *changed) == [True] + [False] * len(changed)

    def test_they_verify_a_credential_with_everything_in_it(self):
        issued = issue(CREDENTIAL, signer=SIGNER, created=SIGNED_AT)
        assert verdicts(issued) == [True]


class TestTheirsToOurs:
    def test_we_verify_what_they_sign_and_refuse_what_was_changed(self):
        everything = open_badges.write(CREDENTIAL)
        issued = ask("issue.mjs", credentials=[BADGE, everything], created="2026-07-01T00:00:00Z")["issued"]
        assert [verified(document) for document in issued] == [True, True]
        assert [verified(document) for document in tampered(issued[0])] == [False] * len(tampered(issued[0]))


def canonical(*documents: dict[str, Any]) -> list[str | None]:
    return [form["nquads"] for form in ask("canonize.mjs", documents_to_canonize=documents)["forms"]]


def ours(document: dict[str, Any]) -> str | None:
    try:
        return canonical_nquads(document)
    except CredentialError:
        return None


TERMS = {
    "text": {"@id": "urn:text", "@container": "@language"},
    "list": {"@id": "urn:list", "@container": "@list"},
    "graph": {"@id": "urn:graph", "@container": "@graph"},
    "number": "urn:number",
    "double": {"@id": "urn:double", "@type": "http://www.w3.org/2001/XMLSchema#double"},
    "json": {"@id": "urn:json", "@type": "@json"},
    "node": "urn:node",
    "ref": {"@id": "urn:ref", "@type": "@id"},
}


def document(**members: Any) -> dict[str, Any]:
    return {"@context": [contexts.VC_V2, TERMS], "id": "urn:c", **members}


SAME = [
    document(text={"en": ["a", "b"], "de-CH": "c", "@none": "d"}),
    document(list=["a", {"node": "b"}, "a"], graph=[{"node": "x"}, {"node": "x"}]),
    # Not among them: 1e-7, which jsonld.js 9 writes as the integer 0.
    document(number=[-0.0, 1, 1.0, 1.5, 1e21, 1.5e-7, -2.5e-10, 9007199254740991, True, False, None]),
    document(double=[1, 1.5, 100.0]),
    document(json={"b": [1.0, None, "é\u2028"], "a": {}}),
    document(name=[{"@value": "x", "@language": "AR-eg", "@direction": "rtl"}, {"@value": "y", "@direction": "ltr"}]),
    document(number='all escapes: \x08\t\n\x0c\r"\\ \x7f and \x01'),
    document(node=[{"node": {"number": 1}}, {"node": {"number": 1}}, {"node": {}}]),
    document(node=[{"id": "_:a", "ref": "_:b"}, {"id": "_:b", "ref": "_:c"}, {"id": "_:c", "ref": "_:a"}]),
    document(
        node=[{"id": "_:a", "ref": ["_:a", "_:b"]}, {"id": "_:b", "number": 1}], graph={"id": "_:c", "ref": "_:c"}
    ),
    document(node={"id": "urn:n", "number": 1}, ref="urn:n", **{"urn:other": {"id": "urn:n", "number": [1, 1]}}),
]
REFUSED = [
    document(nope="x"),
    document(type="Nope"),
    document(ref="relative"),
    document(id="relative", number=1),
    document(name={"@value": "x", "@language": "no tag"}),
    document(**{"@foo": "x"}),
]


class TestCanonicalForms:
    def test_they_are_the_same(self):
        assert canonical(*SAME, BADGE) == [canonical_nquads(item) for item in [*SAME, BADGE]]

    def test_what_we_refuse_as_not_covered_they_refuse_too(self):
        assert canonical(*REFUSED) == [ours(item) for item in REFUSED] == [None] * len(REFUSED)

    @pytest.mark.shared
    def test_of_sample_credentials_too(self):
        assert shared_data.ROOT is not None
        samples = [*sorted((shared_data.ROOT / "openbadges-v3").rglob("*.json"))]
        samples += sorted((shared_data.ROOT / "elm-v3" / "Credentials").rglob("*.jsonld"))
        documents = []
        for path in samples:
            try:
                document = load(path.read_bytes())
            except CredentialError:
                continue
            document = load(document["payload"]) if "payload" in document else document
            if "VerifiableCredential" in document.get("type", []):
                documents.append({key: value for key, value in document.items() if key != "proof"})
        assert len(documents) >= 10
        assert canonical(*documents) == [ours(document) for document in documents]
