"""Institutions' pages, public and their administrators'."""

import json
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from bs4 import BeautifulSoup
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openmcx.credentials.model import LangText
from openmcx.institutions import operations, queries, slots
from openmcx.institutions.models import Institution, Invitation, Membership, Role
from openmcx.kernel import jobs
from openmcx.kernel.scopes import scopes_disabled
from openmcx.ui.slots import NavigationItem
from tests.cast import Cast
from tests.factories import accounts, institutions
from tests.web import pages

LAKESIDE = {"slug": "lakeside"}
PROFILE = {
    "name_en": "University of Lakeside",
    "name_fi": "Järvenrannan yliopisto",
    "kind": "public",
    "country": "FI",
    "website": "https://lakeside.example/",
}


def address(name: str, **more: Any) -> str:
    return reverse(name, kwargs={**LAKESIDE, **more})


def test_everybody_reads_the_list_and_the_page(cast: Cast, client: Client) -> None:
    listed = pages.text(pages.read(client.get(reverse("institutions:list"))))
    assert "University of Lakeside Finland" in listed
    assert "2 rows" in listed
    shown = pages.text(pages.read(client.get(address("institutions:page"))))
    assert "did:web:testserver:institutions:lakeside" in shown
    assert "The institution has not stated whether it is accredited" in shown


def test_country_and_region_of_an_institution_are_said_in_words(client: Client, db: None) -> None:
    institutions.institution(country="FI", region="FI1C5")
    shown = pages.text(pages.read(client.get(address("institutions:page"))))
    assert "Country Finland Region NUTS region FI1C5" in shown


def test_addresses_of_an_institution_are_links_and_never_scripts(cast: Cast, client: Client) -> None:
    Institution.objects.filter(slug="lakeside").update(
        website="https://lakeside.example/?a=1&b=2",
        identifiers={"ror": "https://ror.org/05a28rw58"},
        name=LangText({"en": "Lakeside", "fi": "<b>Järvi</b>"}),
    )
    page = pages.read(client.get(address("institutions:page")))
    links = {link["href"] for link in page.select(".summary-list a")}
    assert links == {"https://lakeside.example/?a=1&b=2", "https://ror.org/05a28rw58"}
    other = page.select_one('.summary-list [lang="fi"]')
    assert other is not None
    assert other.get_text() == "<b>Järvi</b>"


def test_the_list_is_searched_and_says_when_nothing_is_found(cast: Cast, client: Client) -> None:
    page = pages.read(client.get(reverse("institutions:list"), {"q": "hill", "country": "AT"}))
    assert [cell.get_text(strip=True) for cell in page.select("tbody th")] == [
        "Hillside University of Applied Sciences"
    ]
    nothing = pages.read(client.get(reverse("institutions:list"), {"q": "<script>"}))
    assert "No institution found" in pages.text(nothing)


def test_institutions_are_narrowed_by_kind_and_by_what_they_state(db: None, client: Client) -> None:
    stated = institutions.institution("stated", "Stated")
    institutions.institution("silent", "Silent")
    Institution.objects.filter(pk=stated.pk).update(accreditation_status="institutional", kind="company")

    def names(**query: str) -> list[str]:
        page = pages.read(client.get(reverse("institutions:list"), query))
        return [cell.get_text(strip=True) for cell in page.select("tbody th")]

    assert names() == ["Silent", "Stated"]
    assert names(sort="-name") == ["Stated", "Silent"]
    assert names(accreditation="institutional") == ["Stated"]
    assert names(accreditation="not-stated") == ["Silent"]
    assert names(kind="company") == ["Stated"]
    file = client.get(reverse("institutions:list"), {"download": "csv", "columns": "did"}).content.decode("utf-8-sig")
    assert file.splitlines()[1].startswith("Silent,did:web:testserver:institutions:silent")


def test_one_and_three_institutions_take_the_same_number_of_queries(db: None, client: Client) -> None:
    counts = []
    for slugs in (["first"], ["second", "third"]):
        for slug in slugs:
            institutions.institution(slug, f"University {slug}")
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("institutions:list"))
        counts.append(len(asked))
    assert counts == [4, 4]  # the links at the foot take one of them


def test_an_unknown_institution_is_not_found(cast: Cast, client: Client) -> None:
    pages.read(client.get(reverse("institutions:page", kwargs={"slug": "nowhere"})), 404)
    assert client.get(reverse("institutions:did", kwargs={"slug": "nowhere"})).status_code == 404


