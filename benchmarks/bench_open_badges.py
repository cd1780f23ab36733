"""Open Badges 3.0 and ELM credentials with Data Integrity, against raw Ed25519 and `@digitalbazaar/vc`.

"proof" signs a document that is there, as the peer does. "full badges, bulk" goes from awards to bytes, one by one
from one specification, as the node issues a class list; these badges hold all that the European standard asks for, some
300 statements, so that they compare with nothing but the limit. "verify" reads the bytes and checks the proof, as the
peer does, which checks the credential's form besides; "whole report" is what a verifier of ours gets: form, statements
out of sight, issuer, validity, and that the list of revoked credentials cannot be fetched here.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import rfc8785
from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair

from benchmarks.measure import Row, in_turns
from openmcx.credentials import issue, jsonld, verify
from openmcx.credentials.keys.signer import Ed25519Signer, PublicKey
from openmcx.credentials.multibase import decode_base58btc, encode_base58btc
from openmcx.credentials.proofs import data_integrity
from tests import shared_data
from tests.credentials.examples import CREDENTIAL
from tests.oracles import npm

HERE = Path(__file__).parent
RAW = "Ed25519 alone (libsodium)"
PEER = "@digitalbazaar/vc"
RDFC, JCS = "eddsa-rdfc-2022", "eddsa-jcs-2022"
AT = datetime(2026, 7, 1, tzinfo=UTC)
CHUNK_ROWS = 100  # as the node issues them (openmcx.issuing.rules)


def rows() -> list[Row]:
    """This will measure issuing and verifying."""
    signer = sample_signer()
    _, expanded = crypto_sign_seed_keypair(bytes(range(32)))
    signed_bytes = crypto_sign(bytes(64), expanded)
    badge, elm = sample_badge(), _elm()
    report_of = json.dumps(data_integrity.sign(badge, signer=signer, created=AT), indent=2).encode()
    work: dict[str, Callable[[], object]] = {
        "raw sign": lambda: crypto_sign(bytes(64), expanded),
        "raw verify": lambda: crypto_sign_open(signed_bytes, signer.public_key.value),
        "rdfc sign": _sign(badge, signer, RDFC),
        "rdfc verify": _verify(badge, signer, RDFC),
        "jcs sign": _sign(badge, signer, JCS),
        "jcs verify": _verify(badge, signer, JCS),
        "report": lambda: verify(report_of, at=AT),
        "bulk": _issue_chunk(signer),
        "jcs": lambda: jsonld.jcs(badge),
        "orjson": lambda: orjson.dumps(badge, option=orjson.OPT_SORT_KEYS),
        "rfc8785": lambda: rfc8785.dumps(badge),
    }
    if elm is not None:
        work["elm verify"] = _verify(elm, signer, RDFC)
    best = in_turns(work)
    report = [
        Row("badge, eddsa-rdfc-2022, proof", best["rdfc sign"], RAW, best["raw sign"], 0.12),
        Row(f"full badges, bulk, chunks of {CHUNK_ROWS}", best["bulk"] / CHUNK_ROWS, RAW, best["raw sign"], 0.30),
        Row("badge, eddsa-rdfc-2022, verify from bytes", best["rdfc verify"], RAW, best["raw verify"], 0.25),
        Row("badge, eddsa-rdfc-2022, whole report", best["report"], RAW, best["raw verify"]),
        Row("badge, eddsa-jcs-2022, proof", best["jcs sign"], RAW, best["raw sign"], 0.45),
        Row("badge, eddsa-jcs-2022, verify from bytes", best["jcs verify"], RAW, best["raw verify"], 0.55),
        Row("badge, JCS", best["jcs"], "orjson, keys sorted", best["orjson"]),
        Row("badge, JCS", best["jcs"], "rfc8785", best["rfc8785"]),
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
        Row("badge, eddsa-rdfc-2022, proof", ours["rdfc sign"], PEER, peer["issue_seconds"], 50),
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


def sample_badge() -> dict[str, Any]:
    """This will give the badge that is measured, issued by the sample signer."""
    badge = jsonld.load((HERE / "open_badge.json").read_bytes())
    badge["issuer"]["id"] = sample_signer().verification_method.split("#")[0]
    return badge


def sample_signer() -> Ed25519Signer:
    """This will give a signer with a did:key."""
    public, _ = crypto_sign_seed_keypair(bytes(range(32)))
    multikey = encode_base58btc(b"\xed\x01" + public)
    return Ed25519Signer(bytes(range(32)), f"did:key:{multikey}#{multikey}")


def _issue_chunk(signer: Ed25519Signer) -> Callable[[], object]:
    """This will issue a chunk of a class list: one specification, its awards, bytes out."""
    issuer = replace(CREDENTIAL.issuer, id=signer.verification_method.split("#")[0])
    achievement = replace(CREDENTIAL.achievement, awarding_body=issuer)
    awards = [
        replace(CREDENTIAL, id=f"urn:uuid:{UUID(int=number)}", issuer=issuer, achievement=achievement)
        for number in range(CHUNK_ROWS)
    ]
    return lambda: [orjson.dumps(issue(award, signer=signer, created=AT)) for award in awards]


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
