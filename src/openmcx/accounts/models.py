"""People, the tokens their programs use, and what they are told."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from openmcx.accounts.slots import Mail
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
    # Which columns of a table the person chose to see, by `openmcx.ui.tables.Table.key`.
    table_columns = models.JSONField(_("chosen columns of tables"), default=dict, blank=True)
    # When the daily e-mail goes out. Units: hours of the node's time zone.
    digest_hour = models.PositiveSmallIntegerField(_("hour of the daily e-mail"), default=7)

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
            models.CheckConstraint(condition=models.Q(digest_hour__lte=23), name="accounts_person_digest_hour_is_one"),
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


class NotificationQuerySet(models.QuerySet["Notification"]):
    def shown(self) -> Self:
        """This will leave out what the person wants by e-mail only."""
        return self.filter(in_product=True)

    def unread(self) -> Self:
        return self.filter(in_product=True, read_at__isnull=True)


class Notification(models.Model):
    """Something that one person is told. What it says about them is encrypted under their key; others are named by id.

    The words are not stored: `kind` finds them, and they are put together in the reader's language when they are read.
    A notification that is to be e-mailed has `mail_due_at`, until it was (`mailed_at`) or there is no use in it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notifications")
    subject_key = models.ForeignKey("kernel.SubjectKey", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    params = personal.PersonalJSONField()
    # A path of this node, without secrets: it stands here in plain text.
    url = models.CharField(max_length=300)
    institution_id = models.UUIDField(null=True)
    # What it is about: a person is told once. Empty: each time.
    about = models.CharField(max_length=120, blank=True, default="")
    in_product = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail_due_at = models.DateTimeField(null=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_fault = models.CharField(max_length=120, blank=True, default="")
    mailed_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "kind", "about"), condition=~models.Q(about=""), name="accounts_notification_once"
            ),
            models.CheckConstraint(
                condition=models.Q(mail_due_at__isnull=True) | models.Q(mailed_at__isnull=True),
                name="accounts_notification_mailed_or_to_be_mailed",
            ),
            models.CheckConstraint(
                condition=models.Q(url__startswith="/"), name="accounts_notification_leads_to_this_node"
            ),
        )
        indexes = (
            models.Index(fields=("person", "-created_at"), name="accounts_notification_listed"),
            models.Index(
                fields=("person",),
                name="accounts_notification_unread",
                condition=models.Q(in_product=True, read_at__isnull=True),
            ),
            models.Index(
                fields=("mail_due_at",), name="accounts_notification_due", condition=models.Q(mail_due_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class NotificationPreference(models.Model):
    """What a person has decided about the notifications of a category; without a row the kinds' own ways hold."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notification_preferences")
    category = models.CharField(max_length=60)
    muted = models.BooleanField(default=False)
    # Empty: as each kind suggests.
    mail = models.CharField(max_length=8, blank=True, default="", choices=[(one.value, one.value) for one in Mail])
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "category"), name="accounts_preference_once"),
            models.CheckConstraint(
                condition=models.Q(mail__in=("", *(one.value for one in Mail))), name="accounts_preference_mail_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.category} {self.mail}{' muted' if self.muted else ''}"
