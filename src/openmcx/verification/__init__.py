"""Verification of credentials, open to everybody. What is handed in is judged and forgotten."""
