"""Verification for programs: our own API, and the surface that the public conformance suites talk to."""

from openmcx.verification.endpoints.api import router

__all__ = ["router"]