def test_the_did_document_is_for_machines_anywhere(cast: Cast, client: Client) -> None:
    answer = client.get(address("institutions:did"), headers={"origin": "https://verifier.example"})
    assert answer["Content-Type"] == "application/did+json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer
    assert "Cookie" not in answer.get("Vary", "")
    document = json.loads(answer.content)
    assert document["id"] == "did:web:testserver:institutions:lakeside"
    assert [method["id"] for method in document["verificationMethod"]] == [f"{document['id']}#key-1"]


def test_the_did_document_changes_its_mark_with_the_keys(cast: Cast, client: Client) -> None:
    mark = client.get(address("institutions:did"))["ETag"]
    assert client.get(address("institutions:did"), headers={"if-none-match": mark}).status_code == 304
    operations.rotate_key(by=cast.actor(cast.ada), at=timezone.now(), institution_id=cast.lakeside.pk)
    assert client.get(address("institutions:did"), headers={"if-none-match": mark}).status_code == 200


def test_the_did_document_costs_no_session(cast: Cast) -> None:
    browser = cast.client(cast.ada)
    with CaptureQueriesContext(connection) as asked:
        browser.get(address("institutions:did"))
    assert [query["sql"] for query in asked if "session" in query["sql"] or "accounts_person" in query["sql"]] == []


@pytest.mark.parametrize(
    "name",
    [
        "institutions:manage",
        "institutions:profile",
        "institutions:people",
        "institutions:keys",
        "institutions:rotate-key",
    ],
)
def test_administrators_pages_are_whole(cast: Cast, name: str) -> None:
    pages.read(cast.client(cast.ada).get(address(name)))


def test_the_profile_is_changed_in_several_languages(cast: Cast) -> None:
    data = {**PROFILE, "ror": "ror.org/05a28rw58", "accreditation_status": "institutional"}
    answer = cast.client(cast.ada).post(address("institutions:profile"), data)
    assert answer.status_code == 302, pages.errors(pages.read(answer, 400))
    changed = Institution.objects.get(slug="lakeside")
    assert changed.name == LangText({"en": "University of Lakeside", "fi": "Järvenrannan yliopisto"})
    assert changed.identifiers == {"ror": "https://ror.org/05a28rw58"}


def test_the_history_tells_what_was_done_to_the_institution_and_its_keys(cast: Cast) -> None:
    client = cast.client(cast.ada)
    answer = client.post(
        address("institutions:profile"), {**PROFILE, "region": "FI1C5", "name_en": "Lakeside, renamed"}
    )
    assert answer.status_code == 302
    client.post(address("institutions:rotate-key"), {"understood": "on"})
    page = pages.read(client.get(address("institutions:manage")))
    told = [[line.get_text(" ", strip=True) for line in one.select("p")] for one in page.select(".timeline li")]
    assert [one[0] for one in told][:2] == ["A new key signs", "Profile changed"]
    key = queries.active_key(cast.lakeside.pk)
    assert told[0][1] == key.fragment
    assert told[1][1].split(", ")[:1] == ["Name"]
    assert "Region" in told[1][1]
    assert "former" not in told[1][1].lower()
    assert [str(cast.ada) in one[2] for one in told[:2]] == [True, True]


def test_another_institutions_deeds_are_not_told(cast: Cast) -> None:
    assert cast.client(cast.ada).post(address("institutions:profile"), PROFILE).status_code == 302
    page = pages.read(cast.client(cast.carla).get(reverse("institutions:manage", kwargs={"slug": "hillside"})))
    assert "Profile changed" not in page.get_text()
    refused = cast.client(cast.otto).get(address("institutions:manage"))
    assert refused.status_code == 403


def test_a_name_in_a_language_without_a_box_survives_the_form(cast: Cast) -> None:
    Institution.objects.filter(slug="lakeside").update(name=LangText({"en": "x", "sv": "Sjöstrand"}))
    cast.client(cast.ada).post(address("institutions:profile"), PROFILE)
    assert Institution.objects.get(slug="lakeside").name["sv"] == "Sjöstrand"


