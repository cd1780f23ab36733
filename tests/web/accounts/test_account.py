"""A person's own pages."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openmcx.accounts import queries
from openmcx.accounts.models import ApiToken, Person, Scope
from tests.cast import Cast
from tests.factories import accounts
from tests.web import pages


def test_the_profile_is_saved_and_the_language_remembered(cast: Cast) -> None:
    client = cast.client(cast.leon)
    answer = client.post(reverse("accounts:profile"), {"name": "Léon", "language": "de"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("accounts:profile"))
    assert answer.cookies["language"].value == "de"
    page = pages.read(client.get(reverse("accounts:profile")))
    assert page.html is not None
    assert page.html["lang"] == "de"
    assert queries.person(cast.leon.pk).name == "Léon"


def test_a_name_that_is_too_long_is_said_at_its_field(cast: Cast) -> None:
    answer = cast.client(cast.leon).post(reverse("accounts:profile"), {"name": "x" * 151, "language": "en"})
    (line,) = pages.errors(pages.read(answer, 400))
    assert line.startswith("Name:")


def test_a_token_is_shown_once(cast: Cast) -> None:
    client = cast.client(cast.rita)
    page = pages.read(
        client.post(reverse("accounts:tokens"), {"label": "Moodle", "scopes": ["read", "issue"], "days": "30"})
    )
    secret = page.select_one("code.secret").get_text()
    actor = queries.actor_for_token(secret, needs=Scope.ISSUE, at=timezone.now())
    assert actor is not None
    assert actor.person_id == cast.rita.pk
    again = pages.text(pages.read(client.get(reverse("accounts:tokens"))))
    assert secret not in again
    assert "Moodle" in again


def offered(person: Person) -> dict[str, str]:
    """This will give the scopes that the page of tokens offers, with their sentences."""
    page = pages.read(Cast.client(person).get(reverse("accounts:tokens")))
    boxes = page.select("input[name=scopes]")
    return {str(box["value"]): page.select_one(f"label[for={box['id']}]").get_text(strip=True) for box in boxes}


def test_a_token_offers_only_what_the_person_s_roles_allow(cast: Cast) -> None:
    drafts, publish = "Read drafts of micro-credentials.", "Import and publish micro-credentials."
    assert offered(cast.anna) == {"read": drafts, "issue": publish}
    assert offered(cast.rita) == {
        "read": f"{drafts} Read class lists and credentials.",
        "issue": f"{publish} Upload class lists, issue and revoke credentials.",
    }
    assert offered(cast.carla) == {"read": drafts}
    assert offered(cast.leon) == {}


def test_who_holds_no_role_is_told_why_there_is_no_token_and_gets_none(cast: Cast) -> None:
    client = cast.client(cast.leon)
    page = pages.read(client.get(reverse("accounts:tokens")))
    assert page.select_one(".empty-state-title").get_text() == "There is nothing that a token could do for you"
    pages.read(client.post(reverse("accounts:tokens"), {"label": "x", "scopes": ["read"], "days": "30"}), 400)
    carla = cast.client(cast.carla)
    pages.read(carla.post(reverse("accounts:tokens"), {"label": "x", "scopes": ["issue"], "days": "30"}), 400)
    assert not ApiToken.objects.exists()


def test_a_token_needs_to_be_allowed_something(cast: Cast) -> None:
    page = pages.read(cast.client(cast.rita).post(reverse("accounts:tokens"), {"label": "x", "days": "30"}), 400)
    assert pages.errors(page) == ["What it may do: This field is required."]
    assert not ApiToken.objects.exists()


def test_only_ones_own_tokens_are_revoked(cast: Cast) -> None:
    token, secret = accounts.token(cast.rita, at=timezone.now())
    url = reverse("accounts:revoke-token", kwargs={"token_id": token.pk})
    assert cast.client(cast.mallory).post(url).status_code == 404
    assert queries.token_for(secret, at=timezone.now()) is not None
    assert cast.client(cast.rita).get(url).status_code == 405
    assert cast.client(cast.rita).post(url).status_code == 302
    assert queries.token_for(secret, at=timezone.now()) is None


def test_closing_asks_for_the_password_and_a_confirmation(cast: Cast) -> None:
    client, url = cast.client(cast.leon), reverse("accounts:close")
    assert client.get(url)["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": accounts.PASSWORD})
    assert pages.errors(pages.read(client.post(url), 400)) == [
        "I understand that this cannot be undone: Tick the box to go on."
    ]
    assert client.post(url, {"understood": "on"})["Location"] == "/"
    assert Person.objects.get(pk=cast.leon.pk).erased_at is not None
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_who_holds_a_role_is_told_why_the_account_stays(cast: Cast) -> None:
    client, url = cast.client(cast.rita), reverse("accounts:close")
    client.post(reverse("account_reauthenticate"), {"password": accounts.PASSWORD})
    page = pages.read(client.post(url, {"understood": "on"}), 400)
    assert pages.errors(page) == [
        "You still hold a role. Ask an administrator to end your roles, then close the account."
    ]


def test_the_number_of_tokens_does_not_change_the_number_of_queries(cast: Cast) -> None:
    counts = []
    for _round in range(2):
        accounts.token(cast.rita, at=timezone.now())
        with CaptureQueriesContext(connection) as asked:
            cast.client(cast.rita).get(reverse("accounts:tokens"))
        counts.append(len([query for query in asked if "session" not in query["sql"].lower()]))
    assert counts[0] == counts[1]


def test_a_person_gets_what_is_held_of_them_and_of_nobody_else(cast: Cast) -> None:
    answer = cast.client(cast.leon).get(reverse("accounts:data"))
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.json"'
    account = next(one for one in answer.json()["held"] if one["source"] == "accounts")
    assert {"name": "email", "value": cast.leon.email} in account["values"]
    assert cast.mallory.email not in answer.content.decode()
