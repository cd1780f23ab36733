"""Questions about lists, credentials, their state and their messages.

Lists and credentials are read in the scope of the asking institutions. What is found by an unguessable token, and what
a person holds, crosses institutions and is answered without a scope, here only.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from openmcx.accounts.models import Person
from openmcx.catalogue.models import SpecificationVersion
from openmcx.catalogue.slots import VersionUse
from openmcx.credentials.class_list import Fault, Table
from openmcx.credentials.formats import open_badges
from openmcx.credentials.jsonld import load
from openmcx.credentials.model import Credential, LangText
from openmcx.institutions.models import Institution, LearnerRecord
from openmcx.institutions.queries import learner_email_index
from openmcx.institutions.slots import KeyUse
from openmcx.issuing import mapping
from openmcx.issuing.models import (
    Award,
    Batch,
    BatchRow,
    BatchState,
    Chunk,
    ChunkState,
    ColumnMapping,
    CredentialLink,
    CredentialState,
    IssuedCredential,
    LearnerTerm,
    Notice,
    NoticeState,
    RowState,
    StatusList,
)
from openmcx.kernel import personal
from openmcx.kernel.scopes import scopes_disabled
from openmcx.kernel.slots import PersonalData, StaticDocument

TERM = "issuing/learner-term"
LEARNER_NUMBER = "issuing/learner-number"
# SQLite takes a limited number of values in one query.
_IN_ONE_QUERY = 500


# --- lists ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyIssued:
    """A row whose learner holds the micro-credential already; it is left out when the list is issued."""

    row: int
    number: str
    issued_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What checking a list as a whole has found."""

    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    already: tuple[AlreadyIssued, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a confirmed list is. Units: learners."""

    total: int
    issued: int
    already: int
    failed: int
    messages_sent: int
    messages_failed: int
    messages_waiting: int
    is_finished: bool

    @property
    def done(self) -> int:
        return self.issued + self.already + self.failed


def batches(words: str = "", *, state: str = "") -> QuerySet[Batch]:
    """This will list the class lists of the active scope, the newest first, found by title or file."""
    rows: QuerySet[Batch] = Batch.objects.select_related("version", "institution")
    for word in words.split()[:8]:
        rows = rows.filter(
            Q(version__title__icontains=word) | Q(version__slug__icontains=word) | Q(filename__icontains=word)
        )
    if state in BatchState.values:
        return rows.filter(state=state)
    return rows.exclude(state=BatchState.DISCARDED)


def batch(batch_id: UUID) -> Batch:
    """This will give one list of the active scope.

    Raises: Batch.DoesNotExist.
    """
    row: Batch = Batch.objects.select_related("version", "institution", "subject_key").get(pk=batch_id)
    return row


def table(batch: Batch) -> Table | None:
    """This will give the list as it was uploaded and mended; None once it is done and destroyed."""
    return mapping.table_from_json(batch.table) if batch.table else None


def checked(batch: Batch) -> Checked:
    """This will give what the last check found."""
    result = batch.result or {}
    return Checked(
        faults=tuple(mapping.fault_from_json(fault) for fault in result.get("faults", ())),
        notes=tuple(mapping.fault_from_json(note) for note in result.get("notes", ())),
        already=tuple(
            AlreadyIssued(row=row, number=number, issued_at=dt.datetime.fromisoformat(issued_at))
            for row, number, issued_at in result.get("already", ())
        ),
    )


def remembered_mapping(institution_id: UUID, headings_digest: str) -> dict[str, str] | None:
    """This will give what the institution said last time about a list with these headings."""
    row: ColumnMapping | None = ColumnMapping.objects.filter(
        institution_id=institution_id, headings_digest=headings_digest
    ).first()
    return dict(row.mapping) if row else None


def progress(batch: Batch) -> Progress:
    """This will count how far a confirmed list is."""
    rows = dict(
        BatchRow.objects.filter(batch=batch)
        .order_by()
        .values("state")
        .annotate(n=Count("id"))
        .values_list("state", "n")
    )
    notices = dict(
        Notice.objects.filter(credential__row__batch=batch, kind="issued")
        .order_by()
        .values("state")
        .annotate(n=Count("id"))
        .values_list("state", "n")
    )
    return Progress(
        total=sum(rows.values()),
        issued=rows.get(RowState.ISSUED, 0),
        already=rows.get(RowState.ALREADY, 0),
        failed=rows.get(RowState.FAILED, 0),
        messages_sent=notices.get(NoticeState.SENT, 0),
        messages_failed=notices.get(NoticeState.FAILED, 0),
        messages_waiting=notices.get(NoticeState.WAITING, 0),
        is_finished=batch.state == BatchState.DONE,
    )


def rows(batch: Batch, *, state: str = "", words: str = "") -> QuerySet[BatchRow]:
    """This will list the learners of a confirmed list with what came of each."""
    found: QuerySet[BatchRow] = BatchRow.objects.filter(batch=batch).select_related(
        "subject_key", "learner", "learner__subject_key", "credential"
    )
    if state in RowState.values:
        found = found.filter(state=state)
    if words.strip():
        found = found.filter(learner__in=_learners_called(words))
    return found.order_by("number")


def waiting_chunks(*, enqueued_before: dt.datetime) -> list[UUID]:
    """This will list the chunks whose task seems to have gone missing."""
    with scopes_disabled():
        found = Chunk.objects.filter(state=ChunkState.WAITING, enqueued_at__lt=enqueued_before)
        return list(found.order_by("enqueued_at").values_list("pk", flat=True)[:200])


def chunks_of(batch_id: UUID) -> list[UUID]:
    """This will list the chunks of a list that are not done."""
    with scopes_disabled():
        found = Chunk.objects.filter(batch_id=batch_id, state=ChunkState.WAITING)
        return list(found.order_by("number").values_list("pk", flat=True))


# --- who holds what already -----------------------------------------------------------------------------------------


def _slices[T](values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _IN_ONE_QUERY):
        yield values[start : start + _IN_ONE_QUERY]


def learners_by_email(institution_id: UUID, emails: Sequence[str]) -> dict[str, LearnerRecord]:
    """This will give the institution's learners with these addresses, by address."""
    by_index = {learner_email_index(email): email for email in emails}
    found = {}
    for part in _slices(list(by_index)):
        with scopes_disabled():
            records = LearnerRecord.objects.filter(institution_id=institution_id, email_index__in=part)
            for record in records.select_related("subject_key"):
                found[by_index[bytes(record.email_index)]] = record
    return found


def holders(specification_id: UUID, learner_ids: Iterable[UUID], *, at: dt.datetime) -> dict[UUID, IssuedCredential]:
    """This will tell who of the learners holds the micro-credential, neither revoked nor expired."""
    found = {}
    for part in _slices(list(learner_ids)):
        with scopes_disabled():
            held = IssuedCredential.objects.filter(
                Q(valid_until__isnull=True) | Q(valid_until__gt=at),
                award__specification_id=specification_id,
                award__closed_at__isnull=True,
                learner_id__in=part,
            )
            found.update({credential.learner_id: credential for credential in held})
    return found


# --- credentials ----------------------------------------------------------------------------------------------------


def credentials(
    words: str = "",
    *,
    specification_id: UUID | None = None,
    state: str = "",
    issued_from: dt.date | None = None,
    issued_until: dt.date | None = None,
    at: dt.datetime,
) -> QuerySet[IssuedCredential]:
    """This will list the credentials of the active scope, the newest first.

    `words` are words of the learner's name or their beginnings, an e-mail address, a learner number or the credential's
    own number.
    """
    found: QuerySet[IssuedCredential] = IssuedCredential.objects.select_related(
        "version", "institution", "learner", "learner__subject_key"
    )
    text = words.strip()
    if text:
        found = found.filter(
            Q(number=text.upper())
            | Q(learner_number_index=personal.blind_index(text, purpose=LEARNER_NUMBER))
            | Q(learner__email_index=learner_email_index(text))
            | Q(learner__in=_learners_called(text))
        )
    if specification_id:
        found = found.filter(version__specification_id=specification_id)
    match state:
        case CredentialState.VALID:
            found = found.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at), revoked_at__isnull=True)
        case CredentialState.EXPIRED:
            found = found.filter(valid_until__lte=at, revoked_at__isnull=True)
        case CredentialState.REVOKED:
            found = found.filter(revoked_at__isnull=False)
    if issued_from:
        found = found.filter(issued_at__gte=dt.datetime.combine(issued_from, dt.time.min, tzinfo=dt.UTC))
    if issued_until:
        found = found.filter(
            issued_at__lt=dt.datetime.combine(issued_until + dt.timedelta(days=1), dt.time.min, tzinfo=dt.UTC)
        )
    return found


