"""What is done with specifications: begin, edit, publish, withdraw. Each writes one audit row in its transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from openmcx.catalogue import queries, rules
from openmcx.catalogue.events import SpecificationPublished, SpecificationWithdrawn
from openmcx.catalogue.mapping import content
from openmcx.catalogue.mapping.checks import missing_elements
from openmcx.catalogue.mapping.elements import ELEMENTS
from openmcx.catalogue.mapping.search import folded, search_text, title_text
from openmcx.catalogue.mapping.sentences import sentence
from openmcx.catalogue.models import (
    CatalogueEntry,
    EntryFacet,
    Facet,
    PartyRole,
    Specification,
    SpecificationParty,
    SpecificationVersion,
)
from openmcx.credentials.model import Achievement, LangText
from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import Institution
from openmcx.kernel import audit, events
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import Refusal
from openmcx.kernel.ids import new_id
from openmcx.kernel.scopes import scopes_disabled


class Audit(StrEnum):
    """The actions that this app records."""

    CREATED = "catalogue.specification.created"
    EDITED = "catalogue.specification.edited"
    LANGUAGE_ADDED = "catalogue.specification.language-added"
    LANGUAGE_REMOVED = "catalogue.specification.language-removed"
    CHANGES_DISCARDED = "catalogue.specification.changes-discarded"
    DELETED = "catalogue.specification.deleted"
    PUBLISHED = "catalogue.specification.published"
    WITHDRAWN = "catalogue.specification.withdrawn"
    LISTED_AGAIN = "catalogue.specification.listed-again"
    PARTNER_ADDED = "catalogue.specification.partner-added"
    PARTNER_REMOVED = "catalogue.specification.partner-removed"


class Conflict(Refusal):
    """Somebody else saved the same elements meanwhile. `current` is what is saved now; nothing was overwritten."""

    def __init__(self, *, elements: tuple[str, ...], current: Specification) -> None:
        super().__init__(
            "edited-meanwhile",
            _("Somebody else changed the same texts while you were editing. Compare both and save again."),
        )
        self.elements = elements
        self.current = current


# --- beginning ------------------------------------------------------------------------------------------------------


@transaction.atomic
def create(
    *,
    by: Actor,
    at: dt.datetime,
    institution_id: UUID,
    title: LangText | None = None,
    achievement: Achievement | None = None,
) -> Specification:
    """This will begin a draft with a title, or with an imported achievement whose id and awarding body are replaced.

    Raises: NotPermitted; Refusal "title-missing".
    """
    require(bool(rules.may_create(by, institution_id)))
    institution = Institution.objects.get(pk=institution_id)
    name = title or (achievement.title if achievement else None)
    if not name:
        raise Refusal("title-missing", _("Give the micro-credential a title."))
    specification_id = new_id()
    awarding_body = institution_queries.organisation(institution)
    draft_id = f"urn:uuid:{specification_id}"
    if achievement is None:
        achievement = Achievement(id=draft_id, title=name, awarding_body=awarding_body)
    else:
        achievement = replace(achievement, id=draft_id, title=name, awarding_body=awarding_body, version="")
    specification = Specification.objects.create(
        id=specification_id,
        title=achievement.title,
        languages=content.languages_of(achievement),
        content=_checked_content(achievement),
        created_at=at,
        created_by=by.person_id,
        edited_at=at,
        edited_by=by.person_id,
    )
    SpecificationParty.objects.create(specification=specification, institution=institution, role=PartyRole.OWNER)
    _note(by, Audit.CREATED, at, specification, institution_id)
    return specification


# --- editing --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Saved:
    specification: Specification
    changed: tuple[str, ...]


@transaction.atomic
def save_elements(
    *, by: Actor, at: dt.datetime, specification_id: UUID, values: Mapping[str, Any], base: Mapping[str, str]
) -> Saved:
    """This will save elements of the draft, joining what two authors did to different elements.

    `values` are the model's values by element; `base` the digests (`mapping.content.element_digests`) of what the
    author saw. An element that only somebody else changed keeps their text.
    Raises: NotPermitted; Conflict when both changed the same element differently; Specification.DoesNotExist.
    """
    unknown = set(values) - set(ELEMENTS)
    if unknown:
        raise ValueError(f"no such elements: {', '.join(sorted(unknown))}")
    specification, parties = _locked(specification_id)
    require(bool(rules.may_edit(by, parties)))
    current = queries.draft_achievement(specification)
    mine = replace(current, **values)
    digests_now = content.element_digests(current, values)
    digests_mine = content.element_digests(mine, values)
    conflicts, accepted = [], {}
    for name, value in values.items():
        if digests_mine[name] in (digests_now[name], base.get(name)):
            continue  # nothing new from this author
        if base.get(name) != digests_now[name]:
            conflicts.append(name)
        accepted[name] = value
    if conflicts:
        raise Conflict(elements=tuple(conflicts), current=specification)
    if accepted:
        _store(specification, replace(current, **accepted), by, at)
        _note(by, Audit.EDITED, at, specification, parties.owner, elements=sorted(accepted))
    return Saved(specification, tuple(accepted))


@transaction.atomic
def add_language(*, by: Actor, at: dt.datetime, specification_id: UUID, language: str) -> Specification:
    """This will let the draft's texts be written in one more language."""
    specification, parties = _locked(specification_id)
    require(bool(rules.may_edit(by, parties)))
    LangText({language: "x"})  # refuses what is no language tag
    if language not in specification.languages:
        specification.languages = [*specification.languages, language]
        specification.save(update_fields=["languages"])
        _note(by, Audit.LANGUAGE_ADDED, at, specification, parties.owner, language=language)
    return specification


