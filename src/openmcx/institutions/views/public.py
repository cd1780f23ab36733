"""What everybody may read of institutions."""

from __future__ import annotations

from operator import itemgetter

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_http_methods, require_safe

from openmcx.institutions import queries, rules
from openmcx.institutions.models import (
    AccreditationStatus,
    Institution,
    InstitutionKind,
    Role,
    SigningKey,
)
from openmcx.institutions.views.common import key_state
from openmcx.institutions.views.tables import InstitutionFilterForm, InstitutionTable
from openmcx.kernel.web import actor_of
from openmcx.ui.components import SummaryRow
from openmcx.ui.countries import country_name, region_name
from openmcx.ui.slots import NavigationItem
from openmcx.ui.tables import respond

DID_SECONDS = 300


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """This will offer the list of institutions to everybody, and administrators the pages of their own."""
    items = [NavigationItem(gettext_lazy("Institutions"), reverse("institutions:list"), order=60)]
    actor = actor_of(request)
    mine = list(actor.institutions(Role.ADMIN))
    if len(mine) == 1:
        slug = Institution.objects.filter(pk=mine[0]).values_list("slug", flat=True).first()
        if slug:
            url = reverse("institutions:manage", kwargs={"slug": slug})
            items.append(NavigationItem(gettext_lazy("Our institution"), url, order=90, prefixes=(url,)))
    return items


@require_safe
def institution_list(request: HttpRequest) -> HttpResponse:
    """This will list the network's institutions."""
    present = set(Institution.objects.order_by().values_list("country", flat=True).distinct())
    countries = sorted(((code, country_name(code)) for code in present), key=itemgetter(1))
    form = InstitutionFilterForm(request.GET or None, countries=countries)
    given = form.given
    found = queries.search(
        given.get("q", ""),
        country=given.get("country", ""),
        kind=given.get("kind", ""),
        accreditation=given.get("accreditation", ""),
    )
    context = {
        "may_add": rules.may_add_institution(actor_of(request)),
        "canonical": settings.OPENMCX_BASE_URL.rstrip("/") + reverse("institutions:list"),
    }
    table = InstitutionTable(found)
    return respond(request, table, "institutions/list.html", context, file_name="institutions", per_page=30, form=form)


@require_safe
def institution_page(request: HttpRequest, slug: str) -> HttpResponse:
    """This will show what an institution says about itself."""
    institution = get_object_or_404(Institution, slug=slug)
    return render(
        request,
        "institutions/page.html",
        {
            "institution": institution,
            "mark": queries.mark(institution),
            "name_tag": _tag_of_name(institution),
            "facts": _facts(institution),
            "accreditation": _accreditation(institution),
            "is_accreditation_stated": bool(institution.accreditation_status),
            "keys": [(key, key_state(key)) for key in queries.keys(institution.pk)],
            "may_manage": rules.may_manage(actor_of(request), institution.pk),
        },
    )


def _tag_of_name(institution: Institution) -> str:
    here = get_language() or "en"
    tag = institution.name.best_tag(here)
    return "" if tag in (here, "und") else tag


def _facts(institution: Institution) -> list[SummaryRow]:
    others = [(tag, text) for tag, text in institution.name.items() if text != str(institution)]
    rows = [
        SummaryRow(label=_("Also named"), value=format_html_join(", ", '<span lang="{}">{}</span>', others)),
        SummaryRow(label=_("Legal name"), value=institution.legal_name),
        SummaryRow(label=_("Kind"), value=InstitutionKind(institution.kind).label),
        SummaryRow(label=_("Country"), value=country_name(institution.country)),
        SummaryRow(label=_("Region"), value=region_name(institution.region, institution.country)),
        SummaryRow(label=_("Postal address"), value=institution.address),
        SummaryRow(label=_("Website"), value=_link(institution.website)),
        SummaryRow(label=_("E-mail"), value=_link(institution.email, "mailto:")),
    ]
    rows += [
        SummaryRow(label=scheme.label, value=_identifier(institution.identifiers[code]))
        for code, scheme in rules.SCHEMES.items()
        if institution.identifiers.get(code)
    ]
    return [*rows, SummaryRow(label=_("Decentralised identifier (DID)"), value=institution.did)]


def _link(address: str, prefix: str = "") -> str:
    return format_html('<a href="{}{}" rel="noopener nofollow">{}</a>', prefix, address, address) if address else ""


def _identifier(value: str) -> str:
    return _link(value) if value.startswith("https://") else value


def _accreditation(institution: Institution) -> list[SummaryRow]:
    return [
        SummaryRow(label=_("Status"), value=AccreditationStatus(institution.accreditation_status).label),
        SummaryRow(label=_("Accrediting body"), value=institution.accrediting_body),
        SummaryRow(label=_("From"), value=institution.accredited_from or ""),
        SummaryRow(label=_("Until"), value=institution.accredited_until or ""),
        SummaryRow(label=_("Evidence"), value=_link(institution.accreditation_evidence)),
    ]


def _did_etag(request: HttpRequest, slug: str) -> str | None:
    marks = (
        SigningKey.objects.filter(institution__slug=slug).order_by("pk").values_list("pk", "retired_at", "revoked_at")
    )
    return f'"{queries.invitation_digest(repr(list(marks))).hex()[:32]}"'


@require_http_methods(["GET", "HEAD", "OPTIONS"])
@condition(etag_func=_did_etag)
def did_document(request: HttpRequest, slug: str) -> HttpResponse:
    """This will serve the DID document to whoever asks, from any web page, and let caches keep it for a while.

    Source: did:web Method Specification, section 2.5.2.
    """
    institution = get_object_or_404(Institution, slug=slug)
    answer = HttpResponse(queries.did_document_bytes(institution), content_type="application/did+json")
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = f"public, max-age={DID_SECONDS}"
    return answer
