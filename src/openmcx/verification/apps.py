"""The verification app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VerificationConfig(AppConfig):
    """The verification of credentials, open to everybody."""

    name = "openmcx.verification"
    label = "verification"
    verbose_name = _("Verification")

    def ready(self) -> None:
        """This will offer the page in the main navigation and clear old counts once a day."""
        from openmcx.kernel import jobs
        from openmcx.ui import slots
        from openmcx.verification import tasks, views

        slots.navigation.register(views.navigation, name="verification")
        jobs.every(seconds=86_400)(tasks.forget_old_checks)
