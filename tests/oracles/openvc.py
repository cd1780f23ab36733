"""Run by the interpreter of `.oracles/openvc`: verifies or issues credentials with openvc-core.

Reads {"contexts": {url: path}, "now": …, "verify": [credential …], "issue": [{"credential", "secret", "method"} …]}
from standard input and writes {"verdicts": [{"verified", "error"} …], "issued": [credential …]}.
"""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """This will answer one question."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from openvc.keys import Ed25519SigningKey
    from openvc.proof.data_integrity import DataIntegrityProofSuite

    question: dict[str, Any] = json.load(sys.stdin)
    contexts = {url: json.loads(Path(path).read_bytes()) for url, path in question["contexts"].items()}
    now = dt.datetime.fromisoformat(question["now"])
    suite = DataIntegrityProofSuite()
    verdicts = []
    for credential in question.get("verify", []):
        try:
            suite.verify(credential, now=now, extra_contexts=contexts)
            verdicts.append({"verified": True, "error": None})
        except Exception as error:  # whatever it says no with is its verdict
            verdicts.append({"verified": False, "error": f"{type(error).__name__}: {error}"})
    issued = []
    for task in question.get("issue", []):
        key = Ed25519SigningKey(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(task["secret"])), task["method"])
        issued.append(
            suite.add_proof(
                task["credential"],
                signing_key=key,
                verification_method=task["method"],
                created=now,
                extra_contexts=contexts,
            )
        )
    json.dump({"verdicts": verdicts, "issued": issued}, sys.stdout)


if __name__ == "__main__":
    main()