def _learners_called(text: str) -> QuerySet[LearnerRecord]:
    found: QuerySet[LearnerRecord] = LearnerRecord.objects.order_by()
    asked = mapping.words_of(text)[:6]
    for word in asked:
        with_word = LearnerTerm.objects.filter(term=term_digest(word)).values("learner")
        found = found.filter(pk__in=with_word)
    return found if asked else found.none()


def term_digest(word: str) -> bytes:
    """This will give what a word of a name is found by."""
    return personal.blind_index(word, purpose=TERM)[:16]


def issued_specifications() -> list[tuple[UUID, LangText]]:
    """This will list the micro-credentials of which the active scope has issued credentials."""
    version_ids = IssuedCredential.objects.order_by().values("version_id").distinct()
    found: dict[UUID, LangText] = {}
    for version in SpecificationVersion.objects.filter(pk__in=version_ids).order_by("slug", "-number"):
        found.setdefault(version.specification_id, version.title)
    return list(found.items())


def credential(credential_id: UUID) -> IssuedCredential:
    """This will give one credential of the active scope.

    Raises: IssuedCredential.DoesNotExist.
    """
    row: IssuedCredential = IssuedCredential.objects.select_related(
        "version", "institution", "learner", "learner__subject_key", "subject_key", "award", "row"
    ).get(pk=credential_id)
    return row


