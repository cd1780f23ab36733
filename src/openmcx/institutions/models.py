"""Institutions, the people who act for them, their keys and the learners they know."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from openmcx.credentials.keys.did_web import did_web
from openmcx.kernel import personal
from openmcx.kernel.fields import LangTextField
from openmcx.kernel.ids import new_id
from openmcx.kernel.scopes import ScopedManager
from openmcx.ui.languages import Written, written


class Role(models.TextChoices):
    """What somebody may do for an institution. A coordinator acts for the whole network."""

    REGISTRAR = "registrar", _("Registrar")
    AUTHOR = "author", _("Course author")
    ADMIN = "institution-admin", _("Institution administrator")
    COORDINATOR = "coordinator", _("Network coordinator")


class InstitutionKind(models.TextChoices):
    PUBLIC = "public", _("Public higher education institution")
    PRIVATE = "private", _("Private provider")
    PROFESSIONAL_BODY = "professional-body", _("Professional body")
    COMPANY = "company", _("Company")
    EMPLOYMENT_AGENCY = "employment-agency", _("Employment agency")
    QA_AGENCY = "qa-agency", _("Quality assurance agency")
    GOVERNMENT_BODY = "government-body", _("Government body")


class AccreditationStatus(models.TextChoices):
    """What the institution states about itself. Nothing stated is not the same as no accreditation."""

    NOT_STATED = "", _("Not stated")
    INSTITUTIONAL = "institutional", _("The institution is accredited")
    CURRICULUM = "curriculum", _("Its study programmes are accredited")
    COURSE = "course", _("Single courses are accredited")
    PROFESSIONAL = "professional", _("Accredited by a profession or industry")
    NONE = "none", _("Not accredited")


class Institution(models.Model):
    """A member of the network. Public: everything here is shown to everybody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(_("short name in addresses"), max_length=60, unique=True)
    name = LangTextField(_("name"))
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True, default="")
    # Language maps, the latest last: credentials that it issued under them stay its own.
    former_names = models.JSONField(_("former names"), default=list, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=24, choices=InstitutionKind, default=InstitutionKind.PUBLIC)
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("region"), max_length=120, blank=True, default="")
    address = models.CharField(_("postal address"), max_length=300, blank=True, default="")
    website = models.URLField(_("website"), max_length=300, blank=True, default="")
    email = models.EmailField(_("e-mail for questions about credentials"), blank=True, default="")
    # Scheme to value, for instance {"ror": "https://ror.org/…", "schac": "uni.example"}.
    identifiers = models.JSONField(_("identifiers"), default=dict, blank=True)
    accreditation_status = models.CharField(
        _("accreditation"), max_length=16, choices=AccreditationStatus, blank=True, default=""
    )
    accreditation_note = LangTextField(_("note on accreditation"), blank=True)
    accrediting_body = models.CharField(_("accrediting body"), max_length=200, blank=True, default="")
    accredited_from = models.DateField(_("accredited from"), null=True, blank=True)
    accredited_until = models.DateField(_("accredited until"), null=True, blank=True)
    accreditation_evidence = models.URLField(_("link to evidence"), max_length=300, blank=True, default="")
    # How it looks: a colour that reads in the light theme, and the digest of the logo's row.
    accent = models.CharField(_("colour"), max_length=7, blank=True, default="")
    logo_digest = models.CharField(max_length=32, blank=True, default="", editable=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("slug",)
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        constraints = (
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="institutions_country_is_iso_3166"),
            models.CheckConstraint(
                condition=Q(accredited_from__isnull=True)
                | Q(accredited_until__isnull=True)
                | Q(accredited_until__gte=F("accredited_from")),
                name="institutions_accreditation_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(accent__regex=r"^(#[0-9a-f]{6})?$"), name="institutions_accent_is_a_colour"
            ),
        )

    def __str__(self) -> str:
        return self.name.best(get_language() or "en")

    @property
    def marked(self) -> Written:
        """This will give the name for pages, where it says its language."""
        return written(self.name, noted=False)

    @property
    def did(self) -> str:
        """The institution's did:web identifier. It stays as long as the node's base URL and the slug stay."""
        return did_web(settings.OPENMCX_BASE_URL, f"institutions/{self.slug}")


class Logo(models.Model):
    """An institution's logo as it was written anew, in the sizes in which pages show it. Public."""

    institution = models.OneToOneField(Institution, primary_key=True, on_delete=models.CASCADE, related_name="logo")
    digest = models.CharField(max_length=32)
    small = models.BinaryField(max_length=100_000)
    large = models.BinaryField(max_length=400_000)
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self) -> str:
        return self.digest


