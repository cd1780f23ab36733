"""What happened to a specification, as its pages tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from openmcx.accounts.queries import names_of
from openmcx.catalogue import operations
from openmcx.catalogue.mapping.elements import ELEMENTS
from openmcx.catalogue.mapping.languages import language_name
from openmcx.catalogue.models import CatalogueEntry, Specification, SpecificationVersion
from openmcx.kernel import audit
from openmcx.kernel.models import AuditRecord
from openmcx.ui.components import Moment, State

Audit = operations.Audit


def published(versions: Iterable[SpecificationVersion], *, shown: int = 0) -> list[Moment]:
    """This will tell of each published version; that with the number `shown` is the one whose page it stands on."""
    return [_version(one, is_shown=one.number == shown) for one in versions]


def _version(version: SpecificationVersion, *, is_shown: bool = False, by: str = "") -> Moment:
    address = {"slug": version.slug, "number": version.number}
    changes = (_("What changed in version %(number)s") % address, reverse("catalogue:changes", kwargs=address))
    title = _("Version %(number)s published") % address
    return Moment(
        at=version.published_at,
        title=_("%(title)s (this page)") % {"title": title} if is_shown else title,
        text=version.change_note,
        state=State.OK,
        by=by,
        url="" if is_shown else reverse("catalogue:version", kwargs=address),
        links=(changes,) if version.number > 1 else (),
    )


def of_draft(
    specification: Specification, versions: Sequence[SpecificationVersion], entry: CatalogueEntry | None
) -> list[Moment]:
    """This will tell, the newest first, what was done to a specification and by whom."""
    others = [one for one in Audit if one not in (Audit.PUBLISHED, Audit.CREATED, Audit.DELETED)]
    rows = audit.trail(specification, actions=others)
    names = names_of(
        [specification.created_by, *(one.published_by for one in versions), *(row.actor_id for row in rows)]
    )
    told = [_version(one, by=names.get(one.published_by, "")) for one in versions]
    told += [_deed(row, names, entry) for row in _joined(rows)]
    told.sort(key=lambda one: one.at, reverse=True)
    created = Moment(at=specification.created_at, title=_("Draft begun"), by=names.get(specification.created_by, ""))
    return [*told, created]


def _joined(rows: Iterable[AuditRecord]) -> list[AuditRecord]:
    """Leave out what is no news: of a person's savings on one day the last one stands for all, with all elements."""
    kept: list[AuditRecord] = []
    for row in rows:
        last = kept[-1] if kept else None
        if (
            last is not None
            and row.action == last.action == Audit.EDITED
            and (row.actor_id, row.at.date()) == (last.actor_id, last.at.date())
        ):
            last.data = {**last.data, "elements": [*last.data["elements"], *row.data["elements"]]}
        else:
            kept.append(row)
    return kept


def _deed(row: AuditRecord, names: Mapping[UUID | None, str], entry: CatalogueEntry | None) -> Moment:
    data = row.data
    text = ""
    state = State.QUIET
    if row.action == Audit.EDITED:
        wanted = set(data["elements"])
        text = ", ".join(str(element.label) for name, element in ELEMENTS.items() if name in wanted)
    elif row.action in (Audit.LANGUAGE_ADDED, Audit.LANGUAGE_REMOVED):
        text = language_name(str(data["language"]))
    elif row.action == Audit.WITHDRAWN:
        state = State.WARN
        if entry is not None and entry.withdrawn_at == row.at:
            text = entry.withdrawal_reason
    elif row.action == Audit.LISTED_AGAIN:
        state = State.OK
    return Moment(at=row.at, title=_title(row.action), text=text, state=state, by=names.get(row.actor_id, ""))


def _title(action: str) -> str:
    titles = {
        Audit.EDITED: _("Draft changed"),
        Audit.LANGUAGE_ADDED: _("Language of the texts added"),
        Audit.LANGUAGE_REMOVED: _("Language of the texts removed"),
        Audit.CHANGES_DISCARDED: _("Changes since the last version discarded"),
        Audit.WITHDRAWN: _("Withdrawn from the catalogue"),
        Audit.LISTED_AGAIN: _("Listed in the catalogue again"),
        Audit.PARTNER_ADDED: _("Partner institution added"),
        Audit.PARTNER_REMOVED: _("Partner institution removed"),
    }
    return titles[Audit(action)]
