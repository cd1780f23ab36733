"""openvc-core verifies what we issue, and we verify what it issues."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from openmcx.credentials import Verdict, issue, verify
from openmcx.credentials.formats import open_badges
from tests.credentials.examples import CREDENTIAL, NOW, SECRET, SIGNED_AT, SIGNER
from tests.oracles.npm import CONTEXTS

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".oracles" / "openvc" / "bin" / "python"
RUNNER = ROOT / "tests" / "oracles" / "openvc.py"

# Trusting the context of the European Learning Model as well would make its terms obligatory: openvc-core wants every
# property by the term of any context that it trusts.
TRUSTED = {url: CONTEXTS[url] for url in open_badges.write(CREDENTIAL)["@context"]}

pytestmark = pytest.mark.oracle


def ask(**question: Any) -> dict[str, Any]:
    if not PYTHON.exists():
        pytest.fail("openvc-core is not installed (python -m tests.oracles.setup)")
    done = subprocess.run(
        [PYTHON, "-I", RUNNER],
        input=json.dumps({"contexts": TRUSTED, "now": NOW.isoformat(), **question}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        pytest.fail(done.stderr[-2000:])
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_openvc_verifies_ours_and_refuses_ours_when_changed() -> None:
    ours = issue(CREDENTIAL, signer=SIGNER, created=SIGNED_AT)
    changed = json.loads(json.dumps(ours))
    changed["credentialSubject"]["achievement"]["name"] = "Collaborative robotics!"
    verdicts = ask(verify=[ours, changed])["verdicts"]
    assert verdicts[0] == {"verified": True, "error": None}
    assert verdicts[1]["verified"] is False
    assert "does not verify" in verdicts[1]["error"]


def test_we_verify_what_openvc_issues_and_refuse_it_when_changed() -> None:
    document = open_badges.write(CREDENTIAL)
    del document["credentialStatus"]
    task = {"credential": document, "secret": SECRET.hex(), "method": SIGNER.verification_method}
    theirs = ask(issue=[task])["issued"][0]
    report = verify(theirs, at=NOW)
    # All is well but for the issuer, whom nobody here knows.
    assert (report.verdict, report.headline.code) == (Verdict.CAUTION, "headline-issuer-unknown")
    theirs["credentialSubject"]["achievement"]["version"] = "3"
    report = verify(theirs, at=NOW)
    assert (report.verdict, report.headline.code) == (Verdict.NOT_VERIFIED, "headline-signature-wrong")


def test_both_sign_the_same_bytes() -> None:
    document = open_badges.write(CREDENTIAL)
    task = {"credential": document, "secret": SECRET.hex(), "method": SIGNER.verification_method}
    theirs = ask(issue=[task])["issued"][0]
    assert theirs == issue(CREDENTIAL, signer=SIGNER, created=NOW)
