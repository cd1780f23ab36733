"""Questions that the catalogue asks of the apps above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from openmcx.kernel.slots import Slot

if TYPE_CHECKING:
    from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class VersionUse:
    """A use of a version that people should know of: what the things are called, and how many there are."""

    label: str | Promise
    count: int


version_uses: Slot[UUID, list[VersionUse]] = Slot(
    "catalogue.version-uses", "What hangs on this published version (its id)? For instance: credentials issued."
)
