"""What registrars do with several credentials at once, and how they narrow and shape their lists."""

import csv
import io

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openmcx.institutions.models import Role
from openmcx.issuing.models import IssuedCredential, Notice
from openmcx.kernel.models import AuditRecord
from openmcx.kernel.scopes import scope
from tests.cast import Cast
from tests.factories import institutions, issuing

pytestmark = pytest.mark.django_db

AGAIN, EXPORT, LIST = "issuing:send-chosen-again", "issuing:export-chosen", "issuing:credentials"


def soup(response: HttpResponse, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status
    return BeautifulSoup(response.content, "html.parser")


def said(response: HttpResponse) -> str:
    return " ".join(soup(response).select_one(".notifications").get_text(" ").split())  # type: ignore[union-attr]


def notices(credential: IssuedCredential) -> int:
    with scope(institution=[credential.institution_id]):
        return Notice.objects.filter(credential=credential).count()


def deliver(credential: IssuedCredential) -> None:
    with scope(institution=[credential.institution_id]):
        credential.notices.update(state="sent", sent_at=timezone.now())


def confirm(client: Client, page: BeautifulSoup, url: str, **more: str) -> HttpResponse:
    fields = {one["name"]: one.get("value", "") for one in page.select(".confirmation input[type=hidden]")}
    return client.post(url, {**fields, **more}, follow=True)


def test_links_are_sent_again_only_after_it_was_said_what_will_happen(cast: Cast) -> None:
    now, rita = timezone.now(), cast.client(cast.rita)
    good = issuing.credential(cast.lakeside, at=now)
    gone = issuing.revoked(issuing.credential(cast.lakeside, row=issuing.LEON.replace("Leon", "Vera"), at=now))
    deliver(good)
    table = soup(rita.get(reverse(LIST)))
    assert [one["formaction"] for one in table.select(".bulk-actions button")] == [reverse(AGAIN), reverse(EXPORT)]
    boxes = [one["value"] for one in table.select("tbody input[name=rows]")]
    assert sorted(boxes) == sorted([str(good.pk), str(gone.pk)])
    before = (notices(good), notices(gone))
    asked = soup(rita.post(reverse(AGAIN), {"rows": boxes}))
    words = asked.select_one(".confirmation").get_text(" ")  # type: ignore[union-attr]
    assert "1 learner gets an e-mail" in words
    assert "1 credential is left out" in words
    assert (notices(good), notices(gone)) == before
    assert "1 message will be sent" in said(confirm(rita, asked, reverse(AGAIN)))
    assert (notices(good), notices(gone)) == (before[0] + 1, before[1])
    assert AuditRecord.objects.filter(action="issuing.notice.requested", subject_id=str(good.pk)).count() == 1


def test_what_may_not_be_sent_once_more_is_said(cast: Cast) -> None:
    rita, good = cast.client(cast.rita), issuing.credential(cast.lakeside, at=timezone.now())
    for _ in range(3):
        deliver(good)
        rita.post(reverse(AGAIN), {"rows": str(good.pk), "confirmed": "1"})
    deliver(good)
    answer = rita.post(reverse(AGAIN), {"rows": str(good.pk), "confirmed": "1"}, follow=True)
    assert f"{good.number}: The message was sent 4 times" in said(answer)


@pytest.mark.parametrize("url_name", [AGAIN, EXPORT])
@pytest.mark.parametrize("rows", [[], ["nothing"], ["'; --"], ["0" * 400], ["00000000-0000-0000-0000-000000000000"]])
def test_nothing_chosen_leads_back(cast: Cast, url_name: str, rows: list[str]) -> None:
    answer = cast.client(cast.rita).post(reverse(url_name), {"rows": rows, "confirmed": "1"}, follow=True)
    assert "Tick at least one credential first." in said(answer)


@pytest.mark.parametrize("url_name", [AGAIN, EXPORT])
def test_otto_does_nothing_with_what_is_not_his(cast: Cast, url_name: str) -> None:
    credential = issuing.credential(cast.lakeside, at=timezone.now())
    before, audit = notices(credential), AuditRecord.objects.count()
    otto = cast.client(cast.otto)
    assert (
        otto.post(reverse(url_name), {"rows": str(credential.pk), "confirmed": "1", "kind": "csv"}).status_code == 302
    )
    assert (notices(credential), AuditRecord.objects.count()) == (before, audit)


def test_the_chosen_are_exported_and_that_is_audited(cast: Cast) -> None:
    rita = cast.client(cast.rita)
    one, other = issuing.issued(cast.lakeside, data=issuing.class_list(2), at=timezone.now())
    asked = soup(rita.post(reverse(EXPORT), {"rows": str(one.pk)}))
    assert "names" not in asked.select_one(".confirmation li").get_text()  # type: ignore[union-attr]
    assert not AuditRecord.objects.filter(action="issuing.credentials.exported").exists()
    refused = confirm(rita, asked, reverse(EXPORT), kind="exe")
    assert refused.status_code == 422
    answer = confirm(rita, asked, reverse(EXPORT), kind="csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Number"] for row in rows] == [one.number]
    record = AuditRecord.objects.get(action="issuing.credentials.exported")
    assert (record.data, record.institution_id) == ({"count": 1, "form": "csv"}, cast.lakeside.pk)
    assert other.number not in answer.content.decode()


