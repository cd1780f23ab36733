"""The W3C's test suite for VC-JOSE-COSE: its cases, with its input, against our command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from openmcx.cli import main

INPUT = Path(__file__).parents[1] / "credentials" / "vectors" / "vc-jose-cose"

# Number in the suite, what is done with which feature, the input, the key, and whether it must succeed.
CASES = [
    (1, "issue", "credential_jose", "credential-minimal.json", "p256", True),
    (2, "issue", "credential_jose", "credential-full.json", "p384", True),
    (3, "issue", "presentation_jose", "presentation-single.json", "p256", True),
    (4, "issue", "presentation_jose", "presentation-multiple.json", "p521", True),
    (5, "issue", "credential_jose", "credential-unknown-extensions.json", "p521", False),
    (6, "verify", "credential_jose", "credential-jose-minimal.txt", "p256", True),
    (7, "verify", "presentation_jose", "presentation-jose-multiple.txt", "p384", True),
    (8, "verify", "credential_jose", "credential-issuer-match-signed.txt", "ed25519", True),
    (9, "verify", "credential_jose", "credential-jose-unknown-extensions.txt", "ed25519", False),
    (10, "verify", "credential_jose", "credential-minimal.json", "ed25519", False),
    (11, "verify", "presentation_jose", "presentation-single.json", "ed25519", False),
    (12, "verify", "credential_jose", "credential-jose-bad-signature.txt", "ed25519", False),
    (13, "verify", "credential_jose", "credential-jose-bad-media-type.txt", "ed25519", False),
    (14, "verify", "presentation_jose", "presentation-jose-bad-media-type.txt", "ed25519", False),
    (15, "verify", "credential_jose", "credential-jose-vc-vp-claims.txt", "ed25519", False),
    (16, "verify", "presentation_jose", "presentation-jose-bad-credential.txt", "ed25519", False),
    (17, "issue", "credential_sdjwt", "credential-selective.json", "p384", True),
    (18, "issue", "credential_sdjwt", "credential-nested-selective.json", "p521", True),
    (19, "issue", "presentation_sdjwt", "presentation-selective.json", "p384", True),
    (20, "verify", "credential_sdjwt", "credential-sdjwt-selective.txt", "p384", True),
    (21, "verify", "credential_sdjwt", "credential-sdjwt-nested.txt", "p521", True),
    (22, "verify", "presentation_sdjwt", "presentation-sdjwt-selective.txt", "p384", True),
    (23, "verify", "credential_sdjwt", "credential-sdjwt-bad-signature.txt", "p384", False),
    (24, "verify", "credential_sdjwt", "credential-sdjwt-bad-media-type.txt", "ed25519", False),
    (25, "verify", "presentation_sdjwt", "presentation-sdjwt-bad-media-type.txt", "ed25519", False),
    (26, "verify", "presentation_sdjwt", "presentation-sdjwt-bad-credential.txt", "p521", False),
    (27, "issue", "credential_cose", "credential-minimal.json", "did-ed25519", True),
    (28, "issue", "presentation_cose", "presentation-single.json", "p384", True),
    (29, "verify", "credential_cose", "credential-cose-minimal.txt", "p256", True),
    (30, "verify", "credential_cose", "credential-cose-minimal-not-base64.txt", "p256", False),
    (31, "verify", "presentation_cose", "presentation-cose-single.txt", "p384", True),
    (32, "verify", "credential_cose", "credential-cose-bad-signature.txt", "ed25519", False),
    (33, "verify", "credential_cose", "credential-cose-bad-media-type.txt", "p384", False),
    (34, "verify", "presentation_cose", "presentation-cose-bad-media-type.txt", "p384", False),
    (35, "verify", "presentation_cose", "presentation-cose-bad-credential.txt", "p256", False),
]
DISCLOSABLE = {
    17: ["credentialSubject.firstName", "credentialSubject.lastName"],
    18: ["credentialSubject.address.street", "credentialSubject.address.city", "credentialSubject.phoneNumbers[0]"],
    19: ["holder", "verifiableCredential[0]"],
}


def run(verb: str, feature: str, source: Path, key: str, output: Path, *more: str) -> dict[str, str]:
    options = ["--input", source, "--key", INPUT / f"vm-{key}.json", "--feature", feature, "--output", output, *more]
    CliRunner().invoke(main, ["jose", verb, *map(str, options)])
    result: dict[str, str] = json.loads(output.read_text("utf-8"))
    return result


@pytest.mark.parametrize(("number", "verb", "feature", "source", "key", "succeeds"), CASES)
def test_a_case_of_the_suite(
    number: int, verb: str, feature: str, source: str, key: str, succeeds: bool, tmp_path: Path
) -> None:
    more = ["--sd", json.dumps(DISCLOSABLE[number])] if number in DISCLOSABLE else []
    result = run(verb, feature, INPUT / source, key, tmp_path / "result.json", *more)
    assert (result["result"] == "success") == succeeds, result["data"]
    if verb == "issue" and succeeds:
        (tmp_path / "issued.txt").write_text(result["data"], "utf-8")
        again = run("verify", feature, tmp_path / "issued.txt", key, tmp_path / "verified.json")
        assert again["result"] == "success"
        assert json.loads(again["data"]) == json.loads((INPUT / source).read_bytes())
