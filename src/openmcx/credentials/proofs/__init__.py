"""Proofs: what makes a document verifiable."""
