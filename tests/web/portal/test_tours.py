"""First steps on the home page and in the account."""

import pytest

from openmcx.portal.models import Tour
from tests.cast import Cast
from tests.web import pages

pytestmark = pytest.mark.django_db


def test_newcomers_see_their_first_steps_and_every_step_leads_somewhere(cast: Cast) -> None:
    for who in (cast.rita, cast.anna, cast.ada, cast.carla, cast.leon):
        client = cast.client(who)
        soup = pages.read(client.get("/home/"))
        steps = soup.select(".tour-step")
        assert 4 <= len(steps) <= 6
        for step in steps:
            assert step.select_one(".tour-mark svg")["aria-label"] in ("Done", "Not done yet")
            assert client.get(step.select_one(".tour-title a")["href"]).status_code == 200


def test_a_tour_is_left_and_taken_up_again(cast: Cast) -> None:
    client = cast.client(cast.rita)
    address = "/account/first-steps/registrar/"
    assert client.post(address, {"do": "leave"})["Location"] == "/home/"
    soup = pages.read(client.get("/home/"))
    assert soup.select(".tour") == []
    assert "The first steps are put away" in pages.text(soup)
    soup = pages.read(client.get("/account/first-steps/"))
    assert "You have left this tour" in pages.text(soup)
    assert soup.select_one(f"form[action='{address}'] button[value=show]") is not None
    client.post(address, {"do": "show"})
    assert len(pages.read(client.get("/home/")).select(".tour")) == 1


def test_what_the_node_cannot_see_is_ticked_off_and_back(cast: Cast) -> None:
    client = cast.client(cast.rita)
    client.post("/account/first-steps/registrar/", {"do": "tick:check"})
    soup = pages.read(client.get("/home/"))
    assert len(soup.select(".tour-step-done")) == 1
    assert "1 of 6 done" in pages.text(soup)
    client.post("/account/first-steps/registrar/", {"do": "untick:check"})
    assert Tour.objects.get().ticked == []


def test_a_step_that_is_not_there_is_told(cast: Cast) -> None:
    client = cast.client(cast.rita)
    client.post("/account/first-steps/registrar/", {"do": "tick:upload"})
    assert "There is no such step to tick off" in pages.text(pages.read(client.get("/home/")))


@pytest.mark.parametrize("deed", ["", "leave:x", "dance", "tick", "show:registrar"])
def test_nonsense_changes_nothing(cast: Cast, deed: str) -> None:
    answer = cast.client(cast.rita).post("/account/first-steps/registrar/", {"do": deed})
    assert answer.status_code in (302, 404)
    assert not Tour.objects.exclude(ticked=[], left_at=None).exists()


def test_the_account_leads_to_the_first_steps(cast: Cast) -> None:
    soup = pages.read(cast.client(cast.leon).get("/account/"))
    assert soup.select_one(".side-nav a[href='/account/first-steps/']") is not None


def test_no_cookie_is_set_for_it(cast: Cast) -> None:
    client = cast.client(cast.rita)
    client.get("/home/")
    before = set(client.cookies)
    client.post("/account/first-steps/registrar/", {"do": "leave"})
    assert set(client.cookies) - before <= {"messages"}
