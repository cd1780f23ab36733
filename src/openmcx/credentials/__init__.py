"""The credential core: read, write, sign and verify micro-credentials.

It knows no web framework, no network, no database and no clock: times, keys and the means to fetch are arguments.

    document = issue(credential, signer=signer, created=now)
    report = verify(data, at=now, fetch=get)
"""

from openmcx.credentials.errors import (
    MESSAGES,
    ContextError,
    CredentialError,
    DataLossError,
    DocumentError,
    FormatError,
    KeyMaterialError,
    ProofError,
    StatusError,
    WorkLimitError,
)
from openmcx.credentials.findings import SENTENCES, Finding
from openmcx.credentials.issue import issue, issue_status_list
from openmcx.credentials.keys import Ed25519Signer, PublicKey, Signer, generate_ed25519
from openmcx.credentials.report import (
    Check,
    EstablishedIssuer,
    KnownIssuer,
    Outcome,
    Report,
    Verdict,
)
from openmcx.credentials.verify import verify

__all__ = [
    "MESSAGES",
    "SENTENCES",
    "Check",
    "ContextError",
    "CredentialError",
    "DataLossError",
    "DocumentError",
    "Ed25519Signer",
    "EstablishedIssuer",
    "Finding",
    "FormatError",
    "KeyMaterialError",
    "KnownIssuer",
    "Outcome",
    "ProofError",
    "PublicKey",
    "Report",
    "Signer",
    "StatusError",
    "Verdict",
    "WorkLimitError",
    "generate_ed25519",
    "issue",
    "issue_status_list",
    "verify",
]