def document(credential: IssuedCredential) -> bytes | None:
    """This will give the signed document, byte for byte; None when the learner's data were erased."""
    body: bytes | None = credential.document
    return body


def content(credential: IssuedCredential) -> Credential | None:
    """This will read the signed document into the core's model; None when the learner's data were erased."""
    body = document(credential)
    return open_badges.read(load(body)) if body is not None else None


def state(credential: IssuedCredential, *, at: dt.datetime) -> CredentialState:
    """This will tell the state of a credential as pages show it."""
    return CredentialState.ERASED if credential.document is None else credential.state_at(at)


def download_name(credential: IssuedCredential) -> str:
    """This will name the file that a learner downloads."""
    return mapping.file_name(credential.version.title.best(), credential.number)


# --- what a learner opens -------------------------------------------------------------------------------------------


def link_digest(token: str) -> bytes:
    """This will give what a private link is found by. The token has 128 random bits: one round of a hash will do."""
    return hashlib.sha256(token.encode()).digest()


def credential_for_token(token: str) -> IssuedCredential | None:
    """This will find the credential that a private link opens; None for an unknown or withdrawn link."""
    if not 16 <= len(token) <= 64:
        return None
    digest = link_digest(token)
    with scopes_disabled():
        link = CredentialLink.objects.filter(digest=digest, withdrawn_at__isnull=True).first()
        if link is None or not hmac.compare_digest(bytes(link.digest), digest):
            return None
        return credential(link.credential_id)


def private_url(credential: IssuedCredential) -> str:
    """This will give the full address of a learner's private page; "" when it was withdrawn or the learner erased."""
    with scopes_disabled():
        link = (
            CredentialLink.objects.filter(credential=credential, withdrawn_at__isnull=True)
            .select_related("subject_key")
            .first()
        )
    if link is None or link.token is None:
        return ""
    return settings.OPENMCX_BASE_URL.rstrip("/") + reverse("issuing:private", kwargs={"token": link.token})


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCredential:
    """A credential as the person who holds it sees it in their list."""

    id: UUID
    number: str
    title: LangText
    institution: Institution
    awarded_on: dt.date
    issued_at: dt.datetime
    valid_until: dt.datetime | None
    state: CredentialState
    url: str


def credentials_of(person_id: UUID, *, at: dt.datetime) -> list[HeldCredential]:
    """This will list what a person holds, from every institution whose record of them they have claimed."""
    with scopes_disabled():
        held = list(
            IssuedCredential.objects.filter(learner__person_id=person_id)
            .select_related("version", "institution", "subject_key")
            .order_by("-issued_at", "-id")
        )
        links = {
            link.credential_id: link.token
            for link in CredentialLink.objects.filter(
                credential__in=[credential.pk for credential in held], withdrawn_at__isnull=True
            ).select_related("subject_key")
        }
    return [
        HeldCredential(
            id=credential.pk,
            number=credential.number,
            title=credential.version.title,
            institution=credential.institution,
            awarded_on=credential.awarded_on,
            issued_at=credential.issued_at,
            valid_until=credential.valid_until,
            state=state(credential, at=at),
            url=reverse("issuing:private", kwargs={"token": token}) if (token := links.get(credential.pk)) else "",
        )
        for credential in held
    ]


def reader_language(person_id: UUID | None, learner: LearnerRecord) -> str:
    """This will tell in which language a learner is written to: their account's, or what the list said."""
    if person_id is not None:
        person = Person.objects.filter(pk=person_id).only("language").first()
        if person is not None:
            return person.language
    return learner.language