def test_a_file_has_the_columns_that_are_shown(cast: Cast) -> None:
    rita = cast.client(cast.rita)
    issuing.credential(cast.lakeside, at=timezone.now())
    first = rita.get(reverse(LIST), {"download": "csv"}).content.decode("utf-8-sig").splitlines()[0]
    assert first == "Learner,Micro-credential,Number,Awarded on,Issued,State"
    query = {"columns": ["email", "message"], "download": "csv"}
    heading, row = rita.get(reverse(LIST), query).content.decode("utf-8-sig").splitlines()
    assert (heading, row) == ("Learner,Last message,E-mail address", "Leon Learner,Waiting to be sent,leon@example.org")


def test_credentials_are_found_by_the_state_of_their_last_message(cast: Cast) -> None:
    rita = cast.client(cast.rita)
    failed, sent = issuing.issued(cast.lakeside, data=issuing.class_list(2), at=timezone.now())
    with scope(institution=[cast.lakeside.pk]):
        failed.notices.update(state="failed", fault="x")
        sent.notices.update(state="sent", sent_at=timezone.now())

    def numbers(**query: str) -> list[str]:
        return [str(cell.get_text()) for cell in soup(rita.get(reverse(LIST), query)).select("tbody td a")]

    assert numbers(message="failed") == [failed.number]
    assert numbers(message="sent") == [sent.number]
    rita.post(reverse(AGAIN), {"rows": str(failed.pk), "confirmed": "1"})
    assert numbers(message="failed") == []


def test_nothing_yet_and_nothing_found_are_said_apart(cast: Cast) -> None:
    rita = cast.client(cast.rita)
    assert "No credential has been issued yet" in soup(rita.get(reverse(LIST))).get_text()
    nothing = soup(rita.get(reverse(LIST), {"q": "nobody"}))
    assert "No credential fits the search" in nothing.get_text()
    assert nothing.select_one(".empty-state a")["href"] == reverse(LIST)  # type: ignore[index]
    lists = soup(rita.get(reverse("issuing:batches"), {"uploaded_from": "2999-01-01"}))
    assert "No class list fits the search" in lists.get_text()


def test_lists_are_narrowed_by_day_and_institution(cast: Cast) -> None:
    institutions.grant(cast.hillside, Role.REGISTRAR, cast.rita)
    here, there = issuing.batch(cast.lakeside), issuing.batch(cast.hillside)
    rita = cast.client(cast.rita)

    def shown(**query: str) -> set[str]:
        links = soup(rita.get(reverse("issuing:batches"), query)).select("tbody th a")
        return {str(link["href"]).split("/")[-2] for link in links}

    assert shown() == {str(here.pk), str(there.pk)}
    assert shown(institution="hillside") == {str(there.pk)}
    assert shown(uploaded_from="2026-06-01", uploaded_until="2026-06-01") == {str(here.pk), str(there.pk)}
    assert shown(uploaded_until="2026-05-31") == set()
    page = soup(rita.get(reverse("issuing:batches"), {"institution": "elsewhere"}))
    assert page.select_one(".error-summary") is not None
    alone = soup(cast.client(cast.otto).get(reverse("issuing:batches")))
    assert alone.select_one("select[name=institution]") is None
