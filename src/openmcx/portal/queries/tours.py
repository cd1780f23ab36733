"""First steps in each role. A step is done when what it asks for is really there; few are ticked off by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from openmcx.accounts import queries as accounts_queries
from openmcx.catalogue import queries as catalogue_queries
from openmcx.catalogue.models import Specification, SpecificationVersion
from openmcx.credentials.formats import specification as specification_format
from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import Institution, Membership, Role, holding_on
from openmcx.institutions.rules import missing_statements
from openmcx.issuing import queries as issuing_queries
from openmcx.issuing.models import Batch, BatchState
from openmcx.kernel.actors import Actor
from openmcx.kernel.scopes import scope
from openmcx.kernel.slots import PersonalData
from openmcx.portal import rules
from openmcx.portal.models import Tour, TourRole
from openmcx.portal.queries.legal import missing_legal_texts

# Drafts that are looked at for a complete one; whoever has more has been here for long.
_DRAFTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    """One step: what to do, why, and where. `by_hand` says that only the person knows whether it is done."""

    key: str
    title: str
    why: str
    url: str
    is_done: bool
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTour:
    """The first steps of one role, as the home page shows them."""

    role: TourRole
    title: str
    steps: tuple[ShownStep, ...]
    is_left: bool

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def is_well_on(self) -> bool:
        """Whether half of the steps are done, so that what waits may come first."""
        return 2 * self.done >= len(self.steps)

    @property
    def is_finished(self) -> bool:
        """Whether every step is done."""
        return self.done == len(self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a step needs to know."""

    actor: Actor
    person_id: UUID
    ticked: frozenset[str]
    at: dt.datetime


def tours(actor: Actor, *, at: dt.datetime, with_left: bool = False) -> tuple[ShownTour, ...]:
    """This will give the first steps of each role of whoever is signed in; those they left only when asked for."""
    if actor.person_id is None:
        return ()
    said = {row.role: row for row in Tour.objects.filter(person_id=actor.person_id)}
    is_learner = bool(institution_queries.records_of(actor.person_id))
    found = []
    for role in rules.tours_of(actor, is_learner=is_learner):
        row = said.get(role)
        is_left = row is not None and row.left_at is not None
        if is_left and not with_left:
            continue
        ticked = frozenset(row.ticked) if row else frozenset()
        asked = _Asked(actor=actor, person_id=actor.person_id, ticked=ticked, at=at)
        with scope(institution=actor.institutions(None if role == TourRole.LEARNER else role)):
            found.append(ShownTour(role=role, title=_titles()[role], steps=tuple(_STEPS[role](asked)), is_left=is_left))
    return tuple(found)


def tour(actor: Actor, role: TourRole, *, at: dt.datetime) -> ShownTour | None:
    """This will give the first steps of one role; None for whoever is not in it."""
    return next((one for one in tours(actor, at=at, with_left=True) if one.role == role), None)


def personal_data_of(person_id: UUID) -> list[PersonalData]:
    """This will answer the kernel: what a person said about their first steps."""
    return [
        PersonalData(
            source="portal",
            label=_("First steps: %(role)s") % {"role": row.get_role_display()},
            values=(
                *((("left_at", row.left_at.isoformat()),) if row.left_at else ()),
                *(("ticked", key) for key in row.ticked),
            ),
        )
        for row in Tour.objects.filter(person_id=person_id).order_by("role")
    ]


def _titles() -> dict[TourRole, str]:
    return {
        TourRole.REGISTRAR: _("First steps as registrar"),
        TourRole.AUTHOR: _("First steps as course author"),
        TourRole.ADMIN: _("First steps as administrator of an institution"),
        TourRole.COORDINATOR: _("First steps as coordinator of the network"),
        TourRole.LEARNER: _("First steps as learner"),
    }


def _by_hand(asked: _Asked, *, key: str, title: str, why: str, url: str) -> ShownStep:
    return ShownStep(key=key, title=title, why=why, url=url, is_done=key in asked.ticked, by_hand=True)


# --- registrar --------------------------------------------------------------------------------------------------------


