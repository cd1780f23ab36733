"""What the pages that join the domains show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from openmcx.accounts import queries as accounts_queries
from openmcx.catalogue import queries as catalogue_queries
from openmcx.catalogue.models import Specification
from openmcx.credentials.model import LangText
from openmcx.institutions import queries as institution_queries
from openmcx.institutions import rules as institution_rules
from openmcx.institutions.models import Institution, Role
from openmcx.issuing import queries as issuing_queries
from openmcx.issuing.models import BatchState, CredentialState
from openmcx.kernel.actors import Actor
from openmcx.kernel.scopes import scope
from openmcx.portal.queries.legal import missing_legal_texts
from openmcx.ui import slots
from openmcx.ui.components import Mark, State, Task
from openmcx.ui.countries import country_name
from openmcx.ui.languages import filled, written
from openmcx.ui.slots import Waiting, WaitingFor

# How many lines each section shows; the list behind it shows all.
LINES = 8
# How many unread notifications are shown; their page shows all.
NEWS_LINES = 3
# Of so many the newest are chosen, told together where they are alike.
NEWS_READ = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionLine:
    """An institution as the start page lists it."""

    name: LangText
    country: str  # its name in the reader's language
    url: str
    address: str
    email: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way on from a section."""

    text: str | Promise
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """How things stand with one role, and what it does most. `empty` is said when there is nothing yet."""

    title: str | Promise
    tasks: tuple[Task, ...]
    links: tuple[Link, ...] = ()
    empty: str | Promise
    icon: str = "inbox"


def offers() -> int:
    """This will count what is in the catalogue."""
    return catalogue_queries.published().count()


def institutions() -> list[InstitutionLine]:
    """This will list the institutions of the network."""
    return [
        InstitutionLine(
            name=one.name,
            country=country_name(one.country),
            url=reverse("institutions:page", kwargs={"slug": one.slug}),
            address=one.address,
            email=one.email,
            mark=institution_queries.mark(one),
        )
        for one in institution_queries.search()
    ]


def name_of(actor: Actor) -> str:
    """This will give the name of whoever is signed in; "" when they have stated none."""
    return (accounts_queries.person(actor.person_id).name or "") if actor.person_id else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLine:
    """Something that waits, with how long it has been waiting or by when it must be done in words."""

    what: Waiting
    when: str
    is_late: bool


_URGENCY = (State.BAD, State.WARN, State.INFO)


def waiting(actor: Actor, *, at: dt.datetime) -> list[WaitingLine]:
    """This will list what waits for the actor in all their roles: the most urgent first, then what ends first, then
    what has been waiting longest.
    """
    found = [one for answer in slots.waiting.ask(WaitingFor(actor=actor, at=at)) for one in answer]
    last, never = dt.date.max, dt.datetime.max.replace(tzinfo=dt.UTC)
    found.sort(key=lambda one: (_urgency(one.state), one.due_on or last, one.since or never))
    return [
        WaitingLine(what=one, when=_when(one, at), is_late=one.due_on is not None and one.due_on < at.date())
        for one in found
    ]


def _urgency(state: State) -> int:
    return _URGENCY.index(state) if state in _URGENCY else len(_URGENCY)


def _when(one: Waiting, at: dt.datetime) -> str:
    if one.due_on is not None:
        day = {"day": date_format(one.due_on, "DATE_FORMAT")}
        return gettext("Ended on %(day)s") % day if one.due_on < at.date() else gettext("Until %(day)s") % day
    if one.since is None:
        return ""
    days = (timezone.localdate(at) - timezone.localdate(one.since)).days
    if days < 1:
        return gettext("Since today")
    return ngettext("For %(count)d day", "For %(count)d days", days) % {"count": days}


