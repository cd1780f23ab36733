"""The bell, the list, the preferences, and the end of e-mail without signing in."""

import datetime as dt
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail as django_mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openmcx.accounts import operations, queries
from openmcx.accounts.models import Notification, NotificationPreference, Person
from openmcx.institutions import notifications as kinds
from openmcx.kernel.actors import Actor
from openmcx.kernel.models import AuditRecord
from tests.cast import Cast
from tests.web import pages

LIST = "/account/notifications/"
PREFERENCES = "/account/notifications/preferences/"


def tell(person: Person, count: int = 1, *, kind: Any = kinds.KEY_REPLACED) -> list[Notification]:
    now = timezone.now()
    for number in range(count):
        params = {"key": f"key-{number}", "institution": "Lakeside"}
        told = operations.Told(person_id=person.pk, url="/institutions/lakeside/", params=params)
        operations.notify(by=Actor.system(), at=now + dt.timedelta(microseconds=number), kind=kind, told=[told])
    return list(queries.notifications_of(person.pk))


@pytest.fixture
def ada(cast: Cast) -> Person:
    """The administrator, who was told nothing yet."""
    Notification.objects.all().delete()
    return cast.ada


def bell(page: BeautifulSoup) -> str:
    (link,) = page.select(f'header a[href="{LIST}"]')
    return " ".join(link.select_one(".visually-hidden").get_text().split())


def test_the_bell_counts_what_is_not_read(cast: Cast, ada: Person) -> None:
    client = cast.client(ada)
    assert bell(pages.read(client.get("/home/"))) == "Notifications"
    tell(ada, 2)
    page = pages.read(client.get("/home/"))
    assert bell(page) == "Notifications, 2 not read"
    assert page.select_one(".header-link-count").get_text() == "2"


def test_without_a_session_nobody_is_asked(cast: Cast, ada: Person) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = pages.read(Client().get("/about/privacy/"))
    assert page.select(f'header a[href="{LIST}"]') == []
    assert [one["sql"] for one in asked if "accounts_notification" in one["sql"]] == []


def test_the_list_shows_what_is_not_read_or_everything(cast: Cast, ada: Person) -> None:
    client = cast.client(ada)
    newer, older = tell(ada, 2)
    operations.mark_read(by=cast.actor(ada), at=timezone.now(), notification_id=older.pk)
    unread = pages.read(client.get(LIST))
    assert [link.get_text() for link in unread.select("main .told-text a")] == [
        "Lakeside signs with the key key-1 now. What the key before has signed stays valid."
    ]
    assert unread.select_one("main .told-text a")["href"] == f"{LIST}{newer.pk}/"
    everything = pages.read(client.get(LIST, {"show": "all"}))
    assert len(everything.select("main .told-text a")) == 2
    assert everything.select_one('.told-filter [aria-current="page"]').get_text() == "All notifications"


def test_following_one_marks_it_as_read_and_leads_there(cast: Cast, ada: Person) -> None:
    (row,) = tell(ada)
    answer = cast.client(ada).get(f"/account/notifications/{row.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/institutions/lakeside/")
    assert queries.unread_count(ada.pk) == 0


def test_one_and_all_are_marked_as_read(cast: Cast, ada: Person) -> None:
    client = cast.client(ada)
    rows = tell(ada, 3)
    client.post(f"{LIST}{rows[0].pk}/read/")
    assert queries.unread_count(ada.pk) == 2
    until = pages.read(client.get(LIST)).select_one('input[name="until"]')["value"]
    tell(ada)  # after the page was shown
    client.post(f"{LIST}read/", {"until": until})
    assert queries.unread_count(ada.pk) == 1
    client.post("/account/notifications/read/", {"until": "no time"})
    assert queries.unread_count(ada.pk) == 0


def test_nobody_opens_or_marks_somebody_elses(cast: Cast, ada: Person) -> None:
    (row,) = tell(ada)
    mallory = cast.client(cast.mallory)
    assert mallory.get(f"/account/notifications/{row.pk}/").status_code == 404
    assert mallory.post(f"/account/notifications/{row.pk}/read/").status_code == 404
    assert queries.unread_count(ada.pk) == 1


def test_many_of_a_kind_open_from_one_sentence(cast: Cast, ada: Person) -> None:
    tell(ada, 4)
    page = pages.read(cast.client(ada).get(LIST))
    (group,) = page.select("main details.told-group")
    assert group.summary.get_text(strip=True) == "4 signing keys were replaced"
    assert len(group.select(".told-text a")) == 4


def test_an_empty_list_says_so(cast: Cast, ada: Person) -> None:
    client = cast.client(ada)
    assert "You have read everything" in pages.read(client.get(LIST)).main.get_text()
    assert "You have not been told anything yet" in pages.read(client.get(LIST, {"show": "all"})).main.get_text()


