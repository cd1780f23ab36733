"""What waits for registrars, and for learners whose credentials end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openmcx.institutions.models import Role
from openmcx.issuing import queries
from openmcx.issuing.models import Batch, BatchState, CredentialState, NoticeState, RowState
from openmcx.kernel.scopes import scope
from openmcx.ui.components import State
from openmcx.ui.languages import written
from openmcx.ui.slots import Waiting, WaitingFor

# Nobody works on more lists at once; the page of class lists shows all.
MOST = 25
# What failed longer ago has been looked at. Units: days.
FAILED_DAYS = 30
# A credential that ends is said so long before. Units: days.
ENDING_DAYS = 60


def waiting(asked: WaitingFor) -> list[Waiting]:
    """This will list what a registrar has begun and not finished or what failed, and credentials that end soon."""
    found: list[Waiting] = []
    mine = asked.actor.institutions(Role.REGISTRAR)
    if mine:
        with scope(institution=mine):
            found += _of_registrar(asked.at)
    if asked.actor.person_id is not None:
        found += _of_learner(asked.actor.person_id, asked.at)
    return found


def _of_registrar(at: dt.datetime) -> Iterable[Waiting]:
    for batch in queries.lists_with_failures(since=at - dt.timedelta(days=FAILED_DAYS))[:MOST]:
        failed = batch.failed  # type: ignore[attr-defined]  # annotated
        text = ngettext("%(count)d learner got no credential", "%(count)d learners got no credential", failed)
        url = reverse("issuing:batch", kwargs={"batch_id": batch.pk})
        yield Waiting(
            title=_title(batch),
            url=f"{url}?state={RowState.FAILED.value}",
            hint=batch.filename,
            state=State.BAD,
            state_text=text % {"count": failed},
            since=batch.confirmed_at,
        )
    unsent = queries.credentials(message=NoticeState.FAILED, at=at).count()
    if unsent:
        text = ngettext("%(count)d learner was not reached", "%(count)d learners were not reached", unsent)
        yield Waiting(
            title=_("Messages to learners"),
            url=f"{reverse('issuing:credentials')}?message={NoticeState.FAILED.value}",
            hint=_("Correct the address, or send the link again."),
            state=State.BAD,
            state_text=text % {"count": unsent},
        )
    for batch in queries.open_lists()[:MOST]:
        state, words = _how_far(batch)
        yield Waiting(
            title=_title(batch),
            url=reverse("issuing:batch", kwargs={"batch_id": batch.pk}),
            hint=batch.filename or _("Class list"),
            state=state,
            state_text=words,
            since=batch.created_at,
        )


def _how_far(batch: Batch) -> tuple[State, str]:
    if batch.state == BatchState.UPLOADED:
        return State.WARN, _("Say what the columns mean")
    if batch.fault_count:
        text = ngettext("%(count)d fault to mend", "%(count)d faults to mend", batch.fault_count)
        return State.WARN, text % {"count": batch.fault_count}
    return State.INFO, _("Ready to be issued")


def _title(batch: Batch) -> str:
    return written(batch.version.title, noted=False)


def _of_learner(person_id: UUID, at: dt.datetime) -> Iterable[Waiting]:
    soon = at + dt.timedelta(days=ENDING_DAYS)
    for held in queries.credentials_of(person_id, at=at):
        if held.state == CredentialState.VALID and held.valid_until is not None and held.valid_until <= soon:
            yield Waiting(
                title=written(held.title, noted=False),
                url=held.url,
                hint=held.institution.marked,
                state=State.WARN,
                state_text=_("Expires soon"),
                due_on=held.valid_until.date(),
            )
