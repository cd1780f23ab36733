"""The core's front door."""

import openmcx.credentials as core


def test_the_public_names_are_these() -> None:
    assert core.__all__ == [
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
    assert [name for name in core.__all__ if not hasattr(core, name)] == []


def test_the_verbs_are_functions() -> None:
    assert core.issue.__module__ == "openmcx.credentials.issue"
    assert core.verify.__module__ == "openmcx.credentials.verify"
    assert callable(core.issue)
    assert callable(core.verify)
