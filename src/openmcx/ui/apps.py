"""The ui app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "openmcx.ui"
    label = "ui"
    verbose_name = _("User interface")

    def ready(self) -> None:
        """This will chain the catalogues of languages that another one stands in for."""
        from django.conf import settings  # when Django is ready

        from openmcx.ui.languages import join_stand_ins

        join_stand_ins(tag for tag, _name in settings.LANGUAGES)
