"""The app's configuration."""

from django.apps import AppConfig


class ThingsConfig(AppConfig):
    """Installed in tests only."""

    name = "tests.fakes.things"
    label = "things"
    default_auto_field = "django.db.models.BigAutoField"
