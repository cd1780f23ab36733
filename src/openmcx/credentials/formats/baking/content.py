"""What is baked into pictures, and how much of it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

MAX_PICTURE_BYTES = 10 * 1024 * 1024
# Reading XML takes much longer than stepping over the parts of a PNG.
MAX_SVG_BYTES = 2 * 1024 * 1024
MAX_CREDENTIAL_BYTES = 1024 * 1024
JWT = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")

type Kind = Literal["open-badge-3", "open-badge-2"]


@dataclass(frozen=True, slots=True)
class Baked:
    """What a picture carries, exactly as it stands there.

    ``text`` is the credential's JSON text or its JWT; a badge of version 2 may give its web address alone.
    """

    kind: Kind
    text: str = field(repr=False)


def chosen(found: list[Baked]) -> Baked | None:
    """This will give the one credential among those found, that of version 3 if the badge is there in both versions.

    Raises: ValueError when one kind is there more than once.
    """
    by_kind = {baked.kind: baked for baked in found}
    if len(by_kind) < len(found):
        raise ValueError("baked twice")
    return by_kind.get("open-badge-3") or by_kind.get("open-badge-2")
