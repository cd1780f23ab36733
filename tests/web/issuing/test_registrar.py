"""Rita's way from a class list to credentials, page by page, without JavaScript."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openmcx.credentials.class_list import FIELDS, columns_of, guess_mapping
from openmcx.institutions import operations as institution_operations
from openmcx.issuing import queries
from openmcx.issuing.models import Batch, IssuedCredential
from openmcx.kernel import jobs, personal
from openmcx.kernel.actors import Actor
from openmcx.kernel.models import AuditRecord
from openmcx.kernel.scopes import scopes_disabled
from tests.cast import Cast
from tests.factories import catalogue, institutions, issuing

pytestmark = pytest.mark.django_db
FAULTY = (
    f"{issuing.HEADING}\n{issuing.LEON}\nVera,,vera@example,1999-04-03,4,\nOtto,Meier,otto@example.org,03/04/1998,3,\n"
)


def file(text: str | bytes, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def soup(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def heading(response: HttpResponse) -> str:
    page = soup(response)
    assert len(page.find_all("h1")) == 1
    return page.h1.get_text(" ", strip=True)  # type: ignore[union-attr]


def upload(client: Client, version_id: object, text: str | bytes, **more: Any) -> HttpResponse:
    data = {"version": str(version_id), "file": file(text), "awarded_on": "2026-05-30", "language": "en", **more}
    return client.post(reverse("issuing:new"), data)  # type: ignore[return-value]


def the_batch() -> Batch:
    with scopes_disabled():
        return Batch.objects.select_related("version").latest("created_at")


def fields(response: HttpResponse) -> dict[str, list[str]]:
    """The names and values of the page's form fields, as a browser sends them back."""
    found: dict[str, list[str]] = {}
    for field in soup(response).select("form.form-wide input"):
        found.setdefault(str(field["name"]), []).append(str(field.get("value", "")))
    return found


