"""What waits for administrators, and for learners whose record nobody has claimed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openmcx.institutions import queries, rules
from openmcx.institutions.models import Institution, Role
from openmcx.kernel.scopes import scope
from openmcx.ui.components import State
from openmcx.ui.languages import filled
from openmcx.ui.slots import Waiting, WaitingFor

# What ends is said so long before. Units: days.
ENDING_DAYS = 60
# Nobody looks after more institutions at once; the list of institutions shows all.
MOST = 10


def waiting(asked: WaitingFor) -> list[Waiting]:
    """This will say what an administrator's institution lacks, and which records may be those of the person."""
    found: list[Waiting] = []
    mine = asked.actor.institutions(Role.ADMIN)
    if mine:
        with scope(institution=mine):
            for institution in queries.search().filter(pk__in=list(mine))[:MOST]:
                found += _of_institution(institution, asked.at)
    if asked.actor.person_id is not None:
        unclaimed = [record for record in queries.records_about(asked.actor.person_id) if not record.claimed]
        found += [
            Waiting(
                title=_("A credential may be yours"),
                url=reverse("institutions:claims"),
                hint=record.institution.marked,
                state=State.INFO,
                state_text=_("Add it to your account"),
            )
            for record in unclaimed
        ]
    return found


def _of_institution(institution: Institution, at: dt.datetime) -> Iterable[Waiting]:
    slug, today = {"slug": institution.slug}, at.date()
    soon = today + dt.timedelta(days=ENDING_DAYS)
    yield from _key(institution, at)
    missing = rules.missing_statements(institution)
    if missing:
        text = ngettext("%(count)d statement is missing", "%(count)d statements are missing", len(missing))
        yield Waiting(
            title=filled(_("Profile of %(institution)s"), institution=institution.marked),
            url=reverse("institutions:profile", kwargs=slug),
            hint=", ".join(missing),
            state=State.WARN,
            state_text=text % {"count": len(missing)},
        )
    until = institution.accredited_until
    if until is not None and until <= soon:
        yield Waiting(
            title=filled(_("Accreditation of %(institution)s"), institution=institution.marked),
            url=reverse("institutions:profile", kwargs=slug),
            state=State.BAD if until < today else State.WARN,
            state_text=_("Has ended") if until < today else _("Ends soon"),
            due_on=until,
        )
    for member in queries.members(institution.pk, on=today):
        if member.ends_on is not None and member.ends_on <= soon:
            yield Waiting(
                title=_("%(role)s: %(person)s") % {"role": member.get_role_display(), "person": member.person},
                url=reverse("institutions:people", kwargs=slug),
                hint=institution.marked,
                state=State.INFO,
                state_text=_("The role ends soon"),
                due_on=member.ends_on,
            )
    for invitation in queries.open_invitations(institution.pk, at=at):
        yield Waiting(
            title=_("Invitation as %(role)s") % {"role": invitation.get_role_display()},
            url=reverse("institutions:people", kwargs=slug),
            hint=institution.marked,
            state=State.INFO,
            state_text=_("Not accepted yet"),
            since=invitation.invited_at,
            due_on=invitation.expires_at.date(),
        )


def _key(institution: Institution, at: dt.datetime) -> Iterable[Waiting]:
    key = queries.keys(institution.pk).filter(retired_at=None, revoked_at=None).first()
    title = filled(_("Signing key of %(institution)s"), institution=institution.marked)
    url = reverse("institutions:keys", kwargs={"slug": institution.slug})
    if key is None:
        yield Waiting(title=title, url=url, state=State.BAD, state_text=_("No key: nothing can be issued"))
    elif at - key.created_at > dt.timedelta(days=rules.OLD_KEY_DAYS):
        yield Waiting(
            title=title,
            url=url,
            hint=_("Made on %(day)s") % {"day": date_format(key.created_at, "DATE_FORMAT")},
            state=State.WARN,
            state_text=_("Two years old: think of a new one"),
        )
