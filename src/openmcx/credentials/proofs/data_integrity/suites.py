"""The cryptosuites: what form of the document each signs, and with which keys.

Source: Data Integrity EdDSA Cryptosuites 1.0, section 3; Data Integrity ECDSA Cryptosuites 1.0, section 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from openmcx.credentials.errors import ProofError
from openmcx.credentials.jsonld import Algorithm as Hash
from openmcx.credentials.keys.signer import Algorithm

type Cryptosuite = Literal["eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019", "ecdsa-sd-2023"]
type Form = Literal["rdfc", "jcs", "selective"]
"""What is signed: all that the JSON-LD says, the JSON itself, or each statement of the JSON-LD by itself."""

CRYPTOSUITES: frozenset[str] = frozenset(get_args(Cryptosuite.__value__))
"""All that can be signed and verified here. A caller of ``verify`` names which of them it accepts."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A cryptosuite. Units: ``signature_bytes`` are the lengths that its signatures may have."""

    name: str
    form: Form
    key_algorithms: tuple[Algorithm, ...]
    signature_bytes: tuple[int, ...]

    @property
    def key_kinds(self) -> str:
        """This will list the kinds of key for a message."""
        return ", ".join(self.key_algorithms)


SUITES: Mapping[str, Suite] = MappingProxyType(
    {
        suite.name: suite
        for suite in (
            Suite("eddsa-rdfc-2022", "rdfc", ("Ed25519",), (64,)),
            Suite("eddsa-jcs-2022", "jcs", ("Ed25519",), (64,)),
            Suite("ecdsa-rdfc-2019", "rdfc", ("P-256", "P-384"), (64, 96)),
            Suite("ecdsa-jcs-2019", "jcs", ("P-256", "P-384"), (64, 96)),
            Suite("ecdsa-sd-2023", "selective", ("P-256",), ()),
        )
    }
)

FORMER: Mapping[str, Suite] = MappingProxyType(
    {"Ed25519Signature2020": Suite("Ed25519Signature2020", "rdfc", ("Ed25519",), (64,))}
)
"""Types of proofs from before there were cryptosuites, by which they are allowed: verified, never made.

Source: Ed25519 Signature 2020 v1.0, section 3: as ``eddsa-rdfc-2022``, whose predecessor it is, but for the type.
"""


def find(cryptosuite: str, *, where: str | None = None) -> Suite:
    """This will give the cryptosuite of a name. Raises: ProofError when there is none."""
    suite = SUITES.get(cryptosuite)
    if suite is None:
        raise ProofError("unsupported-cryptosuite", where=where, cryptosuite=cryptosuite)
    return suite


def hash_for(key_algorithm: Algorithm) -> Hash:
    """This will give the hash that goes with a key: it is used outside and inside of RDFC-1.0 alike.

    Source: Data Integrity ECDSA Cryptosuites 1.0, sections 3.2.3 and 3.2.4: with P-384 both are SHA-384.
    """
    return "sha384" if key_algorithm == "P-384" else "sha256"
