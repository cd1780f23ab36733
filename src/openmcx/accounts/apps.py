"""The accounts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "openmcx.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """This will answer what is held of a person, and have notifications shown and e-mailed."""
        from openmcx.accounts import queries, tasks, views
        from openmcx.kernel import jobs, slots
        from openmcx.ui import slots as ui_slots

        slots.personal_data.register(queries.personal_data_of, name="accounts")
        slots.personal_data.register(queries.notifications_held_of, name="accounts.notifications")
        ui_slots.header_links.register(views.bell, name="accounts.notifications")
        jobs.every(seconds=15)(tasks.sweep)
        jobs.every(seconds=24 * 3600)(tasks.clear_old)
