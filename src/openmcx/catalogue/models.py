"""Specifications of micro-credentials: draft, owner, published versions and the place in the catalogue."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from openmcx.institutions.models import Institution
from openmcx.kernel.fields import LangTextField, OrderedJSONField
from openmcx.kernel.ids import new_id
from openmcx.kernel.parties import PartyBase
from openmcx.kernel.scopes import ScopedManager
from openmcx.ui.languages import Written, written


class Specification(models.Model):
    """One micro-credential through all its versions, with the draft that is being worked on.

    `content` is our specification JSON; every saving counts `revision` up. People are kept as ids without foreign keys,
    so that erasing a person never touches what was published.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Given at the first publication, never changed after it: it is part of every version's address.
    slug = models.SlugField(_("short name in addresses"), max_length=80, unique=True, null=True, blank=True)
    title = LangTextField(_("title"))
    languages = models.JSONField(_("languages of the texts"), default=list)
    content = OrderedJSONField(_("draft"))
    revision = models.PositiveIntegerField(default=1)
    published_number = models.PositiveIntegerField(default=0)  # 0: never published
    published_revision = models.PositiveIntegerField(default=0)  # the draft's revision at the last publication
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    edited_at = models.DateTimeField()
    edited_by = models.UUIDField(null=True)

    objects = ScopedManager(institution="parties__institution")

    class Meta:
        ordering = ("-edited_at", "id")
        verbose_name = _("micro-credential")
        verbose_name_plural = _("micro-credentials")
        constraints = (
            models.CheckConstraint(
                condition=Q(published_number=0, published_revision=0)
                | Q(published_number__gt=0, published_revision__gt=0, slug__isnull=False),
                name="catalogue_specification_published_has_slug",
            ),
            models.CheckConstraint(
                condition=Q(published_revision__lte=models.F("revision")),
                name="catalogue_specification_revision_order",
            ),
        )

    def __str__(self) -> str:
        return self.title.best(get_language() or "en")

    @property
    def marked(self) -> Written:
        """This will give the title for pages, where it says its language."""
        return written(self.title, noted=False)

    @property
    def is_published(self) -> bool:
        return self.published_number > 0

    @property
    def has_changes(self) -> bool:
        """Whether the draft was saved after the last publication."""
        return self.revision != self.published_revision


class PartyRole(models.TextChoices):
    OWNER = "owner", _("Owner")
    PARTNER = "partner", _("Partner")


class SpecificationParty(PartyBase):
    """An institution with a say in a specification. The owner is the awarding body."""

    specification = models.ForeignKey(Specification, on_delete=models.CASCADE, related_name="parties")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager(institution="institution")

    class Meta:
        ordering = ("role", "id")
        constraints = (
            models.UniqueConstraint(fields=("specification", "institution"), name="catalogue_party_once"),
            models.UniqueConstraint(
                fields=("specification",), condition=Q(role=PartyRole.OWNER), name="catalogue_one_owner"
            ),
            models.CheckConstraint(condition=Q(role__in=PartyRole.values), name="catalogue_party_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.institution_id} {self.role}"


class SpecificationVersion(models.Model):
    """A published version: public, append-only. `digest` is SHA-256 over the JCS form of `content`, in hexadecimal."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    specification = models.ForeignKey(Specification, on_delete=models.PROTECT, related_name="versions")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=80)
    number = models.PositiveIntegerField()
    title = LangTextField(_("title"))
    languages = models.JSONField(default=list)
    content = OrderedJSONField()
    digest = models.CharField(max_length=64)
    change_note = models.TextField(_("what changed"), blank=True, default="")
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)

    objects = models.Manager()

    class Meta:
        ordering = ("slug", "-number")
        verbose_name = _("published version")
        verbose_name_plural = _("published versions")
        constraints = (
            models.UniqueConstraint(fields=("specification", "number"), name="catalogue_version_number_once"),
            models.UniqueConstraint(fields=("slug", "number"), name="catalogue_version_address_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="catalogue_version_number_positive"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="catalogue_version_digest_hex"),
        )

    def __str__(self) -> str:
        return f"{self.title.best(get_language() or 'en')} ({self.number})"

    @property
    def marked(self) -> SafeString:
        """This will give title and number for pages, where the title says its language."""
        return format_html("{} ({})", written(self.title, noted=False), self.number)


class CatalogueEntry(models.Model):
    """What the public catalogue lists: the latest version of a specification, cut for searching. Rebuilt at will."""

    specification = models.OneToOneField(
        Specification, on_delete=models.CASCADE, primary_key=True, related_name="catalogue_entry"
    )
    version = models.OneToOneField(SpecificationVersion, on_delete=models.PROTECT, related_name="catalogue_entry")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=80, unique=True)
    title = LangTextField(_("title"))
    sort_title = models.CharField(max_length=200)
    summary = LangTextField(_("summary"), blank=True)
    # Both are folded (see mapping.search): what is looked for is folded the same way.
    title_text = models.TextField()
    search_text = models.TextField()
    workload_ects = models.DecimalField(_("ECTS"), max_digits=6, decimal_places=2, null=True)
    eqf_level = models.PositiveSmallIntegerField(_("EQF level"), null=True)
    participation = models.CharField(_("form of participation"), max_length=20, blank=True, default="")
    first_published_at = models.DateTimeField()
    published_at = models.DateTimeField(_("published"))
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.UUIDField(null=True, blank=True)
    withdrawal_reason = models.TextField(_("reason"), blank=True, default="")

    objects = models.Manager()

    class Meta:
        ordering = ("sort_title", "slug")
        verbose_name = _("catalogue entry")
        verbose_name_plural = _("catalogue entries")
        indexes = (
            models.Index(fields=("withdrawn_at", "sort_title"), name="catalogue_entry_listed"),
            models.Index(fields=("institution", "withdrawn_at"), name="catalogue_entry_institution"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=False) | Q(withdrawal_reason="", withdrawn_by__isnull=True),
                name="catalogue_entry_reason_only_when_withdrawn",
            ),
        )

    def __str__(self) -> str:
        return self.title.best(get_language() or "en")


class Facet(models.TextChoices):
    LANGUAGE = "language", _("Language of instruction")
    FIELD = "field", _("Subject")


class EntryFacet(models.Model):
    """A value by which an entry is found: a language tag, or the IRI of a subject."""

    entry = models.ForeignKey(CatalogueEntry, on_delete=models.CASCADE, related_name="facets")
    facet = models.CharField(max_length=10, choices=Facet)
    value = models.CharField(max_length=300)

    objects = models.Manager()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("facet", "value"), name="catalogue_facet_value"),)
        constraints = (
            models.UniqueConstraint(fields=("entry", "facet", "value"), name="catalogue_facet_once"),
            models.CheckConstraint(condition=Q(facet__in=Facet.values), name="catalogue_facet_known"),
        )

    def __str__(self) -> str:
        return f"{self.facet}: {self.value}"
