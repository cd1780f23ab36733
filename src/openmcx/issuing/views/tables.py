"""Lists that registrars see."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from openmcx.issuing import mapping, queries
from openmcx.issuing.models import Batch, BatchRow, BatchState, CredentialState, IssuedCredential, NoticeState, RowState
from openmcx.ui.components import State
from openmcx.ui.tables import Table
from openmcx.ui.templatetags.ui import status

BATCH_STATES = {
    BatchState.UPLOADED: State.WARN,
    BatchState.CHECKED: State.INFO,
    BatchState.ISSUING: State.INFO,
    BatchState.DONE: State.OK,
    BatchState.DISCARDED: State.QUIET,
}
ROW_STATES = {
    RowState.WAITING: State.QUIET,
    RowState.ISSUED: State.OK,
    RowState.ALREADY: State.INFO,
    RowState.FAILED: State.BAD,
}
CREDENTIAL_STATES = {
    CredentialState.VALID: State.OK,
    CredentialState.EXPIRED: State.WARN,
    CredentialState.REVOKED: State.BAD,
    CredentialState.ERASED: State.QUIET,
}
NOTICE_STATES = {NoticeState.WAITING: State.QUIET, NoticeState.SENT: State.OK, NoticeState.FAILED: State.BAD}
NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


def batch_state(batch: Batch) -> tuple[State, str]:
    """This will say how a list stands; one with faults says so."""
    if batch.state == BatchState.CHECKED and batch.fault_count:
        return State.BAD, str(_("Has faults"))
    state = BatchState(batch.state)
    return BATCH_STATES[state], str(state.label)


class BatchTable(Table):
    """Class lists."""

    caption = _("Class lists of your institution, the newest first")
    empty_title = _("No class list yet")
    not_found_title = _("No class list fits the search")
    optional = ("filename", "row_count", "state", "created_at", "confirmed_at", "institution")
    left_out = ("confirmed_at", "institution")

    title = django_tables2.Column(
        _("Micro-credential"), accessor="version", order_by=("version__slug", "version__number")
    )
    filename = django_tables2.Column(_("File"))
    row_count = django_tables2.Column(_("Rows"), attrs=NUMBER)
    state = django_tables2.Column(_("State"))
    created_at = django_tables2.Column(_("Uploaded"))
    confirmed_at = django_tables2.Column(_("Confirmed"))
    institution = django_tables2.Column(_("Institution"), order_by=("institution__slug",))

    class Meta(Table.Meta):
        order_by = "-created_at"

    def render_title(self, record: Batch) -> Any:
        """This will link the list."""
        return format_html('<a href="{}">{}</a>', reverse("issuing:batch", args=[record.pk]), record.version.marked)

    def render_institution(self, record: Batch) -> Any:
        """This will name the institution."""
        return record.institution.marked

    def value_institution(self, record: Batch) -> str:
        """This will name the institution in the file."""
        return str(record.institution)

    def render_state(self, record: Batch) -> Any:
        """This will show the state as icon and words."""
        return status(*batch_state(record))

    def value_title(self, record: Batch) -> str:
        """This will name the micro-credential in the file."""
        return str(record.version)

    def value_state(self, record: Batch) -> str:
        """This will name the state in the file."""
        return batch_state(record)[1]

    def value_confirmed_at(self, value: dt.datetime) -> str:
        """This will write the time in the file."""
        return value.isoformat(timespec="seconds")

    def value_created_at(self, record: Batch) -> str:
        """This will write the time in the file."""
        return record.created_at.isoformat(timespec="seconds")


class RowTable(Table):
    """What came of each learner of a list."""

    caption = _("Learners of this list")
    empty_title = _("No learner yet")
    not_found_title = _("No learner fits the search")

    number = django_tables2.Column(_("Row"))
    learner = django_tables2.Column(_("Learner"), empty_values=(), orderable=False)
    state = django_tables2.Column(_("Result"))
    credential = django_tables2.Column(_("Credential"), empty_values=(), orderable=False)

    class Meta(Table.Meta):
        pass

    def render_number(self, record: BatchRow) -> int:
        """This will show the row of the list."""
        return record.number

    def render_learner(self, record: BatchRow) -> str:
        """This will name the learner: by their record, or by the list until there is one."""
        if record.learner is not None:
            return _learner_name(record.learner)
        said = record.award
        return mapping.learner_in_words(mapping.row_from_json(said)) if said else ""

    def render_state(self, record: BatchRow) -> Any:
        """This will show the result, and why when it failed."""
        state = RowState(record.state)
        shown = status(ROW_STATES[state], state.label)
        return format_html("{} {}", shown, mapping.why_failed(record.fault)) if record.fault else shown

    def render_credential(self, record: BatchRow) -> Any:
        """This will link the credential."""
        credential = getattr(record, "credential", None)
        if credential is None:
            return ""
        return _credential_link(credential)

    def value_state(self, record: BatchRow) -> str:
        """This will name the result in the file."""
        label = str(RowState(record.state).label)
        return f"{label}: {mapping.why_failed(record.fault)}" if record.fault else label

    def value_credential(self, record: BatchRow) -> str:
        """This will write the number in the file."""
        credential = getattr(record, "credential", None)
        return credential.number if credential else ""


class CredentialTable(Table):
    """Issued credentials."""

    caption = _("Credentials issued by your institution")
    empty_title = _("No credential has been issued yet")
    not_found_title = _("No credential fits the search")
    optional = ("title", "number", "awarded_on", "issued_at", "valid_until", "state", "message", "email", "institution")
    left_out = ("valid_until", "message", "email", "institution")

    learner = django_tables2.Column(_("Learner"), empty_values=(), orderable=False)
    title = django_tables2.Column(
        _("Micro-credential"), accessor="version", order_by=("version__slug", "version__number")
    )
    number = django_tables2.Column(_("Number"))
    awarded_on = django_tables2.Column(_("Awarded on"))
    issued_at = django_tables2.Column(_("Issued"))
    valid_until = django_tables2.Column(_("Valid until"))
    state = django_tables2.Column(_("State"), empty_values=(), orderable=False)
    message = django_tables2.Column(_("Last message"), accessor="message_state")
    email = django_tables2.Column(_("E-mail address"), accessor="learner__email", orderable=False)
    institution = django_tables2.Column(_("Institution"), order_by=("institution__slug",))

    class Meta(Table.Meta):
        order_by = "-issued_at"

    def __init__(self, *args: Any, at: dt.datetime, **kwargs: Any) -> None:
        self.at = at
        super().__init__(*args, **kwargs)

    def render_title(self, record: IssuedCredential) -> Any:
        """This will name the micro-credential."""
        return record.version.marked

    def value_title(self, record: IssuedCredential) -> str:
        """This will name the micro-credential in the file."""
        return str(record.version)

    def render_institution(self, record: IssuedCredential) -> Any:
        """This will name the institution."""
        return record.institution.marked

    def value_institution(self, record: IssuedCredential) -> str:
        """This will name the institution in the file."""
        return str(record.institution)

    def render_learner(self, record: IssuedCredential) -> str:
        """This will name the learner."""
        return _learner_name(record.learner)

    def render_number(self, record: IssuedCredential) -> Any:
        """This will link the credential."""
        return _credential_link(record)

    def render_state(self, record: IssuedCredential) -> Any:
        """This will show the state as icon and words."""
        state = record.state_at(self.at)
        return status(CREDENTIAL_STATES[state], state.label)

    def render_message(self, value: str) -> Any:
        """This will show how the last message to the learner stands."""
        return status(NOTICE_STATES[NoticeState(value)], NoticeState(value).label)

    def value_message(self, value: str) -> str:
        """This will name in the file how the last message stands."""
        return str(NoticeState(value).label)

    def value_number(self, record: IssuedCredential) -> str:
        """This will write the number in the file."""
        return record.number

    def value_state(self, record: IssuedCredential) -> str:
        """This will name the state in the file."""
        return str(record.state_at(self.at).label)

    def value_awarded_on(self, record: IssuedCredential) -> str:
        """This will write the date in the file."""
        return record.awarded_on.isoformat()

    def value_valid_until(self, value: dt.datetime) -> str:
        """This will write the time in the file."""
        return value.isoformat(timespec="seconds")

    def value_issued_at(self, record: IssuedCredential) -> str:
        """This will write the time in the file."""
        return record.issued_at.isoformat(timespec="seconds")


def _credential_link(credential: IssuedCredential) -> Any:
    place = reverse("issuing:credential", args=[credential.pk])
    return format_html('<a class="text-nowrap" href="{}">{}</a>', place, credential.number)


def _learner_name(learner: Any) -> str:
    if learner.given_name is None:
        return str(_("(erased)"))
    return f"{learner.given_name} {learner.family_name}".strip()


def held_state(credential: IssuedCredential, at: dt.datetime) -> tuple[State, str]:
    """This will say how a credential stands."""
    state = queries.state(credential, at=at)
    return CREDENTIAL_STATES[state], str(state.label)
