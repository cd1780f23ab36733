"""Open Badges 3.0 and ELM credentials with Data Integrity, against raw Ed25519 and `@digitalbazaar/vc`."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair

from benchmarks.measure import Row, in_turns
from openmcx.credentials import jsonld
from openmcx.credentials.keys.signer import Ed25519Signer, PublicKey
from openmcx.credentials.multibase import decode_base58btc, encode_base58btc
from openmcx.credentials.proofs import data_integrity
from tests.oracles import npm

HERE = Path(__file__).parent
RAW = "Ed25519 alone (libsodium)"
PEER = "@digitalbazaar/vc"
AT = datetime(2026, 7, 1, tzinfo=UTC)


def rows() -> list[Row]:
    """This will measure issuing and verifying."""
    signer = _signer()
    _, expanded = crypto_sign_seed_keypair(bytes(range(32)))
    signed_bytes = crypto_sign(bytes(64), expanded)
    badge = jsonld.load((HERE / "open_badge.json").read_bytes())
    badge["issuer"]["id"] = signer.verification_method.split("#")[0]
    work: dict[str, Callable[[], object]] = {
        "raw sign": lambda: crypto_sign(bytes(64), expanded),
        "raw verify": lambda: crypto_sign_open(signed_bytes, signer.public_key.value),
    }
    for cryptosuite in ("eddsa-rdfc-2022", "eddsa-jcs-2022"):
        work[f"{cryptosuite} sign"] = _sign(badge, signer, cryptosuite)
        work[f"{cryptosuite} verify"] = _verify(badge, signer, cryptosuite)
    best = in_turns(work)
    report = [
        Row("badge, eddsa-rdfc-2022, issue, general path", best["eddsa-rdfc-2022 sign"], RAW, best["raw sign"], 0.12),
        Row("badge, eddsa-rdfc-2022, verify from bytes", best["eddsa-rdfc-2022 verify"], RAW, best["raw verify"], 0.25),
        Row("badge, eddsa-jcs-2022, issue", best["eddsa-jcs-2022 sign"], RAW, best["raw sign"], 0.45),
        Row("badge, eddsa-jcs-2022, verify from bytes", best["eddsa-jcs-2022 verify"], RAW, best["raw verify"], 0.55),
    ]
    if (lacking := npm.missing()) is not None:
        print(f"not compared with {PEER}: {lacking}\n")
        return report
    signed = data_integrity.sign(badge, signer=signer, created=AT)
    peer = npm.run(
        HERE / "peers" / "db_vc.mjs", {"unsigned": badge, "signed": signed, "created": "2026-07-01T00:00:00Z"}
    )
    again = in_turns({name: work[name] for name in ("eddsa-rdfc-2022 sign", "eddsa-rdfc-2022 verify")})
    issue = min(best["eddsa-rdfc-2022 sign"], again["eddsa-rdfc-2022 sign"])
    verify = min(best["eddsa-rdfc-2022 verify"], again["eddsa-rdfc-2022 verify"])
    return [
        *report,
        Row("badge, eddsa-rdfc-2022, issue, general path", issue, PEER, peer["issue_seconds"], 50),
        Row("badge, eddsa-rdfc-2022, verify from bytes", verify, PEER, peer["verify_seconds"], 40),
    ]


def _signer() -> Ed25519Signer:
    public, _ = crypto_sign_seed_keypair(bytes(range(32)))
    multikey = encode_base58btc(b"\xed\x01" + public)
    return Ed25519Signer(bytes(range(32)), f"did:key:{multikey}#{multikey}")


def _sign(document: dict[str, Any], signer: Ed25519Signer, cryptosuite: Any) -> Callable[[], object]:
    return lambda: data_integrity.sign(document, signer=signer, created=AT, cryptosuite=cryptosuite)


def _verify(document: dict[str, Any], signer: Ed25519Signer, cryptosuite: Any) -> Callable[[], object]:
    data = json.dumps(
        data_integrity.sign(document, signer=signer, created=AT, cryptosuite=cryptosuite), indent=2
    ).encode()
    allowed = frozenset({cryptosuite})

    def key(verification_method: str) -> PublicKey:
        multikey = verification_method.rpartition("#")[2]
        return PublicKey("Ed25519", decode_base58btc(multikey, size=34)[2:])

    return lambda: data_integrity.verify(jsonld.load(data), public_key_for=key, allowed_cryptosuites=allowed)
