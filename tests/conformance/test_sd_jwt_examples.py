"""The examples of RFC 9901: each verified, and shown again in part."""

import json
from pathlib import Path

import pytest

from openmcx.credentials.keys.jwk import read_jwk
from openmcx.credentials.proofs import sd_jwt
from tests.credentials.token_cases import refused

FOLDER = Path(__file__).parents[1] / "credentials" / "vectors" / "sd-jwt"
EXAMPLES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
ISSUER = read_jwk(
    {
        "kty": "EC",
        "crv": "P-256",
        "x": "b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ",
        "y": "Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8",
    }
)
# The nonce and verifier of the examples that are bound to their holder's key.
BOUND = {"arf-pid", "jsonld", "simple", "w3c-vc"}


def verify(token: str, **options: str) -> sd_jwt.VerifiedSdJwt:
    types = {"example+sd-jwt", "dc+sd-jwt"}
    return sd_jwt.verify(token, public_key_for=lambda _: ISSUER, types=types, **options)  # type: ignore[arg-type]


def test_the_examples_are_all_there() -> None:
    assert len(EXAMPLES) == 13
    assert set(EXAMPLES) >= BOUND


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_says_what_it_must(name: str) -> None:
    shown = (FOLDER / name / "sd_jwt_presentation.txt").read_text("ascii").strip()
    expected = json.loads((FOLDER / name / "verified_contents.json").read_bytes())
    binding = {"nonce": "1234567890", "audience": "https://verifier.example.org"} if name in BOUND else {}
    verified = verify(shown, **binding)
    assert verified.document == expected
    assert (verified.binding is not None) == (name in BOUND)
    if binding:
        refused("proof-challenge-mismatch", verify, shown, nonce="1234567891")


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_can_be_shown_in_any_part(name: str) -> None:
    issued = (FOLDER / name / "sd_jwt_issuance.txt").read_text("ascii").strip()
    whole = verify(issued)
    for path in whole.disclosed:
        shown = verify(sd_jwt.present(issued, disclose=[path]))
        # With what it stands in, which may be concealed as well.
        assert 1 <= len(shown.disclosed) <= len(path)
        assert len(shown.document) <= len(whole.document)
    assert verify(sd_jwt.present(issued, disclose=[])).disclosed == ()
