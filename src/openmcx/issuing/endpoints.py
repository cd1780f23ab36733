"""Issuing for programs: a list in, what is wrong with it out, then credentials.

A token needs the scope ``issue`` to upload, mend, confirm and revoke and ``read`` to look; its owner must be
a registrar.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from openmcx.accounts.models import Scope
from openmcx.accounts.operations import Token
from openmcx.catalogue.models import SpecificationVersion
from openmcx.institutions.models import Role
from openmcx.issuing import mapping, operations, queries, rules
from openmcx.issuing.models import Batch, BatchState, IssuedCredential
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.scopes import scope
from openmcx.kernel.web import actor_of, problem

router = Router()
MOST = 200
# Further than any list reaches, and still a number that every database can count with.
FURTHEST = 1_000_000_000
# As `CredentialOut.state` says them. A filter that is left empty is none.
type CredentialFilter = Literal["", "valid", "expired", "revoked"]

READ, ISSUE = Token(Scope.READ), Token(Scope.ISSUE)


@contextmanager
def _as_registrar(request: HttpRequest) -> Iterator[Actor]:
    actor = actor_of(request)
    require(bool(rules.may_issue_anywhere(actor)))
    with scope(institution=actor.institutions(Role.REGISTRAR)):
        try:
            yield actor
        except (Batch.DoesNotExist, IssuedCredential.DoesNotExist, SpecificationVersion.DoesNotExist):
            raise Http404 from None


class FaultOut(Schema):
    row: int | None
    column: str
    field: str
    code: str
    value: str
    detail: str


class AlreadyOut(Schema):
    row: int
    number: str
    issued_at: dt.datetime


class ProgressOut(Schema):
    total: int
    issued: int
    already_issued: int
    failed: int
    messages_sent: int
    messages_failed: int
    messages_waiting: int
    is_finished: bool


class ListOut(Schema):
    id: UUID
    version_id: UUID
    state: str
    revision: int
    rows: int
    fault_count: int
    columns: list[str]
    mapping: dict[str, str]
    faults: list[FaultOut]
    notes: list[str]
    already_issued: list[AlreadyOut]
    progress: ProgressOut | None
    created_at: dt.datetime


class ListsOut(Schema):
    count: int
    items: list[ListOut]


class CredentialOut(Schema):
    id: UUID
    number: str
    version_id: UUID
    learner_id: UUID
    state: str
    awarded_on: dt.date
    issued_at: dt.datetime
    valid_until: dt.datetime | None
    revoked_at: dt.datetime | None
    digest: str
    status_list: str
    status_index: int


class CredentialsOut(Schema):
    count: int
    items: list[CredentialOut]


class UploadIn(Schema):
    version_id: UUID
    awarded_on: dt.date | None = None
    language: str = Field("en", max_length=12, description="Of the messages to learners; one that the node offers.")
    encoding: str = Field("", max_length=40)

    @field_validator("language")
    @classmethod
    def _is_offered(cls, language: str) -> str:
        offered = dict(settings.LANGUAGES)
        if language not in offered:
            detail = _("This node does not write in this language. Use one of: %(languages)s.")
            raise PydanticCustomError(
                "language-not-offered", "{detail}", {"detail": detail % {"languages": ", ".join(offered)}}
            )
        return language


class ColumnsIn(Schema):
    revision: int
    columns: dict[str, str]


class CellIn(Schema):
    row: int
    column: int = Field(ge=0, description="Counted from 0.")
    value: str = Field(max_length=1000)


class CellsIn(Schema):
    revision: int
    cells: list[CellIn] = Field(max_length=1000)


class ConfirmIn(Schema):
    revision: int


class RevokeIn(Schema):
    reason: str = Field(max_length=24)
    note: str = Field("", max_length=1000)


class PageIn(Schema):
    offset: int = Field(0, ge=0, le=FURTHEST)
    limit: int = Field(50, ge=1, le=MOST)


def _list_out(batch: Batch, *, whole: bool = True) -> ListOut:
    table = queries.table(batch) if whole else None
    checked = queries.checked(batch) if whole else queries.Checked()
    progress = queries.progress(batch) if whole and batch.confirmed_at else None
    return ListOut(
        id=batch.pk,
        version_id=batch.version_id,
        state=batch.state,
        revision=batch.revision,
        rows=batch.row_count,
        fault_count=batch.fault_count,
        columns=[column.key for column in table.columns] if table else [],
        mapping=batch.mapping or {},
        faults=[
            FaultOut(
                row=fault.row,
                column=fault.column,
                field=fault.field,
                code=fault.code,
                value=fault.value,
                detail=mapping.said(fault),
            )
            for fault in checked.faults
        ],
        notes=[mapping.said(note) for note in checked.notes],
        already_issued=[
            AlreadyOut(row=each.row, number=each.number, issued_at=each.issued_at) for each in checked.already
        ],
        progress=ProgressOut(
            total=progress.total,
            issued=progress.issued,
            already_issued=progress.already,
            failed=progress.failed,
            messages_sent=progress.messages_sent,
            messages_failed=progress.messages_failed,
            messages_waiting=progress.messages_waiting,
            is_finished=progress.is_finished,
        )
        if progress
        else None,
        created_at=batch.created_at,
    )


def _credential_out(credential: IssuedCredential, at: dt.datetime) -> CredentialOut:
    return CredentialOut(
        id=credential.pk,
        number=credential.number,
        version_id=credential.version_id,
        learner_id=credential.learner_id,
        state=credential.state_at(at).value,
        awarded_on=credential.awarded_on,
        issued_at=credential.issued_at,
        valid_until=credential.valid_until,
        revoked_at=credential.revoked_at,
        digest=credential.digest,
        status_list=queries.status_list_url(credential.status_list_id),
        status_index=credential.status_index,
    )


@router.post(
    "/class-lists", response={201: ListOut}, auth=ISSUE, url_name="class-list-upload", summary="Upload a class list"
)
def upload(request: HttpRequest, given: Form[UploadIn], file: File[UploadedFile]) -> Any:
    """The list is checked as a whole; nothing is issued. A file that cannot be read is answered 422 with `faults`."""
    with _as_registrar(request) as actor:
        try:
            batch = operations.upload(
                by=actor,
                at=timezone.now(),
                version_id=given.version_id,
                data=file.read(),
                filename=file.name or "",
                awarded_on=given.awarded_on,
                language=given.language,
                encoding=given.encoding,
            )
        except operations.ListUnreadable as refusal:
            faults = [{"code": fault.code, "detail": mapping.said(fault)} for fault in refusal.faults]
            return problem(request, 422, refusal.code, str(refusal), faults=faults)
        return Status(201, _list_out(batch))


@router.get("/class-lists", response=ListsOut, auth=READ, url_name="class-lists", summary="List class lists")
def lists(request: HttpRequest, page: Query[PageIn], q: str = "", state: BatchState | Literal[""] = "") -> ListsOut:
    """The newest first, without their faults."""
    with _as_registrar(request):
        found = queries.batches(q[:100], state=state)
        items = [_list_out(batch, whole=False) for batch in found[page.offset : page.offset + page.limit]]
        return ListsOut(count=found.count(), items=items)


@router.get(
    "/class-lists/{uuid:batch_id}",
    response=ListOut,
    auth=READ,
    url_name="class-list",
    summary="A class list, its faults and its progress",
)
def one_list(request: HttpRequest, batch_id: UUID) -> ListOut:
    """Ask again until `progress.is_finished`."""
    with _as_registrar(request):
        return _list_out(queries.batch(batch_id))


@router.put(
    "/class-lists/{uuid:batch_id}/columns",
    response=ListOut,
    auth=ISSUE,
    url_name="class-list-columns",
    summary="Say what the columns mean",
)
def columns(request: HttpRequest, batch_id: UUID, given: ColumnsIn) -> ListOut:
    """`columns` maps a heading to a field such as `given_name`; the answer is remembered for the same headings."""
    with _as_registrar(request) as actor:
        batch = operations.choose_columns(
            by=actor, at=timezone.now(), batch_id=batch_id, columns=given.columns, revision=given.revision
        )
        return _list_out(batch)


@router.patch(
    "/class-lists/{uuid:batch_id}/cells",
    response=ListOut,
    auth=ISSUE,
    url_name="class-list-cells",
    summary="Mend single cells",
)
def cells(request: HttpRequest, batch_id: UUID, given: CellsIn) -> ListOut:
    """The whole list is checked again."""
    with _as_registrar(request) as actor:
        batch = operations.mend_cells(
            by=actor,
            at=timezone.now(),
            batch_id=batch_id,
            cells={(cell.row, cell.column): cell.value for cell in given.cells},
            revision=given.revision,
        )
        return _list_out(batch)


@router.post(
    "/class-lists/{uuid:batch_id}/issue",
    response={202: ListOut},
    auth=ISSUE,
    url_name="class-list-issue",
    summary="Issue a class list",
)
def issue(request: HttpRequest, batch_id: UUID, given: ConfirmIn) -> Any:
    """Signs and tells the learners in the background. `revision` is that of the list as it was looked at."""
    with _as_registrar(request) as actor:
        batch = operations.confirm(by=actor, at=timezone.now(), batch_id=batch_id, revision=given.revision)
        return Status(202, _list_out(batch))


@router.delete(
    "/class-lists/{uuid:batch_id}",
    response={204: None},
    auth=ISSUE,
    url_name="class-list-discard",
    summary="Discard a class list",
)
def discard(request: HttpRequest, batch_id: UUID) -> Any:
    """Only a list that is not issued; what it holds is destroyed."""
    with _as_registrar(request) as actor:
        operations.discard(by=actor, at=timezone.now(), batch_id=batch_id)
        return Status(204, None)


@router.get(
    "/credentials", response=CredentialsOut, auth=READ, url_name="credentials", summary="List issued credentials"
)
def credentials(
    request: HttpRequest,
    page: Query[PageIn],
    q: str = "",
    state: CredentialFilter = "",
    specification_id: UUID | None = None,
) -> CredentialsOut:
    """Found by the learner's name, address or number, or by the credential's number; the newest first."""
    at = timezone.now()
    with _as_registrar(request):
        found = queries.credentials(q[:100], state=state, specification_id=specification_id, at=at)
        items = [_credential_out(credential, at) for credential in found[page.offset : page.offset + page.limit]]
        return CredentialsOut(count=found.count(), items=items)


@router.get(
    "/credentials/{uuid:credential_id}",
    response=CredentialOut,
    auth=READ,
    url_name="credential",
    summary="An issued credential",
)
def one_credential(request: HttpRequest, credential_id: UUID) -> CredentialOut:
    """What the node knows about it, without the learner's data."""
    with _as_registrar(request):
        return _credential_out(queries.credential(credential_id), timezone.now())


@router.get(
    "/credentials/{uuid:credential_id}/document",
    auth=READ,
    url_name="credential-document",
    summary="The signed document",
    openapi_extra={"responses": {"200": {"description": "The credential.", "content": {"application/vc+ld+json": {}}}}},
)
def document(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """Byte for byte as it was signed; 404 when the learner's data were erased."""
    with _as_registrar(request):
        body = queries.document(queries.credential(credential_id))
    if body is None:
        raise Http404
    response = HttpResponse(body, content_type="application/vc+ld+json")
    response["Cache-Control"] = "no-store, private"
    return response


@router.post(
    "/credentials/{uuid:credential_id}/revoke",
    response=CredentialOut,
    auth=ISSUE,
    url_name="credential-revoke",
    summary="Revoke a credential",
)
def revoke(request: HttpRequest, credential_id: UUID, given: RevokeIn) -> CredentialOut:
    """The status list says so at once and the learner is told; `note` goes to the learner only."""
    at = timezone.now()
    with _as_registrar(request) as actor:
        credential = operations.revoke(
            by=actor, at=at, credential_id=credential_id, reason=given.reason, note=given.note
        )
        return _credential_out(credential, at)
