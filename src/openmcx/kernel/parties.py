"""Shared ownership: which institutions are party to an object, and in what role."""

from typing import Any

from django.db import models

from openmcx.kernel.ids import new_id


class PartyBase(models.Model):
    """One institution's part in an object that institutions share.

    The concrete model adds the foreign key to the object (``related_name="parties"``), the foreign key
    ``institution`` and a unique constraint over both.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    role = models.CharField(max_length=32)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        institution: Any = getattr(self, "institution_id", None)
        return f"{institution} as {self.role}"
