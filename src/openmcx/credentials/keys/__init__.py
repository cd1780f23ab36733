"""Keys: what signs, how public keys are written, and where they are found."""

from openmcx.credentials.keys.signer import (
    Algorithm,
    EcSigner,
    Ed25519Signer,
    PublicKey,
    Signer,
    generate,
    generate_ed25519,
    signer_for,
)

__all__ = [
    "Algorithm",
    "EcSigner",
    "Ed25519Signer",
    "PublicKey",
    "Signer",
    "generate",
    "generate_ed25519",
    "signer_for",
]
