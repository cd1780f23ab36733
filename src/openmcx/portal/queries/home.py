"""What the pages that join the domains show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from openmcx.accounts import queries as accounts_queries
from openmcx.catalogue import queries as catalogue_queries
from openmcx.catalogue.models import Specification
from openmcx.credentials.formats import specification as specification_format
from openmcx.credentials.model import LangText
from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import Institution, Role
from openmcx.issuing import queries as issuing_queries
from openmcx.issuing.models import Batch, BatchState, CredentialState
from openmcx.kernel.actors import Actor
from openmcx.kernel.scopes import scope
from openmcx.portal.queries.legal import missing_legal_texts
from openmcx.ui.components import Mark, State, Task
from openmcx.ui.countries import country_name

# How many lines each section shows; the list behind it shows all.
LINES = 8
# A key older than this is worth a thought. Units: days.
OLD_KEY_DAYS = 730


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
    """What waits for one role. `empty` is said when nothing does."""

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


def sections(actor: Actor, *, at: dt.datetime) -> tuple[Section, ...]:
    """This will say what waits for the actor, one section for each of their roles, learners last.

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
    unfinished = issuing_queries.batches().exclude(state=BatchState.DONE)[:LINES]
    tasks = [_batch_task(batch) for batch in unfinished]
    recent = issuing_queries.credentials(issued_from=(at - dt.timedelta(days=30)).date(), at=at).count()
    if recent:
        tasks.append(
            Task(
                title=ngettext(
                    "%(count)d credential issued in the last 30 days",
                    "%(count)d credentials issued in the last 30 days",
                    recent,
                )
                % {"count": recent},
                url=reverse("issuing:credentials"),
                state=State.QUIET,
            )
        )
    return Section(
        title=_("Issuing"),
        tasks=tuple(tasks),
        links=(
            Link(text=_("Issue credentials"), url=reverse("issuing:new")),
            Link(text=_("All class lists"), url=reverse("issuing:batches")),
        ),
        empty=_("No class list waits for you."),
        icon="file-check",
    )


def _batch_task(batch: Batch) -> Task:
    title = batch.version.title.best(get_language() or "en")
    hint = gettext("%(file)s, uploaded on %(day)s") % {
        "file": batch.filename or gettext("Class list"),
        "day": date_format(batch.created_at, "DATE_FORMAT"),
    }
    url = reverse("issuing:batch", kwargs={"batch_id": batch.pk})
    if batch.state == BatchState.ISSUING:
        return Task(title=title, url=url, hint=hint, state=State.INFO, state_text=_("Being issued"))
    if batch.state == BatchState.UPLOADED:
        return Task(title=title, url=url, hint=hint, state=State.WARN, state_text=_("Say what the columns mean"))
    if batch.fault_count:
        text = ngettext("%(count)d fault to mend", "%(count)d faults to mend", batch.fault_count)
        return Task(title=title, url=url, hint=hint, state=State.BAD, state_text=text % {"count": batch.fault_count})
    return Task(title=title, url=url, hint=hint, state=State.OK, state_text=_("Ready to be issued"))


# --- author -----------------------------------------------------------------------------------------------------------


def _author() -> Section:
    unpublished = [one for one in catalogue_queries.drafts()[: 10 * LINES] if one.has_changes][:LINES]
    return Section(
        title=_("Micro-credentials in work"),
        tasks=tuple(_draft_task(one) for one in unpublished),
        links=(
            Link(text=_("Describe a micro-credential"), url=reverse("catalogue:new")),
            Link(text=_("All drafts"), url=reverse("catalogue:drafts")),
        ),
        empty=_("Everything you describe is published as it stands."),
        icon="pencil",
    )


def _draft_task(specification: Specification) -> Task:
    missing = len(specification_format.completeness(catalogue_queries.draft_achievement(specification)))
    title = specification.title.best(get_language() or "en")
    url = reverse("catalogue:overview", kwargs={"specification_id": specification.pk})
    hint = gettext("Last changed on %(day)s") % {"day": date_format(specification.edited_at, "DATE_FORMAT")}
    if missing:
        text = ngettext("%(count)d mandatory element is missing", "%(count)d mandatory elements are missing", missing)
        return Task(title=title, url=url, hint=hint, state=State.WARN, state_text=text % {"count": missing})
    if specification.is_published:
        return Task(title=title, url=url, hint=hint, state=State.INFO, state_text=_("Changed since the last version"))
    return Task(title=title, url=url, hint=hint, state=State.OK, state_text=_("Complete, not published"))


