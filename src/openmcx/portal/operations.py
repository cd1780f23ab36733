"""What is done with the network's own texts and with first steps."""

from __future__ import annotations

import datetime as dt
import hashlib
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from openmcx.accounts.events import PersonErased
from openmcx.accounts.models import Person
from openmcx.kernel import audit
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import Refusal
from openmcx.portal import queries, rules
from openmcx.portal.models import LEGAL_TEXT_CHARACTERS, LegalDraft, LegalKind, LegalVersion, Tour, TourRole


class Audit(StrEnum):
    """What the audit trail calls these deeds."""

    TOUR_LEFT = "portal.tour.left"
    TOUR_SHOWN = "portal.tour.shown"
    TOUR_TICKED = "portal.tour.ticked"
    TOUR_UNTICKED = "portal.tour.unticked"
    LEGAL_SAVED = "portal.legal-text.saved"
    LEGAL_PUBLISHED = "portal.legal-text.published"


# --- first steps ------------------------------------------------------------------------------------------------------


@transaction.atomic
def leave_tour(*, by: Actor, at: dt.datetime, person_id: UUID, role: TourRole) -> None:
    """This will show a person the first steps of a role no more. Leaving again changes nothing.

    Raises: NotPermitted.
    """
    tour = _tour(by, person_id, role)
    if tour.left_at is None:
        tour.left_at = at
        tour.save(update_fields=["left_at"])
        audit.record(by=by, action=Audit.TOUR_LEFT, at=at, subject=tour, data={"role": role.value})


@transaction.atomic
def show_tour(*, by: Actor, at: dt.datetime, person_id: UUID, role: TourRole) -> None:
    """This will show a person the first steps of a role again. Nothing that they ticked off is lost.

    Raises: NotPermitted.
    """
    tour = _tour(by, person_id, role)
    if tour.left_at is not None:
        tour.left_at = None
        tour.save(update_fields=["left_at"])
        audit.record(by=by, action=Audit.TOUR_SHOWN, at=at, subject=tour, data={"role": role.value})


@transaction.atomic
def tick_step(*, by: Actor, at: dt.datetime, person_id: UUID, role: TourRole, step: str, is_done: bool) -> None:
    """This will note that a person has done a step which the node cannot see, or has not.

    Raises: NotPermitted; Refusal ``tour-step-unknown``.
    """
    tour = _tour(by, person_id, role)
    shown = queries.tour(by, role, at=at) if by.person_id == person_id else None
    if shown is None or step not in {one.key for one in shown.steps if one.by_hand}:
        raise Refusal("tour-step-unknown", _("There is no such step to tick off. Load the page again."))
    if (step in tour.ticked) == is_done:
        return
    tour.ticked = sorted({*tour.ticked, step}) if is_done else [one for one in tour.ticked if one != step]
    tour.save(update_fields=["ticked"])
    action = Audit.TOUR_TICKED if is_done else Audit.TOUR_UNTICKED
    audit.record(by=by, action=action, at=at, subject=tour, data={"role": role.value, "step": step})


def _tour(by: Actor, person_id: UUID, role: TourRole) -> Tour:
    require(rules.may_change_tour(by, person_id))
    # The person's row is the lock: two first clicks at once would otherwise both make the tour's.
    Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    tour, _made = Tour.objects.get_or_create(person_id=person_id, role=role)
    return tour


def forget_person(event: PersonErased, *, at: dt.datetime) -> None:
    """This will forget the first steps of somebody who has closed their account."""
    Tour.objects.filter(person_id=event.person_id).delete()


# --- legal texts ------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_legal_text(
    *, by: Actor, at: dt.datetime, kind: LegalKind, language: str, body: str, revision: int
) -> LegalDraft:
    """This will keep a text as a draft that visitors do not see.

    `revision` is what the writer has seen, 0 if there was no draft.

    Raises: NotPermitted; Refusal ``legal-language-unknown``, ``legal-text-too-long``, ``legal-text-changed-meanwhile``.
    """
    require(rules.may_write_legal_texts(by))
    if language not in dict(settings.LANGUAGES):
        raise Refusal("legal-language-unknown", _("These pages are not shown in the language “%(tag)s”."), tag=language)
    text = _clean(body)
    draft = _locked_draft(kind, language, revision)
    if draft is None:
        draft = LegalDraft(kind=kind, language=language, body=text, revision=1, edited_at=at, edited_by=by.person_id)
        draft.save(force_insert=True)
    elif draft.body == text:
        return draft
    else:
        draft.body, draft.edited_at, draft.edited_by = text, at, by.person_id
        draft.revision += 1
        draft.save(update_fields=["body", "edited_at", "edited_by", "revision"])
    audit.record(by=by, action=Audit.LEGAL_SAVED, at=at, subject=draft, data={"kind": kind.value, "language": language})
    return draft


@transaction.atomic
def publish_legal_text(*, by: Actor, at: dt.datetime, kind: LegalKind, language: str, revision: int) -> LegalVersion:
    """This will show the draft to everybody from now on; what was published before stays readable with its date.

    Raises: NotPermitted; Refusal ``legal-text-empty``, ``legal-text-same``, ``legal-text-changed-meanwhile``.
    """
    require(rules.may_write_legal_texts(by))
    draft = _locked_draft(kind, language, revision)
    if draft is None or not draft.body.strip():
        raise Refusal("legal-text-empty", _("There is no text to publish yet. Write and save it first."))
    newest = LegalVersion.objects.filter(kind=kind, language=language).order_by("-number").first()
    if newest is not None and newest.body == draft.body:
        raise Refusal("legal-text-same", _("The text is the same as the one that is published."))
    version = LegalVersion(
        kind=kind,
        language=language,
        number=newest.number + 1 if newest else 1,
        body=draft.body,
        published_at=at,
        published_by=by.person_id,
    )
    version.save(force_insert=True)
    transaction.on_commit(queries.forget_footer)
    audit.record(
        by=by,
        action=Audit.LEGAL_PUBLISHED,
        at=at,
        subject=version,
        data={
            "kind": kind.value,
            "language": language,
            "number": version.number,
            "digest": hashlib.sha256(version.body.encode()).hexdigest(),
        },
    )
    return version


def _locked_draft(kind: LegalKind, language: str, revision: int) -> LegalDraft | None:
    draft = LegalDraft.objects.select_for_update().filter(kind=kind, language=language).first()
    if (draft.revision if draft else 0) != revision:
        raise Refusal(
            "legal-text-changed-meanwhile",
            _("Somebody else has saved this text meanwhile. Copy yours, load the page again and put both together."),
        )
    return draft


def _clean(body: str) -> str:
    text = body.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
    if len(text) > LEGAL_TEXT_CHARACTERS:
        raise Refusal(
            "legal-text-too-long",
            _("The text is longer than %(most)s characters. Shorten it."),
            most=LEGAL_TEXT_CHARACTERS,
        )
    return text
