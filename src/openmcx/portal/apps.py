"""The portal app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The pages that join the domains."""

    name = "openmcx.portal"
    label = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """This will offer the home page in the main navigation, and the legal pages at the foot of every page."""
        from openmcx.accounts.events import PersonErased
        from openmcx.kernel import events
        from openmcx.kernel import slots as kernel_slots
        from openmcx.portal import operations, queries, views
        from openmcx.ui import slots

        slots.navigation.register(views.navigation, name="portal")
        slots.header_links.register(views.header_links, name="portal.help")
        slots.footer.register(lambda _request: queries.footer_links(), name="portal.legal-texts")
        slots.waiting.register(queries.waiting_for_coordinators, name="portal")
        kernel_slots.personal_data.register(queries.personal_data_of, name="portal.first-steps")
        events.subscribe(PersonErased, operations.forget_person, name="portal.forget-first-steps")
