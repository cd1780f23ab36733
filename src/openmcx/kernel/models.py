"""The kernel's tables."""

from __future__ import annotations

from django.db import models

from openmcx.kernel.ids import new_id


class SubjectKey(models.Model):
    """The key under which one person's values are encrypted, itself encrypted under the master key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    wrapped_key = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True)

    # The opened key, kept as long as this object lives and never stored.
    _plain: bytes | None = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="subject_key_erased_or_held",
                condition=models.Q(wrapped_key__isnull=True, erased_at__isnull=False)
                | models.Q(wrapped_key__isnull=False, erased_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.id}{' (erased)' if self.erased_at else ''}"


class AuditRecord(models.Model):
    """What was done, by whom, to what. Written in the transaction of the deed, never changed."""

    number = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_id = models.UUIDField(null=True)
    action = models.CharField(max_length=100)
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=64)
    institution_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="audit_subject"),
            models.Index(fields=["institution_id", "number"], name="audit_institution"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class AuditPending(models.Model):
    """A record that waits for its seal. The queue of the sealer: what commits late is sealed late, never missed."""

    record_number = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.record_number)


class AuditSeal(models.Model):
    """One link of the chain over the records: each code covers the record's digest and the code before."""

    number = models.BigIntegerField(primary_key=True)
    record_number = models.BigIntegerField(unique=True)
    record_digest = models.BinaryField(max_length=32)
    code = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number} over {self.record_number}"


class OutboxEvent(models.Model):
    """Something that happened, written in the transaction in which it happened."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    data = models.JSONField()
    emitted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.id}"


class Delivery(models.Model):
    """One event on its way to one handler."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        GIVEN_UP = "given-up"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    handler = models.CharField(max_length=100)
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    fault = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="delivery_once_per_handler")]
        indexes = [
            models.Index(fields=["due_at"], name="delivery_due", condition=models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.handler} ({self.state})"


class WorkerLease(models.Model):
    """A worker that is alive: it renews its lease, and the tasks of one that stopped doing so run again."""

    worker_id = models.CharField(primary_key=True, max_length=64)
    started_at = models.DateTimeField()
    renewed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker_id


class Tick(models.Model):
    """When a recurring function is due next; claimed by moving it on, so that of many tickers one runs it."""

    name = models.CharField(primary_key=True, max_length=200)
    due_at = models.DateTimeField()
    ran_at = models.DateTimeField(null=True)
    fault = models.TextField(default="")

    def __str__(self) -> str:
        return self.name


class RateCount(models.Model):
    """How often something was asked for in a stretch of time. Holds a keyed digest, no address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.BinaryField(max_length=32)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="rate_count_once_per_window")]

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at}"
