"""What happened to an institution, as its administrators read it."""

from __future__ import annotations

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from openmcx.accounts.queries import names_of
from openmcx.institutions.models import Institution
from openmcx.institutions.operations import Audit
from openmcx.kernel import audit
from openmcx.ui.components import Moment, State


def of_institution(institution: Institution) -> list[Moment]:
    """This will tell, the newest first, what was done to an institution and its keys, and by whom."""
    deeds = {
        Audit.ADDED: (State.OK, _("Added to the network")),
        Audit.CHANGED: (State.INFO, _("Profile changed")),
        Audit.COLOUR_CHANGED: (State.QUIET, _("Colour changed")),
        Audit.LOGO_CHANGED: (State.QUIET, _("Logo changed")),
        Audit.LOGO_REMOVED: (State.QUIET, _("Logo removed")),
        Audit.KEY_CREATED: (State.OK, _("Signing key made")),
        Audit.KEY_ROTATED: (State.INFO, _("A new key signs")),
        Audit.KEY_REVOKED: (State.BAD, _("Signing key revoked")),
    }
    rows = audit.trail(institution, *institution.signing_keys.all(), actions=deeds)
    names = names_of(row.actor_id for row in rows)
    # That the name changed says already that there is a former one.
    fields = [field for field in Institution._meta.fields if field.name != "former_names"]
    labels = {field.name: capfirst(str(field.verbose_name)) for field in fields}
    told = []
    for row in rows:
        state, title = deeds[Audit(row.action)]
        text = str(row.data.get("fragment", ""))
        if row.action == Audit.CHANGED:
            text = ", ".join(labels[name] for name in row.data["fields"] if name in labels)
        told.append(Moment(at=row.at, title=title, text=text, state=state, by=names.get(row.actor_id, "")))
    return told