def _registrar(asked: _Asked) -> Iterator[ShownStep]:
    mine = Batch.objects.filter(created_by=asked.person_id).exclude(state=BatchState.DISCARDED)
    right = Q(fault_count=0) & ~Q(state=BatchState.UPLOADED)
    yield ShownStep(
        key="published",
        title=_("Have a published micro-credential"),
        why=_("Credentials are issued for what your institution has published in the catalogue."),
        url=reverse("catalogue:drafts"),
        is_done=catalogue_queries.issuable(asked.actor.institutions(Role.REGISTRAR)).exists(),
    )
    yield ShownStep(
        key="upload",
        title=_("Upload a class list"),
        why=_("It is checked as a whole; nothing is issued before you confirm."),
        url=reverse("issuing:new"),
        is_done=mine.exists(),
    )
    yield ShownStep(
        key="mend",
        title=_("Mend what the check finds"),
        why=_("Each fault says where it is and how to mend it, so that no learner gets a wrong credential."),
        url=reverse("issuing:batches"),
        is_done=mine.filter(right).exists(),
    )
    yield ShownStep(
        key="issue",
        title=_("Look at the preview and issue"),
        why=_("You see what each learner will see. Then every learner gets an e-mail with a private link."),
        url=reverse("issuing:batches"),
        is_done=Batch.objects.filter(confirmed_by=asked.person_id).exists(),
    )
    yield _by_hand(
        asked,
        key="check",
        title=_("Check a credential as an employer does"),
        why=_("So you know what those see to whom your learners show it."),
        url=reverse("verification:start"),
    )
    yield _by_hand(
        asked,
        key="revoke",
        title=_("See how a credential is revoked"),
        why=_(
            "A mistake is mended by revoking the credential and issuing a correct one. You find the button on its page."
        ),
        url=reverse("issuing:credentials"),
    )


# --- author -----------------------------------------------------------------------------------------------------------


def _author(asked: _Asked) -> Iterator[ShownStep]:
    touched = Q(created_by=asked.person_id) | Q(edited_by=asked.person_id)
    mine = list(catalogue_queries.drafts().filter(touched)[:_DRAFTS])
    is_published = SpecificationVersion.objects.filter(published_by=asked.person_id).exists()
    drafts = reverse("catalogue:drafts")
    yield ShownStep(
        key="begin",
        title=_("Begin a draft"),
        why=_("A title is enough to begin. If you have a description already, import it."),
        url=reverse("catalogue:new"),
        is_done=bool(mine) or is_published,
    )
    yield ShownStep(
        key="complete",
        title=_("Fill in what is mandatory"),
        why=_("Those elements let others recognise it. The overview of the draft says what is missing."),
        url=drafts,
        is_done=is_published or any(_is_complete(one) for one in mine),
    )
    yield ShownStep(
        key="languages",
        title=_("Write it in a second language"),
        why=_("Learners and employers in other countries find it in theirs."),
        url=drafts,
        is_done=any(len(one.languages) > 1 for one in mine),
    )
    yield _by_hand(
        asked,
        key="preview",
        title=_("Look at the preview"),
        why=_("It is the page that everybody will see in the catalogue."),
        url=drafts,
    )
    yield ShownStep(
        key="publish",
        title=_("Publish it"),
        why=_("From then on everybody can read it, and credentials can be issued for it."),
        url=drafts,
        is_done=is_published,
    )


def _is_complete(specification: Specification) -> bool:
    return not specification_format.completeness(catalogue_queries.draft_achievement(specification))


# --- administrator ----------------------------------------------------------------------------------------------------


def _administrator(asked: _Asked) -> Iterator[ShownStep]:
    mine = Institution.objects.filter(pk__in=asked.actor.institutions(Role.ADMIN)).order_by("slug")
    institution = mine[0]
    people = reverse("institutions:people", kwargs={"slug": institution.slug})
    held = {
        (role, person_id)
        for role, person_id in Membership.objects.filter(holding_on(asked.at.date()), institution=institution)
        .order_by()
        .values_list("role", "person_id")
    }
    invited = set(
        institution_queries.open_invitations(institution.pk, at=asked.at).order_by().values_list("role", flat=True)
    )
    yield ShownStep(
        key="profile",
        title=_("Complete the profile"),
        why=_("It stands on your public page and in each credential issued from then on."),
        url=reverse("institutions:profile", kwargs={"slug": institution.slug}),
        is_done=not missing_statements(institution),
    )
    yield ShownStep(
        key="author",
        title=_("Invite a course author"),
        why=_("Authors describe and publish micro-credentials."),
        url=people,
        is_done=Role.AUTHOR in {role for role, _person in held} | invited,
    )
    yield ShownStep(
        key="registrar",
        title=_("Invite a registrar"),
        why=_("Registrars issue and revoke credentials. You cannot give the role to yourself."),
        url=people,
        is_done=Role.REGISTRAR in {role for role, _person in held} | invited,
    )
    yield ShownStep(
        key="second",
        title=_("Have a second administrator"),
        why=_("So the institution can act when you are away. The network's coordinator gives this role too."),
        url=people,
        is_done=sum(role == Role.ADMIN for role, _person in held) > 1 or Role.ADMIN in invited,
    )
    yield _by_hand(
        asked,
        key="keys",
        title=_("Look at the signing keys"),
        why=_("Know when to sign with a new key, and when to revoke one."),
        url=reverse("institutions:keys", kwargs={"slug": institution.slug}),
    )
    yield _second_factor(asked.person_id)


