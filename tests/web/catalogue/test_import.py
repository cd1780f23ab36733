"""Importing on pages: what is taken over is shown before anything is saved."""

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openmcx.catalogue import queries
from openmcx.catalogue.mapping import content
from openmcx.catalogue.models import Specification
from openmcx.kernel.scopes import scopes_disabled
from tests.cast import Cast
from tests.factories import catalogue as make

pytestmark = pytest.mark.django_db
URL = "/design/import/"
SAMPLE = Path("elm-v3/Credentials/JSON-LD Examples (ELM v3)/Sample-MC-Annex1-unsigned.jsonld")


def drafts() -> list[Specification]:
    with scopes_disabled():
        return list(queries.drafts())


@pytest.mark.shared
def test_the_commissions_sample_becomes_a_draft(cast: Cast, data_from_outside: Path) -> None:
    client = cast.client(cast.rita)
    file = SimpleUploadedFile("sample.jsonld", (data_from_outside / SAMPLE).read_bytes())
    answer = client.post(URL, {"file": file, "institution": str(cast.lakeside.pk), "language": "en"})
    soup = BeautifulSoup(answer.content, "html.parser")
    assert "The document names “University of Zed”. In the draft it is “University of Lakeside”." in soup.text
    assert "“logo” was not taken over" in soup.text or "was not taken over" in soup.text
    assert "The type of quality assurance is missing" in soup.text
    assert drafts() == []
    form = {one["name"]: one["value"] for one in soup.select("main form input[type=hidden]")}
    made = client.post(URL, form)
    (draft,) = drafts()
    assert made["Location"] == reverse("catalogue:overview", args=[draft.pk])
    achievement = queries.draft_achievement(draft)
    assert achievement.title == {"en": "Digital micro-credential creation"}
    assert achievement.awarding_body.name == {"en": "University of Lakeside"}
    for key in ("title", "outcomes", "size", "assessment"):
        assert client.get(reverse("catalogue:edit", args=[draft.pk, key])).status_code == 200


def test_pasted_text_works_too(cast: Cast) -> None:
    text = json.dumps(content.to_content(make.complete_achievement()))
    answer = cast.client(cast.anna).post(URL, {"text": text, "institution": str(cast.lakeside.pk), "language": "en"})
    assert answer.status_code == 200
    assert "Make a draft from this" in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "one of the two"),
        ({"text": "hello"}, "The document cannot be read"),
        ({"text": "{}"}, "No micro-credential was found"),
        ({"text": '{"format": "openmcx-specification/1", "eqf_level": 9}'}, "/eqf_level"),
        ({"text": "<script>alert(1)</script>"}, "The document cannot be read"),
    ],
)
def test_a_document_that_is_none_is_refused_on_the_page(cast: Cast, data: dict[str, str], words: str) -> None:
    answer = cast.client(cast.anna).post(URL, {**data, "institution": str(cast.lakeside.pk), "language": "en"})
    assert answer.status_code == 400
    summary = BeautifulSoup(answer.content, "html.parser").select_one(".error-summary")
    assert summary is not None
    assert words in summary.text
    assert drafts() == []


def test_a_file_that_is_too_large_is_refused(cast: Cast) -> None:
    file = SimpleUploadedFile("big.json", b" " * (1024 * 1024 + 1))
    answer = cast.client(cast.anna).post(URL, {"file": file, "institution": str(cast.lakeside.pk), "language": "en"})
    assert answer.status_code == 400
    assert "may have up to 1 MB" in answer.content.decode()


@pytest.mark.parametrize(("who", "status"), [("mallory", 403), ("otto", 403)])
def test_nobody_imports_for_an_institution_of_others(cast: Cast, who: str, status: int) -> None:
    text = json.dumps(content.to_content(make.complete_achievement()))
    answer = cast.client(getattr(cast, who)).post(URL, {"content": text, "institution": "lakeside"})
    assert answer.status_code == status
    assert drafts() == []


def test_what_comes_back_from_the_review_is_read_as_strictly(cast: Cast) -> None:
    answer = cast.client(cast.anna).post(URL, {"content": '{"format": 1}', "institution": "lakeside"})
    assert answer.status_code in (409, 400)
    assert drafts() == []
