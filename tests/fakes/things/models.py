"""Tables of every kind that the kernel offers."""

from django.db import models

from openmcx.kernel import personal
from openmcx.kernel.fields import LangTextField
from openmcx.kernel.ids import new_id
from openmcx.kernel.parties import PartyBase
from openmcx.kernel.scopes import ScopedManager


class Portrait(models.Model):
    """What is known of a person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_key = models.ForeignKey(personal.SubjectKey, on_delete=models.PROTECT)
    name = personal.PersonalTextField(null=True)
    alias = personal.PersonalTextField(null=True)
    born_on = personal.PersonalDateField(null=True)
    notes = personal.PersonalJSONField(null=True)
    scan = personal.PersonalBytesField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class Poster(models.Model):
    """Has a text in several languages."""

    title = LangTextField()

    def __str__(self) -> str:
        return str(self.title)


class Owned(models.Model):
    """Belongs to one institution."""

    institution = models.UUIDField()
    objects = ScopedManager(institution="institution")

    def __str__(self) -> str:
        return str(self.pk)


class Shared(models.Model):
    """Belongs to several institutions."""

    title = models.CharField(max_length=20)
    objects = ScopedManager(institution="parties__institution")

    def __str__(self) -> str:
        return self.title


class SharedParty(PartyBase):
    """One of them."""

    shared = models.ForeignKey(Shared, on_delete=models.CASCADE, related_name="parties")
    institution = models.UUIDField()


class Ledger(models.Model):
    """Append-only, but for its note."""

    text = models.CharField(max_length=20, null=True)
    note = models.CharField(max_length=20)

    def __str__(self) -> str:
        return str(self.text)
