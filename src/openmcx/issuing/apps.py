"""The app's configuration, and what it says to and hears from the others."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IssuingConfig(AppConfig):
    name = "openmcx.issuing"
    label = "issuing"
    verbose_name = _("Issuing")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """This will register handlers, providers and recurring work."""
        from openmcx.accounts.slots import notification_kinds, token_uses
        from openmcx.catalogue.slots import version_uses
        from openmcx.institutions.events import LearnerClaimed, LearnerErased, SigningKeyReplaced
        from openmcx.institutions.slots import key_uses
        from openmcx.issuing import notifications, queries, tasks, views
        from openmcx.issuing.events import BatchConfirmed, NoticesWaiting
        from openmcx.kernel import events, jobs, slots
        from openmcx.ui import slots as ui_slots

        events.subscribe(BatchConfirmed, tasks.enqueue_chunks, name="issuing.enqueue-chunks")
        events.subscribe(NoticesWaiting, tasks.enqueue_notices, name="issuing.send-notices")
        events.subscribe(SigningKeyReplaced, tasks.sign_status_lists, name="issuing.sign-status-lists")
        events.subscribe(LearnerErased, tasks.forget_learner, name="issuing.forget-learner")
        events.subscribe(LearnerClaimed, tasks.tell_of_claim, name="issuing.tell-of-claim")
        jobs.every(seconds=15)(tasks.sweep)
        jobs.every(seconds=3600)(tasks.sign_old_lists)
        slots.local_document.register(queries.local_status_list, name="issuing.status-lists")
        slots.local_document.register(queries.local_private_document, name="issuing.private-links")
        slots.static_documents.register(tasks.static_status_lists, name="issuing.status-lists")
        slots.personal_data.register(queries.personal_data, name="issuing.credentials")
        key_uses.register(queries.key_uses, name="issuing.credentials")
        token_uses.register(queries.token_uses, name="issuing.credentials")
        version_uses.register(queries.version_uses, name="issuing.credentials")
        ui_slots.navigation.register(views.navigation, name="issuing")
        ui_slots.waiting.register(views.waiting, name="issuing")
        notification_kinds.register(lambda _question: notifications.KINDS, name="issuing")
