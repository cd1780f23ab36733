"""Class lists on their way to credentials, the credentials, their state and what learners were told."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from openmcx.catalogue.models import Specification, SpecificationVersion
from openmcx.institutions.models import Institution, LearnerRecord, SigningKey
from openmcx.kernel import personal
from openmcx.kernel.ids import new_id
from openmcx.kernel.scopes import ScopedManager


class PackedJSONField(personal.PersonalBytesField):
    """Encrypted JSON, compressed: a class list of 20,000 rows stays below a megabyte."""

    @staticmethod
    def to_bytes(value: Any) -> bytes:
        """This will pack the JSON."""
        return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 6)

    @staticmethod
    def from_bytes(value: bytes) -> Any:
        """This will unpack the JSON."""
        return json.loads(zlib.decompress(value))


class InstitutionRow(models.Model):
    """A row that belongs to one institution and is seen within its scope only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager(institution="institution")

    class Meta:
        abstract = True


class PersonalRow(InstitutionRow):
    """Such a row about a learner, whose personal values open with the key of their subject."""

    subject_key = models.ForeignKey("kernel.SubjectKey", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class BatchState(models.TextChoices):
    UPLOADED = "uploaded", _("Columns to be confirmed")
    CHECKED = "checked", _("Checked, not issued yet")
    ISSUING = "issuing", _("Being issued")
    DONE = "done", _("Issued")
    DISCARDED = "discarded", _("Discarded")


class Batch(InstitutionRow):
    """A class list for one version of a micro-credential.

    The list itself stands encrypted under a key of the batch, which is destroyed when the batch is done or discarded.
    """

    version = models.ForeignKey(SpecificationVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=12, choices=BatchState, default=BatchState.UPLOADED)
    subject_key = models.OneToOneField("kernel.SubjectKey", on_delete=models.PROTECT, related_name="+")
    table = PackedJSONField(null=True)
    result = PackedJSONField(null=True)
    mapping = models.JSONField(null=True)
    filename = models.CharField(_("file"), max_length=200, blank=True, default="")
    revision = models.PositiveIntegerField(default=1)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    fault_count = models.PositiveIntegerField(_("faults"), default=0)
    # For rows that do not say otherwise.
    awarded_on = models.DateField(_("date of the award"))
    language = models.CharField(_("language of messages"), max_length=12, default="en")
    created_at = models.DateTimeField(_("uploaded"))
    created_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.UUIDField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name = _("class list")
        verbose_name_plural = _("class lists")
        indexes = (models.Index(fields=("institution", "-created_at"), name="issuing_batch_listed"),)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="issuing_batch_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=("issuing", "done"), confirmed_at__isnull=False)
                | (~Q(state__in=("issuing", "done")) & Q(confirmed_at__isnull=True)),
                name="issuing_batch_confirmed_when_issuing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("done", "discarded"), finished_at__isnull=False)
                | (~Q(state__in=("done", "discarded")) & Q(finished_at__isnull=True)),
                name="issuing_batch_finished_at_with_its_state",
            ),
        )

    def __str__(self) -> str:
        return f"Batch {self.id}"


class ChunkState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")


class Chunk(InstitutionRow):
    """Rows that are issued in one transaction, together with the mark that they are."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="chunks")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=ChunkState, default=ChunkState.WAITING)
    done_at = models.DateTimeField(null=True)
    # When a task for this chunk was last put into the queue; the sweep looks for those that went missing.
    enqueued_at = models.DateTimeField()

    class Meta:
        ordering = ("batch", "number")
        constraints = (
            models.UniqueConstraint(fields=("batch", "number"), name="issuing_chunk_number_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", done_at__isnull=True) | Q(state="done", done_at__isnull=False),
                name="issuing_chunk_done_at_when_done",
            ),
        )
        indexes = (models.Index(fields=("enqueued_at",), name="issuing_chunk_waiting", condition=Q(state="waiting")),)

    def __str__(self) -> str:
        return f"Chunk {self.number} of {self.batch_id}"


class StatusList(models.Model):
    """A published Bitstring Status List of one institution. Public.

    `document` is the signed list as it is served; `assigned` counts the indices that are given away. A list takes no
    more once it is half full, so that drawing a free index at random stays quick and says nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=12, default="revocation")
    size = models.PositiveIntegerField()
    assigned = models.PositiveIntegerField(default=0)
    document = models.BinaryField(default=bytes)
    digest = models.CharField(max_length=64, default="")
    signed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = models.Manager()

    class Meta:
        ordering = ("created_at", "id")
        constraints = (
            models.CheckConstraint(condition=Q(assigned__lte=F("size")), name="issuing_status_list_not_overfull"),
            models.CheckConstraint(condition=Q(size__gte=131_072), name="issuing_status_list_herd_size"),
        )

    def __str__(self) -> str:
        return f"StatusList {self.id}"


