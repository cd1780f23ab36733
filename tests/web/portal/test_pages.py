"""The start page, the home page of each role, and what the network says about itself."""

import datetime as dt
import json
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openmcx.accounts import operations as accounts_operations
from openmcx.accounts import queries as accounts_queries
from openmcx.catalogue import operations as catalogue_operations
from openmcx.institutions import notifications as institution_notifications
from openmcx.institutions.models import Role
from openmcx.kernel.actors import Actor
from openmcx.kernel.scopes import scope
from openmcx.portal import queries
from openmcx.ui import slots
from openmcx.ui.components import State
from openmcx.ui.slots import Waiting
from tests.cast import Cast
from tests.factories import accounts, catalogue, institutions, issuing

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


def headings(answer) -> list[str]:
    return [
        heading.get_text() for heading in BeautifulSoup(answer.content, "html.parser").select("main .home-section h2")
    ]


def test_the_start_page_says_what_this_is_and_offers_search_and_verification(cast: Cast) -> None:
    answer = cast.client().get("/")
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.h1.get_text() == "Micro-credentials that others can check"
    search = page.find("form", attrs={"role": "search"})
    assert (search["action"], search["method"], search.input["name"]) == ("/catalogue/", "get", "q")
    assert [heading.get_text() for heading in page.select(".start-for h3")] == [
        "For learners",
        "For employers",
        "For universities",
    ]
    assert all(page.select(".start-for a"))
    members = [" ".join(one.get_text(" ").split()) for one in page.select(".start-institutions li > div")]
    assert "Hillside University of Applied Sciences Austria" in members


def test_a_credential_is_checked_from_the_start_page_without_a_script(cast: Cast) -> None:
    from openmcx.issuing import queries as issuing_queries

    credential = issuing.credential(cast.lakeside, at=timezone.now())
    client = Client(enforce_csrf_checks=True)
    form = BeautifulSoup(client.get("/").content, "html.parser").select_one(".start-check form")
    assert (form["method"], form["enctype"]) == ("post", "multipart/form-data")
    file = SimpleUploadedFile("mine.json", issuing_queries.document(credential) or b"", "application/json")
    answer = client.post(form["action"], {form.select_one("input[type=file]")["name"]: file})
    assert answer.status_code == 200
    assert "Report on a credential" in text(answer)


def test_many_institutions_are_led_to_rather_than_listed(client: Client) -> None:
    for number in range(14):
        institutions.institution(f"place-{number}", f"Place {number}")
    page = BeautifulSoup(client.get("/").content, "html.parser")
    assert len(page.select(".start-institutions li")) == 12
    assert page.find("a", string="See 2 more institutions")["href"] == "/institutions/"


# --- search engines, and readers who leave no trace -------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/", "/catalogue/", "/catalogue/{slug}/", "/verify/", "/institutions/", "/institutions/lakeside/", "/help/"],
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_whoever_only_reads_gets_no_cookie(cast: Cast, path: str, language: str) -> None:
    version = catalogue.version(cast.lakeside.pk)
    answer = Client().get(path.format(slug=version.slug), headers={"accept-language": language})
    assert (answer.status_code, dict(answer.cookies)) == (200, {})


def test_the_start_page_tells_search_engines_what_it_is(cast: Cast, settings) -> None:
    settings.OPENMCX_NETWORK_NAME = "Tiles </script><b>"
    page = BeautifulSoup(cast.client().get("/").content, "html.parser")
    assert page.find("link", rel="canonical")["href"] == "http://testserver/"
    assert page.find("meta", attrs={"name": "description"})["content"].startswith("Universities of this network")
    site, network = json.loads(page.find("script", type="application/ld+json").string)["@graph"]
    assert (site["@type"], site["name"]) == ("WebSite", "Tiles </script><b>")
    assert site["potentialAction"]["target"]["urlTemplate"] == "http://testserver/catalogue/?q={search_term_string}"
    assert (network["@type"], network["url"]) == ("Organization", "http://testserver/")
    assert "http://testserver/institutions/lakeside/" in [one["url"] for one in network["member"]]


