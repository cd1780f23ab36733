"""The shape of credentials and presentations, as the W3C's data model has it."""

import base64
import hashlib
from typing import Any

import pytest

from openmcx.credentials import ContextError, FormatError
from openmcx.credentials.formats import vc
from openmcx.credentials.jsonld import contexts
from openmcx.credentials.multibase import encode_base58btc

V1: dict[str, Any] = {
    "@context": [contexts.VC_V1],
    "type": ["VerifiableCredential"],
    "issuer": "did:example:issuer",
    "issuanceDate": "2026-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:subject"},
}
V2: dict[str, Any] = {
    "@context": [contexts.VC_V2],
    "type": "VerifiableCredential",
    "issuer": {"id": "https://uni.example/issuer", "name": "Uni"},
    "credentialSubject": [{"id": "did:example:subject"}, {"name": "without id"}],
}
PRESENTATION: dict[str, Any] = {
    "@context": [contexts.VC_V2],
    "type": ["VerifiablePresentation"],
    "holder": "did:example:holder",
    "verifiableCredential": [V2],
}
CONTEXT = contexts.source(contexts.VC_V2)


def sri(algorithm: str, data: bytes = CONTEXT) -> str:
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def multibase(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(data).decode().rstrip("=")


@pytest.mark.parametrize(
    ("base", "more"),
    [
        (V1, {}),
        (V1, {"expirationDate": "2026-01-01T00:00:00Z", "name": 7}),  # 1.1 does not say what a name is
        (V2, {}),
        (V2, {"@context": contexts.VC_V2}),
        (V2, {"@context": [contexts.VC_V2, {"x": "https://x.example/"}, "https://x.example/context"]}),
        (V2, {"id": "urn:uuid:1", "validFrom": "2026-01-01T00:00:00.5-05:00", "validUntil": "2026-01-01T05:00:01"}),
        (V2, {"name": "N", "description": [{"@value": "D", "@language": "de"}, {"@value": "x", "@direction": "rtl"}]}),
        (V2, {"credentialStatus": {"type": "Whatever"}, "evidence": [{"type": ["A"]}, {"type": "B", "id": "urn:x"}]}),
        (V2, {"credentialSchema": {"id": "https://x.example/schema", "type": "JsonSchema"}}),
        (V2, {"relatedResource": {"id": contexts.VC_V2, "digestSRI": sri("sha384")}}),
        (V2, {"relatedResource": [{"id": contexts.VC_V2, "digestSRI": [sri("sha256"), sri("sha512")]}]}),
        (
            V2,
            {"relatedResource": {"id": contexts.VC_V2, "digestMultibase": multibase(hashlib.sha256(CONTEXT).digest())}},
        ),
        (
            V2,
            {
                "relatedResource": {
                    "id": contexts.VC_V2,
                    "digestMultibase": encode_base58btc(b"\x12\x20" + hashlib.sha256(CONTEXT).digest()),
                }
            },
        ),
        (V2, {"relatedResource": {"id": "https://x.example/picture", "digestSRI": sri("sha256", b"not at hand")}}),
    ],
)
def test_sound_credentials(base: dict[str, Any], more: dict[str, Any]) -> None:
    vc.check_credential({**base, **more})


ENTRY = {"id": contexts.VC_V2, "digestSRI": sri("sha256")}


@pytest.mark.parametrize(
    ("base", "change", "said"),
    [
        (V2, {"@context": []}, ("@context", "wrong-first-context", "/@context")),
        (V2, {"@context": ["https://x.example/", contexts.VC_V2]}, ("@context", "wrong-first-context", "/@context")),
        (V2, {"type": []}, ("type", "no-credential-type", "/type")),
        (V2, {"type": "VerifiablePresentation"}, ("type", "no-credential-type", "/type")),
        (V2, {"type": ["VerifiableCredential", 4]}, ("type", "no-credential-type", "/type")),
        (V2, {"type": [["VerifiableCredential"]]}, ("type", "no-credential-type", "/type")),
        (V2, {"id": None}, ("id", "no-absolute-iri", "/id")),
        (V2, {"id": "https ://x"}, ("id", "no-absolute-iri", "/id")),
        (V2, {"id": ["urn:a", "urn:b"]}, ("id", "no-absolute-iri", "/id")),
        (V2, {"issuer": None}, ("issuer", None, "/issuer")),
        (V2, {"issuer": []}, ("issuer", None, "/issuer")),
        (V2, {"issuer": {"id": None}}, ("issuer", None, "/issuer")),
        (V2, {"issuer": {"name": "Uni"}}, ("issuer", None, "/issuer")),
        (V2, {"issuer": "fake-issuer"}, ("issuer", "no-absolute-iri", "/issuer")),
        (V2, {"issuer": {"id": "fake-issuer"}}, ("issuer", "no-absolute-iri", "/issuer")),
        (V2, {"credentialSubject": None}, ("credentialSubject", None, "/credentialSubject")),
        (V2, {"credentialSubject": []}, ("credentialSubject", None, "/credentialSubject")),
        (V2, {"credentialSubject": {}}, ("credentialSubject", None, "/credentialSubject")),
        (
            V2,
            {"credentialSubject": "did:example:x"},
            ("credentialSubject", "subject-says-nothing", "/credentialSubject"),
        ),
        (
            V2,
            {"credentialSubject": [{"id": "urn:x"}, {}]},
            ("credentialSubject", "subject-says-nothing", "/credentialSubject/1"),
        ),
        (V2, {"credentialSubject": {"id": ["urn:a", "urn:b"]}}, ("id", "no-absolute-iri", "/credentialSubject/id")),
        (V2, {"validFrom": "2026-01-01"}, ("validFrom", "no-instant", None)),
        (V2, {"validUntil": None}, ("validUntil", "no-instant", None)),
        (
            V2,
            {"validFrom": "2026-01-01T00:00:01Z", "validUntil": "2026-01-01T00:00:00Z"},
            ("validUntil", "before-valid-from", "/validUntil"),
        ),
        (V1, {"issuanceDate": "yesterday"}, ("issuanceDate", "no-instant", None)),
        (V1, {"expirationDate": "2025-01-01T00:00:00Z"}, ("expirationDate", "before-issuance", "/expirationDate")),
        *(
            (V2, {member: value}, (member, "entry-not-an-object", f"/{member}"))
            for member in ("credentialStatus", "credentialSchema", "evidence", "termsOfUse", "refreshService")
            for value in ({}, {"id": "urn:x"}, {"id": "urn:x", "type": []}, {"id": "urn:x", "type": 2}, "urn:x", None)
        ),
        (V2, {"evidence": [{"type": "A"}, 4]}, ("evidence", "entry-not-an-object", "/evidence/1")),
        (V2, {"termsOfUse": {"type": "A", "id": "x"}}, ("id", "no-absolute-iri", "/termsOfUse/id")),
        (V2, {"credentialSchema": {"type": "A"}}, ("credentialSchema.id", None, "/credentialSchema")),
        (V2, {"name": 7}, ("name", "no-language-text", "/name")),
        (V2, {"name": {"@value": "N", "url": "urn:x"}}, ("name", "no-language-text", "/name")),
        (V2, {"description": {"@language": "en"}}, ("description", "no-language-text", "/description")),
        (V2, {"description": []}, ("description", "no-language-text", "/description")),
        (V2, {"issuer": {"id": "urn:x", "name": {"@value": 1}}}, ("name", "no-language-text", "/issuer/name")),
        (V2, {"relatedResource": [contexts.VC_V2]}, ("relatedResource", "no-object", "/relatedResource/0")),
        (V2, {"relatedResource": {**ENTRY, "id": "x"}}, ("id", "no-absolute-iri", "/relatedResource/id")),
        (
            V2,
            {"relatedResource": {"digestSRI": sri("sha256")}},
            ("relatedResource.id", None, "/relatedResource"),
        ),
        (V2, {"relatedResource": [ENTRY, ENTRY]}, ("relatedResource", "resource-twice", "/relatedResource/1")),
        (
            V2,
            {"relatedResource": {"id": contexts.VC_V2}},
            ("relatedResource", "resource-without-digest", "/relatedResource"),
        ),
        (
            V2,
            {"relatedResource": {**ENTRY, "digestSRI": sri("sha256", b"other")}},
            ("relatedResource", "digest-differs", "/relatedResource"),
        ),
        (
            V2,
            {"relatedResource": {**ENTRY, "digestMultibase": multibase(hashlib.sha512(b"other").digest())}},
            ("relatedResource", "digest-differs", "/relatedResource"),
        ),
        *(
            (V2, {"relatedResource": {"id": contexts.VC_V2, member: text}}, (member, "digest-malformed", place))
            for member, place, texts in (
                ("digestSRI", "/relatedResource/digestSRI", ("", "md5-AAAA", "sha256-AAAA", "sha256-" + "_" * 43, 7)),
                (
                    "digestMultibase",
                    "/relatedResource/digestMultibase",
                    ("", "u", "uAAAA", "mAAAA", "z0", "u" * 999, 7),
                ),
            )
            for text in texts
        ),
        (
            V2,
            {"relatedResource": [{**ENTRY, "id": f"urn:x:{number}"} for number in range(101)]},
            ("relatedResource", "too-many-entries", "/relatedResource/100"),
        ),
    ],
)
def test_credentials_that_are_none(
    base: dict[str, Any], change: dict[str, Any], said: tuple[str, str | None, str | None]
) -> None:
    with pytest.raises(FormatError) as refused:
        vc.check_credential({**base, **change})
    error = refused.value
    assert (error.params["member"], error.params.get("reason"), error.where) == said
    assert error.code == ("format-member-invalid" if said[1] else "format-member-missing")
    assert str(error)


@pytest.mark.parametrize("member", ["@context", "type", "issuer", "credentialSubject"])
def test_what_every_credential_has(member: str) -> None:
    with pytest.raises(FormatError):
        vc.check_credential({name: value for name, value in V2.items() if name != member})


def test_version_one_says_when_it_was_issued() -> None:
    with pytest.raises(FormatError) as refused:
        vc.check_credential({name: value for name, value in V1.items() if name != "issuanceDate"})
    assert (refused.value.code, refused.value.params["member"]) == ("format-member-missing", "issuanceDate")


@pytest.mark.parametrize("entry", [4, None, [], True])
def test_contexts_are_addresses_or_objects(entry: object) -> None:
    with pytest.raises(ContextError, match="neither an address nor an object") as refused:
        vc.check_credential({**V2, "@context": [contexts.VC_V2, entry]})
    assert refused.value.where == "/@context/1"


STATUS: dict[str, Any] = {
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "94567",
    "statusListCredential": "https://uni.example/status/1",
}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"id": "https://uni.example/status/1#94567"},
        {"statusListIndex": "0"},
        {"statusSize": 1},
        {"statusSize": 2, "statusMessage": [{"status": "0x0", "message": "pending"}]},
        {"type": ["Other"], "statusListIndex": 5},
    ],
)
def test_status_entries_that_can_be_followed(more: dict[str, Any]) -> None:
    vc.check_status_entries({"credentialStatus": [{**STATUS, **more}]})