class TestTheWholeWay:
    def test_upload_mend_preview_issue_and_see_the_result(self, cast: Cast) -> None:
        version = catalogue.version(cast.lakeside.pk)
        rita = cast.client(cast.rita)
        assert heading(rita.get(reverse("issuing:batches"))) == "Issuing"
        response = upload(rita, version.pk, FAULTY)
        batch = the_batch()
        check = reverse("issuing:check", args=[batch.pk])
        assert (response.status_code, response["Location"]) == (302, check)

        page = rita.get(check)
        assert heading(page) == "3 faults in the list"
        rows = [
            [cell.get_text(" ", strip=True) for cell in row.select("th,td")][:3]
            for row in soup(page).select("tbody tr")
        ]
        assert rows == [
            ["3", "B (family_name)", "The family name is missing. Fill in the cell."],
            ["3", "C (email)", "This is not a complete e-mail address. Write it like name@example.org."],
            [
                "4",
                "D (date_of_birth)",
                "This can be 1998-03-04 or 1998-04-03. Write it as year-month-day, such as 2001-03-25.",
            ],
        ]
        sent = fields(page)
        sent |= {"cell-3-1": ["Novak"], "cell-3-2": ["vera@example.org"], "cell-4-3": ["1998-04-03"]}
        response = rita.post(check, sent)
        assert (response.status_code, response["Location"]) == (302, check)
        assert heading(rita.get(check)) == "The list is right"

        preview = reverse("issuing:preview", args=[batch.pk])
        changed = institutions.profile(email="info@lakeside.example")
        institution_operations.change_profile(
            by=Actor.system(), at=timezone.now(), institution_id=cast.lakeside.pk, profile=changed
        )
        page = rita.get(preview)
        text = soup(page).get_text(" ", strip=True)
        assert heading(page) == "Preview and issue"
        assert "Leon Learner" in text
        assert "3 learners get an e-mail" in text
        assert "credentialSubject" in text
        # What would be lost is told before, form by form.
        forms = [one.get_text() for one in soup(page).select("details h3")]
        assert forms == [
            "A European Digital Credential",
            "A credential for the EUDI Wallet (SD-JWT VC)",
            "An Open Badges 3.0 credential without further terms",
        ]
        assert "the EQF level" in [one.get_text() for one in soup(page).select("details h3:last-of-type ~ ul li")]
        assert "Vera Novak" in soup(rita.get(preview, {"row": "3"})).get_text(" ", strip=True)
        assert IssuedCredential.objects.model._base_manager.count() == 0

        response = rita.post(preview, {"revision": the_batch().revision})
        place = reverse("issuing:batch", args=[batch.pk])
        assert (response.status_code, response["Location"]) == (302, place)
        waiting = rita.get(place)
        progress = soup(waiting).select_one("#progress")
        assert progress is not None
        assert progress["hx-get"] == ""
        asked = {"HX-Request": "true"} | json.loads(str(progress["hx-headers"]))
        assert soup(rita.get(place, headers=asked)).select_one("#results") is None
        jobs.run_pending()
        part = rita.get(place, headers=asked)
        assert b"<html" not in part.content
        results = soup(part).select_one("#results[hx-swap-oob]")
        assert results is not None
        assert len(results.select("table.data-table tbody tr")) == 3
        assert "Waiting" not in results.get_text(" ")
        later = rita.get(place, headers={"HX-Request": "true"})
        assert soup(later).select_one("#progress") is not None
        assert soup(later).select_one("#results") is None
        done = soup(rita.get(place))
        assert "hx-get" not in done.select_one("#progress").attrs  # type: ignore[union-attr]
        assert "3 credentials issued" in done.get_text(" ", strip=True)
        assert "3 messages sent" in done.get_text(" ", strip=True)
        assert [row.select_one("td").get_text() for row in done.select("tbody tr")] == [  # type: ignore[union-attr]
            "Leon Learner",
            "Vera Novak",
            "Otto Meier",
        ]

    def test_columns_are_asked_for_and_remembered(self, cast: Cast) -> None:
        version = catalogue.version(cast.lakeside.pk)
        rita = cast.client(cast.rita)
        text = "Who;Whose;Where\nLeon;Learner;leon@example.org\n"
        response = upload(rita, version.pk, text)
        columns = reverse("issuing:columns", args=[the_batch().pk])
        assert response["Location"] == columns
        page = rita.get(columns)
        assert "No column holds the given name" in soup(page).get_text(" ", strip=True)
        answer = {"column-0": "given_name", "column-1": "given_name", "column-2": "email", "revision": "1"}
        refused = rita.post(columns, answer)
        assert refused.status_code == 422
        assert "is read as this already" in soup(refused).get_text(" ", strip=True)
        missing = rita.post(columns, answer | {"column-1": ""})
        assert missing.status_code == 422
        assert "No column holds the family name" in soup(missing).get_text(" ", strip=True)
        answer |= {"column-1": "family_name", "revision": str(the_batch().revision)}
        assert rita.post(columns, answer).status_code == 302
        assert heading(rita.get(reverse("issuing:check", args=[the_batch().pk]))) == "The list is right"
        again = upload(rita, version.pk, text)
        assert again["Location"] == reverse("issuing:check", args=[the_batch().pk])

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"%PDF-1.7", "This is a PDF document, not a table."),
            (b"", "The file is empty."),
            (b"PK\x03\x04cut off", "The file is damaged or was not uploaded completely."),
            (b"given_name,family_name,email\n", "The file holds no learners."),
        ],
    )
    def test_files_that_are_no_lists(self, cast: Cast, data: bytes, said: str) -> None:
        version = catalogue.version(cast.lakeside.pk)
        response = upload(cast.client(cast.rita), version.pk, data)
        page = soup(response)
        assert response.status_code == 422
        assert said in page.select_one(".error-summary").get_text(" ", strip=True)  # type: ignore[union-attr]
        assert page.title.get_text().startswith("Error")  # type: ignore[union-attr]

    def test_a_list_of_another_institution_cannot_be_chosen(self, cast: Cast) -> None:
        theirs = catalogue.version(cast.hillside.pk)
        assert upload(cast.client(cast.rita), theirs.pk, FAULTY).status_code == 422
        assert Batch.objects.model._base_manager.count() == 0

    def test_nothing_to_issue_yet(self, cast: Cast) -> None:
        page = soup(cast.client(cast.rita).get(reverse("issuing:new")))
        assert "no published micro-credential" in page.get_text(" ", strip=True)

    def test_rows_are_dropped_files_replaced_and_lists_discarded(self, cast: Cast) -> None:
        version = catalogue.version(cast.lakeside.pk)
        rita = cast.client(cast.rita)
        upload(rita, version.pk, FAULTY)
        batch = the_batch()
        check = reverse("issuing:check", args=[batch.pk])
        rita.post(check, {"drop": "3", "revision": batch.revision})
        assert heading(rita.get(check)) == "1 fault in the list"
        stale = rita.post(check, {"drop": "4", "revision": batch.revision})
        assert stale.status_code == 409
        assert "Somebody else changed this list" in soup(stale).get_text(" ", strip=True)
        nothing = rita.post(check, {"revision": the_batch().revision})
        assert "No cell was changed" in soup(nothing).get_text(" ", strip=True)
        bad = rita.post(reverse("issuing:replace", args=[batch.pk]), {"file": file(b"{}")})
        assert bad.status_code == 422
        rita.post(reverse("issuing:replace", args=[batch.pk]), {"file": file(issuing.class_list(2)), "encoding": ""})
        assert heading(rita.get(check)) == "The list is right"
        discard = reverse("issuing:discard", args=[batch.pk])
        assert heading(rita.get(discard)) == "Discard the list"
        assert rita.post(discard)["Location"] == reverse("issuing:batches")
        assert heading(rita.get(reverse("issuing:batch", args=[batch.pk]))) == "This list was discarded"

    def test_issuing_is_refused_with_faults_and_from_a_stale_page(self, cast: Cast) -> None:
        version = catalogue.version(cast.lakeside.pk)
        rita = cast.client(cast.rita)
        upload(rita, version.pk, FAULTY)
        preview = reverse("issuing:preview", args=[the_batch().pk])
        assert rita.post(preview, {"revision": the_batch().revision})["Location"].endswith("/check/")
        upload(rita, version.pk, issuing.class_list(2))
        preview = reverse("issuing:preview", args=[the_batch().pk])
        stale = rita.post(preview, {"revision": "99"})
        assert stale.status_code == 409
        assert "Nothing was issued" in soup(stale).get_text(" ", strip=True)


