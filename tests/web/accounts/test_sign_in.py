"""Signing up, signing in and what protects both."""

import re
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from openmcx.accounts import slots
from openmcx.accounts.forms import AccountAdapter
from openmcx.accounts.models import Person
from tests.cast import Cast
from tests.factories import accounts
from tests.web import pages


@pytest.fixture(autouse=True)
def _no_earlier_attempts(db: None) -> None:
    """The sign-in library counts attempts in the cache."""
    cache.clear()


PASSWORD = "a-quiet-lighthouse-71"


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_email_verification_sent",
    ],
)
def test_visitors_pages_are_whole(client: Client, db: None, name: str) -> None:
    pages.read(client.get(reverse(name)))


@pytest.mark.parametrize(
    "name",
    [
        "account_email",
        "account_logout",
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
        "accounts:profile",
        "accounts:tokens",
    ],
)
def test_ones_own_pages_are_whole(cast: Cast, name: str) -> None:
    pages.read(cast.client(cast.rita).get(reverse(name)))


@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "accounts:close"])
def test_pages_behind_a_fresh_password_are_whole(cast: Cast, name: str) -> None:
    client = cast.client(cast.rita)
    client.post(reverse("account_reauthenticate"), {"password": accounts.PASSWORD})
    pages.read(client.get(reverse(name)))


