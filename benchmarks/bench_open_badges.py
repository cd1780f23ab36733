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
from tests import shared_data
from tests.oracles import npm

HERE = Path(__file__).parent
RAW = "Ed25519 alone (libsodium)"
PEER = "@digitalbazaar/vc"
RDFC, JCS = "eddsa-rdfc-2022", "eddsa-jcs-2022"
AT = datetime(2026, 7, 1, tzinfo=UTC)


def rows() -> list[Row]:
    """This will measure issuing and verifying."""
    signer = _signer()
    _, expanded = crypto_sign_seed_keypair(bytes(range(32)))
    signed_bytes = crypto_sign(bytes(64), expanded)
    badge = jsonld.load((HERE / "open_badge.json").read_bytes())
    badge["issuer"]["id"] = signer.verification_method.split("#")[0]
    elm = _elm()
    work: dict[str, Callable[[], object]] = {
        "raw sign": lambda: crypto_sign(bytes(64), expanded),
        "raw verify": lambda: crypto_sign_open(signed_bytes, signer.public_key.value),
        "rdfc sign": _sign(badge, signer, RDFC),
        "rdfc verify": _verify(badge, signer, RDFC),
        "jcs sign": _sign(badge, signer, JCS),
        "jcs verify": _verify(badge, signer, JCS),
    }
    if elm is not None:
        work["elm verify"] = _verify(elm, signer, RDFC)
    best = in_turns(work)
    report = [
        Row("badge, eddsa-rdfc-2022, issue, general path", best["rdfc sign"], RAW, best["raw sign"], 0.12),
        Row("badge, eddsa-rdfc-2022, verify from bytes", best["rdfc verify"], RAW, best["raw verify"], 0.25),
        Row("badge, eddsa-jcs-2022, issue", best["jcs sign"], RAW, best["raw sign"], 0.45),
        Row("badge, eddsa-jcs-2022, verify from bytes", best["jcs verify"], RAW, best["raw verify"], 0.55),
    ]
    if elm is not None:
        report.append(Row("ELM sample, verify from bytes", best["elm verify"], RAW, best["raw verify"], 0.05))
    if (lacking := npm.missing()) is not None:
        print(f"not compared with {PEER}: {lacking}\n")
        return report
    question = {
        "unsigned": badge,
        "signed": data_integrity.sign(badge, signer=signer, created=AT),
        "canonized": elm,
        "created": "2026-07-01T00:00:00Z",
    }
    peer = npm.run(HERE / "peers" / "db_vc.mjs", question)
    # Once more, now that the machine may be busier or quieter than before the peer's turn.
    again = in_turns({name: work[name] for name in work if name.startswith(("rdfc", "elm"))})
    ours = {name: min(best[name], seconds) for name, seconds in again.items()}
    report += [
        Row("badge, eddsa-rdfc-2022, issue, general path", ours["rdfc sign"], PEER, peer["issue_seconds"], 50),
        Row("badge, eddsa-rdfc-2022, verify from bytes", ours["rdfc verify"], PEER, peer["verify_seconds"], 40),
    ]
    if elm is not None:
        report.append(
            Row(
                "ELM sample, verify from bytes",
                ours["elm verify"],
                "jsonld.js, canonize only",
                peer["canonize_seconds"],
                6,
            )
        )
    return report


def _elm() -> dict[str, Any] | None:
    """This will give one of the Commission's samples, if the data that may not be redistributed are here."""
    if shared_data.ROOT is None:
        return None
    folder = shared_data.ROOT / "elm-v3" / "Credentials" / "JSON-LD Examples (ELM v3)"
    return jsonld.load((folder / "Sample-CertOfPart-unsigned.jsonld").read_bytes())


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
