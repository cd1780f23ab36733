"""Specifications of micro-credentials: drafts, immutable published versions, the public catalogue."""
