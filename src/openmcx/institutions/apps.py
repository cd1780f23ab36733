"""The institutions app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstitutionsConfig(AppConfig):
    name = "openmcx.institutions"
    label = "institutions"
    verbose_name = _("Institutions")

    def ready(self) -> None:
        """This will answer the questions of the apps below and listen to what happens there."""
        from openmcx.accounts.events import PersonErased
        from openmcx.accounts.slots import notification_kinds, roles_of
        from openmcx.institutions import notifications, queries, tasks
        from openmcx.institutions.events import InvitationSent
        from openmcx.institutions.views import navigation, waiting
        from openmcx.kernel import events, jobs, slots
        from openmcx.ui import slots as ui_slots

        roles_of.register(queries.roles_today, name="institutions")
        slots.local_document.register(queries.local_did_document, name="institutions")
        slots.static_documents.register(queries.static_did_documents, name="institutions")
        slots.personal_data.register(queries.personal_data_of, name="institutions")
        ui_slots.navigation.register(navigation, name="institutions")
        ui_slots.waiting.register(waiting, name="institutions")
        events.subscribe(InvitationSent, tasks.send_invitation, name="institutions.send-invitation")
        events.subscribe(PersonErased, tasks.release_records, name="institutions.release-records")
        notification_kinds.register(lambda _question: notifications.KINDS, name="institutions")
        jobs.every(seconds=24 * 3600)(tasks.tell_of_ageing_keys)
        jobs.every(seconds=300)(tasks.tell_of_trouble)
