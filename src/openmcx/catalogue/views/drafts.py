"""The list of drafts, and all that a draft's overview leads to but editing and publishing."""

from __future__ import annotations

import datetime as dt
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmcx.accounts.queries import person
from openmcx.catalogue import operations, queries, rules
from openmcx.catalogue.forms import DraftFilterForm, LanguagesForm
from openmcx.catalogue.mapping import checks, difference, exporting
from openmcx.catalogue.mapping.elements import SECTIONS, Section
from openmcx.catalogue.mapping.languages import language_name
from openmcx.catalogue.mapping.search import folded, words
from openmcx.catalogue.models import Specification
from openmcx.catalogue.views import history
from openmcx.catalogue.views.public import file_answer, page_context
from openmcx.catalogue.views.tables import DraftTable
from openmcx.credentials.model import Achievement
from openmcx.institutions.models import Institution, Role
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import Refusal
from openmcx.kernel.web import actor_of
from openmcx.ui.components import State, Task
from openmcx.ui.languages import written_one_after_the_other
from openmcx.ui.slots import NavigationItem
from openmcx.ui.tables import respond

PAGE_SIZE = 25
STATES = ("draft", "changed", "published", "withdrawn")


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """This will offer the catalogue to everybody, and the drafts to those who write them."""
    items = [NavigationItem(gettext_lazy("Catalogue"), reverse("catalogue:list"), order=50, prefixes=("/catalogue/",))]
    actor = actor_of(request)
    if any(actor.holds_anywhere(role) for role in (*rules.EDITORS, Role.COORDINATOR)):
        items.append(
            NavigationItem(
                gettext_lazy("Micro-credentials"), reverse("catalogue:drafts"), order=20, prefixes=("/design/",)
            )
        )
    return items


def load(request: HttpRequest, specification_id: UUID) -> tuple[Specification, rules.Parties]:
    """This will find a draft that the actor may read; for everybody else there is nothing at this address."""
    try:
        specification = queries.draft(specification_id)
    except Specification.DoesNotExist as missing:
        raise Http404 from missing
    parties = queries.parties(specification_id)
    require(bool(rules.may_read(actor_of(request), parties)))
    return specification, parties


def editable_institutions(actor: Actor) -> Any:
    """This will list the institutions for which the actor may begin a specification."""
    allowed = {institution for role in rules.EDITORS for institution in actor.institutions(role)}
    return Institution.objects.filter(pk__in=allowed)


def state_of(specification: Specification) -> str:
    """This will name the state of a specification: draft, changed (after publication), published or withdrawn."""
    entry = getattr(specification, "catalogue_entry", None)
    if entry is None:
        return "draft"
    if entry.withdrawn_at is not None:
        return "withdrawn"
    return "changed" if specification.has_changes else "published"


def state_words(state: str) -> tuple[State, str]:
    """This will give how a state looks and what it is called."""
    return {
        "draft": (State.QUIET, _("Draft")),
        "changed": (State.WARN, _("Published, with changes in work")),
        "published": (State.OK, _("Published")),
        "withdrawn": (State.BAD, _("Withdrawn")),
    }[state]


