"""Open Badges 3.0 with every element of the European standard for micro-credentials."""

from openmcx.credentials.formats.open_badges.credentials import CREDENTIAL_TYPES, read, write
from openmcx.credentials.formats.open_badges.shape import check_shape
from openmcx.credentials.formats.open_badges.statements import check_statements

__all__ = ["CREDENTIAL_TYPES", "check_shape", "check_statements", "read", "write"]
