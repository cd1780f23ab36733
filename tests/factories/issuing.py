"""Class lists and credentials for tests, made by the operations that make real ones."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from openmcx.catalogue.models import SpecificationVersion
from openmcx.institutions.models import Institution
from openmcx.issuing import operations, queries
from openmcx.issuing.models import Batch, IssuedCredential
from openmcx.kernel import slots
from openmcx.kernel.actors import Actor
from openmcx.kernel.scopes import scope
from tests.factories import catalogue

AT = dt.datetime(2026, 6, 1, 9, 0, tzinfo=dt.UTC)
HEADING = "given_name,family_name,email,date_of_birth,grade,awarded_on"
LEON = "Leon,Learner,leon@example.org,1999-04-05,5,2026-05-29"


def fetch(url: str) -> bytes:
    """What the node itself serves at an address, as whoever verifies gets it."""
    found = slots.document_at(url)
    assert found is not None, url
    return found


def class_list(count: int = 3) -> bytes:
    """A right list of so many learners in CSV."""
    rows = [
        f"Given{chr(97 + n % 26)}{'x' * (n // 26 % 5)},Family{chr(97 + n // 26 % 26)},learner{n}@example.org,"
        f"{1980 + n % 20}-0{1 + n % 9}-1{n % 10},{1 + n % 5},2026-05-{1 + n % 28:02}"
        for n in range(count)
    ]
    return "\n".join([HEADING, *rows]).encode()


def batch(
    institution: Institution,
    *,
    data: bytes | None = None,
    version: SpecificationVersion | None = None,
    by: Actor | None = None,
    at: dt.datetime = AT,
    **options: Any,
) -> Batch:
    """A list that was uploaded and checked."""
    version = version or catalogue.version(institution.pk)
    with scope(institution=[institution.pk]):
        return operations.upload(
            by=by or Actor.system(),
            at=at,
            version_id=version.pk,
            data=class_list() if data is None else data,
            filename="list.csv",
            **options,
        )


def confirmed(institution: Institution, *, at: dt.datetime = AT, by: Actor | None = None, **options: Any) -> Batch:
    """A list whose chunks wait to be issued."""
    uploaded = batch(institution, at=at, by=by, **options)
    with scope(institution=[institution.pk]):
        return operations.confirm(by=by or Actor.system(), at=at, batch_id=uploaded.pk, revision=uploaded.revision)


def issue_chunks(of: Batch, *, at: dt.datetime = AT) -> None:
    """This will issue the chunks of a list as workers do."""
    with scope(institution=[of.institution_id]):
        chunk_ids = list(of.chunks.order_by("number").values_list("pk", flat=True))
    for chunk_id in chunk_ids:
        operations.issue_chunk(chunk_id=chunk_id, institution_id=of.institution_id, at=at)


def issued(institution: Institution, *, at: dt.datetime = AT, **options: Any) -> list[IssuedCredential]:
    """The credentials of a list that was issued."""
    done = confirmed(institution, at=at, **options)
    issue_chunks(done, at=at)
    with scope(institution=[institution.pk]):
        return list(
            IssuedCredential.objects.filter(row__batch=done)
            .select_related(
                "learner", "learner__subject_key", "subject_key", "version", "institution", "row__batch", "status_list"
            )
            .order_by("row__number")
        )


def credential(institution: Institution, *, row: str = LEON, at: dt.datetime = AT, **options: Any) -> IssuedCredential:
    """One credential, Leon's unless another row of a list is given."""
    return issued(institution, data=f"{HEADING}\n{row}\n".encode(), at=at, **options)[0]


def revoked(of: IssuedCredential, *, at: dt.datetime = AT, reason: str = "wrong-data") -> IssuedCredential:
    """The credential, taken back."""
    return in_scope(
        of.institution_id,
        lambda: operations.revoke(by=Actor.system(), at=at, credential_id=of.pk, reason=reason),
    )


def in_scope(institution_id: UUID, do: Any) -> Any:
    """This will do something as the institution."""
    with scope(institution=[institution_id]):
        return do()


def add_to_world(cast: Any) -> None:
    """This will add lists in each state and a credential to the world of the permission matrix."""
    version = catalogue.version(cast.lakeside.pk)
    cast.things["list_with_faults"] = batch(
        cast.lakeside, version=version, data=f"{HEADING}\nVera,,vera@example,1999-04-03,4,\n".encode()
    )
    cast.things["right_list"] = batch(cast.lakeside, version=version, data=class_list(2))
    cast.things["issued_credential"] = credential(cast.lakeside, version=version)
    cast.things["issued_list"] = cast.things["issued_credential"].row.batch
    cast.things["private_token"] = queries.private_url(cast.things["issued_credential"]).split("/")[-2]
    cast.things["status_list"] = cast.things["issued_credential"].status_list