@login_required
@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """This will list the micro-credentials of the actor's institutions, searched and filtered, as a page or a file."""
    actor = actor_of(request)
    may_create = editable_institutions(actor).exists()
    require(may_create or bool(actor.institutions(Role.COORDINATOR)))
    language = get_language() or "en"
    rows = list(queries.drafts().defer("content"))
    owners = queries.institutions_of(row.pk for row in rows)
    institutions = {one.slug: one.name.best(language) for row in rows for _role, one in owners[row.pk]}
    form = DraftFilterForm(
        request.GET or None,
        states=[(one, state_words(one)[1]) for one in STATES],
        institutions=sorted(institutions.items(), key=itemgetter(1)),
    )
    given = form.given
    wanted, state, institution = words(given.get("q", "")), given.get("state"), given.get("institution")
    first, last = given.get("edited_from", dt.date.min), given.get("edited_until", dt.date.max)
    listed = [
        {
            "id": row.pk,
            "title": row.title.best(language),
            "title_lang": row.title.best_tag(language),
            "institutions": ", ".join(str(one) for _role, one in owners[row.pk]),
            "institutions_marked": written_one_after_the_other(one.marked for _role, one in owners[row.pk]),
            "state_kind": state_words(state_of(row))[0],
            "state": state_words(state_of(row))[1],
            "number": row.published_number or None,
            "languages": ", ".join(map(language_name, row.languages)),
            "edited_at": row.edited_at,
        }
        for row in rows
        if all(word in folded(" ".join(row.title.values())) for word in wanted)
        and state in (None, state_of(row))
        and (institution is None or any(one.slug == institution for _role, one in owners[row.pk]))
        and first <= row.edited_at.date() <= last
    ]
    return respond(
        request,
        DraftTable(listed),
        "catalogue/drafts.html",
        {"may_create": may_create},
        file_name="micro-credentials",
        per_page=PAGE_SIZE,
        form=form,
    )


@login_required
@require_safe
def overview(request: HttpRequest, specification_id: UUID) -> HttpResponse:
    """This will show how far each section of a draft is, what is to be done, and what can be done with it."""
    specification, parties = load(request, specification_id)
    actor = actor_of(request)
    achievement = queries.draft_achievement(specification)
    problems = checks.check(achievement, specification.languages)
    editor = person(specification.edited_by) if specification.edited_by else None
    may_edit = bool(rules.may_edit(actor, parties))
    versions = list(queries.versions(specification.pk).defer("content"))
    context = draft_context(specification)
    return render(
        request,
        "catalogue/overview.html",
        {
            **context,
            "tasks": [_task(specification, achievement, section, problems, may_edit) for section in SECTIONS],
            "missing": [one for one in problems if one.gravity is checks.Gravity.MISSING],
            "odd": [one for one in problems if one.gravity is checks.Gravity.ODD],
            "languages": [(tag, language_name(tag)) for tag in specification.languages],
            "language_form": LanguagesForm(present=specification.languages),
            "institutions": queries.institutions_of([specification.pk])[specification.pk],
            "possible_partners": Institution.objects.exclude(pk__in=parties.all).order_by("slug"),
            "edited_by": str(editor) if editor else "",
            "versions": versions,
            "history": history.of_draft(specification, versions, context["entry"]),
            "may_edit": may_edit,
            "may_publish": bool(rules.may_publish(actor, parties)),
            "may_delete": bool(rules.may_delete(actor, parties)) and not specification.is_published,
        },
    )


def draft_context(specification: Specification) -> dict[str, Any]:
    language = get_language() or "en"
    return {
        "specification": specification,
        "entry": getattr(specification, "catalogue_entry", None),
        "title": specification.title.best(language),
        "title_lang": specification.title.best_tag(language),
        "state": state_words(state_of(specification)),
        "state_code": state_of(specification),
    }


def _task(
    specification: Specification,
    achievement: Achievement,
    section: Section,
    problems: list[checks.Problem],
    may_edit: bool,
) -> Task:
    here = [one for one in problems if one.section == section.key]
    missing = sum(one.gravity is checks.Gravity.MISSING for one in here)
    odd = sum(one.gravity is checks.Gravity.ODD for one in here)
    empty = all(not getattr(achievement, element.name) for element in section.elements)
    if missing:
        state = State.WARN
        text = ngettext(
            "%(count)d mandatory element is missing", "%(count)d mandatory elements are missing", missing
        ) % {"count": missing}
    elif odd:
        state, text = State.WARN, _("Please check the figures")
    elif empty:
        state, text = State.QUIET, _("Empty, optional")
    elif here:
        state, text = State.INFO, _("Complete, not translated everywhere")
    else:
        state, text = State.OK, _("Complete")
    url = reverse("catalogue:edit", args=[specification.pk, section.key]) if may_edit else ""
    return Task(title=section.label, url=url, state=state, state_text=text, hint=section.help)


