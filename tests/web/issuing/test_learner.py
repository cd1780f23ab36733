"""What Leon opens, what Vera fetches, and what Mallory does not get."""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone

from openmcx.credentials.jsonld import DEFAULT
from openmcx.credentials.status import bitstring
from openmcx.credentials.verify.opening import open_document
from openmcx.institutions import operations as institution_operations
from openmcx.institutions.models import LearnerRecord
from openmcx.issuing import operations, queries
from openmcx.issuing.models import IssuedCredential
from openmcx.issuing.views.learner import PRINTING
from openmcx.kernel import jobs, mail, personal
from openmcx.kernel.http import Outbound
from openmcx.kernel.ids import new_id, new_secret
from openmcx.kernel.models import AuditRecord
from openmcx.kernel.scopes import scopes_disabled
from tests.cast import Cast
from tests.factories import catalogue, issuing

pytestmark = pytest.mark.django_db


def private_path(credential: IssuedCredential) -> str:
    return queries.private_url(credential).removeprefix("http://testserver")


def text_of(content: bytes) -> str:
    return BeautifulSoup(content, "html.parser").get_text(" ", strip=True)


class TestPrivatePage:
    def test_shows_the_credential_in_words(self, cast: Cast) -> None:
        credential = issuing.credential(cast.lakeside)
        response = cast.client().get(private_path(credential))
        text = text_of(response.content)
        for said in (
            "Credential of Leon Learner",
            "Collaborative robotics",
            "University of Lakeside",
            "3 ECTS",
            "80 hours",
            "Level 6 of the European Qualifications Framework",
            "Awarding body University of Lakeside, Finland",
            "Supervised, identity verified",
            "Plan a shared workspace",
            "design robots",
            "Valid",
        ):
            assert said in text, said

    def test_is_kept_from_caches_search_engines_and_other_sites(self, cast: Cast) -> None:
        credential = issuing.credential(cast.lakeside)
        path = private_path(credential)
        for address in (path, path + "download/", "/c/unknown-unknown-unknown/"):
            response = cast.client().get(address)
            assert response["Cache-Control"] == "no-store, private", address
            assert response["Referrer-Policy"] == "no-referrer", address
            assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive", address
            assert "session" not in response.cookies, address

    def test_the_download_is_the_signed_document(self, cast: Cast) -> None:
        credential = issuing.credential(cast.lakeside)
        response = cast.client().get(private_path(credential) + "download/")
        assert response.content == queries.document(credential)
        assert json.loads(response.content)["proof"]["type"] == "DataIntegrityProof"

    @pytest.mark.parametrize(
        "accept", ["application/vc+ld+json", "application/vc, application/json;q=0.5", "application/vc, */*;q=0.1"]
    )
    def test_a_program_that_asks_for_the_document_gets_it(self, cast: Cast, accept: str) -> None:
        credential = issuing.credential(cast.lakeside)
        response = cast.client().get(private_path(credential), headers={"Accept": accept})
        assert response.content == queries.document(credential)
        assert response["Content-Type"] == accept.split(",")[0]
        assert "Accept" in response["Vary"]
        assert response["Cache-Control"] == "no-store, private"
        assert response["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml,*/*;q=0.8", "*/*", "image/png", ""])
    def test_a_browser_gets_the_page(self, cast: Cast, accept: str) -> None:
        response = cast.client().get(private_path(issuing.credential(cast.lakeside)), headers={"Accept": accept})
        assert response["Content-Type"].startswith("text/html")
        assert "Accept" in response["Vary"]

    @pytest.mark.parametrize("end", ["", "download/", "#top"])
    def test_the_link_can_be_handed_in_for_verification(
        self,
        cast: Cast,
        end: str,
        settings: Any,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        def ask(*_given: object, **_more: object) -> None:
            raise AssertionError("the node asks itself over the network, so that the link gets into logs")

        monkeypatch.setattr(Outbound, "get", ask)
        caplog.set_level(logging.DEBUG)
        settings.OPENMCX_BASE_URL = "https://node.example"
        link = queries.private_url(issuing.credential(cast.lakeside))
        with scopes_disabled():
            operations.publish_due(at=timezone.now())  # as the node does each day
        response = cast.client().post("/verify/", {"link": link.replace("node.example", "Node.Example") + end})
        assert response.status_code == 200
        assert "Genuine and valid" in text_of(response.content)
        assert link.split("/")[-2] not in caplog.text

    def test_a_link_that_was_never_made_opens_nothing_in_verification_either(self, cast: Cast) -> None:
        assert queries.local_private_document(f"http://testserver/c/{new_secret()}/") is None
        credential = issuing.credential(cast.lakeside)
        link = queries.private_url(credential)
        elsewhere = (link.replace("testserver", "testserver.example"), link + "claim/", link.replace("/c/", "/d/"))
        assert [queries.local_private_document(one) for one in elsewhere] == [None] * 3
        personal.erase(credential.subject_key, at=issuing.AT)
        assert queries.local_private_document(link) is None

    @pytest.mark.parametrize("language", ["en", "de", "es", "fi"])
    def test_every_language_renders(self, cast: Cast, language: str) -> None:
        credential = issuing.credential(cast.lakeside)
        response = cast.client().get(private_path(credential), headers={"Accept-Language": language})
        assert BeautifulSoup(response.content, "html.parser").html["lang"] == language  # type: ignore[index]

    def test_only_the_token_opens_it(self, cast: Cast) -> None:
        credential = issuing.credential(cast.lakeside)
        token = private_path(credential).split("/")[2]
        wrong = (token[:-1], token + "A", token.swapcase(), str(credential.pk), credential.number, "x", "%00" * 20)
        for guess in wrong:
            assert cast.client().get(f"/c/{guess}/").status_code == 404, guess

    def test_who_guesses_is_stopped(self, cast: Cast) -> None:
        credential = issuing.credential(cast.lakeside)
        client = cast.client()
        asked = [client.get(f"/c/{new_secret()}/").status_code for _ in range(25)]
        assert (asked[:20], asked[-1]) == ([404] * 20, 429)
        # Whoever shares the address with the one who guesses is not locked out.
        assert client.get(private_path(credential)).status_code == 200

    def test_states_are_not_mixed_up(self, cast: Cast) -> None:
        credential = issuing.credential(cast.lakeside)
        issuing.revoked(credential)
        text = text_of(cast.client().get(private_path(credential)).content)
        assert "Revoked on" in text
        assert "It states something wrong" in text
        other = issuing.credential(cast.lakeside)
        personal.erase(other.subject_key, at=issuing.AT)
        assert queries.private_url(other) == ""

    def test_an_expired_credential_says_that_the_link_stays(self, cast: Cast) -> None:
        version = catalogue.version(cast.lakeside.pk, validity_months=1)
        row = issuing.LEON.replace("2026-05-29", "2024-01-20")
        then = dt.datetime(2024, 2, 1, tzinfo=dt.UTC)
        credential = issuing.credential(cast.lakeside, version=version, row=row, at=then)
        text = text_of(cast.client().get(private_path(credential)).content)
        assert "Expired" in text
        assert "This page and its link stay" in text

    def test_claiming_puts_it_into_the_account(self, cast: Cast) -> None:
        credential = issuing.credential(cast.lakeside)
        path = private_path(credential)
        assert "make an account" in text_of(cast.client().get(path).content)
        # Not back to the address of the button, which answers no GET.
        signed_out = cast.client().post(path + "claim/")
        assert signed_out["Location"] == f"{reverse('account_login')}?next={path}"
        assert signed_out["Cache-Control"] == "no-store, private"
        mallory = cast.client(cast.mallory)
        refused = mallory.post(path + "claim/", follow=True)
        assert "knows the learner by another address" in text_of(refused.content)
        assert queries.credentials_of(cast.mallory.pk, at=timezone.now()) == []
        leon = cast.client(cast.leon)
        assert leon.get(path + "claim/").status_code == 405
        assert leon.post(path + "claim/")["Location"] == path
        assert LearnerRecord._base_manager.get(pk=credential.learner_id).person_id == cast.leon.pk
        held = queries.credentials_of(cast.leon.pk, at=timezone.now())
        assert [(each.number, each.url) for each in held] == [(credential.number, path)]

    def test_a_registrar_takes_it_out_of_the_account(self, cast: Cast) -> None:
        credential = issuing.credential(cast.lakeside)
        path, rita = private_path(credential), cast.client(cast.rita)
        page = reverse("issuing:credential", args=[credential.pk])
        assert "Take out of the account" not in text_of(rita.get(page).content)
        cast.client(cast.leon).post(path + "claim/")
        assert "Take out of the account" in text_of(rita.get(page).content)
        done = rita.post(reverse("issuing:release-claim", args=[credential.pk]), follow=True)
        assert "holds these credentials no longer" in text_of(done.content)
        assert queries.credentials_of(cast.leon.pk, at=timezone.now()) == []
        assert cast.client(cast.leon).get(path).status_code == 404
        again = rita.post(reverse("issuing:release-claim", args=[credential.pk]), follow=True)
        assert "These credentials are in no account" in text_of(again.content)

    def test_a_withdrawn_link_opens_nothing(self, cast: Cast) -> None:
        credential = issuing.credential(cast.lakeside)
        path = private_path(credential)
        issuing.in_scope(
            cast.lakeside.pk,
            lambda: operations.replace_link(by=cast.actor(cast.rita), at=issuing.AT, credential_id=credential.pk),
        )
        assert cast.client().get(path).status_code == 404
        assert cast.client().get(private_path(credential)).status_code == 200


class TestStatusList:
    def test_is_served_to_everybody_with_its_age(self, cast: Cast) -> None:
        credential = issuing.credential(cast.lakeside)
        address = f"/status/{credential.status_list_id}"
        response = cast.client().get(address)
        body = json.loads(response.content)
        assert body["id"] == f"http://testserver{address}"
        assert body["credentialSubject"]["ttl"] == 300_000
        assert response["Content-Type"] == "application/vc+ld+json"
        assert response["Cache-Control"] == "public, max-age=60, must-revalidate"
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Cookie" not in response.get("Vary", "")
        again = cast.client().get(address, headers={"If-None-Match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_changes_at_once_when_a_credential_is_revoked(self, cast: Cast) -> None:
        credential, other = issuing.issued(cast.lakeside, data=issuing.class_list(2))
        address = f"/status/{credential.status_list_id}"
        before = cast.client().get(address)
        issuing.revoked(credential)
        after = cast.client().get(address, headers={"If-None-Match": before["ETag"]})
        assert after.status_code == 200
        bits = bitstring.decode(json.loads(after.content)["credentialSubject"]["encodedList"])
        assert (bitstring.get(bits, credential.status_index), bitstring.get(bits, other.status_index)) == (True, False)
        assert sum(byte.bit_count() for byte in bits) == 1

    def test_an_unknown_one_is_not_found(self, cast: Cast) -> None:
        assert cast.client().get(f"/status/{new_id()}").status_code == 404


class TestMessages:
    @pytest.mark.parametrize("language", ["en", "de", "es", "fi"])
    @pytest.mark.parametrize("kind", ["issued", "revoked"])
    def test_templates_render_in_every_language_with_the_link(
        self, cast: Cast, mailoutbox: list[EmailMultiAlternatives], kind: str, language: str
    ) -> None:
        credential = issuing.credential(cast.lakeside)
        context = {
            "institution": cast.lakeside,
            "title": "Robots & <b>people</b>",
            "number": credential.number,
            "url": queries.private_url(credential),
            "change": None,
        }
        mail.send(template=f"issuing/mail/{kind}", context=context, to="leon@example.org", language=language)
        (message,) = mailoutbox
        text, html = message.body, str(message.alternatives[0].content)
        assert "Robots & <b>people</b>" in message.subject
        assert "Robots & <b>people</b>" in text
        assert "Robots &amp; &lt;b&gt;people" in html
        assert queries.private_url(credential) in text
        assert f'lang="{language}"' in html

    def test_links_stand_in_no_log_and_no_audit(self, cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
        credential = issuing.credential(cast.lakeside)
        jobs.run_pending()
        token = private_path(credential).split("/")[2]
        cast.client().get(private_path(credential))
        said = caplog.text + repr(list(AuditRecord.objects.values_list("data", flat=True)))
        assert token not in said
        assert "leon@example.org" not in said


class TestOtherFiles:
    """The same credential on paper and as a picture, the signed document within."""

    @pytest.mark.parametrize(("path", "media_type"), [("pdf/", "application/pdf"), ("picture/", "image/png")])
    @pytest.mark.parametrize("language", ["en", "de", "es", "fi"])
    def test_each_holds_the_signed_document(self, cast: Cast, path: str, media_type: str, language: str) -> None:
        credential = issuing.credential(cast.lakeside)
        answer = cast.client().get(private_path(credential) + path, headers={"accept-language": language})
        assert (answer.status_code, answer["Content-Type"]) == (200, media_type)
        assert answer["Content-Disposition"].endswith({"pdf/": '.pdf"', "picture/": '.png"'}[path])
        assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == (
            "no-store, private",
            "noindex, nofollow, noarchive",
        )
        document = queries.document(credential)
        assert document is not None
        assert open_document(answer.content, DEFAULT)[0].content == json.loads(document)

    def test_the_registrar_has_it_as_pdf_too_and_others_have_not(self, cast: Cast) -> None:
        credential = issuing.credential(cast.lakeside)
        address = reverse("issuing:document-pdf", args=[credential.pk])
        assert cast.client(cast.rita).get(address).content.startswith(b"%PDF-")
        assert cast.client(cast.otto).get(address).status_code in (403, 404)

    def test_nobody_has_more_laid_out_than_people_need(self, cast: Cast) -> None:
        credential = issuing.credential(cast.lakeside)
        client = cast.client()
        address = reverse("issuing:private-pdf", args=[private_path(credential).split("/")[-2]])
        # Should a new window begin meanwhile, as many again are answered, and no more.
        codes = [client.get(address).status_code for _ in range(2 * PRINTING.count + 1)]
        first = codes.index(429)
        assert first >= PRINTING.count
        assert codes[:first] == [200] * first

    def test_an_erased_learner_has_none(self, cast: Cast) -> None:
        credential = issuing.credential(cast.lakeside)
        path = private_path(credential)
        with scopes_disabled():
            institution_operations.erase_learner(
                by=cast.actor(cast.rita), at=timezone.now(), learner_id=credential.learner_id
            )
        jobs.run_pending()
        assert [cast.client().get(path + name).status_code for name in ("pdf/", "picture/")] == [404, 404]
