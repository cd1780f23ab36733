"""``mcx jose``: the command line of the W3C's test suite for JOSE and COSE."""

import json

import pytest
from click.testing import CliRunner

from openmcx.cli import main
from openmcx.credentials import base64url
from openmcx.credentials.keys.jwk import write_jwk
from openmcx.credentials.keys.multikey import encode_public_key, encode_secret
from openmcx.credentials.proofs import envelopes, jose, sd_jwt
from tests.credentials.token_cases import CREDENTIAL, DID, OTHER, SIGNER, VC_V2, issuers

PRESENTATION = {
    "@context": [VC_V2],
    "type": ["VerifiablePresentation"],
    "holder": DID,
    "verifiableCredential": [envelopes.wrap(jose.sign(CREDENTIAL, signer=SIGNER), "vc+jwt")],
}
SECRET = bytes([1]) * 32
PUBLIC = write_jwk(SIGNER.public_key)
METHOD = {
    "id": SIGNER.verification_method,
    "type": "JsonWebKey",
    "controller": DID,
    "publicKeyJwk": {**PUBLIC, "alg": "ES256", "kid": "thumbprint"},
    "secretKeyJwk": {**PUBLIC, "alg": "ES256", "d": base64url.encode(SECRET), "key_ops": ["sign"]},
}
MULTIKEY = {
    "id": SIGNER.verification_method,
    "type": "Multikey",
    "publicKeyMultibase": encode_public_key(SIGNER.public_key),
    "secretKeyMultibase": encode_secret("P-256", SECRET),
}


@pytest.fixture
def run(tmp_path):
    def run(verb, content, feature, *more, key=METHOD):
        source, method, output = tmp_path / "in", tmp_path / "vm.json", tmp_path / "out.json"
        source.write_text(content if isinstance(content, str) else json.dumps(content))
        method.write_text(key if isinstance(key, str) else json.dumps(key))
        options = ["--input", source, "--key", method, "--feature", feature, "--output", output, *more]
        done = CliRunner().invoke(main, ["jose", verb, *map(str, options)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        result = json.loads(output.read_text())
        assert result.keys() == {"result", "data"}
        assert done.exit_code == (0 if result["result"] == "success" else 1)
        return result["result"], result["data"]

    return run


@pytest.mark.parametrize("key", [METHOD, MULTIKEY], ids=["jwk", "multikey"])
@pytest.mark.parametrize("form", ["jose", "sdjwt", "cose"])
@pytest.mark.parametrize(("kind", "document"), [("credential", CREDENTIAL), ("presentation", PRESENTATION)])
def test_what_is_issued_is_verified(run, key, form, kind, document):
    feature = f"{kind}_{form}"
    result, data = run("issue", document, feature, key=key)
    assert result == "success", data
    result, shown = run("verify", f"{data}\n", feature, key=key)
    assert (result, json.loads(shown)) == ("success", document)
    other = {"presentation": "credential", "credential": "presentation"}[kind]
    assert run("verify", data, f"{other}_{form}")[0] == "failure"
    stranger = {"publicKeyJwk": write_jwk(OTHER.public_key)}
    assert run("verify", data, feature, key=stranger)[0] == "failure"


def test_what_can_be_disclosed_is_named_by_paths(run):
    document = {**CREDENTIAL, "type": [*CREDENTIAL["type"], "Third"]}
    paths = '["credentialSubject.degree.name", "type[2]"]'
    result, data = run("issue", document, "credential_sdjwt", "--sd", paths)
    assert result == "success", data
    verified = sd_jwt.verify_document(data, public_key_for=issuers)
    assert set(verified.disclosed) == {("credentialSubject", "degree", "name"), ("type", 2)}


@pytest.mark.parametrize(
    "paths", ["x", "{}", "[1]", '["type["]', '["type[x]"]', '["nobody"]', '["type[9]"]', '["@context"]', '["a..b]"]']
)
def test_wrong_paths_are_refused(run, paths):
    assert run("issue", CREDENTIAL, "credential_sdjwt", "--sd", paths)[0] == "failure"


@pytest.mark.parametrize(
    "document",
    [
        {**CREDENTIAL, "badExtension": {"huh": "what?"}},
        {**CREDENTIAL, "issuer": "nobody"},
        {**CREDENTIAL, "credentialSubject": "x"},
        {**CREDENTIAL, "@context": [VC_V2], "type": ["VerifiableCredential", "Undefined"]},
        "no JSON",
        PRESENTATION,
    ],
)
def test_what_is_no_sound_credential_is_not_issued(run, document):
    assert run("issue", document, "credential_jose")[0] == "failure"


def test_unsecured_documents_and_unsecured_credentials_inside_are_refused(run):
    assert run("verify", CREDENTIAL, "credential_jose")[0] == "failure"
    assert run("verify", PRESENTATION, "presentation_cose")[0] == "failure"
    bare = {**PRESENTATION, "verifiableCredential": [CREDENTIAL]}
    assert run("issue", bare, "presentation_jose")[0] == "failure"


@pytest.mark.parametrize(
    "key",
    [
        "no JSON",
        {},
        {"id": "x"},
        {name: value for name, value in METHOD.items() if name != "secretKeyJwk"},
        {name: value for name, value in METHOD.items() if name != "id"},
        {**METHOD, "secretKeyJwk": {**METHOD["secretKeyJwk"], "d": "*"}},
        {**METHOD, "secretKeyJwk": {**METHOD["secretKeyJwk"], "d": base64url.encode(bytes([2]) * 32)}},
        {**METHOD, "publicKeyJwk": METHOD["secretKeyJwk"]},
    ],
)
def test_a_key_that_cannot_sign_is_refused_without_showing_it(run, key):
    result, data = run("issue", CREDENTIAL, "credential_jose", key=key)
    assert result == "failure"
    assert base64url.encode(SECRET) not in data


def test_wrong_options_are_refused(tmp_path):
    options = ["--input", "x", "--key", "y", "--output", str(tmp_path / "out.json")]
    for more in (["--feature", "credential_x509"], [], ["--feature", "credential_jose", "--sd", "[]"]):
        done = CliRunner().invoke(main, ["jose", "verify", *options, *more])
        assert done.exit_code == 2
    done = CliRunner().invoke(main, ["jose", "verify", *options, "--feature", "credential_jose"])
    assert done.exit_code == 1
    assert json.loads((tmp_path / "out.json").read_text())["result"] == "failure"
    missing = [*options[:-1], str(tmp_path / "no" / "out.json"), "--feature", "credential_jose"]
    assert CliRunner().invoke(main, ["jose", "verify", *missing]).exit_code == 2