class TestFilesToTakeAlong:
    def test_the_faults_as_csv_are_no_formulas(self, cast: Cast) -> None:
        batch = issuing.batch(cast.lakeside, data=b"given_name,family_name,email\n=1+1,K,x\n")
        response = cast.client(cast.rita).get(reverse("issuing:faults", args=[batch.pk]))
        rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
        assert [row[:3] for row in rows] == [
            ["Row", "Column", "Value"],
            ["2", "A (given_name)", "'=1+1"],
            ["2", "C (email)", "x"],
        ]

    @pytest.mark.parametrize("language", ["en", "de", "es", "fi"])
    def test_the_empty_list_is_understood_in_every_language(self, cast: Cast, language: str) -> None:
        response = cast.client(cast.rita).get(reverse("issuing:template"), headers={"Accept-Language": language})
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        headings = [str(cell.value) for cell in next(iter(book.active.iter_rows(max_row=1)))]
        assert list(guess_mapping(columns_of(headings)).values()) == list(FIELDS)

    def test_the_list_of_credentials_is_audited_when_it_leaves(self, cast: Cast) -> None:
        issuing.credential(
            cast.lakeside, row="=Leon(1),Meier,leon@example.org,1999-04-05,5,".replace("=Leon(1)", "Leon")
        )
        rita = cast.client(cast.rita)
        response = rita.get(reverse("issuing:credentials"), {"download": "csv"})
        assert "Leon Learner" in response.content.decode()
        assert response["Cache-Control"] == "no-store, private"
        record = AuditRecord.objects.get(action="issuing.credentials.exported")
        assert (record.data, record.institution_id) == ({"count": 1, "form": "csv"}, cast.lakeside.pk)


