"""Work in the background: chunks, messages, lists to be signed anew. Arguments are ids only."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.tasks import task
from django.utils import timezone

from openmcx.institutions.events import LearnerClaimed, LearnerErased, SigningKeyReplaced
from openmcx.issuing import operations, queries
from openmcx.issuing.events import BatchConfirmed, NoticesWaiting
from openmcx.issuing.models import Chunk, ChunkState
from openmcx.kernel.scopes import scopes_disabled
from openmcx.kernel.slots import StaticDocument

_MISSING_AFTER = dt.timedelta(minutes=5)


@task
def issue_chunk(chunk_id: str) -> None:
    """This will issue the rows of one chunk."""
    with scopes_disabled():
        institution_id = Chunk.objects.values_list("institution_id", flat=True).get(pk=chunk_id)
    operations.issue_chunk(chunk_id=UUID(chunk_id), institution_id=institution_id, at=timezone.now())


@task
def send_notices() -> None:
    """This will send the messages that wait."""
    while operations.send_due(at=timezone.now()):
        pass


def enqueue_chunks(event: BatchConfirmed, *, at: dt.datetime) -> None:
    """This will put the chunks of a confirmed list into the queue."""
    for chunk_id in queries.chunks_of(event.batch_id):
        issue_chunk.enqueue(str(chunk_id))


def enqueue_notices(event: NoticesWaiting, *, at: dt.datetime) -> None:
    """This will have the waiting messages sent."""
    send_notices.enqueue()


def sign_status_lists(event: SigningKeyReplaced, *, at: dt.datetime) -> None:
    """This will sign an institution's status lists with its new key, so that verifiers need the old one no longer."""
    operations.publish_all(institution_id=event.institution_id, at=at)


def sign_old_lists(*, at: dt.datetime) -> None:
    """This will sign the status lists anew before what was published runs out."""
    with scopes_disabled():
        operations.publish_due(at=at)


def static_status_lists(_question: None) -> list[StaticDocument]:
    """This will answer the kernel: every status list as a file that holds for a year, for the time after this node."""
    return [
        StaticDocument(f"status/{list_id}", "application/vc+ld+json", body)
        for list_id, body in operations.exported(at=timezone.now())
    ]


def tell_of_claim(event: LearnerClaimed, *, at: dt.datetime) -> None:
    """This will tell registrars that a learner has taken their credentials into an account."""
    operations.tell_of_claim(at=at, learner_id=event.learner_id, person_id=event.person_id)


def forget_learner(event: LearnerErased, *, at: dt.datetime) -> None:
    """This will delete what is known here of a learner whose data an institution has erased."""
    operations.forget_learner(at=at, learner_id=event.learner_id)


def sweep(*, at: dt.datetime) -> None:
    """This will put chunks whose task went missing into the queue again, and send messages whose time has come."""
    for chunk_id in queries.waiting_chunks(enqueued_before=at - _MISSING_AFTER):
        with scopes_disabled():
            mine = Chunk.objects.filter(
                pk=chunk_id, state=ChunkState.WAITING, enqueued_at__lt=at - _MISSING_AFTER
            ).update(enqueued_at=at)
        if mine:
            issue_chunk.enqueue(str(chunk_id))
    if queries.due_notices(at=at, limit=1):
        send_notices.enqueue()
