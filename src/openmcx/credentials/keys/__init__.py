"""Keys: what signs, how public keys are written, and where they are found."""

from openmcx.credentials.keys.signer import Algorithm, Ed25519Signer, PublicKey, Signer, generate_ed25519

__all__ = ["Algorithm", "Ed25519Signer", "PublicKey", "Signer", "generate_ed25519"]