@transaction.atomic
def remove_language(*, by: Actor, at: dt.datetime, specification_id: UUID, language: str) -> Specification:
    """This will remove the draft's texts in a language.

    Raises: NotPermitted; Refusal "last-language", "only-language" when a text exists in no other language.
    """
    specification, parties = _locked(specification_id)
    require(bool(rules.may_edit(by, parties)))
    if specification.languages == [language]:
        raise Refusal("last-language", _("These are the only texts there are. Add another language first."))
    before = queries.draft_achievement(specification)
    after = content.without_language(before, language)
    if language in content.languages_of(after):
        raise Refusal(
            "only-language",
            _("Some texts exist in this language only. Write them in another language first, or delete them."),
        )
    specification.languages = [tag for tag in specification.languages if tag != language]
    _store(specification, after, by, at)
    _note(by, Audit.LANGUAGE_REMOVED, at, specification, parties.owner, language=language)
    return specification


@transaction.atomic
def discard_changes(*, by: Actor, at: dt.datetime, specification_id: UUID, revision: int) -> Specification:
    """This will set the draft back to the last published version.

    Raises: NotPermitted; Refusal "not-published"; Conflict when the draft was saved after `revision`.
    """
    specification, parties = _locked(specification_id)
    require(bool(rules.may_edit(by, parties)))
    if not specification.is_published:
        raise Refusal("not-published", _("There is no published version to go back to."))
    if specification.revision != revision:
        raise Conflict(elements=(), current=specification)
    last = queries.versions(specification_id)[0]
    specification.languages = last.languages
    _store(specification, queries.achievement(last), by, at)
    specification.published_revision = specification.revision
    specification.save(update_fields=["published_revision"])
    _note(by, Audit.CHANGES_DISCARDED, at, specification, parties.owner, number=last.number)
    return specification


@transaction.atomic
def delete_draft(*, by: Actor, at: dt.datetime, specification_id: UUID) -> None:
    """This will delete a draft that was never published.

    Raises: NotPermitted; Refusal "published".
    """
    specification, parties = _locked(specification_id)
    require(bool(rules.may_delete(by, parties)))
    if specification.is_published:
        raise Refusal(
            "published",
            _("A published micro-credential cannot be deleted, since credentials refer to it. Withdraw it instead."),
        )
    _note(by, Audit.DELETED, at, specification, parties.owner)
    specification.delete()


@transaction.atomic
def add_partner(*, by: Actor, at: dt.datetime, specification_id: UUID, institution_id: UUID) -> None:
    """This will let the people of another institution work on the draft; the owner stays the awarding body."""
    specification, parties = _locked(specification_id)
    require(bool(rules.may_publish(by, parties)))
    if institution_id in parties.all:
        return
    partner = Institution.objects.get(pk=institution_id)
    SpecificationParty.objects.create(specification=specification, institution=partner, role=PartyRole.PARTNER)
    _note(by, Audit.PARTNER_ADDED, at, specification, parties.owner, partner=str(institution_id))


@transaction.atomic
def remove_partner(*, by: Actor, at: dt.datetime, specification_id: UUID, institution_id: UUID) -> None:
    """This will end a partner's part in the draft.

    Raises: NotPermitted; Refusal "owner".
    """
    specification, parties = _locked(specification_id)
    require(bool(rules.may_publish(by, parties)))
    if institution_id == parties.owner:
        raise Refusal("owner", _("The owner cannot be removed: it is the awarding body."))
    if institution_id not in parties.all:
        return
    # Through the specification's own rows: the partner's row is outside the owner's scope.
    SpecificationParty._base_manager.filter(specification=specification, institution_id=institution_id).delete()
    _note(by, Audit.PARTNER_REMOVED, at, specification, parties.owner, partner=str(institution_id))


