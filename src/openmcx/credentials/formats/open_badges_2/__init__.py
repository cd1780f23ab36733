"""Open Badges 2.0 and 1.x: read and verified, never issued.

badge = verify(document_or_jws, fetch=get, at=now)
badge.credential, badge.issuer_address, badge.problems
"""

from openmcx.credentials.formats.open_badges_2.reading import Recipient, read
from openmcx.credentials.formats.open_badges_2.verifying import VerifiedBadge, verify

__all__ = ["Recipient", "VerifiedBadge", "read", "verify"]
