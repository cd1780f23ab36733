"""Questions that institutions asks of the apps above it."""

from dataclasses import dataclass
from uuid import UUID

from openmcx.kernel.slots import Slot


@dataclass(frozen=True, slots=True)
class KeyUse:
    """What was signed with a key: what the things are called, and how many there are."""

    label: str
    count: int


key_uses: Slot[UUID, list[KeyUse]] = Slot("institutions.key-uses", "What was signed with this signing key?")
