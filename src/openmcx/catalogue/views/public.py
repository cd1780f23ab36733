"""The public catalogue: search, the page of a version, what changed, exports."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from openmcx.catalogue import queries
from openmcx.catalogue.forms import SearchForm
from openmcx.catalogue.mapping import difference, exporting, presentation, schema_org
from openmcx.catalogue.mapping.elements import ELEMENTS, label_of
from openmcx.catalogue.mapping.languages import language_name, own_name
from openmcx.catalogue.models import Facet, SpecificationVersion
from openmcx.catalogue.views import history
from openmcx.catalogue.views.tables import EntryTable
from openmcx.credentials.formats import vocabularies
from openmcx.credentials.model import Achievement
from openmcx.institutions import queries as institution_queries
from openmcx.kernel.web import json_in_page
from openmcx.ui.countries import place_name
from openmcx.ui.languages import written
from openmcx.ui.tables import EXPORT_PARAMETER, download, respond

PAGE_SIZE = 20
# These stand at the top of the page, not in its list.
_AT_THE_TOP = frozenset({"title", "description", "image_url"})


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """This will list the catalogue, searched and filtered, as a page, a table or a file."""
    language = get_language() or "en"
    form = SearchForm(
        request.GET,
        fields_of_study=_named_fields(language),
        languages=queries.facet_values(Facet.LANGUAGE),
        institutions=[(one.slug, one.name.best(language)) for one in queries.institutions()],
    )
    is_valid = form.is_valid()
    found = queries.search(form.cleaned_data.get("q", ""), _filters(form.cleaned_data)).prefetch_related("facets")
    is_narrowed = any(form.cleaned_data.get(name) for name in form.fields if name != "sort")
    # As one orders a table by its headings, that order counts; otherwise the one that was chosen beside the filters.
    as_table = request.GET.get("view") == "table"
    table = EntryTable(found, asked=request)
    kind = request.GET.get(EXPORT_PARAMETER) or request.GET.get("export")
    if is_valid and kind in table.export_formats:
        return download(request, table, kind, "catalogue")
    context = {
        "form": form,
        "is_narrowed": is_narrowed,
        "as_table": as_table,
        "canonical": settings.OPENMCX_BASE_URL.rstrip("/") + reverse("catalogue:list"),
    }
    if as_table and is_valid:
        return respond(request, table, "catalogue/list.html", context, file_name="catalogue")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    for entry in page:
        tags = [facet.value for facet in entry.facets.all() if facet.facet == Facet.LANGUAGE]
        entry.language_names = ", ".join(map(language_name, tags))  # type: ignore[attr-defined]  # for the template alone
        entry.participation_label = label_of(ELEMENTS["participation"], entry.participation)  # type: ignore[attr-defined]  # as above
    return render(request, "catalogue/list.html", {**context, "page": page}, status=200 if is_valid else 400)


def _named_fields(language: str) -> list[tuple[str, str]]:
    named = []
    for iri in queries.facet_values(Facet.FIELD):
        concept = vocabularies.concept("isced-f", iri)
        named.append((iri, vocabularies.names(concept).best(language) if concept else iri))
    return sorted(named, key=lambda pair: pair[1])


def _filters(cleaned: dict[str, Any]) -> queries.SearchFilters:
    lowest, _dash, highest = cleaned.get("ects", "").partition("-")
    return queries.SearchFilters(
        field=cleaned.get("field", ""),
        ects_from=Decimal(lowest) if lowest else None,
        ects_to=Decimal(highest) if highest else None,
        eqf_level=int(cleaned["level"]) if cleaned.get("level") else None,
        language=cleaned.get("language", ""),
        participation=cleaned.get("participation", ""),
        institution=cleaned.get("institution", ""),
        sort=cleaned.get("sort", ""),
    )


@require_safe
def latest(request: HttpRequest, slug: str) -> HttpResponse:
    """This will show the newest version at a short name."""
    return _answer(request, queries.latest(slug))


@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """This will show one version at its permanent address; programs that ask for JSON get the specification itself."""
    return _answer(request, queries.version(slug, number))


def _answer(request: HttpRequest, version: SpecificationVersion | None) -> HttpResponse:
    if version is None:
        raise Http404
    accepted = request.get_preferred_type(["text/html", "application/json", "application/ld+json"])
    form = {"application/json": "openmcx", "application/ld+json": "elm"}.get(accepted or "", "")
    file = exporting.export(version.content, form, version.slug)
    answer = HttpResponse(file.body, content_type=file.media_type) if file else _page(request, version)
    patch_vary_headers(answer, ["Accept"])
    return answer


def _page(request: HttpRequest, version: SpecificationVersion) -> HttpResponse:
    achievement = queries.achievement(version)
    entry = queries.entry(version.specification_id)
    others = list(queries.versions(version.specification_id).defer("content"))
    newest = others[0].number
    address = request.build_absolute_uri(reverse("catalogue:latest", args=[version.slug]))
    context = page_context(request, achievement, version.languages, address)
    document = schema_org.course(
        achievement,
        url=address,
        languages=context["reading_order"],
        published=version.published_at.date().isoformat(),
    )
    return render(
        request,
        "catalogue/version.html",
        {
            **context,
            "version": version,
            "entry": entry,
            "versions": others,
            "published": history.published(others, shown=version.number),
            "is_newest": version.number == newest,
            "mark": institution_queries.mark(entry.institution) if entry else None,
            "canonical": address,
            "schema_org": json_in_page(document),
        },
    )


def page_context(
    request: HttpRequest, achievement: Achievement, languages: list[str], address: str = ""
) -> dict[str, Any]:
    """This will give what the page of a specification shows, for versions and for previews of drafts."""
    asked = request.GET.get("in", "")
    chosen = [asked] if asked in languages else []
    order = list(dict.fromkeys((*chosen, get_language() or "en", *languages)))
    shown = next((tag for tag in order if tag in achievement.title), "")
    return {
        "achievement": achievement,
        "reading_order": order,
        "title": achievement.title.best(*order),
        "title_lang": achievement.title.best_tag(*order),
        "description": achievement.description.best(*order),
        "description_lang": achievement.description.best_tag(*order),
        "awarding_body": achievement.awarding_body.name.best(*order),
        "awarding_body_lang": achievement.awarding_body.name.best_tag(*order),
        "place": place_name(achievement.awarding_body.region, achievement.awarding_body.country),
        "facts": _facts(achievement),
        "sections": presentation.present(achievement, order, leave_out=_AT_THE_TOP),
        "other_language": "" if chosen else written(achievement.title).note.strip("()"),
        "text_languages": [
            {"tag": tag, "name": own_name(tag), "url": f"{address}?in={tag}", "is_shown": tag == shown}
            for tag in languages
        ],
    }


def _facts(achievement: Achievement) -> list[tuple[str, str, str]]:
    """What a visitor asks first: label, value, and the word that explains the label."""
    names = ("workload_ects", "workload_hours", "eqf_level", "participation", "languages")
    facts = []
    for name in names:
        element = ELEMENTS[name]
        text = ", ".join(line.text for line in presentation.lines(element, getattr(achievement, name), None))
        if text:
            facts.append((str(element.label), text, element.concept))
    return facts


@require_safe
def changes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """This will show what changed from one version to another; from the one before unless asked otherwise."""
    after = queries.version(slug, number)
    asked = request.GET.get("from", "")
    earlier = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else number - 1
    before = queries.version(slug, earlier)
    if after is None or before is None:
        raise Http404
    return render(
        request,
        "catalogue/changes.html",
        {
            "before": before,
            "after": after,
            "changes": difference.compare(queries.achievement(before), queries.achievement(after)),
            "versions": list(queries.versions(after.specification_id).defer("content")),
        },
    )


@require_safe
def export(request: HttpRequest, slug: str, number: int, form: str) -> HttpResponse:
    """This will give a version as a file: our specification JSON, or ELM JSON-LD."""
    found = queries.version(slug, number)
    if found is None:
        raise Http404
    return file_answer(exporting.export(found.content, form, f"{slug}-v{number}"))


def file_answer(file: exporting.Exported | None) -> HttpResponse:
    """This will answer with a file to keep."""
    if file is None:
        raise Http404
    return HttpResponse(file.body, content_type=file.media_type, headers=file.headers)
