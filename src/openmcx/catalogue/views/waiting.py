"""What waits for those who describe micro-credentials."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openmcx.catalogue import queries
from openmcx.catalogue.models import Specification
from openmcx.credentials.formats import specification as specification_format
from openmcx.institutions.models import Role
from openmcx.kernel.scopes import scope
from openmcx.ui.components import State
from openmcx.ui.slots import Waiting, WaitingFor

# Nobody works on more drafts at once; the list of drafts shows all.
MOST = 25


def waiting(asked: WaitingFor) -> list[Waiting]:
    """This will list the drafts that are not published as they stand, the last edited first."""
    mine = asked.actor.institutions(Role.AUTHOR)
    if not mine:
        return []
    with scope(institution=mine):
        return [_draft(one) for one in queries.unpublished()[:MOST]]


def _draft(specification: Specification) -> Waiting:
    missing = len(specification_format.completeness(queries.draft_achievement(specification)))
    state, text = State.INFO, _("Complete, not published")
    if missing:
        said = ngettext("%(count)d mandatory element is missing", "%(count)d mandatory elements are missing", missing)
        state, text = State.WARN, said % {"count": missing}
    elif specification.is_published:
        text = _("Changed since the last version")
    return Waiting(
        title=specification.marked,
        url=reverse("catalogue:overview", kwargs={"specification_id": specification.pk}),
        state=state,
        state_text=text,
        since=specification.edited_at,
    )
