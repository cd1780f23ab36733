"""Texts for a terminal: what stands in a file must neither steer it nor pass for something that the command says.

Needs neither settings nor a database, so that the commands which do without them can use it.
"""

import json
import re
from typing import Any

# What a terminal obeys (C0, DEL, C1), what turns the direction of writing, separators of lines, halves of characters.
_STEERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BLANKS = frozenset("\t\n\v\f\r\x85\u2028\u2029")


def one_line(text: str) -> str:
    """This will give a text as one line that steers nothing: blanks of any kind as spaces, the rest as ``\\x1b``."""
    return _STEERS.sub(lambda match: " " if match[0] in _BLANKS else _escaped(match[0]), text)


def as_json(value: Any) -> str:
    """This will write JSON as people can read it, with escapes for what steers a terminal."""
    written = json.dumps(value, ensure_ascii=False, indent=2)
    # The line breaks between the members are ours: JSON has none within a text.
    return _STEERS.sub(lambda match: match[0] if match[0] == "\n" else f"\\u{ord(match[0]):04x}", written)


def counted(number: int, one: str, more: str) -> str:
    """This will give a number with its noun, as in "1 fault" and "2 faults"."""
    return f"{number} {one if number == 1 else more}"


def _escaped(char: str) -> str:
    return f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}"
