"""Whether a proof holds at a time: for credentials and for the lists that say which were revoked."""

import datetime as dt

from openmcx.credentials.findings import Finding
from openmcx.credentials.proofs.data_integrity import VerifiedProof

CLOCK_SKEW = dt.timedelta(minutes=5)
"""Clocks of honest signers are ahead by this much at most."""


def time_fault(proof: VerifiedProof, at: dt.datetime) -> Finding | None:
    """This will say whether the proof, or one of the others in its set, has expired or was made in the future.

    Source: Verifiable Credential Data Integrity 1.0, section 2.1 (created, expires).
    """
    for entry in (proof, *proof.others):
        if entry.expires is not None and entry.expires <= at:
            return Finding("proof-expired", {"date": entry.expires.date().isoformat()})
        if entry.created is not None and entry.created > at + CLOCK_SKEW:
            return Finding("proof-from-the-future", {"date": entry.created.date().isoformat()})
    return None
