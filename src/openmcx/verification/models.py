"""What is remembered of a verification: that it happened and what was found, never what was handed in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from openmcx.kernel.ids import new_id


class Channel(models.TextChoices):
    """How the document reached the node."""

    FILE = "file", _("File")
    TEXT = "text", _("Pasted text")
    LINK = "link", _("Link")
    API = "api", _("API")


class Verdict(models.TextChoices):
    """The five verdicts of a report."""

    VERIFIED = "verified", _("Verified")
    CAUTION = "caution", _("Caution")
    NOT_VERIFIED = "not-verified", _("Not verified")
    UNSUPPORTED = "unsupported", _("Cannot be checked here")
    UNREADABLE = "unreadable", _("Unreadable")


class Check(models.Model):
    """One verification, for statistics.

    `digest` is keyed, so that it tells whether the same document came twice but not which document it was.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.BinaryField(max_length=32, editable=False)
    verdict = models.CharField(max_length=12, choices=Verdict)
    codes = models.JSONField(default=list)
    channel = models.CharField(max_length=4, choices=Channel)
    checked_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(verdict__in=Verdict.values), name="verification_verdict_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=Channel.values), name="verification_channel_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.verdict} {self.checked_at:%Y-%m-%d %H:%M}"