@pytest.mark.parametrize(
    ("change", "member"),
    [
        ({"statusPurpose": None}, "statusPurpose"),
        *(
            ({"statusListIndex": index}, "statusListIndex")
            for index in (5, None, "", "-1", "007", "1e3", "٣", "9" * 40)
        ),
        ({"statusListCredential": "status/1"}, "statusListCredential"),
        ({"id": "https://uni.example/status/1"}, "id"),
        *(({"statusSize": size}, "statusSize") for size in (0, -1, "2", True, 1.5)),
        ({"statusSize": 2}, "statusMessage"),
    ],
)
def test_status_entries_that_nobody_can_follow(change: dict[str, Any], member: str) -> None:
    with pytest.raises(FormatError) as refused:
        vc.check_status_entries({"credentialStatus": {**STATUS, **change}})
    assert refused.value.params["member"] == member


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"id": "urn:x"},
        {"holder": {"id": "urn:x", "name": "H"}},
        {"verifiableCredential": V2},
        {"verifiableCredential": []},
    ],
)
def test_sound_presentations(more: dict[str, Any]) -> None:
    vc.check_presentation({**PRESENTATION, **more})


@pytest.mark.parametrize(
    ("change", "member"),
    [
        ({"@context": ["https://x.example/"]}, "@context"),
        ({"type": "VerifiableCredential"}, "type"),
        ({"id": 7}, "id"),
        ({"holder": "z6Mk"}, "holder"),
        ({"holder": {"name": "Acme"}}, "holder.id"),
        ({"holder": {"id": "z6Mk"}}, "id"),
        ({"verifiableCredential": ["eyJ"]}, "verifiableCredential"),
        ({"verifiableCredential": None}, "verifiableCredential"),
        ({"termsOfUse": {}}, "termsOfUse"),
    ],
)
def test_presentations_that_are_none(change: dict[str, Any], member: str) -> None:
    with pytest.raises(FormatError) as refused:
        vc.check_presentation({**PRESENTATION, **change})
    assert refused.value.params["member"] == member


def test_who_issued_and_who_holds() -> None:
    assert [vc.issuer_of(document) for document in (V1, V2, {})] == [
        "did:example:issuer",
        "https://uni.example/issuer",
        "",
    ]
    assert [vc.holder_of(document) for document in (PRESENTATION, {"holder": {"id": "urn:x"}}, {"holder": 7})] == [
        "did:example:holder",
        "urn:x",
        "",
    ]
    assert [vc.version_of(document) for document in (V1, V2)] == ["1.1", "2.0"]
