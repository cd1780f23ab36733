"""Dates and times as credentials write them.

Source: Verifiable Credentials Data Model 2.0, section 2.2 (XML Schema ``dateTimeStamp``); RFC 3339.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from openmcx.credentials.errors import FormatError

_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})?")


def parse_instant(value: object, *, member: str = "date") -> dt.datetime:
    """This will read a date and time; one without an offset is taken as UTC, a leap second as the second before.

    Raises: FormatError naming `member` when the value is no date and time.
    """
    match = _INSTANT.fullmatch(value) if isinstance(value, str) and len(value) < 64 else None
    if match is None:
        raise FormatError("format-member-invalid", member=member, reason="no-instant")
    day, clock, fraction, offset = match.groups()
    if clock.endswith(":60"):
        clock = clock[:-2] + "59"
    micro = (fraction or ".0")[1:7].ljust(6, "0")
    try:
        return dt.datetime.fromisoformat(f"{day}T{clock}.{micro}{'+00:00' if offset in (None, 'Z') else offset}")
    except ValueError:
        raise FormatError("format-member-invalid", member=member, reason="no-such-instant") from None


def read_instant(document: Mapping[str, Any], *members: str) -> dt.datetime | None:
    """This will read the date and time of the first member that is there, such as a new name before the old one.

    Raises: FormatError naming the member when its value is no date and time.
    """
    for member in members:
        if document.get(member) is not None:
            return parse_instant(document[member], member=member)
    return None


def write_instant(moment: dt.datetime) -> str:
    """This will write an aware date and time in UTC, such as ``2026-01-31T12:00:00Z``.

    Raises: FormatError when the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise FormatError("format-cannot-write", reason="time-without-zone")
    text = moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat()
    return text + "Z"