@login_required
@require_POST
def languages(request: HttpRequest, specification_id: UUID) -> HttpResponse:
    """This will add a language to the draft's texts, or remove one with its texts."""
    specification, parties = load(request, specification_id)
    require(bool(rules.may_edit(actor_of(request), parties)))
    removed = request.POST.get("remove", "")
    try:
        if removed:
            operations.remove_language(
                by=actor_of(request), at=timezone.now(), specification_id=specification.pk, language=removed
            )
            messages.success(
                request, _("The texts in this language were removed: %(name)s.") % {"name": language_name(removed)}
            )
        else:
            form = LanguagesForm(request.POST, present=specification.languages)
            if form.is_valid():
                added = form.cleaned_data["language"]
                operations.add_language(
                    by=actor_of(request), at=timezone.now(), specification_id=specification.pk, language=added
                )
                messages.success(
                    request,
                    _("You can now write the texts in this language too: %(name)s.") % {"name": language_name(added)},
                )
            else:
                messages.error(request, _("Choose a language that is not there yet."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("catalogue:overview", specification_id=specification.pk)


@login_required
@require_POST
def partners(request: HttpRequest, specification_id: UUID) -> HttpResponse:
    """This will let another institution's people work on the draft, or end that."""
    specification, parties = load(request, specification_id)
    require(bool(rules.may_publish(actor_of(request), parties)))
    added, removed = request.POST.get("add", ""), request.POST.get("remove", "")
    partner = Institution.objects.filter(slug=(added or removed).replace("\x00", "")).first()
    if partner is None:
        messages.error(request, _("Choose an institution."))
    else:
        work = operations.add_partner if added else operations.remove_partner
        try:
            work(by=actor_of(request), at=timezone.now(), specification_id=specification.pk, institution_id=partner.pk)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            said = _("%(name)s is a partner now.") if added else _("%(name)s is no longer a partner.")
            messages.success(request, said % {"name": partner})
    return redirect("catalogue:overview", specification_id=specification.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove_language(request: HttpRequest, specification_id: UUID, language: str) -> HttpResponse:
    """This will ask whether the texts in a language are really to be removed."""
    specification, parties = load(request, specification_id)
    require(bool(rules.may_edit(actor_of(request), parties)))
    if language not in specification.languages:
        raise Http404
    context = {**draft_context(specification), "language": language, "language_name": language_name(language)}
    return render(request, "catalogue/remove_language.html", context)


@login_required
@require_safe
def preview(request: HttpRequest, specification_id: UUID) -> HttpResponse:
    """This will show the draft as the public will see it."""
    specification, _parties = load(request, specification_id)
    achievement = queries.draft_achievement(specification)
    context = page_context(request, achievement, specification.languages)
    return render(
        request,
        "catalogue/version.html",
        {**context, "is_preview": True, "specification": specification, "versions": [], "version": None},
    )


@login_required
@require_safe
def draft_changes(request: HttpRequest, specification_id: UUID) -> HttpResponse:
    """This will show what the draft changes in the last published version."""
    specification, _parties = load(request, specification_id)
    last = queries.versions(specification.pk).first()
    if last is None:
        raise Http404
    found = difference.compare(queries.achievement(last), queries.draft_achievement(specification))
    return render(
        request,
        "catalogue/draft_changes.html",
        {**draft_context(specification), "last": last, "changes": found},
    )


@login_required
@require_safe
def draft_export(request: HttpRequest, specification_id: UUID, form: str) -> HttpResponse:
    """This will give the draft as a file: our specification JSON, or ELM JSON-LD."""
    specification, _parties = load(request, specification_id)
    name = f"{specification.slug or 'micro-credential'}-draft"
    return file_answer(exporting.export(specification.content, form, name))
