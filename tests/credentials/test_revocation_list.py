"""1EdTech Revocation List: not signed, so read with care."""

import json

import pytest

from openmcx.credentials.report import Outcome
from openmcx.credentials.status import revocation_list

ADDRESS = "https://uni.example/revocations"
ISSUER = "did:web:uni.example"
ENTRY = {"id": ADDRESS, "type": "1EdTechRevocationList"}
LIST = {
    "id": ADDRESS,
    "issuer": ISSUER,
    "revokedCredentials": [
        {"id": "urn:uuid:1", "revoked": True, "revocationReason": "Issued in error"},
        {"id": "urn:uuid:2"},
        {"id": "urn:uuid:3", "revoked": False},
    ],
}


def check(listed=LIST, *, entry=ENTRY, id_="urn:uuid:9", fetch=...):
    data = listed if isinstance(listed, bytes) else json.dumps(listed).encode()
    get = (lambda address: {ADDRESS: data}[address]) if fetch is ... else fetch
    return revocation_list.check(entry, credential_id=id_, issuer=ISSUER, fetch=get)


@pytest.mark.parametrize(
    ("id_", "outcome", "code"),
    [
        ("urn:uuid:1", Outcome.FAILED, "revoked"),
        ("urn:uuid:2", Outcome.FAILED, "revoked"),
        ("urn:uuid:3", Outcome.PASSED, "status-good"),
        ("urn:uuid:9", Outcome.PASSED, "status-good"),
    ],
)
def test_who_stands_on_the_list_is_revoked(id_, outcome, code):
    found = check(id_=id_)
    assert (found.name, found.outcome, found.finding.code) == ("status", outcome, code)
    one = {**{name: LIST[name] for name in ("id", "issuer")}, "revokedCredential": LIST["revokedCredentials"]}
    assert check(one, id_=id_).finding.code == code


@pytest.mark.parametrize(
    ("listed", "code", "because"),
    [
        ({**LIST, "issuer": "did:web:other.example"}, "status-list-other-issuer", None),
        ({**LIST, "issuer": {"id": "did:web:other.example"}}, "status-list-other-issuer", None),
        ({**LIST, "issuer": None}, "status-list-other-issuer", None),
        ({**LIST, "id": "https://uni.example/other"}, "status-list-wrong", "status-list-of-another"),
        ({"id": ADDRESS, "issuer": ISSUER}, "status-list-wrong", "format-member-invalid"),
        ({**LIST, "revokedCredential": []}, "status-list-wrong", "format-member-invalid"),
        ({**LIST, "revokedCredentials": ["urn:uuid:9"]}, "status-list-wrong", "format-member-invalid"),
        ({**LIST, "revokedCredentials": [{"revoked": True}]}, "status-list-wrong", "format-member-invalid"),
        (b"<html>", "status-list-wrong", "document-not-json"),
        (b"[]", "status-list-wrong", "document-not-an-object"),
        (b'{"revokedCredentials":[],"revokedCredentials":[]}', "status-list-wrong", "duplicate-key"),
        (b" " * 4_200_000, "status-list-wrong", "document-too-large"),
    ],
)
def test_a_list_that_cannot_be_trusted_is_never_taken_as_good(listed, code, because):
    found = check(listed)
    assert (found.outcome, found.finding.code) == (Outcome.FAILED, code)
    assert (found.finding.because and found.finding.because.code) == because
    assert found.finding.sentence


@pytest.mark.parametrize("address", ["http://uni.example/revocations", "", None, 1, "urn:x"])
def test_a_list_that_is_not_signed_comes_over_an_encrypted_connection(address):
    found = check(entry={**ENTRY, "id": address})
    assert found.finding.because.code == "status-list-without-address"


def test_a_credential_without_id_stands_on_no_list():
    assert check(id_=None).finding.because.code == "format-member-missing"


def test_a_list_that_cannot_be_had_says_nothing():
    found = check(fetch=None)
    assert (found.outcome, found.finding.code) == (Outcome.NOT_CHECKABLE, "status-not-reachable")
