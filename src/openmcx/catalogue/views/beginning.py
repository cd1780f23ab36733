"""Beginning a draft: with a title, or with a document that somebody brings."""

from __future__ import annotations

from typing import Any

import orjson
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openmcx.catalogue import operations
from openmcx.catalogue.forms import ImportForm, NewForm
from openmcx.catalogue.mapping import checks, content, importing, presentation
from openmcx.catalogue.mapping.languages import language_name
from openmcx.catalogue.views.drafts import editable_institutions
from openmcx.credentials.model import LangText
from openmcx.institutions.models import Institution
from openmcx.kernel.actors import require
from openmcx.kernel.errors import Refusal
from openmcx.kernel.web import actor_of


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
    return render(request, "catalogue/new.html", {"form": form}, status=400 if form.errors else 200)


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
    return render(request, "catalogue/import.html", {"form": form}, status=400 if form.errors else 200)


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
    imported = importing.read(document, language=get_language() or "en")
    created = operations.create(
        by=actor_of(request), at=timezone.now(), institution_id=institution.pk, achievement=imported.achievement
    )
    messages.success(request, _("The draft was made from the document. Check its sections, then publish it."))
    return redirect("catalogue:overview", specification_id=created.pk)
