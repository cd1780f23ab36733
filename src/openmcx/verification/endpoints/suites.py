"""The keys of the conformance surface: for tests alone, never those of an institution.

Each suite has a key of its own for every kind that it signs with. They are made from the node's master key, which they
tell nothing about, so all processes have the same ones and nothing is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from openmcx.kernel import vault

if TYPE_CHECKING:
    from openmcx.credentials.keys.signer import Algorithm, Signer
    from openmcx.credentials.proofs.data_integrity import Cryptosuite

STATUS_LIST_SUITE = "bitstring-status-list"
ENVELOPE_SUITE = "jose"
_STATUS_LIST_CRYPTOSUITE: Cryptosuite = "eddsa-rdfc-2022"


@dataclass(frozen=True, slots=True)
class Suite:
    """What signs under one name: a cryptosuite, unless it envelops, and the kinds of key, the usual one first."""

    name: str
    cryptosuite: Cryptosuite | None
    algorithms: tuple[Algorithm, ...]

    def signer(self, algorithm: Algorithm | None = None) -> Signer:
        """This will give the signer with the key of this kind, or of the usual one."""
        algorithm = algorithm or self.algorithms[0]
        purpose = f"verification.vc-api/{self.name}/{algorithm}"
        return _signer(algorithm, vault.derive(f"{purpose}/1") + vault.derive(f"{purpose}/2"))

    def signers(self) -> dict[str, Signer]:
        """This will give the signers of all kinds of key by their DIDs."""
        signers = [self.signer(algorithm) for algorithm in self.algorithms]
        return {did_of(signer): signer for signer in signers}


def suites() -> dict[str, Suite]:
    """This will give the suites by their names: one for each cryptosuite, one that adds a status, one that envelops."""
    from openmcx.credentials.proofs.data_integrity.suites import SUITES  # noqa: PLC0415  (loads the JSON-LD engine)

    found = {name: Suite(name, name, suite.key_algorithms) for name, suite in SUITES.items()}  # type: ignore[arg-type]  # the names of the table are the cryptosuites
    base = found[_STATUS_LIST_CRYPTOSUITE]
    return found | {
        STATUS_LIST_SUITE: Suite(STATUS_LIST_SUITE, base.cryptosuite, base.algorithms),
        ENVELOPE_SUITE: Suite(ENVELOPE_SUITE, None, ("Ed25519", "P-256", "P-384")),
    }


def did_of(signer: Signer) -> str:
    """This will give the DID to which a signer's key belongs."""
    return signer.verification_method.partition("#")[0]


@lru_cache(maxsize=64)
def _signer(algorithm: Algorithm, seed: bytes) -> Signer:
    from openmcx.credentials.keys import did_key  # noqa: PLC0415  (loads the cryptographic libraries)
    from openmcx.credentials.keys.signer import CURVE_ORDERS, SECRET_BYTES, signer_for  # noqa: PLC0415  (as above)

    size = SECRET_BYTES[algorithm]
    if algorithm in CURVE_ORDERS:
        # 512 bits, so that no scalar is noticeably likelier than another (FIPS 186-5, appendix A.2.1).
        secret = (1 + int.from_bytes(seed) % (CURVE_ORDERS[algorithm] - 1)).to_bytes(size)
    else:
        secret = seed[:size]
    method = did_key.verification_method(signer_for(algorithm, secret, "").public_key)
    return signer_for(algorithm, secret, method)