def test_pages_behind_a_fresh_password_ask_for_it(cast: Cast) -> None:
    answer = cast.client(cast.rita).get(reverse("mfa_activate_totp"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_reauthenticate"))


def test_somebody_signs_up_proves_the_address_and_signs_in(client: Client, db: None) -> None:
    answer = client.post(
        reverse("account_signup"),
        {"email": "New@Example.org", "name": "Nora New", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert answer.status_code == 302
    person = Person.objects.select_related("subject_key").get(email="new@example.org")
    assert person.name == "Nora New"
    assert client.post(reverse("account_login"), {"login": "new@example.org", "password": PASSWORD})["Location"] == (
        reverse("account_email_verification_sent")
    )
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", mail.outbox[0].body)
    assert link is not None
    pages.read(client.get(link[1]))
    client.post(link[1])
    answer = client.post(reverse("account_login"), {"login": "NEW@example.org", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/home/")


NO_NAMES = [
    ("https://evil.example/x", "cannot hold a web address"),
    ("Win at www.evil.example", "cannot hold a web address"),
    ("Nora ｗｗｗ.evil.example", "cannot hold a web address"),
    ("evil.example/x", "cannot hold a web address"),
    ("Nora \u202egro.live\u202c", "invisible signs"),
    ("Nora \u2067New", "invisible signs"),
    ("Nora\x1b[2J", "invisible signs"),
    ("N" * 101, "at most 100 characters"),
]


@pytest.mark.parametrize(("name", "complaint"), NO_NAMES)
def test_a_name_that_would_be_a_link_or_turn_text_is_refused_at_the_field(
    client: Client, cast: Cast, name: str, complaint: str
) -> None:
    typed = {"email": "victim@example.org", "name": name, "password1": PASSWORD, "password2": PASSWORD}
    page = pages.read(client.post(reverse("account_signup"), typed))
    assert [complaint in line for line in pages.errors(page)] == [True], pages.errors(page)
    assert (mail.outbox, Person.objects.filter(email="victim@example.org").exists()) == ([], False)
    page = pages.read(cast.client(cast.rita).post(reverse("accounts:profile"), {"name": name, "language": "en"}), 400)
    assert [complaint in line for line in pages.errors(page)] == [True], pages.errors(page)


@pytest.mark.parametrize(
    "name", ["J.R.R. Tolkien", "Dr.Müller", "Zoë van der Berg-O’Neill", "王小明", "مریم میرزاخانی"]
)
def test_names_of_people_are_names(client: Client, db: None, name: str) -> None:
    typed = {"email": "new@example.org", "name": name, "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(reverse("account_signup"), typed).status_code == 302
    assert Person.objects.select_related("subject_key").get(email="new@example.org").name == name


def test_an_e_mail_links_the_nodes_own_address_and_nothing_that_somebody_typed(client: Client, db: None) -> None:
    typed = {"email": "new@example.org", "name": "Nora New", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup"), typed)
    (message,) = mail.outbox
    own = re.search(r"http://testserver/accounts/confirm-email/\S+", message.body)
    assert own is not None
    # Whatever got into the text, for instance a name from before names were looked at, or what a browser calls itself.
    evil = "https://evil.example/x <b>www.evil.example</b> victim@evil.example"
    context = {
        "user": evil,
        "activate_url": own[0],
        "current_site": SimpleNamespace(name="testserver", domain="testserver"),
        "email": "n@example.org",
    }
    made = AccountAdapter(None).render_mail("account/email/email_confirmation", "n@example.org", context)
    assert evil in made.body
    page = BeautifulSoup(made.alternatives[0].content, "html.parser")  # type: ignore[attr-defined]
    assert [link["href"] for link in page.find_all("a")] == [own[0]]
    assert page.find("b") is None
    assert "https://evil.example/x" in page.get_text()
    assert made.message()["Auto-Submitted"] == "auto-generated"


def test_signing_up_with_a_taken_address_tells_nobody(client: Client, cast: Cast) -> None:
    answer = client.post(
        reverse("account_signup"), {"email": cast.rita.email, "password1": PASSWORD, "password2": PASSWORD}
    )
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_email_verification_sent"))
    assert Person.objects.filter(email=cast.rita.email).count() == 1


@pytest.mark.parametrize(
    ("password", "complaint"),
    [("short-1", "too short"), ("q1w2e3r4t5y6", "too common"), ("newcomer@example.org", "too similar")],
)
def test_weak_passwords_are_refused_at_the_field_and_in_the_summary(
    client: Client, db: None, password: str, complaint: str
) -> None:
    page = pages.read(
        client.post(
            reverse("account_signup"),
            {"email": "newcomer@example.org", "password1": password, "password2": password},
        )
    )
    assert any(complaint in line for line in pages.errors(page)), pages.errors(page)


def test_a_wrong_password_is_said_without_saying_which_part_was_wrong(client: Client, cast: Cast) -> None:
    wrong = {"login": cast.rita.email, "password": "not-the-password"}
    known = pages.errors(pages.read(client.post(reverse("account_login"), wrong)))
    unknown = pages.errors(pages.read(client.post(reverse("account_login"), {**wrong, "login": "no@example.org"})))
    assert known == unknown != []


def test_guessing_is_stopped_whichever_browser_it_comes_from(cast: Cast) -> None:
    client = cast.client()
    answers = [
        client.post(reverse("account_login"), {"login": cast.rita.email, "password": f"guess-{n}"}) for n in range(12)
    ]
    assert pages.errors(pages.read(answers[0])) != pages.errors(pages.read(answers[-1]))
    right = cast.client().post(reverse("account_login"), {"login": cast.rita.email, "password": accounts.PASSWORD})
    assert right.status_code == 200


def test_the_sign_in_page_shows_no_sign_ins_unless_an_app_offers_some(client: Client, db: None) -> None:
    before = dict(slots.sign_in_hints._providers)
    slots.sign_in_hints._providers.clear()
    try:
        assert "lighthouse" not in pages.text(pages.read(client.get(reverse("account_login"))))
        slots.sign_in_hints.register(
            lambda _question: [slots.SignInHint("Rita", "rita@example.org", "lighthouse", "Registrar")], name="test"
        )
        page = pages.read(client.get(reverse("account_login")))
        shown = [cell.get_text() for cell in page.select(".sign-ins dt, .sign-ins dd")]
        assert shown == ["Rita", "E-mail address: rita@example.org", "Password: lighthouse"]
    finally:
        slots.sign_in_hints._providers.clear()
        slots.sign_in_hints._providers.update(before)


def test_pages_are_in_ones_own_language_after_signing_in_unless_another_was_chosen(client: Client, db: None) -> None:
    person = accounts.person("Fiona Finnish", language="fi")
    details = {"login": person.email, "password": accounts.PASSWORD}
    assert client.post(reverse("account_login"), details).cookies["language"].value == "fi"
    other = Client()
    other.cookies["language"] = "es"
    assert "language" not in other.post(reverse("account_login"), details).cookies


def test_signing_out_needs_a_click(cast: Cast) -> None:
    client = cast.client(cast.rita)
    client.get(reverse("account_logout"))
    assert client.get(reverse("accounts:profile")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_the_next_page_is_never_another_site(client: Client, cast: Cast) -> None:
    answer = client.post(
        reverse("account_login"),
        {"login": cast.rita.email, "password": accounts.PASSWORD, "next": "https://evil.example/"},
    )
    assert answer["Location"] == "/home/"
