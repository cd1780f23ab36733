"""Legal pages and the accessibility statement, as visitors see them and as coordinators write them."""

import pytest
from django.test import Client
from django.utils import timezone

from openmcx.portal import queries
from openmcx.portal.models import LegalDraft, LegalKind, LegalVersion
from tests.architecture import source
from tests.cast import Cast
from tests.factories.portal import legal_text
from tests.web import pages

pytestmark = pytest.mark.django_db

EDIT = "/legal/texts/imprint/en/"
PUBLISH = "/legal/texts/imprint/en/publish/"


@pytest.mark.parametrize("kind", ["imprint", "privacy-notice", "terms-of-use"])
def test_a_page_that_is_not_filled_says_so(client: Client, kind: str) -> None:
    soup = pages.read(client.get(f"/legal/{kind}/"))
    assert "has not published this text yet" in pages.text(soup)


def test_a_coordinator_fills_it_looks_and_publishes(cast: Cast) -> None:
    carla = cast.client(cast.carla)
    assert "Legal texts" in pages.text(pages.read(carla.get("/home/")))
    pages.read(carla.get(EDIT))
    answer = carla.post(EDIT, {"body": "# Who\n\nThe **office**", "revision": "0", "then": "preview"})
    assert (answer.status_code, answer["Location"]) == (302, PUBLISH)
    assert "has not published" in pages.text(pages.read(carla.get("/legal/imprint/")))
    preview = pages.read(carla.get(PUBLISH))
    assert preview.select_one(".legal-text h3").get_text() == "Who"
    answer = carla.post(PUBLISH, {"revision": preview.select_one("input[name=revision]")["value"]})
    assert (answer.status_code, answer["Location"]) == (302, "/legal/texts/")
    assert "Published" in pages.text(pages.read(carla.get("/legal/texts/")))
    shown = pages.read(Client().get("/legal/imprint/"))
    assert shown.select_one(".legal-text strong").get_text() == "office"
    assert shown.select_one(".site-footer a[href='/legal/imprint/']").get_text() == "Legal notice"


def test_a_conflict_loses_nothing(cast: Cast) -> None:
    carla = cast.client(cast.carla)
    carla.post(EDIT, {"body": "One", "revision": "0"})
    soup = pages.read(carla.post(EDIT, {"body": "Mine", "revision": "0"}), 400)
    assert "Somebody else has saved this text meanwhile" in pages.errors(soup)[0]
    assert soup.select_one("textarea").get_text().strip() == "Mine"
    assert LegalDraft.objects.get().body == "One"


@pytest.mark.parametrize("revision", ["", "x", "-1", "9", "9" * 30, "¹"])
def test_only_what_was_seen_is_published(cast: Cast, revision: str) -> None:
    carla = cast.client(cast.carla)
    carla.post(EDIT, {"body": "One", "revision": "0"})
    pages.read(carla.post(PUBLISH, {"revision": revision}), 409)
    assert not LegalVersion.objects.exists()


def test_earlier_versions_and_other_languages_are_linked(client: Client) -> None:
    legal_text(body="One")
    legal_text(body="Two")
    legal_text(language="de", body="Zwei")
    now = pages.read(client.get("/legal/imprint/", headers={"accept-language": "en"}))
    assert now.select_one(".legal-text").get_text(strip=True) == "Two"
    links = [one["href"] for one in now.select(".help-words a")]
    assert links == ["/legal/imprint/?in=de", "/legal/imprint/?in=en", "/legal/imprint/en/1/"]
    old = pages.read(client.get("/legal/imprint/en/1/"))
    assert "This text no longer applies" in pages.text(old)
    german = pages.read(client.get("/legal/imprint/?in=de"))
    assert german.select_one(".legal-text")["lang"] == "de"
    finnish = pages.read(client.get("/legal/imprint/", headers={"accept-language": "fi"}))
    assert finnish.select_one(".legal-text")["lang"] == "en"
    for nonsense in ("?in=xx", "?in=<script>", "?in="):
        pages.read(client.get(f"/legal/imprint/{nonsense}"))


@pytest.mark.parametrize(
    "address",
    ["/legal/nothing/", "/legal/accessibility-contact/", "/legal/imprint/xx/1/", "/legal/imprint/en/1/"],
)
def test_what_is_not_there_is_not_found(client: Client, address: str) -> None:
    pages.read(client.get(address), 404)


@pytest.mark.parametrize("address", ["/legal/texts/nothing/en/", "/legal/texts/imprint/xx/"])
def test_nothing_else_is_written(cast: Cast, address: str) -> None:
    pages.read(cast.client(cast.carla).get(address), 404)


# --- accessibility statement ------------------------------------------------------------------------------------------


def test_the_statement_has_the_parts_of_the_model(client: Client) -> None:
    soup = pages.read(client.get("/about/accessibility/", headers={"accept-language": "en"}))
    assert [one.get_text(strip=True) for one in soup.select("main h2")] == [
        "Compliance status",
        "Non-accessible content",
        "Preparation of this accessibility statement",
        "Feedback and contact information",
        "Enforcement procedure",
    ]
    said = pages.text(soup)
    assert "has not named a contact for accessibility yet" in said
    assert "has not named the enforcement body yet" in said


def test_the_statement_holds_what_the_operator_filled_in(client: Client) -> None:
    legal_text(LegalKind.CONTACT, body="# By mail\n\nWrite to [us](mailto:a11y@network.example)")
    legal_text(LegalKind.ENFORCEMENT, body="The **authority**")
    soup = pages.read(client.get("/about/accessibility/", headers={"accept-language": "en"}))
    contact, enforcement = soup.select(".legal-text")
    assert contact.h3.get_text() == "By mail"
    assert contact.a["href"] == "mailto:a11y@network.example"
    assert enforcement.get_text().strip() == "The authority"


def test_every_test_that_the_statement_speaks_of_is_there() -> None:
    named = [name for one in queries.STATEMENT.tested for name in one.by]
    assert all(one.by for one in queries.STATEMENT.tested)
    for name in named:
        path, _separator, function = name.partition("::")
        text = (source.ROOT / path).read_text("utf-8")
        assert f"\ndef {function}(" in text, name


def test_the_statement_is_not_dated_ahead() -> None:
    statement = queries.STATEMENT
    assert statement.prepared_on <= statement.reviewed_on <= timezone.now().date()
