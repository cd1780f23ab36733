"""SD-JWT VC with ES256 and eight claims that can be disclosed alone, against raw P-256 and `@sd-jwt/sd-jwt-vc`.

Either issues from claims to text, and verifies from text to claims: signature, disclosures and digests.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from benchmarks.measure import Row, in_turns
from openmcx.credentials import base64url
from openmcx.credentials.formats import sd_jwt_vc
from openmcx.credentials.keys.jwk import write_jwk
from openmcx.credentials.keys.signer import EcSigner
from openmcx.credentials.proofs import sd_jwt
from tests.oracles import npm

HERE = Path(__file__).parent
RAW = "P-256 alone (OpenSSL)"
PEER = "@sd-jwt/sd-jwt-vc"
AT = datetime(2026, 7, 1, tzinfo=UTC)
SECRET = bytes(range(1, 33))
CONCEALED = tuple(f"claim_{number}" for number in range(8))
CLAIMS: dict[str, Any] = {
    "iss": "https://uni.example/issuer",
    "iat": int(AT.timestamp()),
    "exp": int(AT.timestamp()) + 31_536_000,
    "jti": "urn:uuid:0198f3a2-7c51-7b7e-9f5a-2d1f4b6c8e01",
    "vct": sd_jwt_vc.LEARNING_CREDENTIAL,
    **{name: f"What the {name.replace('_', ' ')} says" for name in CONCEALED},
}


def rows() -> list[Row]:
    """This will measure issuing and verifying."""
    signer = EcSigner("P-256", SECRET, "https://uni.example/issuer#key-1")
    disclosable = tuple((name,) for name in CONCEALED)

    def issue() -> str:
        return sd_jwt.issue(CLAIMS, disclosable=disclosable, signer=signer, header={"typ": sd_jwt_vc.MEDIA_TYPE})

    token = issue()
    raw, algorithm = ec.derive_private_key(int.from_bytes(SECRET), ec.SECP256R1()), ec.ECDSA(hashes.SHA256())
    data = token.rpartition(".")[0].encode()
    public, signature = raw.public_key(), raw.sign(data, algorithm)
    work: dict[str, Callable[[], object]] = {
        "raw sign": lambda: raw.sign(data, algorithm),
        "raw verify": lambda: public.verify(signature, data, algorithm),
        "issue": issue,
        "verify": lambda: sd_jwt_vc.verify(token, public_key_for=lambda _: signer.public_key),
    }
    best = in_turns(work)
    report = [
        Row("SD-JWT VC, issue", best["issue"], RAW, best["raw sign"], 0.50),
        Row("SD-JWT VC, verify", best["verify"], RAW, best["raw verify"], 0.60),
    ]
    if (lacking := npm.missing()) is not None:
        print(f"not compared with {PEER}: {lacking}\n")
        return report
    question = {
        "issuer": {**write_jwk(signer.public_key), "d": base64url.encode(SECRET)},
        "claims": CLAIMS,
        "concealed": CONCEALED,
        "token": token,
        "now": int(AT.timestamp()),
    }
    peer = npm.run(HERE / "peers" / "sd_jwt_vc.mjs", question)
    # Once more, now that the machine may be busier or quieter than before the peer's turn.
    again = in_turns({name: work[name] for name in ("issue", "verify")})
    ours = {name: min(best[name], seconds) for name, seconds in again.items()}
    return [
        *report,
        Row("SD-JWT VC, issue", ours["issue"], PEER, peer["issue_seconds"], 8),
        Row("SD-JWT VC, verify", ours["verify"], PEER, peer["verify_seconds"], 5),
    ]
