"""The API as a whole: one description, one kind of error; and verification through it."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openmcx.config import api
from openmcx.institutions.models import Institution
from openmcx.verification.models import Check
from tests.factories import institutions
from tests.factories.verification import signed

SNAPSHOT = Path(__file__).resolve().parents[3] / "docs" / "reference" / "openapi.json"
OPTIONS = "--api openmcx.config.api.api --indent 2 --output docs/reference/openapi.json"
VERIFY = "/api/v1/verify"


@pytest.fixture
def lakeside(db: None) -> Institution:
    return institutions.institution()


def test_the_description_is_the_one_that_is_kept() -> None:
    now = json.loads(json.dumps(api.description(), default=str))
    assert json.loads(SNAPSHOT.read_text("utf-8")) == now, f"run `mcx manage export_openapi_schema {OPTIONS}`"


@pytest.mark.django_db
def test_the_description_is_served(client: Client) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "OpenMCX management API"


def test_every_operation_has_a_name_of_its_own_and_a_summary() -> None:
    operations = [one for path in api.description()["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names))
    assert all(one["summary"] for one in operations)


def test_only_verification_and_the_public_catalogue_are_open_to_all() -> None:
    open_to_all = [
        path
        for path, methods in api.description()["paths"].items()
        for one in methods.values()
        if not one.get("security")
    ]
    assert [path for path in open_to_all if not path.startswith("/api/v1/catalogue")] == ["/api/v1/verify"]
    changing = [path for path, methods in api.description()["paths"].items() if set(methods) - {"get"}]
    assert [path for path in changing if path in open_to_all] == ["/api/v1/verify"]


def test_the_raw_and_the_wrapped_credential_give_the_same_report(client: Client, lakeside: Institution) -> None:
    document = signed(lakeside)
    raw = client.post(VERIFY, document, content_type="application/vc+ld+json")
    wrapped = client.post(VERIFY, {"credential": json.loads(document)}, content_type="application/json")
    as_text = client.post(VERIFY, {"credential": document.decode()}, content_type="application/json")
    as_file = client.post(VERIFY, {"file": SimpleUploadedFile("x.json", document)})
    reports = [answer.json() for answer in (raw, wrapped, as_text, as_file)]
    for report in reports:
        report.pop("checked_at")
        report["checks"][0].pop("evidence")  # how many bytes were read
    assert reports[0]["verdict"] == "verified"
    assert reports == [reports[0]] * 4
    assert set(Check.objects.values_list("channel", flat=True)) == {"api"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"", "application/json", 400, "no-document"),
        (b'{"credential": 5}', "application/json", 400, "credential-malformed"),
        (b"--b--", "multipart/form-data; boundary=b", 400, "no-file"),
        (b"x" * 3_000_000, "application/json", 413, "document-too-large"),
        (b"x" * 50_000_000, "application/json", 413, None),
    ],
)
def test_what_is_no_request_is_a_problem(
    client: Client, body: bytes, content_type: str, status: int, code: str | None
) -> None:
    answer = client.post(VERIFY, body, content_type=content_type)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert code is None or problem["code"] == code
    assert problem["detail"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"no json", "document-not-json"),
        (b'{"credential": {"a": 1}, "credential": {"b": 2}}', "duplicate-key"),
        (b'{"credential": {"credential": {"a": 1}}}', "format-unknown"),
        (b'{"a":' * 3000 + b"1" + b"}" * 3000, "document-too-deep"),
    ],
)
def test_what_is_no_credential_is_a_report(client: Client, body: bytes, code: str) -> None:
    report = client.post(VERIFY, body, content_type="application/json").json()
    assert report["verdict"] == "unreadable"
    assert code in {check["code"] for check in report["checks"]}


@pytest.mark.django_db
def test_a_recognised_kind_that_cannot_be_judged_yet_is_unsupported(client: Client) -> None:
    report = client.post(VERIFY, b"<?xml version='1.0'?><europassCredential/>", content_type="application/json").json()
    assert (report["verdict"], report["headline"]["code"]) == ("unsupported", "headline-format-unsupported")


@pytest.mark.django_db
def test_only_post_is_answered(client: Client) -> None:
    answer = client.get(VERIFY)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "method-not-allowed"


@pytest.mark.django_db
def test_unknown_addresses_are_problems_too(client: Client) -> None:
    for path in ("/api/v1/nothing-here", "/api/v1/"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
