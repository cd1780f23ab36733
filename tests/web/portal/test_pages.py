"""The start page, the home page of each role, and what the network says about itself."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from openmcx.institutions.models import Role
from openmcx.kernel.scopes import scope
from openmcx.portal import queries
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
    assert page.find("a", href="/verify/", class_="btn") is not None
    assert "Hillside University of Applied Sciences Austria" in text(answer)


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


@pytest.mark.parametrize("path", ["/about/", "/about/accessibility/", "/about/privacy/"])
@pytest.mark.parametrize("language", ["en", "de", "es", "fi"])
def test_what_the_network_says_about_itself_is_there_in_every_language(
    client: Client, path: str, language: str
) -> None:
    answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == 200
    assert BeautifulSoup(answer.content, "html.parser").html["lang"] == language


def test_the_privacy_page_says_what_is_published_and_what_is_not(client: Client) -> None:
    shown = text(client.get("/about/privacy/"))
    assert "Your credential is not published." in shown
    assert "131,072 entries" in shown
