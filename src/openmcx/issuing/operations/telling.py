"""Telling people what came of issuing: registrars of their lists, learners with an account of their credentials."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from openmcx.accounts import operations as account_operations
from openmcx.accounts.slots import NotificationKind
from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import LearnerRecord, Role
from openmcx.issuing import notifications
from openmcx.issuing.models import Batch, BatchRow, IssuedCredential, RowState
from openmcx.kernel.actors import Actor
from openmcx.kernel.scopes import scopes_disabled


def tell_of_list(batch: Batch, at: dt.datetime) -> None:
    """This will tell whoever confirmed a list that all of it was tried, and whether they must look at it."""
    if batch.confirmed_by is None:
        return
    rows = BatchRow.objects.filter(batch=batch)
    failed = rows.filter(state=RowState.FAILED).count()
    title = batch.version.title
    kind, params = (
        (notifications.LIST_STOPPED, {"title": title, "failed": failed})
        if failed
        else (notifications.LIST_ISSUED, {"title": title, "issued": rows.filter(state=RowState.ISSUED).count()})
    )
    told = account_operations.Told(
        person_id=batch.confirmed_by,
        url=reverse("issuing:batch", kwargs={"batch_id": batch.pk}),
        params=params,
        institution_id=batch.institution_id,
    )
    account_operations.notify(by=Actor.system(), at=at, kind=kind, told=[told])


def tell_learners(kind: NotificationKind, credentials: Sequence[IssuedCredential], by: Actor, at: dt.datetime) -> None:
    """This will tell those of the learners who have an account of their credential.

    Rows come with `learner`, `institution` and `version`.
    """
    told = [
        account_operations.Told(
            person_id=credential.learner.person_id,
            # Their home page lists their credentials; the private link is a secret that must not stand here.
            url=str(settings.LOGIN_REDIRECT_URL),
            params={"title": credential.version.title, "institution": credential.institution.name},
            institution_id=credential.institution_id,
            about=str(credential.pk),
        )
        for credential in credentials
        if credential.learner.person_id is not None
    ]
    account_operations.notify(by=by, at=at, kind=kind, told=told)


@transaction.atomic
def tell_of_claim(*, at: dt.datetime, learner_id: UUID, person_id: UUID) -> None:
    """This will tell an institution's registrars that a learner has taken their credentials into an account."""
    with scopes_disabled():
        record: LearnerRecord | None = (
            LearnerRecord.objects.select_related("institution").filter(pk=learner_id, person_id=person_id).first()
        )
        if record is None:
            return  # the claim was undone meanwhile
        newest = IssuedCredential.objects.filter(learner=record).order_by("-issued_at").values_list("pk", flat=True)
        credential_id = newest.first()
    if credential_id is None:
        return
    told = [
        account_operations.Told(
            person_id=each,
            url=reverse("issuing:credential", kwargs={"credential_id": credential_id}),
            params={"institution": record.institution.name},
            institution_id=record.institution_id,
            about=f"{learner_id}:{person_id}",
        )
        for each in institution_queries.people_with(Role.REGISTRAR, institution_id=record.institution_id, on=at.date())
    ]
    account_operations.notify(by=Actor.system(), at=at, kind=notifications.LEARNER_CLAIMED, told=told)