def test_a_further_language_gets_a_box_and_what_was_typed_stays(cast: Cast) -> None:
    client = cast.client(cast.ada)
    typed = {**PROFILE, "name_en": "Typed, not saved", "region": "FI1C5"}
    asked = client.post(address("institutions:profile"), {**typed, "add-language": "name", "name-add": "sv"})
    page = pages.read(asked)
    assert pages.errors(page) == []
    assert {box["name"]: box.get("value", "") for box in page.select("input[name^=name_]")} == {
        "name_en": "Typed, not saved",
        "name_de": "",
        "name_es": "",
        "name_fi": "Järvenrannan yliopisto",
        "name_sv": "",
    }
    assert [box["name"] for box in page.select("[autofocus]")] == ["name_sv"]
    assert page.select_one("input[name=region]")["value"] == "FI1C5"
    marks = {mark["name"]: mark["value"] for mark in page.select("input[name$=-language]")}
    assert marks == {"name-language": "sv"}
    assert Institution.objects.get(slug="lakeside").name["en"] != "Typed, not saved"
    saved = client.post(address("institutions:profile"), {**typed, **marks, "name_sv": "Sjöstrands universitet"})
    assert saved.status_code == 302, pages.errors(pages.read(saved, 400))
    # From now on it has its box, and is changed and taken away in it.
    page = pages.read(client.get(address("institutions:profile")))
    assert page.select_one("input[name=name_sv]")["value"] == "Sjöstrands universitet"
    assert page.select("select[name=name-add] option[value=sv]") == []
    client.post(address("institutions:profile"), {**typed, **marks, "name_sv": " "})
    assert set(Institution.objects.get(slug="lakeside").name) == {"en", "fi"}


@pytest.mark.parametrize("tag", ["", "xx-nonsense", "<b>", "e" * 50])
def test_a_language_that_is_none_is_not_added(cast: Cast, tag: str) -> None:
    asked = {**PROFILE, "add-language": "accreditation_note", "accreditation_note-add": tag}
    page = pages.read(cast.client(cast.ada).post(address("institutions:profile"), asked), 400)
    assert pages.errors(page) == ["Note on accreditation: Choose the language to add."]
    assert len(page.select("textarea[name^=accreditation_note_]")) == 4
    assert "fi" not in Institution.objects.get(slug="lakeside").name


def test_enter_in_the_profile_saves_and_adds_no_language(cast: Cast) -> None:
    """Browsers press the form's first button."""
    page = pages.read(cast.client(cast.ada).get(address("institutions:profile")))
    first = page.select("form.form button[type=submit]")[0]
    assert (first.get("name"), first.get_text(strip=True)) == (None, "Save")


def test_faults_of_the_profile_stand_at_their_fields(cast: Cast) -> None:
    data = {
        **PROFILE,
        "name_en": "",
        "name_fi": "",
        "country": "XX",
        "ror": "05a28rw59",
        "accredited_from": "2026-01-02",
        "accredited_until": "2026-01-01",
    }
    lines = pages.errors(pages.read(cast.client(cast.ada).post(address("institutions:profile"), data), 400))
    assert lines == [
        "Name: Give the text in at least one language.",
        "Country: Select a valid choice. XX is not one of the available choices.",
        "ROR: The check digits of “05a28rw59” are wrong, so a character is mistyped. Copy the ROR from ror.org.",
        "Accredited until: The accreditation ends before it begins.",
    ]


def test_a_coordinator_adds_an_institution(cast: Cast) -> None:
    client = cast.client(cast.carla)
    pages.read(client.get(reverse("institutions:add")))
    seaside = {**PROFILE, "name_en": "University of Seaside", "slug": "seaside"}
    answer = client.post(reverse("institutions:add"), seaside)
    assert answer["Location"] == reverse("institutions:people", kwargs={"slug": "seaside"})
    pages.read(client.get(answer["Location"]))
    again = client.post(reverse("institutions:add"), {**seaside, "name_en": "Another"})
    lines = pages.errors(pages.read(again, 400))
    assert lines == ["Short name in addresses: There is already an institution with the short name “seaside”."]


def test_a_colleague_gets_a_further_role_at_once(cast: Cast) -> None:
    cast.client(cast.ada).post(
        address("institutions:people"), {"email": "RITA@example.org", "role": "author", "language": "en"}
    )
    assert (cast.lakeside.pk, "author") in cast.actor(cast.rita).roles


def test_a_coordinator_makes_administrators_and_nothing_of_herself(cast: Cast) -> None:
    client, url = cast.client(cast.carla), reverse("institutions:people", kwargs={"slug": "hillside"})
    offered = [option["value"] for option in pages.read(client.get(url)).select("#id_role option")]
    assert offered == ["institution-admin", "coordinator"]
    refused = client.post(url, {"email": cast.carla.email, "role": "institution-admin", "language": "en"})
    assert any("Nobody gives themselves a role" in line for line in pages.errors(pages.read(refused, 400)))
    assert client.post(url, {"email": "x@example.org", "role": "registrar", "language": "en"}).status_code == 400
    with scopes_disabled():
        assert not Invitation.objects.exists()


