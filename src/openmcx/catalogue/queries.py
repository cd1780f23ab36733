"""Questions about specifications, versions and the catalogue.

Drafts are read in the scope of the asking institutions; versions and catalogue entries are public.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from openmcx.accounts.slots import TokenUse
from openmcx.catalogue.mapping import content
from openmcx.catalogue.mapping import search as searching
from openmcx.catalogue.models import (
    CatalogueEntry,
    EntryFacet,
    Facet,
    PartyRole,
    Specification,
    SpecificationParty,
    SpecificationVersion,
)
from openmcx.catalogue.rules import EDITORS, Parties
from openmcx.catalogue.slots import VersionUse, version_uses
from openmcx.credentials.model import Achievement
from openmcx.institutions.models import Institution, Role
from openmcx.kernel.actors import Actor
from openmcx.kernel.scopes import scopes_disabled

# --- drafts ---------------------------------------------------------------------------------------------------------


def drafts() -> QuerySet[Specification]:
    """This will list the specifications of the active scope, the last edited first."""
    rows: QuerySet[Specification] = Specification.objects.all()
    return rows.select_related("catalogue_entry")


def unpublished() -> QuerySet[Specification]:
    """This will list those of the active scope that were changed since they were published, or never were."""
    return drafts().exclude(revision=F("published_revision"))


def draft(specification_id: UUID) -> Specification:
    """This will find a specification of the active scope.

    Raises: Specification.DoesNotExist.
    """
    row: Specification = Specification.objects.select_related("catalogue_entry").get(pk=specification_id)
    return row


def draft_achievement(specification: Specification) -> Achievement:
    """This will read the draft into the core's model."""
    return content.from_content(specification.content)


def element_digests(achievement: Achievement, names: Iterable[str]) -> dict[str, str]:
    """This will give the digests by which `operations.save_elements` knows what an author saw."""
    return content.element_digests(achievement, names)


def parties(specification_id: UUID) -> Parties:
    """This will name the institutions of a specification, whoever asks: the rules need all of them."""
    with scopes_disabled():
        rows = list(
            SpecificationParty.objects.filter(specification_id=specification_id).values_list("institution_id", "role")
        )
    owner = next(institution for institution, role in rows if role == PartyRole.OWNER)
    return Parties(owner, frozenset(institution for institution, _role in rows))


def institutions_of(specification_ids: Iterable[UUID]) -> dict[UUID, list[tuple[str, Institution]]]:
    """This will give role and institution of the parties of each specification, the owner first, in one query."""
    found: dict[UUID, list[tuple[str, Institution]]] = {}
    with scopes_disabled():
        rows = SpecificationParty.objects.filter(specification_id__in=list(specification_ids))
        for row in rows.select_related("institution").order_by("role", "id"):
            found.setdefault(row.specification_id, []).append((row.role, row.institution))
    return found


# --- versions -------------------------------------------------------------------------------------------------------


def achievement(version: SpecificationVersion) -> Achievement:
    """This will read a published version into the core's model; its `id` is the version's permanent address."""
    return content.from_content(version.content)


def version(slug: str, number: int) -> SpecificationVersion | None:
    """This will find a published version by its address; withdrawn ones too."""
    return SpecificationVersion.objects.select_related("institution").filter(slug=slug, number=number).first()


def version_by_id(version_id: UUID) -> SpecificationVersion:
    """This will find a published version.

    Raises: SpecificationVersion.DoesNotExist.
    """
    return SpecificationVersion.objects.select_related("institution").get(pk=version_id)


def latest(slug: str) -> SpecificationVersion | None:
    """This will find the newest version at a short name; of a withdrawn micro-credential too."""
    rows = SpecificationVersion.objects.select_related("institution").filter(slug=slug)
    return rows.order_by("-number").first()


def versions(specification_id: UUID) -> QuerySet[SpecificationVersion]:
    """This will list all versions of a specification, the newest first."""
    rows = SpecificationVersion.objects.select_related("institution").filter(specification_id=specification_id)
    return rows.order_by("-number")


def issuable(institution_ids: Iterable[UUID]) -> QuerySet[SpecificationVersion]:
    """This will list the versions that the institutions award now: the latest of each that is in the catalogue."""
    rows = SpecificationVersion.objects.select_related("institution")
    return rows.filter(
        institution_id__in=list(institution_ids), catalogue_entry__isnull=False, catalogue_entry__withdrawn_at=None
    ).order_by("catalogue_entry__sort_title", "slug")


