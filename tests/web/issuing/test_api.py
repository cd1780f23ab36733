"""Issuing by a program."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from openmcx.issuing import queries
from openmcx.issuing.models import Batch, BatchState
from openmcx.kernel import jobs
from tests.cast import Cast
from tests.factories import accounts, catalogue, issuing

pytestmark = pytest.mark.django_db


class Program:
    """A program with a token of somebody."""

    def __init__(self, cast: Cast, person: Any, *scopes: str) -> None:
        self.client = cast.client()
        _token, secret = accounts.token(person, *scopes, at=timezone.now())
        self.headers = {"Authorization": f"Bearer {secret}"}

    def ask(self, method: str, path: str, json: Any = None, **more: Any) -> HttpResponse:
        options: dict[str, Any] = {"headers": self.headers, **more}
        if json is not None:
            options |= {"data": json, "content_type": "application/json"}
        response: HttpResponse = getattr(self.client, method)(f"/api/v1{path}", **options)
        return response

    def upload(self, version_id: object, data: bytes, **more: str) -> HttpResponse:
        file = SimpleUploadedFile("list.csv", data)
        return self.ask("post", "/class-lists", data={"version_id": str(version_id), "file": file, **more})


FAULTY = f"{issuing.HEADING}\n{issuing.LEON}\nVera,,vera@example.org,1999-04-03,4,\n".encode()


def test_from_a_list_with_a_fault_to_a_revoked_credential(cast: Cast) -> None:
    version = catalogue.version(cast.lakeside.pk)
    program = Program(cast, cast.rita, "read", "issue")
    uploaded = program.upload(version.pk, FAULTY)
    assert uploaded.status_code == 201, uploaded.content
    made = uploaded.json()  # type: ignore[attr-defined]
    assert made["faults"] == [
        {
            "row": 3,
            "column": "B (family_name)",
            "field": "family_name",
            "code": "value-missing",
            "value": "",
            "detail": "The family name is missing. Fill in the cell.",
        }
    ]
    path = f"/class-lists/{made['id']}"
    refused = program.ask("post", f"{path}/issue", {"revision": made["revision"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "list-has-faults")  # type: ignore[attr-defined]
    cells = {"revision": made["revision"], "cells": [{"row": 3, "column": 1, "value": "Novak"}]}
    mended = program.ask("patch", f"{path}/cells", cells).json()  # type: ignore[attr-defined]
    assert (mended["fault_count"], mended["faults"]) == (0, [])
    stale = program.ask("patch", f"{path}/cells", cells)
    assert (stale.status_code, stale.json()["code"]) == (409, "list-changed-meanwhile")  # type: ignore[attr-defined]
    accepted = program.ask("post", f"{path}/issue", {"revision": mended["revision"]})
    assert accepted.status_code == 202
    assert accepted.json()["progress"]["issued"] == 0  # type: ignore[attr-defined]
    jobs.run_pending()
    progress = program.ask("get", path).json()["progress"]  # type: ignore[attr-defined]
    assert (progress["issued"], progress["messages_sent"], progress["is_finished"]) == (2, 2, True)

    listed = program.ask("get", "/credentials?q=novak").json()  # type: ignore[attr-defined]
    assert (listed["count"], listed["items"][0]["state"]) == (1, "valid")
    found = f"/credentials/{listed['items'][0]['id']}"
    document = program.ask("get", f"{found}/document")
    assert document["Content-Type"] == "application/vc+ld+json"
    assert b"Novak" in document.content
    revoked = program.ask("post", f"{found}/revoke", {"reason": "wrong-data"})
    assert revoked.json()["state"] == "revoked"  # type: ignore[attr-defined]
    assert program.ask("post", f"{found}/revoke", {"reason": "wrong-data"}).status_code == 409
    assert program.ask("get", "/class-lists").json()["count"] == 1  # type: ignore[attr-defined]


def test_columns_are_said_and_lists_discarded(cast: Cast) -> None:
    version = catalogue.version(cast.lakeside.pk)
    program = Program(cast, cast.rita, "read", "issue")
    made = program.upload(version.pk, b"Who,Whose,Where\nLeon,Learner,leon@example.org\n").json()  # type: ignore[attr-defined]
    assert (made["state"], made["columns"]) == ("uploaded", ["Who", "Whose", "Where"])
    path = f"/class-lists/{made['id']}"
    columns = {"Who": "given_name", "Whose": "family_name", "Where": "email"}
    said = program.ask("put", f"{path}/columns", {"revision": made["revision"], "columns": columns})
    assert said.json()["state"] == "checked"  # type: ignore[attr-defined]
    assert f"/api/v1{path}" == reverse("api:class-list-discard", args=[made["id"]])
    assert reverse("api:class-lists") == reverse("api:class-list-upload") == "/api/v1/class-lists"
    assert program.ask("delete", path).status_code == 204
    assert program.ask("delete", path).status_code == 409


def test_a_file_that_cannot_be_read_is_a_problem_with_its_faults(cast: Cast) -> None:
    version = catalogue.version(cast.lakeside.pk)
    response = Program(cast, cast.rita, "issue").upload(version.pk, b"%PDF-1.7")
    body = response.json()  # type: ignore[attr-defined]
    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
    assert (body["code"], body["faults"][0]["code"]) == ("list-unreadable", "file-not-a-table")


def test_tokens_reach_no_further_than_their_scope_and_their_owner(cast: Cast) -> None:
    version = catalogue.version(cast.lakeside.pk)
    credential = issuing.credential(cast.lakeside, version=version)
    batch = issuing.batch(cast.lakeside, version=version, data=issuing.class_list(1))
    reader = Program(cast, cast.rita, "read")
    assert reader.upload(version.pk, FAULTY).status_code == 401
    assert reader.ask("post", f"/credentials/{credential.pk}/revoke", {"reason": "wrong-data"}).status_code == 401
    assert Program(cast, cast.rita, "issue").ask("get", "/credentials").status_code == 401
    otto = Program(cast, cast.otto, "read", "issue")
    assert otto.upload(version.pk, FAULTY).status_code == 403
    assert otto.ask("get", "/credentials").json() == {"count": 0, "items": []}  # type: ignore[attr-defined]
    for method, path, body in (
        ("get", f"/class-lists/{batch.pk}", None),
        ("post", f"/class-lists/{batch.pk}/issue", {"revision": 1}),
        ("delete", f"/class-lists/{batch.pk}", None),
        ("get", f"/credentials/{credential.pk}", None),
        ("get", f"/credentials/{credential.pk}/document", None),
        ("post", f"/credentials/{credential.pk}/revoke", {"reason": "wrong-data"}),
    ):
        assert otto.ask(method, path, body).status_code == 404, path
    for person in (cast.anna, cast.ada, cast.carla, cast.leon, cast.mallory):
        assert Program(cast, person, "read", "issue").ask("get", "/credentials").status_code == 403
    found = issuing.in_scope(cast.lakeside.pk, lambda: queries.credential(credential.pk))
    assert found.revoked_at is None


@pytest.mark.parametrize("path", ["/credentials", "/class-lists"])
@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        (f"offset={'9' * 23}", "offset"),
        ("offset=1000000001", "offset"),
        ("offset=-1", "offset"),
        ("state=revokd", "state"),
        ("state=erased", "state"),
        ("limit=0", "limit"),
    ],
)
def test_a_page_or_filter_that_does_not_exist_is_said_to_be_wrong(
    cast: Cast, path: str, asked: str, pointer: str
) -> None:
    issuing.credential(cast.lakeside)
    answer = Program(cast, cast.rita, "read").ask("get", f"{path}?{asked}")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    places = {fault["pointer"].split("/")[2] for fault in answer.json()["errors"]}  # type: ignore[attr-defined]
    assert places & {pointer, "page"}


def test_every_filter_that_exists_is_answered(cast: Cast) -> None:
    issuing.credential(cast.lakeside)
    program = Program(cast, cast.rita, "read")
    counts = {
        state: program.ask("get", f"/credentials?state={state}").json()["count"]  # type: ignore[attr-defined]
        for state in ("", "valid", "expired", "revoked")
    }
    assert counts == {"": 1, "valid": 1, "expired": 0, "revoked": 0}
    counts = {
        state: program.ask("get", f"/class-lists?state={state}").json()["count"]  # type: ignore[attr-defined]
        for state in ("", *BatchState.values)
    }
    assert counts == {"": 1, "uploaded": 0, "checked": 0, "issuing": 0, "done": 1, "discarded": 0}
    beyond = program.ask("get", "/credentials?offset=1000000000&limit=200")
    assert beyond.json() == {"count": 1, "items": []}  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["<b>", "xx", "EN", "", "de-AT"])
def test_learners_are_written_to_in_a_language_of_the_node(cast: Cast, language: str) -> None:
    version = catalogue.version(cast.lakeside.pk)
    program = Program(cast, cast.rita, "issue")
    refused = program.upload(version.pk, FAULTY, language=language)
    assert refused.status_code == 422, refused.content
    (fault,) = refused.json()["errors"]  # type: ignore[attr-defined]
    assert fault["code"] == "language-not-offered"
    assert fault["detail"].startswith("This node does not write in this language. Use one of: en, ")
    assert not Batch._base_manager.exists()
    assert program.upload(version.pk, FAULTY, language="fi").status_code == 201
    assert Batch._base_manager.get().language == "fi"