def addresses(client: Client, path: str) -> list[str]:
    tree = ElementTree.fromstring(client.get(path).content)
    return [found.text or "" for found in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


def test_the_sitemap_lists_what_is_public_by_the_address_of_the_settings(cast: Cast, settings) -> None:
    settings.OPENMCX_BASE_URL = "https://mcx.example.org"
    listed, gone = catalogue.version(cast.lakeside.pk), catalogue.version(cast.lakeside.pk)
    with scope(institution=[cast.lakeside.pk]):
        catalogue_operations.withdraw(
            by=Actor.system(), at=catalogue.AT, specification_id=gone.specification_id, reason="Replaced"
        )
    draft = catalogue.specification(cast.lakeside.pk)
    found = addresses(cast.client(), "/sitemap-catalogue.xml")
    assert found == [f"https://mcx.example.org/catalogue/{listed.slug}/"]
    assert str(draft.pk) not in " ".join(found)
    assert "https://mcx.example.org/institutions/hillside/" in addresses(cast.client(), "/sitemap-institutions.xml")
    assert "https://mcx.example.org/verify/" in addresses(cast.client(), "/sitemap-pages.xml")
    index = addresses(cast.client(), "/sitemap.xml")
    assert [one.rsplit("/", 1)[1] for one in index] == [
        "sitemap-pages.xml",
        "sitemap-catalogue.xml",
        "sitemap-institutions.xml",
    ]
    for path in found:
        assert cast.client().get(path.removeprefix("https://mcx.example.org")).status_code == 200


def test_robots_are_kept_from_private_links_and_led_to_the_sitemap(client: Client, settings) -> None:
    settings.OPENMCX_BASE_URL = "https://mcx.example.org"
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /c/", "Disallow: /account/", "Disallow: /issuing/"} <= set(lines)
    assert lines[-1] == "Sitemap: https://mcx.example.org/sitemap.xml"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 302),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 302),
        ({"origin": "http://testserver"}, 302),
        ({"origin": "null"}, 302),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": "http://testserver"}, 403),
        ({"origin": "https://elsewhere.example"}, 403),
    ],
)
@pytest.mark.parametrize(
    ("path", "data"), [(reverse("ui:theme"), {"theme": "dark"}), ("/i18n/setlang/", {"language": "fi", "next": "/"})]
)
def test_language_and_theme_are_chosen_without_a_token_but_not_by_other_sites(
    path: str, data: dict[str, str], headers: dict[str, str], status: int
) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(path, data, headers=headers).status_code == status
    assert set(client.cookies) == ({"theme" if path == "/theme/" else "language"} if status == 302 else set())