def test_somebody_new_is_invited_signs_up_through_the_link_and_has_the_role(cast: Cast) -> None:
    cache.clear()
    cast.client(cast.ada).post(
        address("institutions:people"), {"email": "nina@example.org", "role": "registrar", "language": "en"}
    )
    jobs.run_pending()
    link = re.search(r"http://testserver(/institutions/invitations/\S+/)", mail.outbox[0].body)
    assert link is not None
    nina = cast.client()
    page = pages.read(nina.get(link[1]))
    assert "Registrar" in pages.text(page)
    answer = nina.post(
        f"{reverse('account_signup')}?next={link[1]}",
        {
            "email": "nina@example.org",
            "name": "Nina New",
            "password1": accounts.PASSWORD,
            "password2": accounts.PASSWORD,
            "next": link[1],
        },
    )
    assert answer["Location"] == reverse("account_email_verification_sent")
    # Whoever was passed the invitation has not shown that they read mail at its address.
    assert not EmailAddress.objects.get(email="nina@example.org").verified
    assert nina.post(link[1])["Location"].startswith(reverse("account_login"))
    proof = re.search(r"http://testserver(/accounts/confirm-email/\S+)", mail.outbox[-1].body)
    assert proof is not None
    nina.post(proof[1])
    nina.post(reverse("account_login"), {"login": "nina@example.org", "password": accounts.PASSWORD})
    answer = nina.post(link[1])
    assert answer["Location"] == "/home/"
    with scopes_disabled():
        assert Membership.objects.filter(person__email="nina@example.org", role=Role.REGISTRAR).count() == 1
    pages.read(nina.get(link[1]), 410)


def test_a_stranger_with_the_link_does_not_get_the_role(cast: Cast) -> None:
    cast.client(cast.ada).post(
        address("institutions:people"), {"email": "nina@example.org", "role": "registrar", "language": "en"}
    )
    with scopes_disabled():
        code = queries.invitation_code(Invitation.objects.get().pk)
    mallory, url = cast.client(cast.mallory), reverse("institutions:invitation", kwargs={"code": code})
    mallory.post(url)
    assert "sent to another address" in pages.text(pages.read(mallory.get(url)))
    assert cast.actor(cast.mallory).roles == frozenset()
    anonymous = cast.client().post(url)
    assert anonymous["Location"].startswith(reverse("account_login"))


def test_an_unknown_invitation_is_not_found(client: Client, db: None) -> None:
    pages.read(client.get(reverse("institutions:invitation", kwargs={"code": "A" * 22})), 404)


def test_the_last_administrator_is_told_why_the_role_stays(cast: Cast) -> None:
    with scopes_disabled():
        role = Membership.objects.get(person=cast.ada)
    client = cast.client(cast.ada)
    client.post(address("institutions:end-role", membership_id=role.pk))
    assert "This is the last administrator" in pages.text(pages.read(client.get(address("institutions:people"))))
    client.post(
        address("institutions:people"), {"email": "anna@example.org", "role": "institution-admin", "language": "en"}
    )
    client.post(address("institutions:end-role", membership_id=role.pk))
    assert client.get(address("institutions:people")).status_code == 403


def test_an_open_invitation_is_listed_and_withdrawn(cast: Cast) -> None:
    client = cast.client(cast.ada)
    client.post(address("institutions:people"), {"email": "nina@example.org", "role": "author", "language": "fi"})
    assert "nina@example.org" in pages.text(pages.read(client.get(address("institutions:people"))))
    with scopes_disabled():
        invitation = Invitation.objects.get()
    url = address("institutions:withdraw-invitation", invitation_id=invitation.pk)
    assert cast.client(cast.otto).post(url).status_code == 403
    client.post(url)
    assert "its link does not work any more" in pages.text(pages.read(client.get(address("institutions:people"))))


def test_ones_own_address_does_not_reach_another_institutions_roles(cast: Cast) -> None:
    with scopes_disabled():
        rita = Membership.objects.get(person=cast.rita)
    url = reverse("institutions:end-role", kwargs={"slug": "hillside", "membership_id": rita.pk})
    assert cast.client(cast.otto).post(url).status_code == 404
    # A coordinator's scope holds both institutions; the address must fit all the same.
    assert cast.client(cast.carla).post(url).status_code == 404


