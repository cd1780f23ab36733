"""The public page: hand in a credential in one of three ways, read the report."""

import base64
import datetime as dt
import json
import re

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openmcx.credentials.model import LangText, Learner, Organisation
from openmcx.institutions.models import Institution
from openmcx.kernel.actors import Actor
from openmcx.verification import operations, rules
from openmcx.verification.models import Channel, Check
from tests.factories import institutions
from tests.factories.verification import CREATED, signed, signed_by_stranger

pytestmark = pytest.mark.django_db
PAGE = "/verify/"


@pytest.fixture
def lakeside(db: None) -> Institution:
    return institutions.institution(accreditation_note=LangText({"en": "Audited."}))


def page(answer) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def text(answer) -> str:
    return " ".join(page(answer).get_text(" ").split())


def test_the_form_needs_neither_session_nor_script(client: Client) -> None:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert reverse("verification:start") == PAGE
    assert set(answer.cookies) <= {"csrf"}  # of the language switch; nothing that knows a visitor again
    form = page(answer).find("form", action=PAGE)
    assert [field["name"] for field in form.find_all(["input", "textarea"])] == ["file", "text", "link"]
    assert form["enctype"] == "multipart/form-data"


@pytest.mark.parametrize("way", ["file", "text"])
def test_a_genuine_credential_is_verified_and_shown_in_words(client: Client, lakeside: Institution, way: str) -> None:
    document = signed(lakeside)
    value = SimpleUploadedFile("leon.json", document) if way == "file" else document.decode()
    answer = client.post(PAGE, {way: value})
    assert answer.status_code == 200
    shown = text(answer)
    assert page(answer).find(class_="verdict-word").get_text() == "Verified"
    assert "Leon Learner" in shown
    assert "Program a robot." in shown
    assert "Level 6 of the European Qualifications Framework" in shown
    assert "2.5 ECTS credits, 65 hours of work" in shown
    assert "4 (81 %)" in shown
    assert [item.h3.get_text() for item in page(answer).select(".checks > li")] == [
        "Readable",
        "Kind of document",
        "Completeness",
        "Terms",
        "Signature",
        "Key of the issuer",
        "Issuer",
        "Revocation",
        "Period of validity",
    ]
    assert Check.objects.get().channel == way


def test_each_state_is_told_by_icon_and_word(client: Client, lakeside: Institution) -> None:
    answer = client.post(PAGE, {"text": signed(lakeside).decode()})
    for state in page(answer).select(".checks .status"):
        assert state.svg is not None
        assert state.span.get_text() == "Passed"


def test_one_changed_character_is_not_verified(client: Client, lakeside: Institution) -> None:
    answer = client.post(PAGE, {"text": signed(lakeside).decode().replace("Robotics", "Robotica", 1)})
    shown = text(answer)
    assert page(answer).find(class_="verdict-word").get_text() == "Not verified"
    assert "Not genuine: it was changed after it was signed, or somebody else signed it." in shown
    assert "Do not rely on what follows" in shown


def test_expiry_is_said_of_the_credential(client: Client, lakeside: Institution) -> None:
    answer = client.post(PAGE, {"text": signed(lakeside, valid_until=CREATED + dt.timedelta(days=7)).decode()})
    assert "Expired on" in text(answer)
    assert "The credential itself is valid until" in text(answer)
    assert "link" not in text(answer).lower().split("what was checked")[0].split("report on a credential")[1]


def test_an_unknown_issuer_is_a_caution_and_its_claimed_name_is_shown_as_claimed(client: Client) -> None:
    answer = client.post(PAGE, {"text": signed_by_stranger().decode()})
    rows = {row.dt.contents[0]: row.dd.get_text() for row in page(answer).select("dl.summary-list > .summary-row")}
    assert page(answer).find(class_="verdict-word").get_text() == "Caution"
    assert rows["Established by us"] == "We could not establish who the issuer is."
    assert rows["Claimed by the file"] == "University of Lakeside"


def test_what_the_file_says_cannot_become_markup(client: Client, lakeside: Institution) -> None:
    hostile = LangText({"en": "<script>alert(1)</script>"})
    claimed = Organisation(id=lakeside.did, name=hostile)
    learner = Learner(id="urn:uuid:0198c0de-0000-7000-8000-000000000003", given_name="<b>Leon", family_name="</dd>")
    answer = client.post(PAGE, {"text": signed(lakeside, issuer=claimed, learner=learner).decode()})
    assert "<script>alert(1)</script>" in text(answer)  # as text
    assert b"<script>alert" not in answer.content
    assert b"<b>Leon" not in answer.content