def test_the_start_page_of_an_empty_node_says_what_to_do(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "No institution has joined yet" in text(answer)


@pytest.mark.parametrize("count", [1, 3])
def test_the_start_page_takes_as_many_questions_for_one_institution_as_for_three(
    client: Client, count: int, django_assert_num_queries
) -> None:
    for number in range(count):
        institutions.institution(f"place-{number}", f"Place {number}")
    client.get("/")
    with django_assert_num_queries(3):  # offers, institutions, legal texts
        client.get("/")


def test_home_asks_visitors_to_sign_in(client: Client) -> None:
    answer = client.get("/home/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/home/")


@pytest.mark.parametrize(
    ("who", "sections"),
    [
        ("rita", ["Issuing"]),
        ("anna", ["Micro-credentials in work"]),
        ("ada", ["Your institution"]),
        ("carla", ["The network"]),
        ("leon", ["Your credentials"]),
        ("mallory", ["Your credentials"]),
        ("otto", ["Issuing", "Micro-credentials in work", "Your institution"]),
    ],
)
def test_home_has_a_section_for_each_role(cast: Cast, who: str, sections: list[str]) -> None:
    answer = cast.client(getattr(cast, who)).get("/home/")
    assert answer.status_code == 200
    assert headings(answer) == sections
    assert "no-store" in answer["Cache-Control"]


def test_home_of_an_administrator_names_what_the_profile_lacks_and_leads_there(cast: Cast) -> None:
    answer = cast.client(cast.ada).get("/home/")
    assert "legal name, address, website, e-mail address, identifiers, accreditation" in text(answer)
    page = BeautifulSoup(answer.content, "html.parser")
    links = {link["href"] for link in page.select(".task-list a")}
    assert links == {f"/institutions/lakeside/manage/{part}/" for part in ("profile", "people", "keys")}


def test_home_of_an_administrator_shows_nothing_of_other_institutions(cast: Cast) -> None:
    assert "Hillside" not in text(cast.client(cast.ada).get("/home/")).split("Your institution")[1]


def test_an_old_key_is_worth_a_thought(cast: Cast) -> None:
    actor = cast.actor(cast.ada)
    with scope(institution=actor.institutions()):
        (fresh,) = queries.sections(actor, at=accounts.AT)
        (old,) = queries.sections(actor, at=accounts.AT + dt.timedelta(days=800))
    assert str(fresh.tasks[-1].state_text) == "In use"
    assert str(old.tasks[-1].state_text) == "Two years old: think of a new one"


def test_home_of_a_coordinator_lists_every_institution(cast: Cast) -> None:
    answer = cast.client(cast.carla).get("/home/")
    assert "University of Lakeside" in text(answer)
    assert "Hillside University of Applied Sciences" in text(answer)


def test_somebody_with_two_institutions_sees_both(cast: Cast) -> None:
    institutions.grant(cast.hillside, Role.ADMIN, cast.ada)
    answer = cast.client(cast.ada).get("/home/")
    assert "Profile of University of Lakeside" in text(answer)
    assert "Profile of Hillside University of Applied Sciences" in text(answer)


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.ADMIN, Role.COORDINATOR])
def test_a_registrar_sees_no_lists_of_a_place_at_which_she_is_something_else(cast: Cast, role: str) -> None:
    institutions.grant(cast.hillside, role, cast.rita)
    theirs, ours = issuing.batch(cast.hillside), issuing.batch(cast.lakeside)
    issuing.credential(cast.hillside, at=timezone.now())
    shown = BeautifulSoup(cast.client(cast.rita).get("/home/").content, "html.parser")
    links = [link["href"] for link in shown.select(".task-list a")]
    assert [str(each.pk) in " ".join(links) for each in (theirs, ours)] == [False, True]
    assert "issued in the last 30 days" not in shown.get_text()


def test_an_author_sees_no_drafts_of_a_place_at_which_she_is_something_else(cast: Cast) -> None:
    institutions.grant(cast.hillside, Role.REGISTRAR, cast.anna)
    theirs, ours = catalogue.specification(cast.hillside.pk), catalogue.specification(cast.lakeside.pk)
    shown = BeautifulSoup(cast.client(cast.anna).get("/home/").content, "html.parser")
    links = " ".join(link["href"] for link in shown.select(".task-list a"))
    assert [str(each.pk) in links for each in (theirs, ours)] == [False, True]


# --- what waits -------------------------------------------------------------------------------------------------------


def waits(answer) -> list[str]:
    page = BeautifulSoup(answer.content, "html.parser")
    return [" ".join(line.get_text(" ").split()) for line in page.select(".waiting-list li")]


@pytest.fixture
def only(monkeypatch) -> Callable[..., None]:
    """Nothing waits but what the test says."""

    def register(*items: Waiting) -> None:
        monkeypatch.setattr(slots.waiting, "_providers", {})
        for place, item in enumerate(items):
            slots.waiting.register(lambda asked, item=item: [item], name=str(place))

    return register


