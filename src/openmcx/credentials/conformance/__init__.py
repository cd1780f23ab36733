"""Issuing and verifying as the specifications of the W3C say, and no more: what public conformance suites talk to.

OpenMCX itself asks for more than they do: that the key be the issuer's, that a document bring no contexts of its own,
that nothing in it be out of sight. `issue` and `verify` of this package enforce all that. Here it is reported at most,
because the suites hold sound documents for which it is not so. Nobody should be shown a verdict that was made here.

    document = issue(credential, signer=signer, created=now, cryptosuite="eddsa-rdfc-2022")
    judgement = verify_credential(document, at=now)
    judgement.is_verified, judgement.problems, judgement.is_bound

Source: Verifiable Credentials Data Model 2.0, sections 7.1 (verification) and 7.2 (problem details); VC Data Integrity
1.0, sections 4.2 to 4.6; Bitstring Status List v1.0, section 3.2.
"""

from openmcx.credentials.conformance.issuing import derive, envelop, issue
from openmcx.credentials.conformance.problems import Problem, problem
from openmcx.credentials.conformance.verifying import (
    CHECKS,
    MAX_CREDENTIALS,
    PROOF,
    STATUS,
    SUITES,
    Judgement,
    verify_credential,
    verify_presentation,
)

__all__ = [
    "CHECKS",
    "MAX_CREDENTIALS",
    "PROOF",
    "STATUS",
    "SUITES",
    "Judgement",
    "Problem",
    "derive",
    "envelop",
    "issue",
    "problem",
    "verify_credential",
    "verify_presentation",
]
