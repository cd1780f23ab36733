"""Keeps secrets out of the log."""

from __future__ import annotations

import logging
import re

# Private links and codes: 22 or more characters of base64url after a slash or an equals sign, with a capital among
# them, which the slugs of public pages never have; and whatever follows the path of private links, or of links to
# choose a password.
_SECRET = re.compile(
    r"(?:(?<=[/=])(?=[A-Za-z0-9_-]*[A-Z])[A-Za-z0-9_-]{22,}|(?<=/c/)[A-Za-z0-9_-]{8,}|(?<=/reset/key/)[A-Za-z0-9_-]{8,})"
    r"(?=[/?&\s\"']|$)"
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class HideSecrets(logging.Filter):
    """Replaces what looks like a secret in an address."""

    def filter(self, record: logging.LogRecord) -> bool:
        """This will rewrite the message and let the record through."""
        message = record.getMessage()
        hidden = hide(message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True


def hide(message: str) -> str:
    """This will return the message without what looks like a secret; row ids stay."""
    return _SECRET.sub(lambda match: match[0] if _UUID.fullmatch(match[0]) else "[hidden]", message)