class RowState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    ISSUED = "issued", _("Issued")
    ALREADY = "already-issued", _("Had it already")
    FAILED = "failed", _("Failed")


class BatchRow(PersonalRow):
    """One learner of a confirmed list: what the list says, what is reserved, what came of it.

    Its key is that of the batch, not of the learner: what the list said goes when the list is done.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="rows")
    chunk = models.ForeignKey(Chunk, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    state = models.CharField(_("result"), max_length=16, choices=RowState, default=RowState.WAITING)
    award = personal.PersonalJSONField()
    learner = models.ForeignKey(LearnerRecord, null=True, on_delete=models.PROTECT, related_name="+")
    status_list = models.ForeignKey(StatusList, null=True, on_delete=models.PROTECT, related_name="+")
    status_index = models.PositiveIntegerField(null=True)
    fault = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        ordering = ("batch", "number")
        constraints = (
            models.UniqueConstraint(fields=("batch", "number"), name="issuing_row_number_once"),
            models.UniqueConstraint(fields=("status_list", "status_index"), name="issuing_row_status_index_once"),
            models.CheckConstraint(
                condition=Q(status_list__isnull=True, status_index__isnull=True)
                | Q(status_list__isnull=False, status_index__isnull=False),
                name="issuing_row_status_list_and_index_together",
            ),
            models.CheckConstraint(
                condition=(Q(state="failed") & ~Q(fault="")) | (~Q(state="failed") & Q(fault="")),
                name="issuing_row_fault_when_failed",
            ),
        )
        indexes = (models.Index(fields=("chunk", "state"), name="issuing_row_of_chunk"),)

    def __str__(self) -> str:
        return f"Row {self.number} of {self.batch_id}"


class Award(InstitutionRow):
    """That a learner holds a micro-credential: at most one open award each, whoever issues and however often."""

    specification = models.ForeignKey(Specification, on_delete=models.PROTECT, related_name="+")
    learner = models.ForeignKey(LearnerRecord, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # Set when the credential is revoked, or has expired and a new one is issued.
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("specification", "learner"),
                condition=Q(closed_at__isnull=True),
                name="issuing_one_open_award_each",
            ),
        )

    def __str__(self) -> str:
        return f"Award {self.id}"


class IssuedCredential(PersonalRow):
    """A signed credential. Append-only but for the mark of its revocation; the document goes with the learner's key."""

    version = models.ForeignKey(SpecificationVersion, on_delete=models.PROTECT, related_name="+")
    learner = models.ForeignKey(LearnerRecord, on_delete=models.PROTECT, related_name="+")
    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="credential")
    row = models.OneToOneField(BatchRow, on_delete=models.PROTECT, related_name="credential")
    number = models.CharField(_("number"), max_length=16, unique=True)
    signing_key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+")
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="+")
    status_index = models.PositiveIntegerField()
    document = personal.PersonalBytesField()
    digest = models.CharField(max_length=64)
    learner_number_index = models.BinaryField(max_length=32, null=True, editable=False)
    awarded_on = models.DateField(_("date of the award"))
    issued_at = models.DateTimeField(_("issued"))
    valid_until = models.DateTimeField(_("valid until"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        ordering = ("-issued_at", "-id")
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        constraints = (
            models.UniqueConstraint(
                fields=("status_list", "status_index"), name="issuing_credential_status_index_once"
            ),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="issuing_credential_digest_hex"),
        )
        indexes = (
            models.Index(fields=("institution", "-issued_at"), name="issuing_credential_listed"),
            models.Index(fields=("learner", "-issued_at"), name="issuing_credential_of_learner"),
            models.Index(fields=("institution", "learner_number_index"), name="issuing_credential_by_number"),
            models.Index(
                fields=("status_list",), name="issuing_credential_revoked", condition=Q(revoked_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.number

    def state_at(self, at: dt.datetime) -> CredentialState:
        """This will tell the state of the credential: a revoked one stays revoked when it expires too."""
        if self.revoked_at is not None:
            return CredentialState.REVOKED
        if self.valid_until is not None and self.valid_until <= at:
            return CredentialState.EXPIRED
        return CredentialState.VALID


class CredentialState(models.TextChoices):
    VALID = "valid", _("Valid")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")
    ERASED = "erased", _("Erased")


class RevocationReason(models.TextChoices):
    """Why a credential is taken back. The learner reads it; the world learns only that it is revoked."""

    MISTAKE = "issued-by-mistake", _("It was issued by mistake")
    DATA = "wrong-data", _("It states something wrong and is replaced by a correct one")
    ASSESSMENT = "assessment-annulled", _("The assessment was annulled")
    MISCONDUCT = "misconduct", _("Academic misconduct was found")
    REQUEST = "learner-request", _("The learner asked for it")
    OTHER = "other", _("Another reason")


class StatusChange(PersonalRow):
    """Each change of a credential's state, with its reason. Append-only."""

    credential = models.ForeignKey(IssuedCredential, on_delete=models.PROTECT, related_name="changes")
    state = models.CharField(max_length=10, choices=CredentialState)
    reason = models.CharField(_("reason"), max_length=24, choices=RevocationReason)
    note = personal.PersonalTextField(_("note to the learner"), null=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("credential",), condition=Q(state="revoked"), name="issuing_credential_revoked_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.credential_id}"


class CredentialLink(PersonalRow):
    """A learner's private address for one credential. Its digest finds it; the token itself is encrypted."""

    credential = models.ForeignKey(IssuedCredential, on_delete=models.PROTECT, related_name="links")
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    token = personal.PersonalTextField()
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("credential",), condition=Q(withdrawn_at__isnull=True), name="issuing_one_open_link_each"
            ),
        )

    def __str__(self) -> str:
        return f"CredentialLink {self.id}"


class NoticeKind(models.TextChoices):
    ISSUED = "issued", _("The credential is there")
    REVOKED = "revoked", _("The credential was revoked")


class NoticeState(models.TextChoices):
    WAITING = "waiting", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be sent")


class Notice(PersonalRow):
    """An e-mail to a learner about one credential. Sent at least once; `due_at` is its lease while it is being sent."""

    credential = models.ForeignKey(IssuedCredential, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=8, choices=NoticeKind)
    email = personal.PersonalTextField(_("e-mail address"))
    language = models.CharField(max_length=35, default="en")
    state = models.CharField(max_length=8, choices=NoticeState, default=NoticeState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="issuing_notice_sent_at_when_sent",
            ),
        )
        indexes = (models.Index(fields=("due_at",), name="issuing_notice_due", condition=Q(state="waiting")),)

    def __str__(self) -> str:
        return f"Notice {self.id}"


class LearnerTerm(models.Model):
    """A word of a learner's name or address, or the beginning of one, as a keyed digest: names are encrypted, so this
    is how they are searched. Deleted with the learner's key.
    """

    id = models.BigAutoField(primary_key=True)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    learner = models.ForeignKey(LearnerRecord, on_delete=models.CASCADE, related_name="+")
    term = models.BinaryField(max_length=16)

    objects = ScopedManager(institution="institution")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("learner", "term"), name="issuing_learner_term_once"),)
        indexes = (models.Index(fields=("institution", "term"), name="issuing_learner_by_term"),)

    def __str__(self) -> str:
        return f"LearnerTerm {self.id}"


class ColumnMapping(models.Model):
    """What an institution said last time about a list with the same headings."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="+")
    headings_digest = models.CharField(max_length=64)
    mapping = models.JSONField()
    used_at = models.DateTimeField()

    objects = ScopedManager(institution="institution")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("institution", "headings_digest"), name="issuing_mapping_once"),)

    def __str__(self) -> str:
        return f"ColumnMapping {self.id}"