# --- administrator and coordinator ------------------------------------------------------------------------------------


def _administrator(actor: Actor, at: dt.datetime) -> Section:
    mine = [institution_queries.institution(one) for one in actor.institutions(Role.ADMIN)]
    tasks = [task for one in sorted(mine, key=lambda one: one.slug)[:LINES] for task in _institution_tasks(one, at)]
    return Section(
        title=_("Your institution"),
        tasks=tuple(tasks),
        links=tuple(
            Link(
                text=one.name.best(get_language() or "en"),
                url=reverse("institutions:manage", kwargs={"slug": one.slug}),
            )
            for one in mine[:1]
        ),
        empty=_("Profile, people and keys are in order."),
        icon="building-2",
    )


def _institution_tasks(institution: Institution, at: dt.datetime) -> Iterable[Task]:
    language, slug = get_language() or "en", {"slug": institution.slug}
    name = institution.name.best(language)
    missing = missing_statements(institution)
    profile = gettext("Profile of %(institution)s") % {"institution": name}
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
        title=gettext("People and roles of %(institution)s") % {"institution": name},
        url=reverse("institutions:people", kwargs=slug),
        hint=ngettext("%(count)d person holds a role", "%(count)d people hold a role", count) % {"count": count},
        state=State.INFO if waiting else State.QUIET,
        state_text=invited if waiting else "",
    )
    key = institution_queries.keys(institution.pk).filter(retired_at=None, revoked_at=None).first()
    if key is None:
        state, text = State.BAD, gettext("No key: nothing can be issued")
    elif at - key.created_at > dt.timedelta(days=OLD_KEY_DAYS):
        state, text = State.WARN, gettext("Two years old: think of a new one")
    else:
        state, text = State.OK, gettext("In use")
    yield Task(
        title=gettext("Signing key of %(institution)s") % {"institution": name},
        url=reverse("institutions:keys", kwargs=slug),
        hint=gettext("Made on %(day)s") % {"day": date_format(key.created_at, "DATE_FORMAT")} if key else "",
        state=state,
        state_text=text,
    )


def missing_statements(institution: Institution) -> list[str]:
    """This will name what an institution has not stated in its profile, in the language of the moment."""
    statements = {
        gettext("legal name"): institution.legal_name,
        gettext("address"): institution.address,
        gettext("website"): institution.website,
        gettext("e-mail address"): institution.email,
        gettext("identifiers"): institution.identifiers,
        gettext("accreditation"): institution.accreditation_status,
    }
    return [label for label, value in statements.items() if not value]


def _legal_tasks() -> Iterable[Task]:
    missing = missing_legal_texts()
    if missing:
        text = ngettext("%(count)d text is missing", "%(count)d texts are missing", len(missing))
        yield Task(
            title=_("Legal texts"),
            url=reverse("portal:legal-texts"),
            hint=", ".join(str(kind.label) for kind in missing),
            state=State.WARN,
            state_text=text % {"count": len(missing)},
        )


def _coordinator() -> Section:
    offered: dict[UUID, int] = {}
    for institution_id in catalogue_queries.published().values_list("institution_id", flat=True):
        offered[institution_id] = offered.get(institution_id, 0) + 1
    tasks = list(_legal_tasks())
    for one in institution_queries.search():
        count, missing = offered.get(one.pk, 0), len(missing_statements(one))
        text = ngettext("%(count)d statement is missing", "%(count)d statements are missing", missing)
        tasks.append(
            Task(
                title=one.name.best(get_language() or "en"),
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
    language = get_language() or "en"
    return Section(
        title=_("Your credentials"),
        tasks=tuple(
            Task(
                title=one.title.best(language),
                url=one.url,
                hint=gettext("%(institution)s, awarded on %(day)s")
                % {
                    "institution": one.institution.name.best(language),
                    "day": date_format(one.awarded_on, "DATE_FORMAT"),
                },
                state=_STATES[one.state],
                state_text=one.state.label,
            )
            for one in issuing_queries.credentials_of(person_id, at=at)
        ),
        links=(Link(text=_("Find a micro-credential"), url=reverse("catalogue:list")),),
        empty=_("You have no credentials here yet. Open the link in the e-mail about your credential to add it."),
        icon="award",
    )
