"""People and the tokens their programs use."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from openmcx.kernel import personal
from openmcx.kernel.ids import new_id
from openmcx.kernel.mail import normal_email


class Scope(StrEnum):
    """What a program may do with a token, never more than its person may."""

    READ = "read"
    ISSUE = "issue"


class PersonManager(BaseUserManager["Person"]):
    """Finds people by e-mail address, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=normal_email(username or ""))


class Person(AbstractBaseUser):
    """Somebody who signs in. A person belongs to nobody; roles are held at institutions.

    The e-mail address is the sign-in name and is overwritten on erasure; the name is encrypted under the person's key.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True, max_length=254)
    subject_key = models.OneToOneField("kernel.SubjectKey", on_delete=models.PROTECT, related_name="+")
    name = personal.PersonalTextField(_("name"), blank=True, null=True)
    language = models.CharField(_("language"), max_length=12, default="en")
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("joined"))
    erased_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(is_active=False),
                name="accounts_person_erased_cannot_sign_in",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email

    # django.contrib.auth's permission protocol: nothing is granted through it; `rules` predicates decide.
    @property
    def is_staff(self) -> bool:
        return False

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False

    def get_full_name(self) -> str:
        return self.name or ""


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self, at: dt.datetime) -> Self:
        return self.filter(
            models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=at),
            revoked_at__isnull=True,
            person__is_active=True,
        )


class ApiToken(models.Model):
    """A secret with which a program acts for a person. Only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(_("what it is for"), max_length=80)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    beginning = models.CharField(max_length=12, editable=False)
    scopes = models.JSONField(_("what it may do"), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.label} ({self.beginning}…)"