def test_a_new_key_signs_after_a_confirmation(cast: Cast) -> None:
    client = cast.client(cast.ada)
    assert pages.errors(pages.read(client.post(address("institutions:rotate-key")), 400)) != []
    client.post(address("institutions:rotate-key"), {"understood": "on"})
    shown = pages.text(pages.read(client.get(address("institutions:keys"))))
    assert "“key-2” signs from now on." in shown
    assert "Retired: what it signed stays valid" in shown


def test_revoking_a_key_says_first_what_it_makes_invalid(cast: Cast) -> None:
    key, client = queries.active_key(cast.lakeside.pk), cast.client(cast.ada)
    slots.key_uses.register(lambda _key: [slots.KeyUse("Credentials in people's hands", 412)], name="test.uses")
    try:
        url = address("institutions:revoke-key", key_id=key.pk)
        assert "Credentials in people's hands: 412" in pages.text(pages.read(client.get(url)))
    finally:
        del slots.key_uses._providers["test.uses"]
    client.post(url, {"understood": "on"})
    assert "Revoked: nothing it signed is valid" in pages.text(pages.read(client.get(address("institutions:keys"))))
    pages.read(client.get(url), 404)


def test_a_coordinator_sees_the_keys_and_changes_none(cast: Cast) -> None:
    client, key = cast.client(cast.carla), queries.active_key(cast.lakeside.pk)
    page = pages.read(client.get(address("institutions:keys")))
    assert page.find("a", string=re.compile("new key")) is None
    assert client.post(address("institutions:rotate-key"), {"understood": "on"}).status_code == 403
    assert client.post(address("institutions:revoke-key", key_id=key.pk), {"understood": "on"}).status_code == 403


def test_leon_links_his_record(cast: Cast) -> None:
    client = cast.client(cast.leon)
    assert "Not linked yet University of Lakeside Leon Learner" in pages.text(
        pages.read(client.get(reverse("institutions:claims")))
    )
    client.post(reverse("institutions:claim", kwargs={"learner_id": cast.leon_at_lakeside.pk}))
    assert "Linked to your account" in pages.text(pages.read(client.get(reverse("institutions:claims"))))


def test_mallory_sees_and_links_nothing_of_leons(cast: Cast) -> None:
    client = cast.client(cast.mallory)
    assert "No record holds one of your verified addresses" in pages.text(
        pages.read(client.get(reverse("institutions:claims")))
    )
    url = reverse("institutions:claim", kwargs={"learner_id": cast.leon_at_lakeside.pk})
    assert client.post(url).status_code == 404


def test_administrators_find_their_institution_in_the_navigation(cast: Cast) -> None:
    page = pages.read(cast.client(cast.ada).get(address("institutions:people")))
    current = page.select_one('.main-nav a[aria-current="page"]')
    assert current is not None
    assert (current["href"], current.get_text()) == (address("institutions:manage"), "Our institution")
    visitor = pages.read(cast.client().get(address("institutions:page")))
    assert "Our institution" not in [link.get_text() for link in visitor.select(".main-nav a")]


def test_a_long_navigation_is_a_menu_on_phones_and_a_short_one_stays_in_sight(cast: Cast) -> None:
    long = pages.read(cast.client(cast.ada).get(address("institutions:people")))
    assert [one.get_text(strip=True) for one in long.select("details.main-nav-fold > summary")] == ["Menu"]
    # What is opened comes next, for the keyboard too.
    assert len(long.select(".main-nav-fold:not([open]) + nav.main-nav")) == 1
    # A visitor's entries would take two lines there.
    visitor = pages.read(cast.client().get(address("institutions:page")))
    assert len(visitor.select(".main-nav a")) > 2
    assert len(visitor.select(".main-nav-fold + .main-nav")) == 1
    items = [(NavigationItem(label=name, url=f"/{name}/"), False) for name in ("one", "two")]
    short = BeautifulSoup(render_to_string("ui/components/main_navigation.html", {"items": items}), "html.parser")
    assert len(short.select("nav.main-nav")) == 1
    assert short.select_one(".main-nav-fold") is None


@pytest.mark.parametrize("language", ["de", "es", "fi"])
def test_pages_say_their_language(cast: Cast, language: str) -> None:
    page = pages.read(cast.client(headers={"accept-language": language}).get(address("institutions:page")))
    assert page.html is not None
    assert page.html["lang"] == language
