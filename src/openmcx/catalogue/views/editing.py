"""Editing one section of a draft, together with others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openmcx.accounts.queries import person
from openmcx.catalogue import operations, queries, rules
from openmcx.catalogue.forms import SectionForm, rearranged
from openmcx.catalogue.mapping import checks, content, presentation
from openmcx.catalogue.mapping.elements import ELEMENTS, SECTION_BY_KEY, SECTIONS, Kind, Section
from openmcx.catalogue.mapping.languages import language_choices, language_name
from openmcx.catalogue.models import Specification
from openmcx.catalogue.views.drafts import load
from openmcx.credentials.model import Achievement, LangText
from openmcx.kernel.actors import require
from openmcx.kernel.web import actor_of

_BASE = re.compile(r"([a-z_]{1,40}):([0-9a-f]{16})")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, specification_id: UUID, key: str) -> HttpResponse:
    """This will show a section's form, rearrange its lists, and save it unless somebody else changed the same."""
    specification, parties = load(request, specification_id)
    require(bool(rules.may_edit(actor_of(request), parties)))
    section = SECTION_BY_KEY.get(key)
    if section is None:
        raise Http404
    achievement = queries.draft_achievement(specification)
    if request.method != "POST":
        form = SectionForm(section, specification.languages, achievement=achievement)
        return _page(request, specification, form, base=_digests(section, achievement))
    base = dict(_BASE.findall(request.POST.get("base", "")))
    shown = _shown(request, specification)
    action = request.POST.get("do", "")
    if action == "add-language":
        added = request.POST.get("add", "")
        if added in {choice.value for choice in language_choices()} - set(shown):
            shown.append(added)
        form = SectionForm(section, shown, achievement=achievement, data=request.POST, show_errors=False, added=added)
        return _page(request, specification, form, base=base)
    if action:
        moved = rearranged(request.POST, action)
        if moved is None:
            raise Http404
        form = SectionForm(section, shown, achievement=achievement, data=moved[0], show_errors=False)
        return _page(request, specification, form, base=base, focus=moved[1])
    form = SectionForm(section, shown, achievement=achievement, data=request.POST)
    if not form.is_valid():
        return _page(request, specification, form, base=base, status=400)
    values = {name: _with_hidden_languages(name, value, achievement, shown) for name, value in form.values.items()}
    try:
        saved = operations.save_elements(
            by=actor_of(request), at=timezone.now(), specification_id=specification.pk, values=values, base=base
        )
    except operations.Conflict as conflict:
        return _conflict(request, conflict, section, values, shown)
    if saved.changed:
        messages.success(request, _("“%(section)s” is saved.") % {"section": section.label})
    else:
        messages.info(request, _("There was nothing new to save in “%(section)s”.") % {"section": section.label})
    return _onward(request, specification, section)


def _shown(request: HttpRequest, specification: Specification) -> list[str]:
    """Give the languages that the form had when it was sent, also those that the draft does not have yet.

    One that the draft got meanwhile is not among them: it must not be taken for emptied texts.
    """
    sent = request.POST.getlist("shown")
    known = [*specification.languages, *(choice.value for choice in language_choices())]
    return [tag for tag in dict.fromkeys((*specification.languages, *sent)) if tag in sent and tag in known]


def _onward(request: HttpRequest, specification: Specification, section: Section) -> HttpResponse:
    following = SECTIONS.index(section) + 1
    if request.POST.get("then") == "next" and following < len(SECTIONS):
        return redirect("catalogue:edit", specification_id=specification.pk, key=SECTIONS[following].key)
    if request.POST.get("then") == "stay":
        return redirect("catalogue:edit", specification_id=specification.pk, key=section.key)
    return redirect("catalogue:overview", specification_id=specification.pk)


def _digests(section: Section, achievement: Achievement) -> dict[str, str]:
    return content.element_digests(achievement, [element.name for element in section.elements])


def _with_hidden_languages(name: str, value: Any, current: Achievement, shown: list[str]) -> Any:
    if ELEMENTS[name].kind not in (Kind.LINE, Kind.PROSE):
        return value
    hidden = {tag: text for tag, text in getattr(current, name).items() if tag not in shown}
    return LangText({**value, **hidden})


def _page(
    request: HttpRequest,
    specification: Specification,
    form: SectionForm,
    *,
    base: Mapping[str, str],
    focus: str = "",
    status: int = 200,
    **further: Any,
) -> HttpResponse:
    language = get_language() or "en"
    achievement = queries.draft_achievement(specification)
    problems = checks.check(achievement, specification.languages)
    index = SECTIONS.index(form.section)
    return render(
        request,
        "catalogue/section.html",
        {
            "specification": specification,
            "title": specification.title.best(language),
            "title_lang": specification.title.best_tag(language),
            "section": form.section,
            "form": form,
            "base": " ".join(f"{name}:{digest}" for name, digest in base.items()),
            "shown": form.languages,
            "focus": focus,
            "problems": [one for one in problems if one.section == form.section.key],
            "position": index + 1,
            "count": len(SECTIONS),
            "previous": SECTIONS[index - 1] if index else None,
            "next": SECTIONS[index + 1] if index + 1 < len(SECTIONS) else None,
            "language_names": ", ".join(map(language_name, form.languages)),
            **further,
        },
        status=status,
    )


def _conflict(
    request: HttpRequest,
    conflict: operations.Conflict,
    section: Section,
    values: Mapping[str, Any],
    shown: Sequence[str],
) -> HttpResponse:
    """Show both texts. The form holds this author's; saving it again replaces the other's, knowingly."""
    specification = conflict.current
    theirs = queries.draft_achievement(specification)
    # What only the other author changed is taken over; this author never touched it.
    base = dict(_BASE.findall(request.POST.get("base", "")))
    candidate = replace(theirs, **values)
    digests = content.element_digests(candidate, values)
    untouched = {name: getattr(theirs, name) for name in values if digests[name] == base.get(name)}
    mine = replace(candidate, **untouched)
    editor = person(specification.edited_by) if specification.edited_by else None
    both = [
        {
            "element": ELEMENTS[name],
            "theirs": presentation.row(ELEMENTS[name], getattr(theirs, name)),
            "mine": presentation.row(ELEMENTS[name], getattr(mine, name)),
        }
        for name in conflict.elements
    ]
    languages = list(dict.fromkeys((*specification.languages, *shown)))
    form = SectionForm(section, languages, achievement=mine)
    return _page(
        request,
        specification,
        form,
        base=_digests(section, theirs),
        status=409,
        conflict=both,
        edited_by=str(editor) if editor else "",
    )
