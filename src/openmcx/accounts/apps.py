"""The accounts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "openmcx.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """This will answer the kernel's question what is held of a person."""
        from openmcx.accounts import queries
        from openmcx.kernel import slots

        slots.personal_data.register(queries.personal_data_of, name="accounts")
