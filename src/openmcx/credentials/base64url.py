"""base64url without padding, read strictly: one text for one value.

Source: RFC 4648, sections 3.5 (canonical encoding) and 5; RFC 7515, section 2.
"""

import base64
import binascii
import re

_CHARACTERS = re.compile(r"[A-Za-z0-9_-]*")


def encode(data: bytes) -> str:
    """This will write bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """This will read base64url without padding.

    Raises: ValueError when a character does not belong there, the length is impossible, or bits are set that the value
    does not hold (two texts would stand for one value).
    """
    if len(text) % 4 == 1 or not _CHARACTERS.fullmatch(text):
        raise ValueError("no base64url")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("no base64url") from error
    if len(text) % 4 and encode(data[-(len(data) % 3) :]) != text[-(len(text) % 4) :]:
        raise ValueError("no canonical base64url")
    return data