def uses(version_id: UUID) -> list[VersionUse]:
    """This will say what hangs on a version, as the apps above answer."""
    return [use for answer in version_uses.ask(version_id) for use in answer if use.count]


# --- the catalogue --------------------------------------------------------------------------------------------------


def entry(specification_id: UUID) -> CatalogueEntry | None:
    """This will find the catalogue entry of a specification, also when it is withdrawn; None before publication."""
    return CatalogueEntry.objects.select_related("institution").filter(pk=specification_id).first()


def published() -> QuerySet[CatalogueEntry]:
    """This will list what is in the catalogue now."""
    return CatalogueEntry.objects.filter(withdrawn_at=None).select_related("version", "institution")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilters:
    """What to narrow the catalogue down to; None and "" leave a filter out.

    Units: `ects_from` and `ects_to` in ECTS credits, both inclusive.
    """

    field: str = ""  # IRI of an ISCED-F subject
    ects_from: Decimal | None = None
    ects_to: Decimal | None = None
    eqf_level: int | None = None
    language: str = ""
    participation: str = ""
    institution: str = ""  # its short name
    sort: str = ""  # title | newest | ects | -ects | level; "": best match first, then by title


SORTS: dict[str, tuple[str, ...]] = {
    "title": ("sort_title", "slug"),
    "newest": ("-published_at", "slug"),
    "ects": ("workload_ects", "sort_title", "slug"),
    "-ects": ("-workload_ects", "sort_title", "slug"),
    "level": ("eqf_level", "sort_title", "slug"),
}


def search(text: str = "", filters: SearchFilters | None = None) -> QuerySet[CatalogueEntry]:
    """This will find catalogue entries that hold every word of `text` in any language and pass the filters."""
    wanted = filters or SearchFilters()
    if any("\x00" in value for value in (wanted.field, wanted.language, wanted.participation, wanted.institution)):
        return published().none()  # PostgreSQL refuses to look for it
    rows = published()
    terms = searching.words(text)
    for term in terms:
        rows = rows.filter(search_text__contains=term)
    if wanted.field:
        rows = rows.filter(_has(Facet.FIELD, wanted.field))
    if wanted.language:
        rows = rows.filter(_has(Facet.LANGUAGE, wanted.language))
    if wanted.ects_from is not None:
        rows = rows.filter(workload_ects__gte=wanted.ects_from)
    if wanted.ects_to is not None:
        rows = rows.filter(workload_ects__lte=wanted.ects_to)
    if wanted.eqf_level is not None:
        rows = rows.filter(eqf_level=wanted.eqf_level)
    if wanted.participation:
        rows = rows.filter(participation=wanted.participation)
    if wanted.institution:
        rows = rows.filter(institution__slug=wanted.institution)
    order = SORTS.get(wanted.sort, SORTS["title"])
    if terms and not wanted.sort:
        in_title = Q(*(Q(title_text__contains=term) for term in terms))
        rank = Case(When(in_title, then=Value(0)), default=Value(1), output_field=IntegerField())
        return rows.annotate(rank=rank).order_by("rank", *order)
    return rows.order_by(*order)


def _has(facet: Facet, value: str) -> Q:
    return Q(pk__in=EntryFacet.objects.filter(facet=facet, value=value).values("entry_id"))


def facet_values(facet: Facet) -> list[str]:
    """This will list the values that occur in the catalogue now."""
    rows = EntryFacet.objects.filter(facet=facet, entry__withdrawn_at=None).order_by("value")
    return list(rows.values_list("value", flat=True).distinct())


def institutions() -> QuerySet[Institution]:
    """This will list the institutions that have something in the catalogue now."""
    return Institution.objects.filter(pk__in=published().values("institution_id")).order_by("slug")


def token_uses(actor: Actor) -> list[TokenUse]:
    """This will say what a program could do with drafts for this person."""
    edits = any(actor.holds_anywhere(role) for role in EDITORS)
    uses = []
    if edits or actor.holds_anywhere(Role.COORDINATOR):
        uses.append(TokenUse("read", _("Read drafts of micro-credentials.")))
    if edits:
        uses.append(TokenUse("issue", _("Import and publish micro-credentials.")))
    return uses
