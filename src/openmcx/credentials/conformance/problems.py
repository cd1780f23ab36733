"""Why not: the problems that the W3C's specifications name, with the types that they give them.

Source: RFC 9457; Verifiable Credentials Data Model 2.0, section 7.2; VC Data Integrity 1.0, section 4.7; Bitstring
Status List v1.0, section 3.5.
"""

from dataclasses import dataclass
from typing import Any

from openmcx.credentials import errors
from openmcx.credentials.errors import CredentialError
from openmcx.credentials.findings import Finding

_DATA_MODEL = "https://www.w3.org/TR/vc-data-model#"
SECURITY = "https://w3id.org/security#"
_STATUS_LIST = "https://www.w3.org/ns/credentials/status-list#"

# The type by the code, and where the code does not decide, by the kind of error.
_TYPES_BY_CODE = {
    "proof-missing": f"{_DATA_MODEL}PARSING_ERROR",
    "proof-not-an-object": f"{_DATA_MODEL}PARSING_ERROR",
    "signature-wrong": f"{_DATA_MODEL}CRYPTOGRAPHIC_SECURITY_ERROR",
    "proof-domain-mismatch": f"{SECURITY}INVALID_DOMAIN_ERROR",
    "proof-challenge-mismatch": f"{SECURITY}INVALID_CHALLENGE_ERROR",
}
_STATUS_TYPES_BY_CODE = {
    "status-index-out-of-range": f"{_DATA_MODEL}RANGE_ERROR",
    "status-list-too-short": f"{_STATUS_LIST}STATUS_LIST_LENGTH_ERROR",
    "status-not-reachable": f"{_STATUS_LIST}STATUS_RETRIEVAL_ERROR",
}
_TYPES_BY_KIND: dict[type[CredentialError], str] = {
    errors.DocumentError: f"{_DATA_MODEL}PARSING_ERROR",
    errors.FormatError: f"{_DATA_MODEL}MALFORMED_VALUE_ERROR",
    errors.ContextError: f"{_DATA_MODEL}MALFORMED_VALUE_ERROR",
    errors.DataLossError: f"{SECURITY}DATA_LOSS_DETECTION_ERROR",
    errors.WorkLimitError: f"{SECURITY}PROOF_TRANSFORMATION_ERROR",
    errors.StatusError: f"{_STATUS_LIST}STATUS_VERIFICATION_ERROR",
}
_TITLES = {
    "PARSING_ERROR": "The input cannot be read",
    "CRYPTOGRAPHIC_SECURITY_ERROR": "The document was changed after it was secured",
    "MALFORMED_VALUE_ERROR": "A value is malformed",
    "RANGE_ERROR": "A value is out of range",
    "PROOF_GENERATION_ERROR": "No proof could be made",
    "PROOF_VERIFICATION_ERROR": "The proof does not hold",
    "PROOF_TRANSFORMATION_ERROR": "The document could not be transformed for the proof",
    "INVALID_DOMAIN_ERROR": "The proof was made for another domain",
    "INVALID_CHALLENGE_ERROR": "The proof does not answer the challenge",
    "DATA_LOSS_DETECTION_ERROR": "A part of the document would not be covered by the proof",
    "STATUS_RETRIEVAL_ERROR": "The status list could not be had",
    "STATUS_VERIFICATION_ERROR": "The status does not hold",
    "STATUS_LIST_LENGTH_ERROR": "The status list is too short",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason for a no, with its type as RFC 9457 and the W3C's specifications have it."""

    type: str
    finding: Finding

    @property
    def title(self) -> str:
        """This will give the short text that belongs to the type."""
        return _TITLES[self.type.rpartition("#")[2]]

    def as_dict(self) -> dict[str, Any]:
        """This will give the problem for JSON."""
        found = {"type": self.type, "title": self.title, "detail": self.finding.sentence, "code": self.finding.code}
        return found | ({"pointer": self.finding.pointer} if self.finding.pointer else {})


def problem(error: CredentialError | Finding, *, is_issuing: bool = False) -> Problem:
    """This will give the problem of an error, or of a finding about a status."""
    if isinstance(error, Finding):
        behind = error.because or error
        return Problem(_STATUS_TYPES_BY_CODE.get(behind.code, f"{_STATUS_LIST}STATUS_VERIFICATION_ERROR"), error)
    kind = _TYPES_BY_CODE.get(error.code)
    if kind is None:
        rest = "PROOF_GENERATION_ERROR" if is_issuing else "PROOF_VERIFICATION_ERROR"
        kind = next((type_ for base, type_ in _TYPES_BY_KIND.items() if isinstance(error, base)), SECURITY + rest)
    return Problem(kind, Finding.of(error))
