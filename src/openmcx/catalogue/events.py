"""What the catalogue tells the apps above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from openmcx.kernel.events import Event


@dataclass(frozen=True)
class SpecificationPublished(Event):
    """A version was published. It never changes again."""

    name: ClassVar[str] = "catalogue.specification-published"

    specification_id: UUID
    version_id: UUID


@dataclass(frozen=True)
class SpecificationWithdrawn(Event):
    """A specification left the catalogue. Its versions stay readable, credentials stay valid."""

    name: ClassVar[str] = "catalogue.specification-withdrawn"

    specification_id: UUID
