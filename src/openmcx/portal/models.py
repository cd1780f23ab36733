"""How far people are with their first steps, and the texts that whoever runs the node answers for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openmcx.kernel.ids import new_id

# Long enough for the terms of use of a large network. Units: characters.
LEGAL_TEXT_CHARACTERS = 60_000


class TourRole(models.TextChoices):
    """Who is shown around. All but learners hold the role of the same name at an institution."""

    REGISTRAR = "registrar", _("Registrar")
    AUTHOR = "author", _("Course author")
    ADMIN = "institution-admin", _("Institution administrator")
    COORDINATOR = "coordinator", _("Network coordinator")
    LEARNER = "learner", _("Learner")


class Tour(models.Model):
    """What a person said about the first steps in one role: which they ticked off themselves, and whether they left.

    What the node can see for itself is not stored here. No row means that nothing was said yet.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=TourRole)
    ticked = models.JSONField(default=list)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "role"), name="portal_tour_once"),
            models.CheckConstraint(condition=Q(role__in=TourRole.values), name="portal_tour_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class LegalKind(models.TextChoices):
    """What whoever runs the node has to say. The first three are pages; the others are parts of a page."""

    IMPRINT = "imprint", _("Legal notice")
    PRIVACY = "privacy-notice", _("Privacy notice")
    TERMS = "terms-of-use", _("Terms of use")
    CONTACT = "accessibility-contact", _("Contact for accessibility")
    ENFORCEMENT = "accessibility-enforcement", _("Enforcement of accessibility")


class LegalDraft(models.Model):
    """A text while it is being written, in one language. Every saving counts `revision` up."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=30, choices=LegalKind)
    language = models.CharField(max_length=12)
    body = models.TextField(max_length=LEGAL_TEXT_CHARACTERS)
    revision = models.PositiveIntegerField(default=1)
    edited_at = models.DateTimeField()
    edited_by = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "language"), name="portal_legal_draft_once"),
            models.CheckConstraint(condition=Q(kind__in=LegalKind.values), name="portal_legal_draft_kind_known"),
        )

    def __str__(self) -> str:
        return f"{self.kind} ({self.language})"


class LegalVersion(models.Model):
    """A text as it was published. Append-only: what once applied stays readable."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=30, choices=LegalKind)
    language = models.CharField(max_length=12)
    number = models.PositiveIntegerField()
    body = models.TextField(max_length=LEGAL_TEXT_CHARACTERS)
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)

    class Meta:
        ordering = ("kind", "language", "-number")
        constraints = (
            models.UniqueConstraint(fields=("kind", "language", "number"), name="portal_legal_version_once"),
            models.CheckConstraint(condition=Q(kind__in=LegalKind.values), name="portal_legal_version_kind_known"),
            models.CheckConstraint(condition=Q(number__gte=1), name="portal_legal_version_number_positive"),
        )

    def __str__(self) -> str:
        return f"{self.kind} ({self.language}) {self.number}"
