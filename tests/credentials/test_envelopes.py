"""Envelopes around secured credentials."""

import pytest

from openmcx.credentials.proofs import cose, envelopes, jose, sd_jwt
from tests.credentials.token_cases import CREDENTIAL, SIGNER, VC_V2, issuers, refused

JWT = jose.sign(CREDENTIAL, signer=SIGNER)
COSE = cose.sign(CREDENTIAL, signer=SIGNER)


def test_a_token_comes_out_of_its_envelope_as_it_was_put_in():
    selective = sd_jwt.sign(CREDENTIAL, disclosable=[("id",)], signer=SIGNER)
    for content, media_type, kind in (
        (JWT, "vc+jwt", "Credential"),
        (selective, "vc+sd-jwt", "Credential"),
        (COSE, "vc+cose", "Credential"),
        (JWT, "vp+jwt", "Presentation"),
    ):
        document = envelopes.wrap(content, media_type)
        assert document["@context"] == VC_V2
        assert document["type"] == f"EnvelopedVerifiable{kind}"
        assert envelopes.unwrap(document) == envelopes.Envelope(media_type, content)
    assert envelopes.wrap(JWT, "vc+jwt")["id"] == f"data:application/vc+jwt,{JWT}"
    assert envelopes.wrap(COSE, "vc+cose")["id"].startswith("data:application/vc+cose;base64,0o")
    assert cose.verify(envelopes.unwrap(envelopes.wrap(COSE, "vc+cose")).content, public_key_for=issuers)


@pytest.mark.parametrize("media_type", ["jwt", "dc+sd-jwt", "application/vc+jwt", "json", "", "vc"])
def test_nothing_else_is_put_into_an_envelope(media_type):
    refused("envelope-invalid", envelopes.wrap, JWT, media_type)


def enveloped(address, kind="EnvelopedVerifiableCredential"):
    return {"@context": VC_V2, "type": kind, "id": address}


def test_what_others_write_is_read():
    bare = envelopes.encode_base64(COSE).rstrip("=")
    for address in (f"DATA:application/VC+COSE;BASE64,{bare}", f"data:application/vc+cose;base64,{bare}\n"):
        assert envelopes.unwrap(enveloped(address)) == envelopes.Envelope("vc+cose", COSE)
    assert envelopes.unwrap(enveloped("data:application/vc+sd-jwt,a.b.c%7Ed%7e")).content == "a.b.c~d~"
    assert envelopes.unwrap(enveloped("data:application/vc+jwt;base64,YS5iLmM")).content == "a.b.c"
    assert envelopes.unwrap({**enveloped("data:application/vc+jwt,a"), "type": ["X", "EnvelopedVerifiableCredential"]})


@pytest.mark.parametrize(
    "document",
    [
        {},
        enveloped(None),
        enveloped("https://uni.example/credential.jwt"),
        enveloped("data:application/vc+jwt,"),
        enveloped("data:application/json,{}"),
        enveloped("data:text/html,<script>"),
        enveloped("data:application/vp+jwt,a"),
        enveloped("data:application/vc+jwt,a", "EnvelopedVerifiablePresentation"),
        enveloped("data:application/vc+jwt,a", ["EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation"]),
        enveloped("data:application/vc+jwt;charset=utf-8,a"),
        enveloped("data:application/vc+cose,a"),
        enveloped("data:application/vc+cose;base64,a"),
        enveloped("data:application/vc+cose;base64,ab==="),
        enveloped("data:application/vc+cose;base64,ab"),  # bits that the value does not hold
        enveloped("data:application/vc+cose;base64,a b="),
        enveloped("data:application/vc+cose;base64,_-8="),
        enveloped("data:application/vc+jwt;base64,/w=="),
    ],
)
def test_what_is_no_envelope_is_refused(document):
    refused("envelope-invalid", envelopes.unwrap, document)
