"""Which learners are meant by a word or an address, and who holds a micro-credential already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from openmcx.institutions.models import LearnerRecord
from openmcx.institutions.queries import learner_email_index
from openmcx.issuing import mapping
from openmcx.issuing.models import (
    Award,
    IssuedCredential,
    LearnerTerm,
)
from openmcx.kernel import personal
from openmcx.kernel.scopes import scopes_disabled

TERM = "issuing/learner-term"
LEARNER_NUMBER = "issuing/learner-number"
# SQLite takes a limited number of values in one query.
_IN_ONE_QUERY = 500


# --- who holds what already -----------------------------------------------------------------------------------------


def slices[T](values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _IN_ONE_QUERY):
        yield values[start : start + _IN_ONE_QUERY]


def learners_by_email(institution_id: UUID, emails: Sequence[str]) -> dict[str, LearnerRecord]:
    """This will give the institution's learners with these addresses, by address."""
    by_index = {learner_email_index(email): email for email in emails}
    found = {}
    for part in slices(list(by_index)):
        with scopes_disabled():
            records = LearnerRecord.objects.filter(institution_id=institution_id, email_index__in=part)
            for record in records.select_related("subject_key"):
                found[by_index[bytes(record.email_index)]] = record
    return found


def holders(specification_id: UUID, learner_ids: Iterable[UUID], *, at: dt.datetime) -> dict[UUID, IssuedCredential]:
    """This will tell who of the learners holds the micro-credential, neither revoked nor expired."""
    found = {}
    for part in slices(list(learner_ids)):
        with scopes_disabled():
            held = IssuedCredential.objects.filter(
                Q(valid_until__isnull=True) | Q(valid_until__gt=at),
                award__specification_id=specification_id,
                award__closed_at__isnull=True,
                learner_id__in=part,
            )
            found.update({credential.learner_id: credential for credential in held})
    return found


def open_award_learners(specification_id: UUID, learner_ids: Sequence[UUID]) -> set[UUID]:
    """This will tell which of the learners have an open award of the micro-credential."""
    found: set[UUID] = set()
    for part in slices(learner_ids):
        with scopes_disabled():
            open_awards = Award.objects.filter(
                specification_id=specification_id, learner_id__in=part, closed_at__isnull=True
            )
            found.update(open_awards.values_list("learner_id", flat=True))
    return found


def learners_called(text: str) -> QuerySet[LearnerRecord]:
    found: QuerySet[LearnerRecord] = LearnerRecord.objects.order_by()
    asked = mapping.words_of(text)[:6]
    for word in asked:
        with_word = LearnerTerm.objects.filter(term=term_digest(word)).values("learner")
        found = found.filter(pk__in=with_word)
    return found if asked else found.none()


def learner_number_index(number: str) -> bytes:
    """This will give what a learner's number at their institution is found by, whatever its capitals."""
    return personal.blind_index(number.strip().casefold(), purpose=LEARNER_NUMBER)


def term_digest(word: str) -> bytes:
    """This will give what a word of a name is found by."""
    return personal.blind_index(word, purpose=TERM)[:16]
