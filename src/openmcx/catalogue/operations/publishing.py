"""Publishing versions that never change, and taking micro-credentials out of the catalogue."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from openmcx.accounts import operations as account_operations
from openmcx.catalogue import notifications, queries, rules
from openmcx.catalogue.events import SpecificationPublished, SpecificationWithdrawn
from openmcx.catalogue.mapping import content
from openmcx.catalogue.mapping.checks import missing_elements
from openmcx.catalogue.mapping.search import folded, search_text, title_text
from openmcx.catalogue.models import (
    CatalogueEntry,
    EntryFacet,
    Facet,
    Specification,
    SpecificationVersion,
)
from openmcx.catalogue.operations.shared import Audit, Conflict, locked, note, plain_text
from openmcx.credentials.model import Achievement, LangText
from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import Institution, Role
from openmcx.kernel import events
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import Refusal
from openmcx.kernel.scopes import scopes_disabled

# --- publishing -----------------------------------------------------------------------------------------------------


@transaction.atomic
def publish(
    *, by: Actor, at: dt.datetime, specification_id: UUID, revision: int | None = None, change_note: str = ""
) -> SpecificationVersion:
    """This will publish the draft as the next version, which never changes again, and list it in the catalogue.

    `revision` is the draft that the person looked at; None publishes whatever is there.
    Raises: NotPermitted; Refusal "elements-missing", "nothing-new"; Conflict when the draft was saved after `revision`.
    """
    specification, parties = locked(specification_id)
    require(bool(rules.may_publish(by, parties)))
    if revision is not None and revision != specification.revision:
        raise Conflict(elements=(), current=specification)
    if specification.is_published and not specification.has_changes:
        raise Refusal("nothing-new", _("The draft is the same as the published version. Change something first."))
    institution = Institution.objects.get(pk=parties.owner)
    drafted = queries.draft_achievement(specification)
    missing = missing_elements(drafted)
    if missing:
        raise Refusal(
            "elements-missing",
            ngettext_lazy(
                "%(count)d mandatory element is missing, so it cannot be published yet. %(elements)s",
                "%(count)d mandatory elements are missing, so it cannot be published yet. %(elements)s",
                len(missing),
            ),
            count=len(missing),
            elements=" ".join(problem.sentence for problem in missing),
        )
    number = specification.published_number + 1
    slug = specification.slug or _take_slug(specification, drafted.title)
    published = replace(
        drafted,
        id=version_address(slug, number),
        version=str(number),
        awarding_body=institution_queries.organisation(institution),
    )
    stored = content.to_content(published)
    version = SpecificationVersion.objects.create(
        specification=specification,
        institution=institution,
        slug=slug,
        number=number,
        title=published.title,
        languages=specification.languages,
        content=stored,
        digest=content.digest(stored),
        change_note=plain_text(change_note),
        published_at=at,
        published_by=by.person_id,
    )
    specification.slug, specification.published_number = slug, number
    specification.published_revision = specification.revision
    specification.save(update_fields=["slug", "published_number", "published_revision"])
    _list(version, published, at)
    note(
        by,
        Audit.PUBLISHED,
        at,
        specification,
        parties.owner,
        number=number,
        version=str(version.pk),
        digest=version.digest,
    )
    events.emit(SpecificationPublished(specification_id=specification.pk, version_id=version.pk))
    _tell(by, at, version, institution)
    return version


def _tell(by: Actor, at: dt.datetime, version: SpecificationVersion, institution: Institution) -> None:
    people = institution_queries.people_with(Role.AUTHOR, Role.REGISTRAR, institution_id=institution.pk, on=at.date())
    params = {"title": version.title, "number": version.number, "institution": institution.name}
    url = reverse("catalogue:version", kwargs={"slug": version.slug, "number": version.number})
    told = [
        account_operations.Told(
            person_id=person_id, url=url, params=params, institution_id=institution.pk, about=str(version.pk)
        )
        for person_id in people
    ]
    account_operations.notify(by=by, at=at, kind=notifications.PUBLISHED, told=told)


@transaction.atomic
def withdraw(*, by: Actor, at: dt.datetime, specification_id: UUID, reason: str) -> CatalogueEntry:
    """This will take a micro-credential out of the catalogue. Its versions stay readable, credentials stay valid.

    Raises: NotPermitted; Refusal "not-published", "reason-missing", "already-withdrawn".
    """
    specification, parties = locked(specification_id)
    require(bool(rules.may_publish(by, parties)))
    entry = _entry(specification)
    if entry.withdrawn_at is not None:
        raise Refusal("already-withdrawn", _("It was already withdrawn from the catalogue."))
    reason = plain_text(reason)
    if not reason:
        raise Refusal("reason-missing", _("Give the reason; it is shown on the page of the micro-credential."))
    entry.withdrawn_at, entry.withdrawn_by, entry.withdrawal_reason = at, by.person_id, reason
    entry.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    note(by, Audit.WITHDRAWN, at, specification, parties.owner)
    events.emit(SpecificationWithdrawn(specification_id=specification.pk))
    return entry


@transaction.atomic
def list_again(*, by: Actor, at: dt.datetime, specification_id: UUID) -> CatalogueEntry:
    """This will bring a withdrawn micro-credential back into the catalogue.

    Raises: NotPermitted; Refusal "not-published", "not-withdrawn".
    """
    specification, parties = locked(specification_id)
    require(bool(rules.may_publish(by, parties)))
    entry = _entry(specification)
    if entry.withdrawn_at is None:
        raise Refusal("not-withdrawn", _("It is in the catalogue already."))
    entry.withdrawn_at, entry.withdrawn_by, entry.withdrawal_reason = None, None, ""
    entry.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    note(by, Audit.LISTED_AGAIN, at, specification, parties.owner)
    return entry


def version_address(slug: str, number: int) -> str:
    """This will give a version's permanent address, which is the achievement's id in every credential."""
    path = reverse("catalogue:version", kwargs={"slug": slug, "number": number})
    return f"{settings.OPENMCX_BASE_URL.rstrip('/')}{path}"


def _entry(specification: Specification) -> CatalogueEntry:
    entry = CatalogueEntry.objects.select_for_update().filter(pk=specification.pk).first()
    if entry is None:
        raise Refusal("not-published", _("It was never published."))
    return entry


def _take_slug(specification: Specification, title: LangText) -> str:
    """Take the first free short name for good; the database decides between two who take it at the same moment."""
    stem = slugify(title.best("en"))[:60].strip("-") or "micro-credential"
    for count in range(1, 1000):
        slug = stem if count == 1 else f"{stem}-{count}"
        with scopes_disabled():
            if Specification.objects.filter(slug=slug).exists():
                continue
        try:
            with transaction.atomic():
                specification.slug = slug
                specification.save(update_fields=["slug"])
        except IntegrityError:
            continue
        return slug
    raise Refusal("no-free-slug", _("A thousand micro-credentials have this title. Choose another title."))


def _list(version: SpecificationVersion, achievement: Achievement, at: dt.datetime) -> None:
    """Cut the version for the catalogue, in place of the earlier one."""
    names = [*achievement.awarding_body.name.values(), *version.institution.name.values()]
    summary = LangText({tag: _shortened(text) for tag, text in achievement.description.items()})
    values: dict[str, Any] = {
        "version": version,
        "institution": version.institution,
        "slug": version.slug,
        "title": achievement.title,
        "sort_title": folded(achievement.title.best("en"))[:200],
        "summary": summary,
        "title_text": title_text(achievement),
        "search_text": search_text(achievement, names),
        "workload_ects": achievement.workload_ects,
        "eqf_level": achievement.eqf_level,
        "participation": achievement.participation or "",
        "published_at": at,
        "withdrawn_at": None,
        "withdrawn_by": None,
        "withdrawal_reason": "",
    }
    entry, _created = CatalogueEntry.objects.update_or_create(
        specification_id=version.specification_id,
        defaults=values,
        create_defaults=values | {"first_published_at": at},
    )
    EntryFacet.objects.filter(entry=entry).delete()
    EntryFacet.objects.bulk_create(
        [
            *(EntryFacet(entry=entry, facet=Facet.LANGUAGE, value=tag) for tag in dict.fromkeys(achievement.languages)),
            *(
                EntryFacet(entry=entry, facet=Facet.FIELD, value=iri)
                for iri in dict.fromkeys(concept.iri for concept in achievement.fields_of_study)
            ),
        ]
    )


def _shortened(text: str, limit: int = 280) -> str:
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0].rstrip(",;:") + " …"