def holding_on(day: dt.date) -> Q:
    """This will give the condition for memberships that hold on `day`; the last day counts."""
    return Q(ended_at__isnull=True, begins_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class Membership(models.Model):
    """One role of one person at one institution, from a day to a day, or until somebody ended it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=24, choices=Role)
    begins_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("granted by")
    )
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager(institution="institution")

    class Meta:
        ordering = ("role", "begins_on")
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")),
                name="institutions_membership_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | Q(ended_at__isnull=False),
                name="institutions_membership_ended_by_needs_ended_at",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="institutions_membership_role_is_known"),
            models.UniqueConstraint(
                fields=("person", "institution", "role"),
                condition=Q(ends_on__isnull=True, ended_at__isnull=True),
                name="institutions_one_open_membership_per_role",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.begins_on} – {self.ends_on or ''}"


class Invitation(models.Model):
    """A role offered to an e-mail address.

    The link in the message holds a code that only this node can make from the row's id; its digest finds the row.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(_("role"), max_length=24, choices=Role)
    begins_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    subject_key = models.OneToOneField("kernel.SubjectKey", on_delete=models.PROTECT, related_name="+")
    email = personal.PersonalTextField(_("e-mail address"))
    email_index = models.BinaryField(max_length=32, editable=False, db_index=True)
    language = models.CharField(_("language"), max_length=12, default="en")
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager(institution="institution")

    class Meta:
        ordering = ("-invited_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="institutions_invitation_accepted_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="institutions_invitation_not_both_accepted_and_withdrawn",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.email}"


class SigningKey(models.Model):
    """A key an institution signs with. The secret is encrypted under the node's master key and never leaves the node.

    The newest key that is neither retired nor revoked signs. A retired key still verifies what it signed;
    a revoked one verifies nothing any more.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="signing_keys")
    fragment = models.CharField(max_length=40)
    public_multibase = models.CharField(max_length=80, unique=True)
    sealed_secret = models.BinaryField(max_length=128, null=True, editable=False)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        constraints = (
            models.UniqueConstraint(fields=("institution", "fragment"), name="institutions_key_fragment_once"),
            models.UniqueConstraint(
                fields=("institution",),
                condition=Q(retired_at__isnull=True, revoked_at__isnull=True),
                name="institutions_one_active_key",
            ),
            # A key that signs has its secret; one that no longer signs has lost it.
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, revoked_at__isnull=True, sealed_secret__isnull=False)
                | (Q(sealed_secret__isnull=True) & (Q(retired_at__isnull=False) | Q(revoked_at__isnull=False))),
                name="institutions_only_an_active_key_has_its_secret",
            ),
        )

    def __str__(self) -> str:
        return self.verification_method

    @property
    def verification_method(self) -> str:
        return f"{self.institution.did}#{self.fragment}"


class LearnerRecord(models.Model):
    """A learner as one institution knows them. It exists without an account until the person claims it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="learner_records")
    subject_key = models.OneToOneField("kernel.SubjectKey", on_delete=models.PROTECT, related_name="+")
    given_name = personal.PersonalTextField(_("given name"))
    family_name = personal.PersonalTextField(_("family name"))
    date_of_birth = personal.PersonalDateField(_("date of birth"), null=True, blank=True)
    email = personal.PersonalTextField(_("e-mail address"))
    email_index = models.BinaryField(max_length=32, editable=False)
    language = models.CharField(_("language"), max_length=12, default="en")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="learner_records"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = ScopedManager(institution="institution")

    class Meta:
        ordering = ("created_at", "id")
        verbose_name = _("learner")
        verbose_name_plural = _("learners")
        constraints = (
            models.UniqueConstraint(fields=("institution", "email_index"), name="institutions_learner_email_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=True, claimed_at__isnull=True)
                | Q(person__isnull=False, claimed_at__isnull=False),
                name="institutions_learner_person_and_claimed_at_together",
            ),
        )

    def __str__(self) -> str:
        # Personal values stay out of logs and of the admin's messages.
        return f"LearnerRecord {self.id}"
