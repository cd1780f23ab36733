"""The most that one document can cost: hostile ones until they are refused, and sound ones just within the limits.

Work is limited by counts, not by time. So how long the most takes that the limits let through is measured here, beside
a plain badge. Hostile documents go to the canonical form at once, as the checks before it would refuse most of them
sooner; sound ones are verified whole.
"""

import datetime as dt
import json
from collections.abc import Callable
from functools import reduce
from typing import Any

from benchmarks.bench_open_badges import sample_badge, sample_signer
from benchmarks.measure import Row, in_turns
from openmcx.credentials import CredentialError, Verdict, jsonld, verify
from openmcx.credentials.jsonld import contexts
from openmcx.credentials.proofs import data_integrity
from tests.credentials.test_hostile_jsonld import TOO_MUCH

AT = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
PLAIN = "a plain badge, whole report"
MOST_SECONDS = 0.025


def rows() -> list[Row]:
    """This will measure every hostile document of the suite and large sound ones, the costliest first."""
    work: dict[str, Callable[[], object]] = {PLAIN: _verification(sample_badge())}
    for parameters in TOO_MUCH:
        work[f"hostile, until refused: {parameters.id}"] = _refusal(parameters.values[0])
    for name, members in _largest().items():
        work[f"sound, whole report: {name}"] = _verification(_credential(members))
    best = in_turns(work, rounds=8)
    plain = best.pop(PLAIN)
    costliest = sorted(best.items(), key=lambda entry: entry[1], reverse=True)
    return [Row(name, seconds, PLAIN, plain, most_seconds=MOST_SECONDS) for name, seconds in costliest]


def _largest() -> dict[str, dict[str, Any]]:
    limits = jsonld.DEFAULT
    levels = 1
    while not _is_refused(_credential({"urn:p": _nested(levels + 1)})):
        levels += 1
    return {
        "nearly as many statements as may be": {"urn:p": [str(n) for n in range(limits.max_quads - 20)]},
        "nearly as much as the general processor takes": {
            "urn:p": [[str(n) for n in range(limits.max_slow_values - 40)]]
        },
        f"look-alikes {levels} deep": {"urn:p": _nested(levels)},
        "nearly as long a text as may be": {"urn:p": "x" * (limits.max_bytes - 2000)},
    }


def _nested(levels: int) -> Any:
    return reduce(lambda inner, _: {"urn:p": inner}, range(levels), "x")


def _credential(members: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": [contexts.VC_V2],
        "type": ["VerifiableCredential"],
        "issuer": sample_signer().verification_method.partition("#")[0],
        "validFrom": "2026-06-30T10:00:00Z",
        "credentialSubject": {"id": "did:example:leon"},
        **members,
    }


def _is_refused(document: dict[str, Any]) -> bool:
    try:
        jsonld.canonical_nquads(document)
    except CredentialError:
        return True
    return False


def _refusal(document: dict[str, Any]) -> Callable[[], object]:
    if not _is_refused(document):
        raise RuntimeError("a hostile document is not refused any more")
    # Bundled contexts are compiled once for all, so a document full of them may pass when it comes again.
    return lambda: _is_refused(document)


def _verification(document: dict[str, Any]) -> Callable[[], object]:
    """This will sign a document and verify its bytes: genuine, but by an issuer that nobody knows."""
    data = json.dumps(data_integrity.sign(document, signer=sample_signer(), created=AT)).encode()
    report = verify(data, at=AT)
    if report.verdict is not Verdict.CAUTION:
        raise RuntimeError(f"it is not verified: {report.headline.sentence}")
    return lambda: verify(data, at=AT)