def test_the_report_can_be_downloaded_and_is_the_one_of_the_api(client: Client, lakeside: Institution) -> None:
    document = signed(lakeside)
    answer = client.post(PAGE, {"text": document.decode()})
    link = page(answer).find("a", download=True)
    head, _, body = link["href"].partition(",")
    assert head == "data:application/json;base64"
    downloaded = json.loads(base64.b64decode(body))
    asked = client.post("/api/v1/verify", document, content_type="application/json").json()
    for report in (downloaded, asked):
        report.pop("checked_at")
    assert downloaded == asked


def test_the_report_is_neither_stored_nor_found(client: Client, lakeside: Institution) -> None:
    answer = client.post(PAGE, {"text": signed(lakeside).decode()})
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert set(answer.cookies) <= {"csrf"}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Hand in a credential: choose a file, paste its text or give a link."),
        ({"text": "{}", "link": "https://x.example/"}, "Use one of the three ways only"),
        ({"link": "no link at all"}, "Enter a valid URL."),
        ({"link": "https://127.0.0.1/"}, "The link cannot be read: it is not on the public internet."),
    ],
)
def test_what_cannot_be_checked_is_said_at_the_form(client: Client, given: dict[str, str], sentence: str) -> None:
    answer = client.post(PAGE, given)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert page(answer).title.get_text().startswith("Error:")
    assert Check.objects.count() == 0


@pytest.mark.parametrize("megabytes", [1.05, 3, 50])
def test_a_file_that_is_too_large_is_refused_with_a_clear_sentence(client: Client, megabytes: float) -> None:
    upload = SimpleUploadedFile("huge.json", b"x" * int(megabytes * 1024 * 1024))
    answer = client.post(PAGE, {"file": upload})
    assert answer.status_code == 413
    assert "larger than" in text(answer)
    assert Check.objects.count() == 0


def test_an_upload_that_breaks_off_is_no_crash(client: Client) -> None:
    broken = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.json"\r\n\r\n{"@con'
    answer = client.post(PAGE, broken, content_type="multipart/form-data; boundary=b")
    assert answer.status_code in (200, 400, 422)


@pytest.mark.parametrize("document", [b"", b"\x00" * 100, b"[" * 100_000, b'{"a": NaN}'])
def test_any_bytes_give_a_report(client: Client, document: bytes) -> None:
    answer = client.post(PAGE, {"file": SimpleUploadedFile("x", document)})
    assert answer.status_code == 200
    assert page(answer).find(class_="verdict-word").get_text() == "Unreadable"


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (b"eyJhbGciOiJF.eyJpc3MiOiJk.c2ln", "a JWT"),
        (b'{"payload": "eyJhIjogMX0", "signatures": []}', "a JWS in JSON form"),
        (b"<?xml version='1.0'?><europassCredential/>", "an XML document"),
    ],
)
def test_what_is_recognised_but_not_supported_is_nowhere_called_unreadable(
    client: Client, document: bytes, kind: str
) -> None:
    answer = client.post(PAGE, {"file": SimpleUploadedFile("x", document)})
    verdict = page(answer).find(class_="verdict")
    assert verdict.find(class_="verdict-word").get_text() == "Cannot be checked here"
    assert f"This is {kind}. Its seal or signature cannot be checked here yet." in verdict.get_text()
    assert "The file can be read." in text(answer)
    assert "unreadable" not in text(answer).lower()


def test_json_that_is_no_credential_is_not_called_unreadable(client: Client) -> None:
    answer = client.post(PAGE, {"text": '{"hello": "world"}'})
    assert page(answer).find(class_="verdict-word").get_text() == "No credential"


def test_a_client_that_asks_too_often_is_told_when_to_come_back(client: Client) -> None:
    for _ in range(rules.DOCUMENTS_PER_CLIENT.count):
        client.post(PAGE, {"text": "{}"})
    answers = [client.post(PAGE, {"text": "{}"}) for _ in range(rules.DOCUMENTS_PER_CLIENT.count + 1)]
    # The minute may turn while the loop runs; within one minute the limit holds.
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert 1 <= int(refused[0]["Retry-After"]) <= 60


def test_the_report_of_a_credential_is_in_the_reader_s_language(client: Client, lakeside: Institution) -> None:
    answer = client.post(PAGE, {"text": signed(lakeside).decode()}, headers={"accept-language": "de"})
    assert page(answer).html["lang"] == "de"
    assert "Einen Roboter programmieren." in text(answer)
    marked = page(answer).find(string=re.compile("Robotik"))
    assert marked is not None


def test_page_and_operation_find_the_same(client: Client, lakeside: Institution) -> None:
    document = signed(lakeside)
    client.post(PAGE, {"text": document.decode()})
    report = operations.check(by=Actor.anonymous(), document=document, channel=Channel.API, at=timezone.now())
    page_row, own_row = Check.objects.order_by("id")
    assert page_row.codes == own_row.codes == [report.headline.code, *(each.code for each in report.checks)]
    assert bytes(page_row.digest) == bytes(own_row.digest)
