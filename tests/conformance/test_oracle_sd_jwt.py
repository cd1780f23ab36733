"""@sd-jwt/core, @sd-jwt/sd-jwt-vc and the Python package sd-jwt verify what we issue and show, and we what they do."""

import dataclasses
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from openmcx.credentials import CredentialError, base64url
from openmcx.credentials.formats import sd_jwt_vc
from openmcx.credentials.keys.jwk import write_jwk
from openmcx.credentials.proofs import sd_jwt
from openmcx.credentials.report import Outcome
from openmcx.credentials.status import token as status_lists
from tests.credentials.test_sd_jwt_vc import AWARD
from tests.credentials.token_cases import DID, HOLDER, NOW, SIGNER, issuers
from tests.oracles import npm

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".oracles" / "sd-jwt" / "bin" / "python"
RUNNER = ROOT / "tests" / "oracles" / "sd_jwt_python.py"
KEYS = {
    "issuer": {**write_jwk(SIGNER.public_key), "d": base64url.encode(bytes([1]) * 32)},
    "holder": {**write_jwk(HOLDER.public_key), "d": base64url.encode(bytes([3]) * 32)},
}
CLAIMS = {
    "iss": DID,
    "given_name": "Aino",
    "note": 'Quotes " and \\ and\nlines, Ünïcödé \u2028 \U0001f393',
    "address": {"street": "Yliopistonkatu 1", "city": "Lappeenranta"},
    "nationalities": ["FI", "SE"],
    "age": 42,
    "cnf": {"jwk": write_jwk(HOLDER.public_key)},
}
NAMES = ("given_name", "note", "address", "nationalities", "age")
TYPE = "example+sd-jwt"
SECONDS = int(NOW.timestamp())
BINDING = sd_jwt.Binding(HOLDER, "https://v.example", "n-1", NOW)

pytestmark = pytest.mark.oracle


def ask_npm(**question: Any) -> dict[str, Any]:
    if (lacking := npm.missing()) is not None:
        pytest.fail(lacking)
    return npm.run(npm.HERE / "sd_jwt.mjs", {**KEYS, **question})