class TestCredentials:
    def test_search_by_name_number_and_filters(self, cast: Cast) -> None:
        leon = issuing.credential(cast.lakeside)
        issuing.credential(cast.lakeside, row="Vera,Novak,vera@example.org,1998-01-01,4,")
        issuing.credential(cast.hillside, row="Leon,Else,leon@example.org,1998-01-01,4,")
        rita = cast.client(cast.rita)

        def listed(**query: str) -> list[str]:
            page = soup(rita.get(reverse("issuing:credentials"), query))
            return [row.th.get_text(strip=True) for row in page.select("tbody tr")]

        assert sorted(listed()) == ["Leon Learner", "Vera Novak"]
        for words in ("leo", "leon@example.org", leon.number.lower()):
            assert listed(q=words) == ["Leon Learner"], words
        assert listed(q="nobody") == []
        assert listed(state="revoked") == []
        assert listed(state="valid", q="vera") == ["Vera Novak"]
        assert listed(specification=str(leon.version.specification_id)) == ["Leon Learner"]
        assert listed(issued_from="2999-01-01") == []
        assert len(listed(issued_from="not a date")) == 2

    @pytest.mark.parametrize("url_name", ["issuing:credentials", "issuing:batches"])
    def test_lists_ask_as_often_for_three_rows_as_for_one(self, cast: Cast, url_name: str) -> None:
        rita = cast.client(cast.rita)
        issuing.issued(cast.lakeside, data=issuing.class_list(1))
        rita.get(reverse(url_name))
        with CaptureQueriesContext(connection) as one:
            rita.get(reverse(url_name))
        for _ in range(2):
            issuing.issued(cast.lakeside, data=issuing.class_list(1))
        with CaptureQueriesContext(connection) as three:
            assert len(soup(rita.get(reverse(url_name))).select("tbody tr")) == 3
        assert len(three) == len(one)

    def test_revoking_asks_why_and_says_what_happens(self, cast: Cast) -> None:
        credential = issuing.credential(cast.lakeside)
        rita = cast.client(cast.rita)
        revoke = reverse("issuing:revoke", args=[credential.pk])
        assert "cannot be undone" in soup(rita.get(revoke)).get_text(" ", strip=True)
        refused = rita.post(revoke, {"reason": "other", "note": " "})
        assert refused.status_code == 422
        assert "Say why" in soup(refused).select_one(".error-summary").get_text()  # type: ignore[union-attr]
        done = rita.post(revoke, {"reason": "wrong-data", "note": "The grade was wrong."}, follow=True)
        text = soup(done).get_text(" ", strip=True)
        assert "Revoked" in text
        assert "The grade was wrong." in text
        assert rita.get(revoke)["Location"] == reverse("issuing:credential", args=[credential.pk])
        jobs.run_pending()
        shown = soup(rita.get(reverse("issuing:credential", args=[credential.pk]))).get_text(" ", strip=True)
        assert shown.count("Sent") >= 2

    def test_the_history_tells_what_was_done_and_by_whom(self, cast: Cast) -> None:
        at = timezone.now()
        credential = issuing.credential(cast.lakeside, at=at, row=issuing.LEON)
        jobs.run_pending()
        rita, leon = cast.client(cast.rita), cast.client(cast.leon)
        path = queries.private_url(credential).removeprefix("http://testserver")
        assert leon.post(path + "claim/").status_code == 302
        assert rita.post(reverse("issuing:release-claim", args=[credential.pk])).status_code == 302
        rita.post(reverse("issuing:revoke", args=[credential.pk]), {"reason": "wrong-data", "note": ""})
        page = soup(rita.get(reverse("issuing:credential", args=[credential.pk])))
        told = [one.get_text(" ", strip=True) for one in page.select(".timeline-title")]
        assert told == [
            "Revoked",
            "Private link replaced",
            "Taken out of the account",
            "Claimed: the learner took it into an account",
            "Link sent to the learner",
            "Issued",
        ]
        lines = dict(zip(told, page.select(".timeline li"), strict=True))
        assert "It states something wrong" in lines["Revoked"].get_text()
        assert "Rita Registrar" in lines["Revoked"].get_text()
        assert "Rita Registrar" in lines["Taken out of the account"].get_text()
        # In whose account it was is no matter of the institution's.
        assert "Leon" not in lines[told[3]].get_text()

    def test_the_document_is_the_signed_one(self, cast: Cast) -> None:
        credential = issuing.credential(cast.lakeside)
        response = cast.client(cast.rita).get(reverse("issuing:document", args=[credential.pk]))
        assert response.content == queries.document(credential)
        assert response["Content-Type"] == "application/vc+ld+json"
        assert response["Content-Disposition"] == (
            f'attachment; filename="collaborative-robotics-{credential.number}.json"'
        )

    def test_sending_again_to_another_address(self, cast: Cast) -> None:
        credential = issuing.credential(cast.lakeside, at=timezone.now(), row=issuing.LEON)
        rita = cast.client(cast.rita)
        again = reverse("issuing:send-again", args=[credential.pk])
        assert soup(rita.get(again)).select_one("#id_email")["value"] == "leon@example.org"  # type: ignore[index]
        assert rita.post(again, {"email": "no address"}).status_code == 422
        assert rita.post(again, {"email": "new@example.org"}).status_code == 302
        jobs.run_pending()
        text = soup(rita.get(reverse("issuing:credential", args=[credential.pk]))).get_text(" ", strip=True)
        assert "new@example.org" in text

    @pytest.mark.parametrize("page", ["batch", "check", "columns", "preview", "faults", "discard"])
    def test_otto_does_not_find_what_is_not_his(self, cast: Cast, page: str) -> None:
        batch = issuing.batch(cast.lakeside)
        assert cast.client(cast.otto).get(reverse(f"issuing:{page}", args=[batch.pk])).status_code == 404
        credential = issuing.credential(cast.lakeside)
        for name in ("credential", "document", "revoke", "send-again"):
            assert cast.client(cast.otto).get(reverse(f"issuing:{name}", args=[credential.pk])).status_code == 404
        assert (
            cast.client(cast.otto)
            .post(reverse("issuing:revoke", args=[credential.pk]), {"reason": "other", "note": "x"})
            .status_code
            == 404
        )
        credential.refresh_from_db(from_queryset=IssuedCredential._base_manager.all())
        assert credential.revoked_at is None