def item(title: str, state: State, **rest) -> Waiting:
    return Waiting(title=title, url="/", state=state, state_text=state.value, **rest)


def test_home_begins_with_what_waits_the_most_urgent_first(cast: Cast, only) -> None:
    now = timezone.now()
    only(
        item("whenever", State.INFO),
        item("since long", State.INFO, since=now - dt.timedelta(days=9)),
        item("since short", State.INFO, since=now - dt.timedelta(days=1)),
        item("soon", State.WARN, due_on=now.date() + dt.timedelta(days=3)),
        item("overdue", State.WARN, due_on=now.date() - dt.timedelta(days=3)),
        item("wrong", State.BAD),
    )
    answer = cast.client(cast.rita).get("/home/")
    page = BeautifulSoup(answer.content, "html.parser")
    assert [link.get_text() for link in page.select(".waiting-list a")] == [
        "wrong",
        "overdue",
        "soon",
        "since long",
        "since short",
        "whenever",
    ]
    assert "For 9 days" in waits(answer)[3]
    assert "For 1 day" in waits(answer)[4]
    assert page.select_one(".waiting-list .late").get_text().startswith("Ended on")
    assert page.select("main h2")[0].get_text() == "What waits for you 6"


def test_what_is_less_urgent_than_eight_others_unfolds(cast: Cast, only) -> None:
    only(*(item(str(number), State.INFO) for number in range(11)))
    page = BeautifulSoup(cast.client(cast.rita).get("/home/").content, "html.parser")
    assert page.select_one(".more-waiting summary").get_text() == "3 more that are less urgent"
    assert len(page.select(".waiting-list li")) == 11


def test_whoever_has_nothing_to_do_is_told_what_they_can_do(cast: Cast) -> None:
    page = BeautifulSoup(cast.client(cast.rita).get("/home/").content, "html.parser")
    shown = page.select_one(".waiting")
    assert "Nothing waits for you" in shown.get_text()
    assert shown.select_one("a")["href"] == "/issuing/new/"


def test_what_waits_for_a_registrar(cast: Cast) -> None:
    issuing.batch(cast.lakeside)
    issuing.batch(cast.lakeside, data=f"{issuing.HEADING}\nVera,,vera@example,1999-04-03,4,\n".encode())
    issuing.batch(cast.hillside)
    failed = issuing.credential(cast.lakeside, at=timezone.now())
    with scope(institution=[cast.lakeside.pk]):
        failed.notices.update(state="failed", fault="SMTPRecipientsRefused")
    found = waits(cast.client(cast.rita).get("/home/"))
    assert [line.split(" ")[0] for line in found] == ["Messages", "Collaborative", "Collaborative"]
    assert found[0].endswith("1 learner was not reached")
    assert found[1].endswith("2 faults to mend")
    assert found[2].endswith("Ready to be issued")


_ENDS = ("Two years old: think of a new one", "6 statements are missing")


def test_what_waits_for_an_author_and_an_administrator(cast: Cast) -> None:
    catalogue.specification(cast.lakeside.pk)
    catalogue.specification(cast.hillside.pk)
    assert [line.endswith("Complete, not published") for line in waits(cast.client(cast.anna).get("/home/"))] == [True]
    found = waits(cast.client(cast.ada).get("/home/"))
    assert [line.split(" of University of Lakeside ")[0] for line in found[:2]] == ["Signing key", "Profile"]
    assert [line.endswith(end) for line, end in zip(found, _ENDS, strict=False)] == [True, True]


def test_a_coordinator_is_told_of_missing_legal_texts(cast: Cast) -> None:
    assert "Legal texts" in waits(cast.client(cast.carla).get("/home/"))[0]


def test_a_learner_is_told_of_what_may_be_hers(cast: Cast) -> None:
    found = waits(cast.client(cast.leon).get("/home/"))
    assert [line.startswith("A credential may be yours University of Lakeside") for line in found] == [True]


