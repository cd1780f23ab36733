"""What happens to people and concerns others."""

from dataclasses import dataclass
from uuid import UUID

from openmcx.kernel.events import Event


@dataclass(frozen=True)
class PersonErased(Event):
    """A person has closed their account; name and address are gone."""

    name = "accounts.person-erased"
    person_id: UUID