def test_failed_rows_are_tried_again(cast: Cast) -> None:
    data = f"{issuing.HEADING}\n{issuing.LEON}\nVera,Novak,vera@example.org,1998-01-01,4,\n".encode()
    batch = issuing.confirmed(cast.lakeside, data=data)
    personal.erase(cast.leon_at_lakeside.subject_key, at=issuing.AT)
    jobs.run_pending()
    rita = cast.client(cast.rita)
    place = reverse("issuing:batch", args=[batch.pk])
    text = soup(rita.get(place)).get_text(" ", strip=True)
    assert "1 row failed" in text
    assert "The learner's data were erased on request." in text
    assert "Try the failed rows again" in text
    assert rita.post(reverse("issuing:retry", args=[batch.pk]))["Location"] == place
    assert the_batch().state == "issuing"
    refused = rita.post(reverse("issuing:retry", args=[batch.pk]), follow=True)
    assert "No row of this list waits to be tried again" in soup(refused).get_text(" ", strip=True)


def test_a_learner_is_erased_after_asking(cast: Cast) -> None:
    credential = issuing.credential(cast.lakeside)
    page = f"/issuing/credentials/{credential.pk}/"
    rita = cast.client(cast.rita)
    assert page + "erase-learner/" in rita.get(page).content.decode()
    assert rita.post(page + "erase-learner/").status_code == 422
    assert "Leon" in rita.get(page).content.decode()
    assert cast.client(cast.otto).post(page + "erase-learner/", {"understood": "on"}).status_code == 404
    assert rita.post(page + "erase-learner/", {"understood": "on"})["Location"] == page
    jobs.run_pending()
    after = rita.get(page).content.decode()
    assert "Leon" not in after
    assert "leon@example.org" not in after
    assert "erase-learner/" not in after
    assert "The learner&#x27;s data were erased" in after or "The learner's data were erased" in after
    assert rita.get(page + "erase-learner/")["Location"] == page