def _second_factor(person_id: UUID) -> ShownStep:
    strong = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)
    return ShownStep(
        key="factor",
        title=_("Protect your account"),
        why=_("With a passkey or a second factor, a stolen password opens nothing."),
        url=reverse("mfa_index"),
        is_done=Authenticator.objects.filter(user_id=person_id, type__in=strong).exists(),
    )


# --- coordinator ------------------------------------------------------------------------------------------------------


def _coordinator(asked: _Asked) -> Iterator[ShownStep]:
    members = list(institution_queries.search())
    held = set(
        Membership.objects.filter(holding_on(asked.at.date()))
        .order_by()
        .values_list("institution_id", "role", "person_id")
    )
    with_admin = {institution_id for institution_id, role, _person in held if role == Role.ADMIN}
    bare = next((one for one in members if one.pk not in with_admin), None)
    coordinators = {person_id for _institution, role, person_id in held if role == Role.COORDINATOR}
    yield ShownStep(
        key="members",
        title=_("Add the institutions"),
        why=_("Each gets a page, an identifier and a signing key at once."),
        url=reverse("institutions:add"),
        is_done=len(members) > 1,
    )
    yield ShownStep(
        key="administrators",
        title=_("Invite an administrator for each"),
        why=_("Administrators look after profile, people and keys of their institution."),
        url=reverse("institutions:people", kwargs={"slug": bare.slug}) if bare else reverse("institutions:list"),
        is_done=bool(members) and bare is None,
    )
    yield ShownStep(
        key="profiles",
        title=_("See that the profiles are complete"),
        why=_("Others decide by them whether to recognise a credential."),
        url=reverse("institutions:list"),
        is_done=bool(members) and not any(missing_statements(one) for one in members),
    )
    yield ShownStep(
        key="legal",
        title=_("Publish the legal texts"),
        why=_("Visitors must see who runs this site, what happens with their data and on which terms."),
        url=reverse("portal:legal-texts"),
        is_done=not missing_legal_texts(),
    )
    yield ShownStep(
        key="second",
        title=_("Have a second coordinator"),
        why=_("So the network can act when you are away."),
        url=reverse("institutions:people", kwargs={"slug": members[0].slug})
        if members
        else reverse("institutions:list"),
        is_done=len(coordinators) > 1,
    )
    yield _second_factor(asked.person_id)


# --- learner ----------------------------------------------------------------------------------------------------------


def _learner(asked: _Asked) -> Iterator[ShownStep]:
    held = issuing_queries.credentials_of(asked.person_id, at=asked.at)
    yield ShownStep(
        key="address",
        title=_("Confirm your e-mail address"),
        why=_("It proves that records with this address are about you."),
        url=reverse("account_email"),
        is_done=bool(accounts_queries.verified_addresses(asked.person_id)),
    )
    yield ShownStep(
        key="records",
        title=_("Link the records about you"),
        why=_("Then your credentials show on your home page, without their private links."),
        url=reverse("institutions:claims"),
        is_done=bool(institution_queries.records_of(asked.person_id)),
    )
    yield _by_hand(
        asked,
        key="download",
        title=_("Download a credential"),
        why=_("The file is yours and can be checked also when this site is gone. Keep it in a safe place."),
        url=held[0].url if held else reverse("portal:home"),
    )
    yield _by_hand(
        asked,
        key="check",
        title=_("Check it as an employer does"),
        why=_("So you know what those see to whom you show it. Nothing is kept."),
        url=reverse("verification:start"),
    )
    yield _second_factor(asked.person_id)


_STEPS: dict[TourRole, Callable[[_Asked], Iterator[ShownStep]]] = {
    TourRole.REGISTRAR: _registrar,
    TourRole.AUTHOR: _author,
    TourRole.ADMIN: _administrator,
    TourRole.COORDINATOR: _coordinator,
    TourRole.LEARNER: _learner,
}