def ask_python(**question: Any) -> dict[str, Any]:
    if not PYTHON.exists():
        pytest.fail("sd-jwt is not installed (python -m tests.oracles.setup)")
    done = subprocess.run(
        [PYTHON, "-I", RUNNER],
        input=json.dumps({**KEYS, **question}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        pytest.fail(done.stderr[-2000:])
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def ours(*, decoys: int = 2, paths: tuple[sd_jwt.Path, ...] = (("address", "street"), ("nationalities", 1))) -> str:
    disclosable = (*((name,) for name in NAMES), *paths)
    return sd_jwt.issue(CLAIMS, disclosable=disclosable, signer=SIGNER, header={"typ": TYPE}, decoys=decoys)


def verify(token: str, **options: Any) -> sd_jwt.VerifiedSdJwt:
    return sd_jwt.verify(token, public_key_for=issuers, types={TYPE}, **options)


def spoilt(token: str) -> str:
    """The same with another signature of its issuer: the last character but one stands for bits that count."""
    jws, _, rest = token.partition("~")
    return f"{jws[:-3]}{'A' if jws[-3] != 'A' else 'B'}{jws[-2:]}~{rest}"


def test_npm_verifies_what_we_issue_and_show() -> None:
    issued = ours()
    part = sd_jwt.present(issued, disclose=[("given_name",), ("address", "street")], binding=BINDING)
    tasks = [{"kind": "core", "token": token, "now": SECONDS} for token in (issued, spoilt(issued))]
    tasks += [{"kind": "core", "token": part, "now": SECONDS, "nonce": nonce} for nonce in ("n-1", "n-2")]
    whole, changed, shown, other_nonce = ask_npm(verify=tasks)["verdicts"]
    assert (whole["error"], whole["payload"]) == (None, CLAIMS)
    assert (shown["error"], shown["payload"]) == (None, verify(part).document)
    assert changed["verified"] is other_nonce["verified"] is False


def test_npm_shows_what_we_issue() -> None:
    frame = {"given_name": True, "address": {"street": True}}
    kb = {"iat": SECONDS, "aud": "https://v.example", "nonce": "n-1"}
    token = ask_npm(present=[{"kind": "core", "token": ours(), "frame": frame, "kb": kb}])["presented"][0]
    verified = verify(token, audience="https://v.example", nonce="n-1")
    assert set(verified.disclosed) == {("given_name",), ("address",), ("address", "street")}


def test_we_verify_what_npm_issues() -> None:
    frame = {"_sd": [*NAMES], "_sd_decoy": 3, "address": {"_sd": ["street"]}, "nationalities": {"_sd": [1]}}
    task = {"kind": "core", "claims": CLAIMS, "frame": frame, "header": {"typ": TYPE}}
    token = ask_npm(issue=[task])["issued"][0]
    verified = verify(token)
    assert (verified.document, verified.hidden) == (CLAIMS, 3)
    assert set(verified.disclosed) == {*((name,) for name in NAMES), ("address", "street"), ("nationalities", 1)}
    shown = sd_jwt.present(token, disclose=[("nationalities", 1)], binding=BINDING)
    verdict = ask_npm(verify=[{"kind": "core", "token": shown, "now": SECONDS, "nonce": "n-1"}])["verdicts"][0]
    assert (verdict["error"], verdict["payload"]) == (None, verify(shown, nonce="n-1").document)
    with pytest.raises(CredentialError, match="signature does not match"):
        verify(spoilt(token))


def test_npm_verifies_our_learning_credentials_and_asks_our_status_lists() -> None:
    states = status_lists.new_list(bits=2)
    address = AWARD.status[0].list_url
    status_lists.put(states, 9, status_lists.INVALID, bits=2)
    listed = status_lists.sign(states, address=address, signer=SIGNER, issued_at=NOW, bits=2)
    revoked = dataclasses.replace(AWARD.status[0], index=9)
    tokens = [
        sd_jwt_vc.issue(award, signer=SIGNER, issued_at=NOW, holder=HOLDER.public_key)
        for award in (AWARD, dataclasses.replace(AWARD, status=(revoked,)))
    ]
    shown = sd_jwt.present(tokens[0], disclose=[("family_name",)], binding=BINDING)
    tasks = [
        {"kind": "vc", "token": token, "now": SECONDS, "lists": {address: listed}, "nonce": nonce}
        for token, nonce in ((tokens[0], None), (shown, "n-1"), (tokens[1], None))
    ]
    good, part, bad = ask_npm(verify=tasks)["verdicts"]
    assert (good["error"], part["error"]) == (None, None)
    assert good["payload"] == sd_jwt_vc.verify(tokens[0], public_key_for=issuers).document
    assert sd_jwt_vc.read(good["payload"]) == AWARD
    assert part["payload"]["family_name"] == "Virtanen"
    assert "given_name" not in part["payload"]
    assert "status 1" in bad["error"]
    found = status_lists.check(
        bad_claims := sd_jwt_vc.verify(tokens[1], public_key_for=issuers).claims["status"],
        issuer=DID,
        at=NOW,
        fetch={address: listed.encode()}.__getitem__,
        public_key_for=issuers,
    )
    assert (found.outcome, found.finding.code, bad_claims["status_list"]["idx"]) == (Outcome.FAILED, "revoked", 9)


def test_we_verify_learning_credentials_that_npm_issues() -> None:
    claims = sd_jwt_vc.verify(sd_jwt_vc.issue(AWARD, signer=SIGNER, issued_at=NOW), public_key_for=issuers).document
    frame = {"_sd": ["family_name", "given_name", "learning_outcomes"]}
    token = ask_npm(issue=[{"kind": "vc", "claims": claims, "frame": frame}])["issued"][0]
    verified = sd_jwt_vc.verify(token, public_key_for=issuers)
    assert (verified.media_type, len(verified.disclosed)) == ("dc+sd-jwt", 3)
    assert sd_jwt_vc.read(verified.document) == AWARD


def test_python_verifies_what_we_issue_and_show() -> None:
    issued = ours()
    part = sd_jwt.present(issued, disclose=[("note",), ("nationalities",)], binding=BINDING)
    tasks = [{"token": token, "nonce": None, "audience": None} for token in (issued, spoilt(issued))]
    tasks += [{"token": part, "nonce": nonce, "audience": "https://v.example"} for nonce in ("n-1", "n-2")]
    whole, changed, shown, other_nonce = ask_python(verify=tasks)["verdicts"]
    assert (whole["error"], whole["payload"]) == (None, CLAIMS)
    assert (shown["error"], shown["payload"]) == (None, verify(part).document)
    assert changed["verified"] is other_nonce["verified"] is False


def test_we_verify_what_python_issues_and_shows() -> None:
    claims = {name: value for name, value in CLAIMS.items() if name != "cnf"}
    task = {"claims": claims, "concealed": NAMES, "bound": True, "decoys": True, "type": TYPE}
    token = ask_python(issue=[task])["issued"][0]
    verified = verify(token)
    assert {name: verified.document[name] for name in claims} == claims
    assert verified.hidden >= 2
    question = {"token": token, "disclose": {"age": True}, "nonce": "n-1", "audience": "https://v.example"}
    shown = verify(ask_python(present=[question])["presented"][0], nonce="n-1", audience="https://v.example")
    assert (shown.disclosed, shown.document["age"]) == ((("age",),), 42)
    assert shown.binding is not None
    assert shown.binding.key == HOLDER.public_key
