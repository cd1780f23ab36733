"""The demonstration is built once, by the real operations, and is what its page promises."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from openmcx.accounts import queries as accounts_queries
from openmcx.catalogue import queries as catalogue_queries
from openmcx.demo import operations, queries
from openmcx.institutions.models import Institution, LearnerRecord, Membership
from openmcx.issuing import queries as issuing_queries
from openmcx.issuing.models import Batch, BatchState, IssuedCredential, Notice, NoticeState
from openmcx.kernel import audit
from openmcx.kernel.actors import Actor
from openmcx.kernel.scopes import scopes_disabled
from openmcx.portal.models import LegalKind
from openmcx.portal.rules import LEGAL_PAGES
from openmcx.verification import operations as verification_operations
from openmcx.verification.models import Channel

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[str]]:
    """The demonstration, built once for the tests of this file; what the builder said."""
    said: list[str] = []
    with django_db_blocker.unblock():
        operations.build(at=timezone.now(), say=said.append)
        try:
            yield said
        finally:
            call_command("flush", verbosity=0, interactive=False)
            shutil.rmtree(queries.folder())
            audit.heads_log().unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _built(told: list[str]) -> Iterator[None]:
    with scopes_disabled():
        yield


def test_five_institutions_with_a_key_and_people_each(told: list[str]) -> None:
    assert Institution.objects.count() == 5
    roles = Membership.objects.values_list("institution__slug", "role")
    assert len(roles) == 19  # three each and a coordinator; two deputies, and an author who was a guest elsewhere
    assert len(told) == 9


def test_twelve_micro_credentials_are_in_the_catalogue_one_in_two_versions() -> None:
    published = list(catalogue_queries.published())
    assert len(published) == 12
    numbers = sorted(entry.version.number for entry in published)
    assert numbers == [1] * 11 + [2]
    drafts = [one for one in catalogue_queries.drafts() if not one.is_published]
    assert [one.title["en"] for one in drafts] == ["Explainable artificial intelligence in production"]


def test_relations_lead_to_pages_of_the_catalogue(client: Client) -> None:
    for entry in catalogue_queries.published():
        for relation in catalogue_queries.achievement(entry.version).relations:
            path = relation.iri.removeprefix("http://testserver")
            assert path.startswith("/catalogue/")
            assert catalogue_queries.latest(path.split("/")[2]) is not None, relation.iri


def test_330_credentials_were_issued_over_the_last_year_and_a_half() -> None:
    now = timezone.now()
    assert IssuedCredential.objects.count() == 330
    ages = [(now - at).days for at in IssuedCredential.objects.values_list("issued_at", flat=True)]
    assert 500 < max(ages) < 550
    assert min(ages) < 31
    assert IssuedCredential.objects.filter(revoked_at__isnull=False).count() == 6
    assert issuing_queries.credentials(state="expired", at=now).count() == 13


@pytest.mark.parametrize("language", ["en", "de", "es", "fi"])
def test_legal_texts_are_read_in_the_reader_s_language(client: Client, language: str) -> None:
    for kind in LEGAL_PAGES:
        answer = client.get(f"/legal/{kind.value}/", headers={"accept-language": language})
        assert answer.context["text"].language == language
    statement = client.get("/about/accessibility/", headers={"accept-language": language}).content.decode()
    for kind in (LegalKind.CONTACT, LegalKind.ENFORCEMENT):
        assert queries.data("legal_texts")[kind.value][language].split("[")[0].strip() in statement


def test_every_learner_was_told() -> None:
    states = dict.fromkeys(Notice.objects.values_list("state", flat=True))
    assert list(states) == [NoticeState.SENT]
    assert Notice.objects.count() == 330 + 6


def test_one_class_list_waits_to_be_mended() -> None:
    waiting = Batch.objects.exclude(state=BatchState.DONE).get()
    assert (waiting.state, waiting.fault_count) == (BatchState.CHECKED, 3)
    assert len(issuing_queries.checked(waiting).faults) == 3


def test_some_learners_have_claimed_their_records() -> None:
    claimed = LearnerRecord.objects.filter(person__isnull=False)
    assert len({record.person_id for record in claimed}) == 6
    leon = accounts_queries.person_by_email(queries.LEARNER)
    assert leon is not None
    assert len(issuing_queries.credentials_of(leon.pk, at=timezone.now())) == 6


@pytest.mark.parametrize("hint", queries.sign_in_hints(None), ids=lambda hint: hint.email)
def test_everybody_whose_sign_in_is_shown_was_told_something(hint: Any) -> None:
    person = accounts_queries.person_by_email(hint.email)
    assert person is not None
    assert 1 <= accounts_queries.unread_count(person.pk) <= 10


def test_the_audit_trail_is_whole() -> None:
    report = audit.verify()
    assert (report.faults, report.unsealed) == ((), 0)
    assert report.records > 200


@pytest.mark.parametrize(
    ("name", "verdict", "headline"),
    [
        ("credential.json", "verified", "headline-verified"),
        ("credential-tampered.json", "not-verified", "headline-signature-wrong"),
        ("credential-revoked.json", "not-verified", "headline-revoked"),
        ("credential-expired.json", "not-verified", "headline-expired"),
    ],
)
def test_each_file_to_try_gets_the_right_sentence(client: Client, name: str, verdict: str, headline: str) -> None:
    answer = client.get(f"/demo/files/{name}")
    document = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    report = verification_operations.check(
        by=Actor.anonymous(), document=document, channel=Channel.FILE, at=timezone.now()
    )
    assert (report.verdict, report.headline.code) == (verdict, headline)


def test_the_tampered_file_differs_in_one_character() -> None:
    genuine, tampered = (
        (queries.folder() / name).read_bytes() for name in ("credential.json", "credential-tampered.json")
    )
    assert len(genuine) == len(tampered)
    assert sum(one != other for one, other in zip(genuine, tampered, strict=True)) == 1


def test_a_second_start_builds_nothing(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(0):
        assert operations.build(at=timezone.now()) is False


def test_building_again_after_an_interruption_changes_nothing() -> None:
    mark = queries.folder() / "built.json"
    kept = mark.read_bytes()
    before = (
        IssuedCredential.objects.count(),
        Batch.objects.count(),
        Membership.objects.count(),
        Notice.objects.count(),
    )
    mark.unlink()
    assert operations.build(at=timezone.now()) is True
    after = (
        IssuedCredential.objects.count(),
        Batch.objects.count(),
        Membership.objects.count(),
        Notice.objects.count(),
    )
    assert after == before
    assert json.loads(mark.read_bytes())["data"] == json.loads(kept)["data"]


def test_a_start_at_another_address_says_what_that_means(settings: Any) -> None:
    settings.OPENMCX_BASE_URL = "http://127.0.0.1:9999"
    said: list[str] = []
    assert operations.build(at=timezone.now(), say=said.append) is False
    assert re.search(r"built for http://testserver.*http://127\.0\.0\.1:9999", said[0])


@pytest.mark.parametrize("hint", queries.sign_in_hints(None), ids=lambda hint: hint.email)
def test_every_sign_in_that_is_shown_works(client: Client, hint) -> None:  # type: ignore[no-untyped-def]
    answer = client.post("/accounts/login/", {"login": hint.email, "password": hint.password}, follow=True)
    assert answer.redirect_chain[-1][0] == "/home/"
    assert answer.status_code == 200


def test_the_page_of_things_to_try_links_every_file(client: Client) -> None:
    answer = client.get("/demo/")
    names = set(re.findall(r'href="/demo/files/([^"]+)"', answer.content.decode()))
    assert names == {path.name for path in Path(queries.folder()).iterdir()} - {"built.json"}
