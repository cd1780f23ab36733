"""The catalogue app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "openmcx.catalogue"
    label = "catalogue"
    verbose_name = _("Catalogue")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """This will offer the catalogue's entries of the navigation, say what tokens are good for, and what is told."""
        from openmcx.accounts.slots import notification_kinds, token_uses
        from openmcx.catalogue import notifications, queries
        from openmcx.catalogue.views.drafts import navigation
        from openmcx.catalogue.views.waiting import waiting
        from openmcx.ui import slots

        slots.navigation.register(navigation, name="catalogue")
        slots.waiting.register(waiting, name="catalogue")
        token_uses.register(queries.token_uses, name="catalogue.drafts")
        notification_kinds.register(lambda _question: notifications.KINDS, name="catalogue")
