"""The kernel as a Django app."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The app without a domain; all others stand on it."""

    name = "openmcx.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """This will register the kernel's own recurring work."""
        from openmcx.kernel import recurring  # noqa: F401  (registers on import)
