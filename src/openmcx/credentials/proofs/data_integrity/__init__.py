"""Verifiable Credential Data Integrity 1.0 with the EdDSA and ECDSA cryptosuites.

    signed = sign(document, signer=signer, created=at)
    proof = verify(signed, public_key_for=keys, allowed_cryptosuites={"eddsa-rdfc-2022"})

``eddsa-rdfc-2022`` and ``ecdsa-rdfc-2019`` sign what the JSON-LD says, ``eddsa-jcs-2022`` and ``ecdsa-jcs-2019`` sign
the JSON itself. Either signs the hash of the proof's own members followed by the hash of the document without its
proofs. ``ecdsa-sd-2023`` signs each statement by itself, so that its holder can ``derive`` a proof over some of them.

Source: VC Data Integrity 1.0, sections 4.2 to 4.5; Data Integrity EdDSA Cryptosuites 1.0, sections 3.2 and 3.3; Data
Integrity ECDSA Cryptosuites 1.0, sections 3.2 to 3.4.
"""

from openmcx.credentials.proofs.data_integrity.hashing import hash_data
from openmcx.credentials.proofs.data_integrity.reading import PROOF_TYPE, VerifiedProof
from openmcx.credentials.proofs.data_integrity.signing import add_proof, derive, sign
from openmcx.credentials.proofs.data_integrity.suites import CRYPTOSUITES, Cryptosuite, hash_for
from openmcx.credentials.proofs.data_integrity.verifying import statements, verify
from openmcx.credentials.proofs.selective import decisive_pointers

__all__ = [
    "CRYPTOSUITES",
    "PROOF_TYPE",
    "Cryptosuite",
    "VerifiedProof",
    "add_proof",
    "decisive_pointers",
    "derive",
    "hash_data",
    "hash_for",
    "sign",
    "statements",
    "verify",
]
