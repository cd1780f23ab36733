"""What goes when an institution erases a learner: everything here that was derived from their data."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from openmcx.credentials.class_list import ClassListRow
from openmcx.institutions.models import LearnerRecord
from openmcx.issuing import mapping
from openmcx.issuing.models import (
    Batch,
    BatchRow,
    BatchState,
    CredentialLink,
    IssuedCredential,
    LearnerTerm,
    Notice,
    NoticeState,
    RowState,
)
from openmcx.issuing.operations.audit_actions import Audit
from openmcx.issuing.operations.chunks import ERASED, finish
from openmcx.kernel import audit
from openmcx.kernel.actors import Actor
from openmcx.kernel.scopes import scope, scopes_disabled


@transaction.atomic
def forget_learner(*, at: dt.datetime, learner_id: UUID) -> None:
    """This will delete what leads to an erased learner: words of the name, private links, what confirmed lists say.

    The credentials' rows stay, with their place in the status list: documents can be revoked although nobody here
    can read them any more. Doing it again changes nothing.
    """
    with scopes_disabled():
        learner: LearnerRecord = LearnerRecord.objects.select_related("subject_key").get(pk=learner_id)
    assert learner.subject_key.erased_at is not None
    with scope(institution=[learner.institution_id]):
        terms = LearnerTerm.objects.filter(learner=learner).delete()[0]
        links = CredentialLink.objects.filter(credential__learner=learner).delete()[0]
        Notice.objects.filter(credential__learner=learner, state=NoticeState.WAITING).update(
            state=NoticeState.FAILED, fault=ERASED
        )
        numbered = IssuedCredential.objects.filter(learner=learner, learner_number_index__isnull=False)
        numbers = numbered.update(learner_number_index=None)
        lists = _forget_in_lists(learner, at)
        if terms or links or numbers or lists:
            audit.record(
                by=Actor.system(),
                action=Audit.LEARNER_FORGOTTEN,
                at=at,
                subject=learner,
                institution_id=learner.institution_id,
                data={"links": links, "lists": lists},
            )


def _forget_in_lists(learner: LearnerRecord, at: dt.datetime) -> int:
    """Empty the learner's rows on lists that are not destroyed yet, and the lists as they were uploaded."""
    rows = BatchRow.objects.filter(learner=learner, subject_key__erased_at__isnull=True).select_related("subject_key")
    batches = {row.batch_id for row in rows}
    for row in rows:
        row.award = mapping.row_to_json(ClassListRow(number=row.number))
        if row.state == RowState.FAILED:
            row.fault = ERASED
        row.save(update_fields=["award", "fault"])
    for batch in Batch.objects.select_for_update(of=("self",)).select_related("subject_key").filter(pk__in=batches):
        # The rows that are left say all that issuing needs.
        batch.table = batch.result = None
        batch.save(update_fields=["table", "result"])
        if batch.state == BatchState.DONE:
            finish(batch, at)
    return len(batches)
