"""Beginning and editing drafts, together with others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from openmcx.catalogue import queries, rules
from openmcx.catalogue.mapping import content
from openmcx.catalogue.mapping.elements import ELEMENTS
from openmcx.catalogue.models import (
    PartyRole,
    Specification,
    SpecificationParty,
)
from openmcx.catalogue.operations.shared import Audit, Conflict, checked_content, locked, note
from openmcx.credentials.model import Achievement, LangText
from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import Institution
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import Refusal
from openmcx.kernel.ids import new_id

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
        content=checked_content(achievement),
        created_at=at,
        created_by=by.person_id,
        edited_at=at,
        edited_by=by.person_id,
    )
    SpecificationParty.objects.create(specification=specification, institution=institution, role=PartyRole.OWNER)
    note(by, Audit.CREATED, at, specification, institution_id)
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
    specification, parties = locked(specification_id)
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
        before = specification.languages
        _store(specification, replace(current, **accepted), by, at)
        note(by, Audit.EDITED, at, specification, parties.owner, elements=sorted(accepted))
        for language in specification.languages:
            if language not in before:
                note(by, Audit.LANGUAGE_ADDED, at, specification, parties.owner, language=language)
    return Saved(specification, tuple(accepted))


@transaction.atomic
def add_language(*, by: Actor, at: dt.datetime, specification_id: UUID, language: str) -> Specification:
    """This will let the draft's texts be written in one more language."""
    specification, parties = locked(specification_id)
    require(bool(rules.may_edit(by, parties)))
    LangText({language: "x"})  # refuses what is no language tag
    if language not in specification.languages:
        specification.languages = [*specification.languages, language]
        specification.save(update_fields=["languages"])
        note(by, Audit.LANGUAGE_ADDED, at, specification, parties.owner, language=language)
    return specification


@transaction.atomic
def remove_language(*, by: Actor, at: dt.datetime, specification_id: UUID, language: str) -> Specification:
    """This will remove the draft's texts in a language.

    Raises: NotPermitted; Refusal "last-language", "only-language" when a text exists in no other language.
    """
    specification, parties = locked(specification_id)
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
    note(by, Audit.LANGUAGE_REMOVED, at, specification, parties.owner, language=language)
    return specification


@transaction.atomic
def discard_changes(*, by: Actor, at: dt.datetime, specification_id: UUID, revision: int) -> Specification:
    """This will set the draft back to the last published version.

    Raises: NotPermitted; Refusal "not-published"; Conflict when the draft was saved after `revision`.
    """
    specification, parties = locked(specification_id)
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
    note(by, Audit.CHANGES_DISCARDED, at, specification, parties.owner, number=last.number)
    return specification


@transaction.atomic
def delete_draft(*, by: Actor, at: dt.datetime, specification_id: UUID) -> None:
    """This will delete a draft that was never published.

    Raises: NotPermitted; Refusal "published".
    """
    specification, parties = locked(specification_id)
    require(bool(rules.may_delete(by, parties)))
    if specification.is_published:
        raise Refusal(
            "published",
            _("A published micro-credential cannot be deleted, since credentials refer to it. Withdraw it instead."),
        )
    note(by, Audit.DELETED, at, specification, parties.owner)
    specification.delete()


@transaction.atomic
def add_partner(*, by: Actor, at: dt.datetime, specification_id: UUID, institution_id: UUID) -> None:
    """This will let the people of another institution work on the draft; the owner stays the awarding body."""
    specification, parties = locked(specification_id)
    require(bool(rules.may_publish(by, parties)))
    if institution_id in parties.all:
        return
    partner = Institution.objects.get(pk=institution_id)
    SpecificationParty.objects.create(specification=specification, institution=partner, role=PartyRole.PARTNER)
    note(by, Audit.PARTNER_ADDED, at, specification, parties.owner, partner=str(institution_id))


@transaction.atomic
def remove_partner(*, by: Actor, at: dt.datetime, specification_id: UUID, institution_id: UUID) -> None:
    """This will end a partner's part in the draft.

    Raises: NotPermitted; Refusal "owner".
    """
    specification, parties = locked(specification_id)
    require(bool(rules.may_publish(by, parties)))
    if institution_id == parties.owner:
        raise Refusal("owner", _("The owner cannot be removed: it is the awarding body."))
    if institution_id not in parties.all:
        return
    # Through the specification's own rows: the partner's row is outside the owner's scope.
    SpecificationParty._base_manager.filter(specification=specification, institution_id=institution_id).delete()
    note(by, Audit.PARTNER_REMOVED, at, specification, parties.owner, partner=str(institution_id))


def _store(specification: Specification, achievement: Achievement, by: Actor, at: dt.datetime) -> None:
    draft = replace(achievement, id=f"urn:uuid:{specification.pk}", version="")
    specification.content = checked_content(draft)
    specification.title = draft.title
    specification.languages = list(dict.fromkeys((*specification.languages, *content.languages_of(draft))))
    specification.revision += 1
    specification.edited_at, specification.edited_by = at, by.person_id
    specification.save(update_fields=["content", "title", "languages", "revision", "edited_at", "edited_by"])