# --- publishing -----------------------------------------------------------------------------------------------------


@transaction.atomic
def publish(
    *, by: Actor, at: dt.datetime, specification_id: UUID, revision: int | None = None, change_note: str = ""
) -> SpecificationVersion:
    """This will publish the draft as the next version, which never changes again, and list it in the catalogue.

    `revision` is the draft that the person looked at; None publishes whatever is there.
    Raises: NotPermitted; Refusal "elements-missing", "nothing-new"; Conflict when the draft was saved after `revision`.
    """
    specification, parties = _locked(specification_id)
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
        change_note=change_note.strip(),
        published_at=at,
        published_by=by.person_id,
    )
    specification.slug, specification.published_number = slug, number
    specification.published_revision = specification.revision
    specification.save(update_fields=["slug", "published_number", "published_revision"])
    _list(version, published, at)
    _note(
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
    return version


@transaction.atomic
def withdraw(*, by: Actor, at: dt.datetime, specification_id: UUID, reason: str) -> CatalogueEntry:
    """This will take a micro-credential out of the catalogue. Its versions stay readable, credentials stay valid.

    Raises: NotPermitted; Refusal "not-published", "reason-missing", "already-withdrawn".
    """
    specification, parties = _locked(specification_id)
    require(bool(rules.may_publish(by, parties)))
    entry = _entry(specification)
    if entry.withdrawn_at is not None:
        raise Refusal("already-withdrawn", _("It was already withdrawn from the catalogue."))
    if not reason.strip():
        raise Refusal("reason-missing", _("Give the reason; it is shown on the page of the micro-credential."))
    entry.withdrawn_at, entry.withdrawn_by, entry.withdrawal_reason = at, by.person_id, reason.strip()
    entry.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    _note(by, Audit.WITHDRAWN, at, specification, parties.owner)
    events.emit(SpecificationWithdrawn(specification_id=specification.pk))
    return entry


@transaction.atomic
def list_again(*, by: Actor, at: dt.datetime, specification_id: UUID) -> CatalogueEntry:
    """This will bring a withdrawn micro-credential back into the catalogue.

    Raises: NotPermitted; Refusal "not-published", "not-withdrawn".
    """
    specification, parties = _locked(specification_id)
    require(bool(rules.may_publish(by, parties)))
    entry = _entry(specification)
    if entry.withdrawn_at is None:
        raise Refusal("not-withdrawn", _("It is in the catalogue already."))
    entry.withdrawn_at, entry.withdrawn_by, entry.withdrawal_reason = None, None, ""
    entry.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    _note(by, Audit.LISTED_AGAIN, at, specification, parties.owner)
    return entry


def version_address(slug: str, number: int) -> str:
    """This will give a version's permanent address, which is the achievement's id in every credential."""
    path = reverse("catalogue:version", kwargs={"slug": slug, "number": number})
    return f"{settings.OPENMCX_BASE_URL.rstrip('/')}{path}"


# --- parts of the above ---------------------------------------------------------------------------------------------


def _locked(specification_id: UUID) -> tuple[Specification, rules.Parties]:
    # Whoever asks, the rules below decide; jobs and commands have no scope of their own.
    with scopes_disabled():
        specification: Specification = Specification.objects.select_for_update().get(pk=specification_id)
    return specification, queries.parties(specification_id)


def _store(specification: Specification, achievement: Achievement, by: Actor, at: dt.datetime) -> None:
    draft = replace(achievement, id=f"urn:uuid:{specification.pk}", version="")
    specification.content = _checked_content(draft)
    specification.title = draft.title
    specification.languages = list(dict.fromkeys((*specification.languages, *content.languages_of(draft))))
    specification.revision += 1
    specification.edited_at, specification.edited_by = at, by.person_id
    specification.save(update_fields=["content", "title", "languages", "revision", "edited_at", "edited_by"])


def _checked_content(achievement: Achievement) -> dict[str, Any]:
    """Write the achievement, and read it again: what could not be read later is refused now."""
    written = content.to_content(achievement)
    try:
        content.from_content(written)
    except content.SpecificationError as fault:
        faults = "; ".join(f"{finding.pointer}: {sentence(finding)}" for finding in fault.findings[:8])
        raise Refusal("not-storable", _("This cannot be saved: %(faults)s"), faults=faults) from fault
    return written


def _note(
    by: Actor, action: Audit, at: dt.datetime, specification: Specification, institution_id: UUID, **data: object
) -> None:
    audit.record(
        by=by,
        action=action,
        at=at,
        subject=specification,
        institution_id=institution_id,
        data={"revision": specification.revision, **data},
    )


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
