"""The catalogue and the drafts for programs.

The catalogue is public. Drafts need a token: reading them the scope ``read``, importing and publishing the scope
``issue``, and the token's owner the role that the pages ask for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from openmcx.accounts.models import Scope
from openmcx.accounts.operations import Token
from openmcx.catalogue import operations, queries, rules
from openmcx.catalogue.mapping import checks, content, exporting, importing
from openmcx.catalogue.models import CatalogueEntry, Specification, SpecificationVersion
from openmcx.institutions.models import Institution
from openmcx.kernel.actors import require
from openmcx.kernel.scopes import scope
from openmcx.kernel.web import actor_of

router = Router()
MOST = 100
FURTHEST = 100_000


READ, WRITE = Token(Scope.READ), Token(Scope.ISSUE)


class EntryOut(Schema):
    slug: str
    title: dict[str, str]
    institution: str
    version: int
    address: str
    digest: str
    workload_ects: float | None
    eqf_level: int | None
    participation: str
    languages: list[str]
    published_at: dt.datetime


class EntriesOut(Schema):
    count: int
    items: list[EntryOut]


class VersionOut(Schema):
    slug: str
    number: int
    address: str
    digest: str
    change_note: str
    published_at: dt.datetime
    is_withdrawn: bool
    specification: dict[str, Any]


class ProblemOut(Schema):
    gravity: str
    code: str
    sentence: str
    element: str


class DraftOut(Schema):
    id: UUID
    title: dict[str, str]
    revision: int
    published_number: int
    has_changes: bool
    edited_at: dt.datetime


class DraftsOut(Schema):
    count: int
    items: list[DraftOut]


class DraftWholeOut(DraftOut):
    problems: list[ProblemOut]
    specification: dict[str, Any]


class NotTakenOut(Schema):
    where: str
    sentence: str


class ImportedOut(Schema):
    id: UUID
    kind: str
    not_taken: list[NotTakenOut]
    problems: list[ProblemOut]


class PublishIn(Schema):
    revision: int | None = Field(None, description="The revision that was looked at; left out: whatever is there.")
    change_note: str = Field("", max_length=1000)


@contextmanager
def _draft(request: HttpRequest, specification_id: UUID) -> Iterator[Specification]:
    """Find a draft within the scope of the token's owner, and keep that scope open."""
    actor = actor_of(request)
    with scope(institution=actor.institutions()):
        try:
            specification = queries.draft(specification_id)
        except Specification.DoesNotExist as missing:
            raise Http404 from missing
        require(bool(rules.may_read(actor, queries.parties(specification_id))))
        yield specification


# --- the catalogue --------------------------------------------------------------------------------------------------


@router.get("/catalogue", response=EntriesOut, summary="Search the catalogue", url_name="catalogue-search", auth=None)
def search(
    request: HttpRequest,
    q: str = "",
    institution: str = "",
    language: str = "",
    level: int | None = None,
    field: str = "",
    limit: int = 20,
    offset: int = 0,
) -> EntriesOut:
    """This will find micro-credentials that hold every word of `q`; at most 100 at once."""
    filters = queries.SearchFilters(institution=institution, language=language, eqf_level=level, field=field)
    found = queries.search(q[:200], filters).prefetch_related("facets")
    start = min(max(offset, 0), FURTHEST)
    page = found[start : start + min(max(limit, 1), MOST)]
    return EntriesOut(count=found.count(), items=[_entry(entry) for entry in page])


def _entry(entry: CatalogueEntry) -> EntryOut:
    return EntryOut(
        slug=entry.slug,
        title=entry.title.as_dict(),
        institution=entry.institution.slug,
        version=entry.version.number,
        address=operations.version_address(entry.slug, entry.version.number),
        digest=entry.version.digest,
        workload_ects=None if entry.workload_ects is None else float(entry.workload_ects),
        eqf_level=entry.eqf_level,
        participation=entry.participation,
        languages=[facet.value for facet in entry.facets.all() if facet.facet == "language"],
        published_at=entry.published_at,
    )


@router.get(
    "/catalogue/{slug}/{number}",
    response=VersionOut,
    summary="One published version",
    url_name="catalogue-version",
    auth=None,
)
def version(request: HttpRequest, slug: str, number: int) -> VersionOut:
    """This will give a published version; of a withdrawn micro-credential too."""
    found = _version(slug, number)
    entry = queries.entry(found.specification_id)
    return VersionOut(
        slug=found.slug,
        number=found.number,
        address=operations.version_address(found.slug, found.number),
        digest=found.digest,
        change_note=found.change_note,
        published_at=found.published_at,
        is_withdrawn=bool(entry and entry.withdrawn_at),
        specification=found.content,
    )


