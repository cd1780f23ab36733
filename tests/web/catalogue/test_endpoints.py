"""The catalogue and the drafts for programs, with tokens that allow no more than their owner may."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openmcx.catalogue.mapping import content
from openmcx.catalogue.models import Specification
from openmcx.credentials.formats import elm
from openmcx.credentials.model import LangText
from tests.cast import Cast
from tests.factories import accounts
from tests.factories import catalogue as make

pytestmark = pytest.mark.django_db
API = "/api/v1"


def program(person: Any, *scopes: str) -> Client:
    _token, secret = accounts.token(person, *scopes, at=timezone.now())
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_the_catalogue_is_open_to_all(cast: Cast) -> None:
    version = make.version(cast.lakeside.pk)
    found = Client().get(f"{API}/catalogue?q=robotics&level=6").json()
    assert found == {
        "count": 1,
        "items": [
            {
                "slug": "collaborative-robotics",
                "title": {"en": "Collaborative robotics", "de": "Kollaborative Robotik"},
                "institution": "lakeside",
                "version": 1,
                "address": "http://testserver/catalogue/collaborative-robotics/v1/",
                "digest": version.digest,
                "workload_ects": 3.0,
                "eqf_level": 6,
                "participation": "blended",
                "languages": ["en", "de"],
                "published_at": "2026-03-02T09:00:00Z",
            }
        ],
    }
    for hostile in (f"offset={'9' * 30}", "language=%00", "q=%00%00", "limit=-5", f"level={'9' * 30}"):
        assert Client().get(f"{API}/catalogue?{hostile}").status_code == 200, hostile
    assert Client().get(f"{API}/catalogue?q=weaving").json() == {"count": 0, "items": []}
    whole = Client().get(f"{API}/catalogue/{version.slug}/1").json()
    assert (whole["specification"], whole["is_withdrawn"]) == (version.content, False)
    file = Client().get(f"{API}/catalogue/{version.slug}/1/export/elm")
    assert file["Content-Type"] == "application/ld+json"
    for address in (f"{version.slug}/2", "nothing/1", f"{version.slug}/1/export/pdf"):
        assert Client().get(f"{API}/catalogue/{address}").status_code == 404


def test_from_a_document_to_a_published_version(cast: Cast) -> None:
    anna = program(cast.anna, "read", "issue")
    document = json.dumps(content.to_content(make.complete_achievement()))
    made = anna.post(f"{API}/specifications?institution=lakeside", document, content_type="application/json")
    assert made.status_code == 201, made.content
    assert {key: made.json()[key] for key in ("kind", "not_taken", "problems")} == {
        "kind": "openmcx",
        "not_taken": [],
        "problems": [],
    }
    key = made.json()["id"]
    assert [one["id"] for one in anna.get(f"{API}/specifications").json()["items"]] == [key]
    whole = anna.get(f"{API}/specifications/{key}").json()
    assert (whole["revision"], whole["specification"]["title"]["de"]) == (1, "Kollaborative Robotik")
    assert anna.get(f"{API}/specifications/{key}/export/openmcx").json() == whole["specification"]
    answer = anna.post(f"{API}/specifications/{key}/publish", {"revision": 7}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "edited-meanwhile")
    answer = anna.post(f"{API}/specifications/{key}/publish", {"revision": 1}, content_type="application/json")
    assert (answer.status_code, answer.json()["version"]) == (201, 1)
    answer = anna.post(f"{API}/specifications/{key}/publish", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing-new")


@pytest.mark.parametrize("body", ["", "x", "[]", "{}", '{"format": "openmcx-specification/1", "eqf_level": 9}'])
def test_a_document_that_is_none_is_refused(cast: Cast, body: str) -> None:
    anna = program(cast.anna, "issue")
    answer = anna.post(f"{API}/specifications?institution=lakeside", body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert Specification._base_manager.count() == 0


def test_a_specification_of_the_european_learning_model_becomes_a_draft(cast: Cast) -> None:
    address = reverse("api:specification-import") + "?institution=lakeside"
    document = elm.write_specification(make.complete_achievement())
    anna = program(cast.anna, "read", "issue")
    made = anna.post(address, json.dumps({**document, "displayParameter": {"id": "urn:x"}}), content_type="text/plain")
    assert (made.status_code, made.json()["kind"]) == (201, "elm"), made.content
    assert [one["where"] for one in made.json()["not_taken"]] == ["/displayParameter"]
    draft = anna.get(reverse("api:specification", args=[made.json()["id"]])).json()
    assert draft["specification"]["title"] == {"en": "Collaborative robotics", "de": "Kollaborative Robotik"}
    assert (draft["revision"], draft["published_number"]) == (1, 0)
    for place, status in (("hillside", 403), ("nowhere", 404)):
        refused = anna.post(f"/api/v1/specifications?institution={place}", document, content_type="application/json")
        assert (refused.status_code, refused["Content-Type"]) == (status, "application/problem+json"), place
    assert Specification._base_manager.count() == 1


def test_a_token_allows_no_more_than_its_scope_and_its_owner(cast: Cast) -> None:
    draft = make.specification(cast.lakeside.pk, title=LangText({"en": "Secret"}))
    document = json.dumps(content.to_content(make.complete_achievement()))
    reads = [f"{API}/specifications", f"{API}/specifications/{draft.pk}", f"{API}/specifications/{draft.pk}/export/elm"]
    writes = [
        (f"{API}/specifications?institution=lakeside", document),
        (f"{API}/specifications/{draft.pk}/publish", "{}"),
    ]

    def statuses(client: Client) -> tuple[list[int], list[int]]:
        return (
            [client.get(url).status_code for url in reads],
            [client.post(url, body, content_type="application/json").status_code for url, body in writes],
        )

    assert statuses(Client()) == ([401, 401, 401], [401, 401])
    assert statuses(program(cast.anna, "read")) == ([200, 200, 200], [401, 401])
    assert statuses(program(cast.otto, "read", "issue")) == ([200, 404, 404], [403, 404])
    assert statuses(program(cast.mallory, "read", "issue")) == ([200, 404, 404], [403, 404])
    assert statuses(program(cast.rita, "read", "issue")) == ([200, 200, 200], [201, 201])
    assert program(cast.otto, "read").get(reads[0]).json() == {"count": 0, "items": []}
