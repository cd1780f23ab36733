"""The list of drafts, beginning one, and its overview; publishing and withdrawing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmcx.accounts.queries import person
from openmcx.catalogue import operations, queries, rules
from openmcx.catalogue.forms import ImportForm, LanguagesForm, NewForm, PublishForm, WithdrawForm
from openmcx.catalogue.forms.pages import IMPORT_MAX_BYTES
from openmcx.catalogue.mapping import checks, content, difference, exporting, importing, presentation
from openmcx.catalogue.mapping.elements import SECTIONS
from openmcx.catalogue.mapping.languages import language_name
from openmcx.catalogue.mapping.search import folded, words
from openmcx.catalogue.models import Specification
from openmcx.catalogue.views.public import csv_answer, file_answer, page_context
from openmcx.credentials.model import LangText
from openmcx.institutions.models import Institution, Role
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import Refusal
from openmcx.ui.components import State, Task
from openmcx.ui.slots import NavigationItem

PAGE_SIZE = 25
STATES = ("draft", "changed", "published", "withdrawn")


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """This will offer the catalogue to everybody, and the drafts to those who write them."""
    items = [NavigationItem(gettext_lazy("Catalogue"), reverse("catalogue:list"), order=50, prefixes=("/catalogue/",))]
    actor: Actor = getattr(request, "actor", Actor.anonymous())
    if any(actor.holds_anywhere(role) for role in (*rules.EDITORS, Role.COORDINATOR)):
        items.append(
            NavigationItem(
                gettext_lazy("Micro-credentials"), reverse("catalogue:drafts"), order=20, prefixes=("/design/",)
            )
        )
    return items


def actor_of(request: HttpRequest) -> Actor:
    """This will give who acts in this request."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


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
    """This will list the micro-credentials of the actor's institutions, searched and filtered, as a page or as CSV."""
    actor = actor_of(request)
    may_create = editable_institutions(actor).exists()
    require(may_create or bool(actor.institutions(Role.COORDINATOR)))
    language = get_language() or "en"
    wanted, state = words(request.GET.get("q", "")[:200]), request.GET.get("state", "")
    rows = [
        row
        for row in queries.drafts().defer("content")
        if all(word in folded(" ".join(row.title.values())) for word in wanted)
        and (state not in STATES or state_of(row) == state)
    ]
    owners = queries.institutions_of(row.pk for row in rows)
    listed: list[dict[str, Any]] = [
        {
            "specification": row,
            "title": row.title.best(language),
            "title_lang": row.title.best_tag(language),
            "institutions": ", ".join(institution.name.best(language) for _role, institution in owners[row.pk]),
            "state": state_words(state_of(row)),
        }
        for row in rows
    ]
    if request.GET.get("export") == "csv":
        table: list[list[object]] = [[_("Title"), _("Institution"), _("State"), _("Version"), _("Last edited")]]
        table += [
            [
                row["title"],
                row["institutions"],
                row["state"][1],
                row["specification"].published_number or "",
                row["specification"].edited_at.isoformat(timespec="minutes"),
            ]
            for row in listed
        ]
        return csv_answer(table, "micro-credentials.csv")
    return render(
        request,
        "catalogue/drafts.html",
        {
            "page": Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page")),
            "may_create": may_create,
            "is_narrowed": bool(wanted or state),
            "states": [(one, state_words(one)[1]) for one in STATES],
            "state": state,
            "query": request.GET.urlencode(),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """This will begin a draft with a title."""
    institutions = editable_institutions(actor_of(request))
    require(institutions.exists())
    form = NewForm(
        request.POST if request.method == "POST" else None,
        institutions=institutions,
        initial={"language": get_language() or "en"},
    )
    if request.method == "POST" and form.is_valid():
        try:
            created = operations.create(
                by=actor_of(request),
                at=timezone.now(),
                institution_id=form.cleaned_data["institution"].pk,
                title=LangText({form.cleaned_data["language"]: form.cleaned_data["title"]}),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The draft is there. Fill in its sections in any order."))
            return redirect("catalogue:overview", specification_id=created.pk)
    return render(request, "catalogue/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_document(request: HttpRequest) -> HttpResponse:
    """This will read a document, show what is taken from it and what is not, and then begin a draft with it."""
    institutions = editable_institutions(actor_of(request))
    require(institutions.exists())
    if request.method == "POST" and "content" in request.POST:
        return _import_reviewed(request, institutions)
    form = ImportForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        institutions=institutions,
        initial={"language": get_language() or "en"},
    )
    if request.method == "POST" and form.is_valid():
        try:
            imported = importing.read(form.cleaned_data["document"], language=form.cleaned_data["language"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return _review(request, imported, form.cleaned_data["institution"])
    return render(request, "catalogue/import.html", {"form": form}, status=422 if form.errors else 200)


def _review(request: HttpRequest, imported: importing.Imported, institution: Institution) -> HttpResponse:
    languages = content.languages_of(imported.achievement)
    order = [get_language() or "en", *languages]
    return render(
        request,
        "catalogue/import_review.html",
        {
            "imported": imported,
            "institution": institution,
            "title": imported.achievement.title.best(*order),
            "title_lang": imported.achievement.title.best_tag(*order),
            "languages": ", ".join(map(language_name, languages)),
            "sections": presentation.present(imported.achievement, order),
            "missing": checks.missing_elements(imported.achievement),
            # The whole of what was read travels in the page and is read again as strictly: nothing is kept meanwhile.
            "content": orjson.dumps(content.to_content(imported.achievement)).decode(),
        },
    )


def _import_reviewed(request: HttpRequest, institutions: Any) -> HttpResponse:
    institution = institutions.filter(slug=request.POST.get("institution", "")).first()
    document = request.POST["content"].encode()
    require(institution is not None)
    if len(document) > 4 * IMPORT_MAX_BYTES:
        raise Http404
    imported = importing.read(document, language=get_language() or "en")
    created = operations.create(
        by=actor_of(request), at=timezone.now(), institution_id=institution.pk, achievement=imported.achievement
    )
    messages.success(request, _("The draft was made from the document. Check its sections, then publish it."))
    return redirect("catalogue:overview", specification_id=created.pk)


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
    return render(
        request,
        "catalogue/overview.html",
        {
            **_draft_context(specification),
            "tasks": [_task(specification, section, problems, may_edit) for section in SECTIONS],
            "missing": [one for one in problems if one.gravity is checks.Gravity.MISSING],
            "odd": [one for one in problems if one.gravity is checks.Gravity.ODD],
            "languages": [(tag, language_name(tag)) for tag in specification.languages],
            "language_form": LanguagesForm(present=specification.languages),
            "institutions": queries.institutions_of([specification.pk])[specification.pk],
            "edited_by": str(editor) if editor else "",
            "versions": list(queries.versions(specification.pk).defer("content")),
            "may_edit": may_edit,
            "may_publish": bool(rules.may_publish(actor, parties)),
            "may_delete": bool(rules.may_delete(actor, parties)) and not specification.is_published,
        },
    )


def _draft_context(specification: Specification) -> dict[str, Any]:
    language = get_language() or "en"
    return {
        "specification": specification,
        "entry": getattr(specification, "catalogue_entry", None),
        "title": specification.title.best(language),
        "title_lang": specification.title.best_tag(language),
        "state": state_words(state_of(specification)),
        "state_code": state_of(specification),
    }


def _task(specification: Specification, section: Any, problems: list[checks.Problem], may_edit: bool) -> Task:
    here = [one for one in problems if one.section == section.key]
    missing = sum(one.gravity is checks.Gravity.MISSING for one in here)
    odd = sum(one.gravity is checks.Gravity.ODD for one in here)
    achievement = queries.draft_achievement(specification)
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
    specification, _parties = load(request, specification_id)
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
@require_http_methods(["GET", "HEAD", "POST"])
def remove_language(request: HttpRequest, specification_id: UUID, language: str) -> HttpResponse:
    """This will ask whether the texts in a language are really to be removed."""
    specification, parties = load(request, specification_id)
    require(bool(rules.may_edit(actor_of(request), parties)))
    if language not in specification.languages:
        raise Http404
    context = {**_draft_context(specification), "language": language, "language_name": language_name(language)}
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
        {**_draft_context(specification), "last": last, "changes": found},
    )


@login_required
@require_safe
def draft_export(request: HttpRequest, specification_id: UUID, form: str) -> HttpResponse:
    """This will give the draft as a file: our specification JSON, or ELM JSON-LD."""
    specification, _parties = load(request, specification_id)
    name = f"{specification.slug or 'micro-credential'}-draft"
    return file_answer(exporting.export(specification.content, form, name))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, specification_id: UUID) -> HttpResponse:
    """This will say what publishing does, and do it when that is confirmed."""
    specification, parties = load(request, specification_id)
    require(bool(rules.may_publish(actor_of(request), parties)))
    achievement = queries.draft_achievement(specification)
    problems = checks.check(achievement, specification.languages)
    missing = [one for one in problems if one.gravity is checks.Gravity.MISSING]
    form = PublishForm(request.POST if request.method == "POST" else None, initial={"revision": specification.revision})
    if request.method == "POST" and form.is_valid():
        try:
            version = operations.publish(
                by=actor_of(request),
                at=timezone.now(),
                specification_id=specification.pk,
                revision=form.cleaned_data["revision"],
                change_note=form.cleaned_data["change_note"],
            )
        except Refusal as refusal:
            # What is shown now is the draft as it is now; confirming it again publishes that.
            specification, _parties = load(request, specification_id)
            achievement = queries.draft_achievement(specification)
            form = PublishForm({**form.cleaned_data, "revision": specification.revision})
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Version %(number)d is published.") % {"number": version.number})
            return redirect("catalogue:version", slug=version.slug, number=version.number)
    last = queries.versions(specification.pk).first()
    return render(
        request,
        "catalogue/publish.html",
        {
            **_draft_context(specification),
            "form": form,
            "missing": missing,
            "odd": [one for one in problems if one.gravity is checks.Gravity.ODD],
            "next_number": specification.published_number + 1,
            "last": last,
            "change_count": len(difference.compare(queries.achievement(last), achievement)) if last else 0,
            "nothing_new": specification.is_published and not specification.has_changes,
            "uses": queries.uses(last.pk) if last else [],
        },
        status=422 if form.errors else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, specification_id: UUID) -> HttpResponse:
    """This will say what withdrawing does, and do it when that is confirmed with a reason."""
    specification, parties = load(request, specification_id)
    require(bool(rules.may_publish(actor_of(request), parties)))
    last = queries.versions(specification.pk).first()
    if last is None:
        raise Http404
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.withdraw(
                by=actor_of(request),
                at=timezone.now(),
                specification_id=specification.pk,
                reason=form.cleaned_data["reason"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is no longer in the catalogue."))
            return redirect("catalogue:overview", specification_id=specification.pk)
    uses = [use for version in queries.versions(specification.pk) for use in queries.uses(version.pk)]
    return render(
        request,
        "catalogue/withdraw.html",
        {**_draft_context(specification), "form": form, "uses": uses},
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def list_again(request: HttpRequest, specification_id: UUID) -> HttpResponse:
    """This will bring a withdrawn micro-credential back into the catalogue."""
    specification, _parties = load(request, specification_id)
    try:
        operations.list_again(by=actor_of(request), at=timezone.now(), specification_id=specification.pk)
        messages.success(request, _("It is in the catalogue again."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("catalogue:overview", specification_id=specification.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, specification_id: UUID) -> HttpResponse:
    """This will set the draft back to the last version when that is confirmed, or delete it if there is none."""
    specification, parties = load(request, specification_id)
    actor = actor_of(request)
    rule = rules.may_edit if specification.is_published else rules.may_delete
    require(bool(rule(actor, parties)))
    if request.method == "POST":
        try:
            if not specification.is_published:
                operations.delete_draft(by=actor, at=timezone.now(), specification_id=specification.pk)
                messages.success(request, _("The draft was deleted."))
                return redirect("catalogue:drafts")
            posted = request.POST.get("revision", "")
            operations.discard_changes(
                by=actor,
                at=timezone.now(),
                specification_id=specification.pk,
                revision=int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 10 else 0,
            )
            messages.success(request, _("The draft is the same as the last published version again."))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect("catalogue:overview", specification_id=specification.pk)
    return render(request, "catalogue/discard.html", _draft_context(specification))