@router.get(
    "/catalogue/{slug}/{number}/export/{form}",
    summary="One published version as a file",
    url_name="catalogue-version-export",
    auth=None,
)
def version_export(request: HttpRequest, slug: str, number: int, form: str) -> HttpResponse:
    """This will give a published version as `openmcx` (our specification JSON) or `elm` (JSON-LD)."""
    return _file(exporting.export(_version(slug, number).content, form, f"{slug}-v{number}"))


def _file(file: exporting.Exported | None) -> HttpResponse:
    if file is None:
        raise Http404
    return HttpResponse(file.body, content_type=file.media_type, headers=file.headers)


def _version(slug: str, number: int) -> SpecificationVersion:
    found = queries.version(slug, number)
    if found is None:
        raise Http404
    return found


# --- drafts ---------------------------------------------------------------------------------------------------------


@router.get(
    "/specifications",
    response=DraftsOut,
    summary="The drafts of your institutions",
    url_name="specifications",
    auth=READ,
)
def drafts(request: HttpRequest, limit: int = 20, offset: int = 0) -> DraftsOut:
    """This will list the micro-credentials you may work on, the last edited first; at most 100 at once."""
    actor = actor_of(request)
    editable = {institution for role in rules.EDITORS for institution in actor.institutions(role)}
    with scope(institution=editable):
        found = queries.drafts().defer("content")
        start = min(max(offset, 0), FURTHEST)
        page = found[start : start + min(max(limit, 1), MOST)]
        return DraftsOut(count=found.count(), items=[_brief(one) for one in page])


def _brief(specification: Specification) -> DraftOut:
    return DraftOut(
        id=specification.pk,
        title=specification.title.as_dict(),
        revision=specification.revision,
        published_number=specification.published_number,
        has_changes=specification.has_changes,
        edited_at=specification.edited_at,
    )


@router.get(
    "/specifications/{specification_id}",
    response=DraftWholeOut,
    summary="One draft",
    url_name="specification",
    auth=READ,
)
def draft(request: HttpRequest, specification_id: UUID) -> DraftWholeOut:
    """This will give a draft with what is missing, odd or not translated."""
    with _draft(request, specification_id) as specification:
        found = checks.check(queries.draft_achievement(specification), specification.languages)
        return DraftWholeOut(
            **_brief(specification).dict(), problems=_problems(found), specification=specification.content
        )


def _problems(found: list[checks.Problem]) -> list[ProblemOut]:
    return [
        ProblemOut(gravity=one.gravity.value, code=one.code, sentence=one.sentence, element=one.element)
        for one in found
    ]


@router.get(
    "/specifications/{specification_id}/export/{form}",
    summary="One draft as a file",
    url_name="specification-export",
    auth=READ,
)
def draft_export(request: HttpRequest, specification_id: UUID, form: str) -> HttpResponse:
    """This will give a draft as `openmcx` (our specification JSON) or `elm` (JSON-LD)."""
    with _draft(request, specification_id) as specification:
        name = f"{specification.slug or 'micro-credential'}-draft"
        return _file(exporting.export(specification.content, form, name))


@router.post(
    "/specifications",
    response={201: ImportedOut},
    summary="Import a document as a draft",
    url_name="specification-import",
    auth=WRITE,
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "A specification or credential of the European Learning Model, or our specification JSON.",
            "content": {
                kind: {"schema": {"type": "object", "additionalProperties": True}}
                for kind in ("application/json", "application/ld+json")
            },
        }
    },
)
def import_document(request: HttpRequest, institution: str, language: str = "en") -> Status[ImportedOut]:
    """This will make a draft of the body for the institution, by its short name.

    `language` is given to texts that do not state theirs.
    """
    owner = Institution.objects.filter(slug=institution).first()
    if owner is None:
        raise Http404
    actor = actor_of(request)
    require(bool(rules.may_create(actor, owner.pk)))
    imported = importing.read(request.body, language=language)
    created = operations.create(by=actor, at=timezone.now(), institution_id=owner.pk, achievement=imported.achievement)
    achievement = content.from_content(created.content)
    return Status(
        201,
        ImportedOut(
            id=created.pk,
            kind=imported.kind,
            not_taken=[NotTakenOut(where=one.where, sentence=one.sentence) for one in imported.not_taken],
            problems=_problems(checks.check(achievement, created.languages)),
        ),
    )


@router.post(
    "/specifications/{specification_id}/publish",
    response={201: EntryOut},
    summary="Publish a draft",
    url_name="specification-publish",
    auth=WRITE,
)
def publish(request: HttpRequest, specification_id: UUID, body: PublishIn) -> Status[EntryOut]:
    """This will publish the draft as the next version, which never changes again."""
    with _draft(request, specification_id) as specification:
        operations.publish(
            by=actor_of(request),
            at=timezone.now(),
            specification_id=specification.pk,
            revision=body.revision,
            change_note=body.change_note,
        )
    entry = queries.published().prefetch_related("facets").get(pk=specification_id)
    return Status(201, _entry(entry))