def waiting_for_coordinators(asked: WaitingFor) -> list[Waiting]:
    """This will answer the home page: the legal texts that nobody has published yet."""
    missing = missing_legal_texts() if asked.actor.holds_anywhere(Role.COORDINATOR) else []
    if not missing:
        return []
    text = ngettext("%(count)d text is missing", "%(count)d texts are missing", len(missing))
    return [
        Waiting(
            title=gettext("Legal texts"),
            url=reverse("portal:legal-texts"),
            hint=", ".join(str(kind.label) for kind in missing),
            state=State.WARN,
            state_text=text % {"count": len(missing)},
        )
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What the person was told and has not read: how much, and the newest of it."""

    count: int
    groups: tuple[accounts_queries.Group, ...]


def news(actor: Actor) -> News | None:
    """This will give what the actor has not read; None when they have read all of it."""
    if actor.person_id is None:
        return None
    count = accounts_queries.unread_count(actor.person_id)
    if not count:
        return None
    newest = accounts_queries.notifications_of(actor.person_id, unread_only=True)[:NEWS_READ]
    groups = accounts_queries.grouped(accounts_queries.read_out(newest), scattered=True)
    return News(count=count, groups=tuple(groups[:NEWS_LINES]))


def sections(actor: Actor, *, at: dt.datetime) -> tuple[Section, ...]:
    """This will say how things stand with the actor, one section for each of their roles, learners last.

    Each section sees the institutions at which the actor holds its role, whatever they are elsewhere.
    """
    found = []
    of_role: dict[Role, Callable[[], Section]] = {
        Role.REGISTRAR: lambda: _registrar(at),
        Role.AUTHOR: _author,
        Role.ADMIN: lambda: _administrator(actor, at),
    }
    for role, section in of_role.items():
        if actor.holds_anywhere(role):
            with scope(institution=actor.institutions(role)):
                found.append(section())
    if actor.holds_anywhere(Role.COORDINATOR):
        found.append(_coordinator())
    held = _learner(actor.person_id, at) if actor.person_id else None
    if held and (held.tasks or not found):
        found.append(held)
    return tuple(found)


# --- registrar --------------------------------------------------------------------------------------------------------


def _registrar(at: dt.datetime) -> Section:
    tasks = [
        Task(
            title=written(batch.version.title, noted=False),
            url=reverse("issuing:batch", kwargs={"batch_id": batch.pk}),
            hint=batch.filename or gettext("Class list"),
            state=State.INFO,
            state_text=_("Being issued"),
        )
        for batch in issuing_queries.batches(state=BatchState.ISSUING)[:LINES]
    ]
    issued = issuing_queries.credentials(at=at)
    recent = issued.filter(issued_at__gte=at - dt.timedelta(days=30)).count()
    month = (at - dt.timedelta(days=30)).date().isoformat()
    everything = issued.count()
    if recent:
        text = ngettext(
            "%(count)d credential issued in the last 30 days",
            "%(count)d credentials issued in the last 30 days",
            recent,
        )
        url = f"{reverse('issuing:credentials')}?issued_from={month}"
        tasks.append(Task(title=text % {"count": recent}, url=url))
    if everything:
        text = ngettext("%(count)d credential issued so far", "%(count)d credentials issued so far", everything)
        tasks.append(Task(title=text % {"count": everything}, url=reverse("issuing:credentials")))
    return Section(
        title=_("Issuing"),
        tasks=tuple(tasks),
        links=(
            Link(text=_("Issue credentials"), url=reverse("issuing:new")),
            Link(text=_("All class lists"), url=reverse("issuing:batches")),
        ),
        empty=_("No credential has been issued yet."),
        icon="file-check",
    )


# --- author -----------------------------------------------------------------------------------------------------------


def _author() -> Section:
    found = list(catalogue_queries.drafts().defer("content"))
    listed = sum(one.is_published and not _is_withdrawn(one) for one in found)
    unfinished = sum(one.has_changes for one in found)
    tasks = []
    if listed:
        text = ngettext(
            "%(count)d micro-credential in the catalogue", "%(count)d micro-credentials in the catalogue", listed
        )
        tasks.append(Task(title=text % {"count": listed}, url=reverse("catalogue:drafts")))
    if unfinished:
        text = ngettext("%(count)d draft in work", "%(count)d drafts in work", unfinished)
        tasks.append(Task(title=text % {"count": unfinished}, url=reverse("catalogue:drafts")))
    return Section(
        title=_("Micro-credentials in work"),
        tasks=tuple(tasks),
        links=(
            Link(text=_("Describe a micro-credential"), url=reverse("catalogue:new")),
            Link(text=_("All drafts"), url=reverse("catalogue:drafts")),
        ),
        empty=_("No micro-credential is described yet."),
        icon="pencil",
    )


def _is_withdrawn(specification: Specification) -> bool:
    entry = getattr(specification, "catalogue_entry", None)
    return entry is not None and entry.withdrawn_at is not None


# --- administrator and coordinator ------------------------------------------------------------------------------------


def _administrator(actor: Actor, at: dt.datetime) -> Section:
    mine = [institution_queries.institution(one) for one in actor.institutions(Role.ADMIN)]
    tasks = [task for one in sorted(mine, key=lambda one: one.slug)[:LINES] for task in _institution_tasks(one, at)]
    return Section(
        title=_("Your institution"),
        tasks=tuple(tasks),
        links=tuple(
            Link(
                text=one.marked,
                url=reverse("institutions:manage", kwargs={"slug": one.slug}),
            )
            for one in mine[:1]
        ),
        empty=_("Profile, people and keys are in order."),
        icon="building-2",
    )


def _institution_tasks(institution: Institution, at: dt.datetime) -> Iterable[Task]:
    slug = {"slug": institution.slug}
    name = institution.marked
    missing = institution_rules.missing_statements(institution)
    profile = filled(gettext("Profile of %(institution)s"), institution=name)
    if missing:
        text = ngettext("%(count)d statement is missing", "%(count)d statements are missing", len(missing))
        yield Task(
            title=profile,
            url=reverse("institutions:profile", kwargs=slug),
            hint=", ".join(missing),
            state=State.WARN,
            state_text=text % {"count": len(missing)},
        )
    else:
        url = reverse("institutions:profile", kwargs=slug)
        yield Task(title=profile, url=url, state=State.OK, state_text=_("Complete"))
    people = institution_queries.members(institution.pk, on=at.date())
    waiting = len(institution_queries.open_invitations(institution.pk, at=at))
    count = len({member.person_id for member in people})
    invited = ngettext("%(count)d invitation is open", "%(count)d invitations are open", waiting) % {"count": waiting}
    yield Task(
        title=filled(gettext("People and roles of %(institution)s"), institution=name),
        url=reverse("institutions:people", kwargs=slug),
        hint=ngettext("%(count)d person holds a role", "%(count)d people hold a role", count) % {"count": count},
        state=State.INFO if waiting else State.QUIET,
        state_text=invited if waiting else "",
    )
    key = institution_queries.keys(institution.pk).filter(retired_at=None, revoked_at=None).first()
    if key is None:
        state, text = State.BAD, gettext("No key: nothing can be issued")
    elif at - key.created_at > dt.timedelta(days=institution_rules.OLD_KEY_DAYS):
        state, text = State.WARN, gettext("Two years old: think of a new one")
    else:
        state, text = State.OK, gettext("In use")
    yield Task(
        title=filled(gettext("Signing key of %(institution)s"), institution=name),
        url=reverse("institutions:keys", kwargs=slug),
        hint=gettext("Made on %(day)s") % {"day": date_format(key.created_at, "DATE_FORMAT")} if key else "",
        state=state,
        state_text=text,
    )


def _coordinator() -> Section:
    offered: dict[UUID, int] = {}
    for institution_id in catalogue_queries.published().values_list("institution_id", flat=True):
        offered[institution_id] = offered.get(institution_id, 0) + 1
    tasks = []
    for one in institution_queries.search():
        count, missing = offered.get(one.pk, 0), len(institution_rules.missing_statements(one))
        text = ngettext("%(count)d statement is missing", "%(count)d statements are missing", missing)
        tasks.append(
            Task(
                title=one.marked,
                url=reverse("institutions:page", kwargs={"slug": one.slug}),
                hint=ngettext(
                    "%(count)d micro-credential in the catalogue", "%(count)d micro-credentials in the catalogue", count
                )
                % {"count": count},
                state=State.WARN if missing else State.OK,
                state_text=text % {"count": missing} if missing else _("Profile complete"),
            )
        )
    return Section(
        title=_("The network"),
        tasks=tuple(tasks),
        links=(
            Link(text=_("Add an institution"), url=reverse("institutions:add")),
            Link(text=_("Legal texts"), url=reverse("portal:legal-texts")),
        ),
        empty=_("No institution has joined yet."),
        icon="network",
    )


# --- learner ----------------------------------------------------------------------------------------------------------

_STATES = {
    CredentialState.VALID: State.OK,
    CredentialState.EXPIRED: State.WARN,
    CredentialState.REVOKED: State.BAD,
    CredentialState.ERASED: State.QUIET,
}


def _learner(person_id: UUID, at: dt.datetime) -> Section:
    return Section(
        title=_("Your credentials"),
        tasks=tuple(
            Task(
                title=written(one.title, noted=False),
                url=one.url,
                hint=filled(
                    gettext("%(institution)s, awarded on %(day)s"),
                    institution=one.institution.marked,
                    day=date_format(one.awarded_on, "DATE_FORMAT"),
                ),
                state=_STATES[one.state],
                state_text=one.state.label,
            )
            for one in issuing_queries.credentials_of(person_id, at=at)
        ),
        links=(Link(text=_("Find a micro-credential"), url=reverse("catalogue:list")),),
        empty=_("You have no credentials here yet. Open the link in the e-mail about your credential to add it."),
        icon="award",
    )
