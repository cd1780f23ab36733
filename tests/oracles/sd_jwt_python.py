"""Run by the interpreter of `.oracles/sd-jwt`: issues, shows and verifies SD-JWT with the package sd-jwt.

Reads {"issuer": JWK, "holder": JWK, "issue": [{"claims", "concealed", "bound", "decoys", "type"} …], "present":
[{"token", "disclose", "nonce", "audience"} …], "verify": [{"token", "nonce", "audience"} …]} from standard input; the
keys hold their secrets, and "concealed" lists the names of members at the top. Writes {"issued", "presented",
"verdicts": [{"verified", "payload", "error"} …]}.
"""

import json
import sys
from typing import Any


def main() -> None:
    """This will answer one question."""
    from jwcrypto.jwk import JWK
    from sd_jwt.common import SDObj
    from sd_jwt.holder import SDJWTHolder
    from sd_jwt.issuer import SDJWTIssuer
    from sd_jwt.verifier import SDJWTVerifier

    question: dict[str, Any] = json.load(sys.stdin)
    issuer, holder = JWK(**question["issuer"]), JWK(**question["holder"])
    issued = []
    for task in question.get("issue", []):
        concealed = set(task["concealed"])
        claims = {SDObj(name) if name in concealed else name: value for name, value in task["claims"].items()}
        made = SDJWTIssuer(
            claims,
            issuer,
            holder if task["bound"] else None,
            add_decoy_claims=task["decoys"],
            extra_header_parameters={"typ": task["type"]},
        )
        issued.append(made.sd_jwt_issuance)
    presented = []
    for task in question.get("present", []):
        shown = SDJWTHolder(task["token"])
        key = holder if task["nonce"] else None
        shown.create_presentation(task["disclose"], task["nonce"], task["audience"], key)
        presented.append(shown.sd_jwt_presentation)
    verdicts = []
    for task in question.get("verify", []):
        try:
            verifier = SDJWTVerifier(task["token"], lambda *_: issuer, task["audience"], task["nonce"])
            verdicts.append({"verified": True, "payload": verifier.get_verified_payload(), "error": None})
        except Exception as error:  # whatever it says no with is its verdict
            verdicts.append({"verified": False, "payload": None, "error": f"{type(error).__name__}: {error}"})
    json.dump({"issued": issued, "presented": presented, "verdicts": verdicts}, sys.stdout)


if __name__ == "__main__":
    main()
