"""base64url without padding, read strictly: one text for one value.

Source: RFC 4648, sections 3.5 (canonical encoding) and 5; RFC 7515, section 2.
"""

from binascii import a2b_base64, b2a_base64

_TO_URL = bytes.maketrans(b"+/", b"-_")
# The characters of other alphabets become one that is in none.
_FROM_URL = bytes.maketrans(b"-_+/=", b"+/!!!")
# What may stand last, by the number of characters beyond the last whole four: the bits that hold nothing are not set.
_LAST = {1: "", 2: "AQgw", 3: "AEIMQUYcgkosw048"}
_PADDING = {0: b"", 2: b"==", 3: b"="}


def encode(data: bytes) -> str:
    """This will write bytes as base64url without padding."""
    return b2a_base64(data, newline=False).translate(_TO_URL, b"=").decode("ascii")


def decode(text: str) -> bytes:
    """This will read base64url without padding.

    Raises: ValueError when a character does not belong there, the length is impossible, or bits are set that the value
    does not hold (two texts would stand for one value).
    """
    rest = len(text) % 4
    if rest and text[-1] not in _LAST[rest]:
        raise ValueError("no canonical base64url")
    return a2b_base64(text.encode("ascii").translate(_FROM_URL) + _PADDING[rest], strict_mode=True)
