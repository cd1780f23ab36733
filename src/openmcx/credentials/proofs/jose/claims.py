"""Claims of a JWT beside a credential: times, and what must be equal to a member of the credential.

Source: RFC 7519, sections 2 (NumericDate) and 4.1; Securing Verifiable Credentials using JOSE and COSE, section 4.
"""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from openmcx.credentials.errors import ProofError

REGISTERED = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf", "nonce"})
"""Claims of the token, not members of the credential. What a credential says about them stands in its own members."""

# Until the end of the year 9999.
_LAST = 253_402_300_799


def time_of(claims: Mapping[str, Any], name: str) -> dt.datetime | None:
    """This will read a NumericDate, or None when there is no such claim.

    Raises: ProofError when it is no number of seconds since 1970.
    """
    if name not in claims:
        return None
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LAST:
        raise ProofError("jwt-claim-invalid", member=name)
    return dt.datetime.fromtimestamp(value, dt.UTC)


def numeric_date(moment: dt.datetime) -> int:
    """This will write an aware time as NumericDate, in whole seconds."""
    if moment.tzinfo is None:
        raise ValueError("a time must be aware")
    return math.floor(moment.timestamp())


def text_of(claims: Mapping[str, Any], name: str) -> str:
    """This will read a claim that is a text; "" when there is none.

    Raises: ProofError when it is something else.
    """
    value = claims.get(name, "")
    if not isinstance(value, str) or (name in claims and not value):
        raise ProofError("jwt-claim-invalid", member=name)
    return value


def id_of(value: object) -> str:
    """This will give the id of an issuer, holder or subject, which stand as an id or as an object with one; else ""."""
    found = value.get("id") if isinstance(value, Mapping) else value
    return found if isinstance(found, str) else ""


def check_equal(claims: Mapping[str, Any], name: str, expected: str, member: str) -> None:
    """This will compare a claim, if it is there, with what the credential says in `member`.

    Raises: ProofError when they differ.
    """
    if name in claims and text_of(claims, name) != expected:
        raise ProofError("jwt-claim-differs", member=name, expected=member)