def test_what_waits_takes_as_many_questions_for_one_list_as_for_three(cast: Cast) -> None:
    client = cast.client(cast.rita)
    version = catalogue.version(cast.lakeside.pk)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            issuing.batch(cast.lakeside, version=version)
        client.get("/home/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/home/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_home_shows_what_was_not_read(cast: Cast) -> None:
    told = accounts_operations.Told(
        person_id=cast.rita.pk,
        url="/",
        params={"role": "author", "institution": cast.lakeside.name, "day": "2026-06-01"},
        institution_id=cast.lakeside.pk,
    )
    kind = institution_notifications.ROLE_GRANTED
    accounts_operations.notify(by=Actor.system(), at=timezone.now(), kind=kind, told=[told])
    count = accounts_queries.unread_count(cast.rita.pk)
    news = BeautifulSoup(cast.client(cast.rita).get("/home/").content, "html.parser").select_one(".home-news")
    assert news.h2.get_text() == f"Not read yet {count}"
    assert "Your role at University of Lakeside" in news.li.get_text()
    assert news.find("a", href="/account/notifications/") is not None
    assert news.select_one("li a")["href"].startswith("/account/notifications/")


@pytest.mark.parametrize("path", ["/about/", "/about/accessibility/", "/about/privacy/"])
@pytest.mark.parametrize("language", ["en", "de", "es", "fi"])
def test_what_the_network_says_about_itself_is_there_in_every_language(
    client: Client, path: str, language: str
) -> None:
    answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == 200
    assert BeautifulSoup(answer.content, "html.parser").html["lang"] == language


def _set_by(client: Client, answer: HttpResponse) -> set[str]:
    assert answer.status_code in {200, 302, 400}, answer.status_code
    return {name for name, morsel in answer.cookies.items() if morsel.value}


def test_the_privacy_page_lists_the_cookies_that_are_set_and_no_others(cast: Cast) -> None:
    password = "a-quiet-lighthouse-71"
    visitor, member = Client(), Client()
    page = BeautifulSoup(visitor.get("/about/privacy/").content, "html.parser")
    listed = {one.get_text() for one in page.select("#cookies dt code")}
    said = " ".join(one.get_text() for one in page.select("#cookies dd"))
    assert all(lasting in said for lasting in ("364 days", "365 days", "12 hours at most"))
    found = set()
    for path in ("/", "/about/", "/verify/", "/help/", "/catalogue/", "/institutions/"):
        assert _set_by(visitor, visitor.get(path)) == set()
    assert _set_by(visitor, visitor.get("/accounts/login/")) == {"csrf"}
    assert _set_by(visitor, visitor.post("/i18n/setlang/", {"language": "de", "next": "/"})) == {"language"}
    assert _set_by(visitor, visitor.post(reverse("ui:theme"), {"theme": "dark", "next": "/"})) == {"theme"}
    typed = {"email": "new@example.org", "name": "Nora", "password1": password, "password2": password}
    found |= _set_by(visitor, visitor.post("/accounts/signup/", typed))
    answer = member.post("/accounts/login/", {"login": cast.rita.email, "password": accounts.PASSWORD})
    found |= _set_by(member, answer)
    for path in ("/home/", "/accounts/email/", "/account/", "/account/tokens/", "/accounts/2fa/", "/issuing/"):
        found |= _set_by(member, member.get(path))
    found |= _set_by(member, member.post("/account/", {"name": "Rita", "language": "en"}))
    found |= _set_by(member, member.post("/accounts/logout/"))
    assert found | {"csrf", "language", "theme"} == listed
    assert found == {"csrf", "session", "messages", "language"}


def test_the_privacy_page_says_what_is_published_and_what_is_not(client: Client) -> None:
    shown = text(client.get("/about/privacy/"))
    assert "Your credential is not published." in shown
    assert "131,072 entries" in shown