def test_a_long_list_has_pages_and_costs_the_same(cast: Cast, ada: Person) -> None:
    client = cast.client(ada)
    counts = []
    for more in (1, 2, 30):
        tell(ada, more)
        with CaptureQueriesContext(connection) as asked:
            page = pages.read(client.get(LIST))
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]
    assert len(page.select(".told-text a")) == 25
    assert page.select_one('nav.pages a[rel="next"]')["href"] == "?page=2"
    assert len(pages.read(client.get(LIST, {"page": "2"})).select(".told-text a")) == 8


def test_preferences_are_kept_and_shown_again(cast: Cast, ada: Person) -> None:
    client = cast.client(ada)
    form = pages.read(client.get(PREFERENCES))
    legends = [legend.get_text(strip=True) for legend in form.select("main fieldset legend")]
    assert legends == ["Your roles and invitations", "Signing keys", "Your credentials", "Daily e-mail"]
    assert (
        form.select_one('[name="mail_1"] [selected]') is None
        or form.select_one('[name="mail_1"] [selected]')["value"] == ""
    )
    answer = client.post(
        PREFERENCES, {"shown_0": "on", "mail_0": "", "mail_1": "daily", "shown_2": "on", "digest_hour": "18"}
    )
    assert (answer.status_code, answer["Location"]) == (302, PREFERENCES)
    kept = {row.category: (row.muted, row.mail) for row in NotificationPreference.objects.filter(person=ada)}
    assert kept == {"institutions.keys": (True, "daily")}
    assert queries.person(ada.pk).digest_hour == 18
    again = pages.read(client.get(PREFERENCES))
    assert again.select_one('[name="mail_1"] [selected]')["value"] == "daily"
    assert not again.select_one('[name="shown_1"]').has_attr("checked")


def test_a_way_that_there_is_not_is_refused_at_its_field(cast: Cast, ada: Person) -> None:
    answer = cast.client(ada).post(PREFERENCES, {"mail_0": "pigeon", "digest_hour": "7"})
    (line,) = pages.errors(pages.read(answer, 400))
    assert line.startswith("E-mail:")


def link_of(person: Person, category: str = "institutions.keys") -> str:
    return queries.unsubscribe_url(person.pk, category).removeprefix("http://testserver")


def test_looking_at_the_link_asks_and_changes_nothing(cast: Cast, ada: Person) -> None:
    page = pages.read(Client().get(link_of(ada)))
    assert "It is about: Signing keys." in page.main.get_text()
    assert not NotificationPreference.objects.exists()


def test_a_mail_program_ends_it_with_one_post_without_cookies(ada: Person) -> None:
    """Source: RFC 8058, section 3.2."""
    tell(ada)
    operations.send_due(at=timezone.now())
    (message,) = django_mail.outbox
    address = message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    client = Client(enforce_csrf_checks=True)
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    row = NotificationPreference.objects.get(person=ada)
    assert (row.category, row.mail) == ("institutions.keys", "off")
    assert AuditRecord.objects.filter(action="accounts.preference.unsubscribed", actor_kind="anonymous").count() == 1


def test_the_page_offers_to_end_all(ada: Person) -> None:
    page = pages.read(Client().post(link_of(ada), {"everything": "1"}))
    assert "All e-mail about notifications is ended." in page.main.get_text()
    assert NotificationPreference.objects.filter(person=ada, mail="off").count() == len(queries.categories())


def test_the_link_of_a_closed_account_tells_nothing(cast: Cast) -> None:
    address = link_of(cast.leon)
    operations.erase(by=cast.actor(cast.leon), at=timezone.now(), person_id=cast.leon.pk)
    assert Client().post(address).status_code == 200
    assert not NotificationPreference.objects.filter(person=cast.leon).exists()


@pytest.mark.parametrize("token", ["made-up", "WyIwIl0:1:x"])
def test_a_link_that_is_not_ours_says_what_to_do(db: None, token: str) -> None:
    page = pages.read(Client().post(reverse("accounts:unsubscribe", kwargs={"token": token})), 404)
    assert "This link is not one of ours" in page.get_text()


def test_messages_about_the_sign_in_have_the_same_layout(cast: Cast) -> None:
    Client().post(reverse("account_reset_password"), {"email": cast.leon.email})
    (message,) = django_mail.outbox
    html = BeautifulSoup(message.alternatives[0].content, "html.parser")  # type: ignore[attr-defined]
    assert html.header.get_text(strip=True) == "OpenMCX"
    address = html.main.a["href"]
    assert address.startswith("http://testserver/accounts/password/reset/key/")
    assert address in message.body
    assert message.body.startswith("OpenMCX\n\n")
    assert "-- " not in html.main.get_text()
