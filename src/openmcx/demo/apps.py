"""The demo app. It is installed only when the node runs as a demonstration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """The demonstration network."""

    name = "openmcx.demo"
    label = "demo"
    verbose_name = _("Demonstration")

    def ready(self) -> None:
        """This will show the sign-ins on the sign-in page and offer the page of things to try."""
        from openmcx.accounts import slots as accounts_slots
        from openmcx.demo import queries, views
        from openmcx.ui import slots as ui_slots

        accounts_slots.sign_in_hints.register(queries.sign_in_hints, name="demo")
        ui_slots.navigation.register(views.navigation, name="demo")
