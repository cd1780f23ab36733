"""The portal app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The pages that join the domains."""

    name = "openmcx.portal"
    label = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """This will offer the home page in the main navigation."""
        from openmcx.portal import views
        from openmcx.ui import slots

        slots.navigation.register(views.navigation, name="portal")