def due_notices(*, at: dt.datetime, limit: int) -> list[tuple[UUID, dt.datetime]]:
    """This will list messages that wait and are not being sent by somebody else, with the lease that was seen."""
    with scopes_disabled():
        found = Notice.objects.filter(state=NoticeState.WAITING, due_at__lte=at).order_by("due_at")
        return list(found.values_list("pk", "due_at")[:limit])


# --- status lists ---------------------------------------------------------------------------------------------------


def status_list_url(list_id: UUID) -> str:
    """This will give the public address of a status list."""
    return settings.OPENMCX_BASE_URL.rstrip("/") + reverse("issuing:status-list", kwargs={"list_id": list_id})


def status_list(list_id: UUID) -> StatusList | None:
    """This will give a published status list."""
    return StatusList.objects.filter(pk=list_id, signed_at__isnull=False).first()


def revoked_indices(list_id: UUID) -> list[int]:
    """This will list the bits that are set."""
    with scopes_disabled():
        found = IssuedCredential.objects.filter(status_list_id=list_id, revoked_at__isnull=False)
        return list(found.order_by().values_list("status_index", flat=True))


def taken_indices(list_id: UUID, indices: Sequence[int]) -> set[int]:
    """This will tell which of these bits belong to a credential or are reserved for one."""
    taken: set[int] = set()
    for part in _slices(indices):
        with scopes_disabled():
            wanted = {"status_list_id": list_id, "status_index__in": part}
            reserved = BatchRow.objects.filter(**wanted).order_by().values_list("status_index", flat=True)
            used = IssuedCredential.objects.filter(**wanted).order_by().values_list("status_index", flat=True)
            taken.update(index for index in (*reserved, *used) if index is not None)
    return taken


# --- answers to other apps ------------------------------------------------------------------------------------------


def local_status_list(url: str) -> bytes | None:
    """This will answer the kernel: the status list at an address of this node, or None."""
    base, asked = urlsplit(settings.OPENMCX_BASE_URL), urlsplit(url)
    if asked.netloc.lower() != base.netloc.lower() or asked.query:
        return None
    prefix = base.path.rstrip("/") + "/status/"
    try:
        list_id = UUID(asked.path.removeprefix(prefix)) if asked.path.startswith(prefix) else None
    except ValueError:
        return None
    found = status_list(list_id) if list_id else None
    return bytes(found.document) if found else None


def static_status_lists(_question: None) -> list[StaticDocument]:
    """This will answer the kernel: every status list as a file, for the time after this node."""
    return [
        StaticDocument(f"status/{found.pk}", "application/vc+ld+json", bytes(found.document))
        for found in StatusList.objects.filter(signed_at__isnull=False)
    ]


def key_uses(key_id: UUID) -> list[KeyUse]:
    """This will answer institutions: how many credentials were signed with a key."""
    with scopes_disabled():
        count = IssuedCredential.objects.filter(signing_key_id=key_id).count()
    return [KeyUse(gettext("credentials"), count)]


def version_uses(version_id: UUID) -> list[VersionUse]:
    """This will answer the catalogue: how many credentials were issued of a version."""
    with scopes_disabled():
        count = IssuedCredential.objects.filter(version_id=version_id).count()
    return [VersionUse(gettext("issued credentials"), count)]


def personal_data(person_id: UUID) -> list[PersonalData]:
    """This will answer the kernel: what is held here of a person."""
    with scopes_disabled():
        held = IssuedCredential.objects.filter(learner__person_id=person_id).select_related(
            "version", "institution", "subject_key"
        )
        return [
            PersonalData(
                source="issuing",
                label=str(credential.version.title),
                values=(
                    (gettext("Number"), credential.number),
                    (gettext("Issued by"), str(credential.institution)),
                    (gettext("Issued"), credential.issued_at.isoformat()),
                    (gettext("Document"), (credential.document or b"").decode()),
                ),
            )
            for credential in held
        ]


def open_award_learners(specification_id: UUID, learner_ids: Sequence[UUID]) -> set[UUID]:
    """This will tell which of the learners have an open award of the micro-credential."""
    found: set[UUID] = set()
    for part in _slices(learner_ids):
        with scopes_disabled():
            open_awards = Award.objects.filter(
                specification_id=specification_id, learner_id__in=part, closed_at__isnull=True
            )
            found.update(open_awards.values_list("learner_id", flat=True))
    return found
