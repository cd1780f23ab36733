"""One address has one form, and two mailboxes never have the same."""

import itertools

import pytest
from django.core import mail as outbox
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from openmcx.accounts.queries import has_verified, person_by_email
from openmcx.institutions import queries
from openmcx.kernel import mail
from openmcx.kernel.mail import normal_email
from tests.cast import Cast
from tests.factories import accounts, institutions


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        (" Ada@Example.ORG ", "ada@example.org"),
        ("anna@straße.de", "anna@xn--strae-oqa.de"),
        ("anna@xn--strae-oqa.de", "anna@xn--strae-oqa.de"),
        ("Anna@STRASSE.DE", "anna@strasse.de"),
        ("aino@yliopisto-jyväskylä.fi", "aino@xn--yliopisto-jyvskyl-2qbe.fi"),
        ("strauß@example.org", "strauß@example.org"),
        ('"a@b"@example.org', '"a@b"@example.org'),
        ("x@not a domain ä", "x@not a domain ä"),
        ("nobody", "nobody"),
        ("", ""),
        ("x@" + "ä" * 5000, "x@" + "ä" * 5000),
    ],
)
def test_an_address_has_one_form(typed: str, form: str) -> None:
    assert normal_email(typed) == form
    assert normal_email(form) == form


def test_different_mailboxes_are_different_learners(cast: Cast) -> None:
    addresses = ("anna@strasse.de", "anna@straße.de")
    records = {institutions.learner(cast.lakeside, "Anna", "Strauss", email=address).pk for address in addresses}
    assert len(records) == 2
    for one, other in itertools.combinations((*addresses, "strauss@example.org", "strauß@example.org"), 2):
        assert queries.learner_email_index(one) != queries.learner_email_index(other)
    again = institutions.learner(cast.lakeside, "Anna", "Strauss", email="ANNA@xn--strae-oqa.de")
    assert again.pk in records


def test_a_proved_address_claims_no_record_of_another_that_only_folds_to_it(cast: Cast) -> None:
    institutions.learner(cast.lakeside, "Anna", "Straße", email="anna@straße.de")
    mallory = accounts.person("Mallory", email="anna@strasse.de")
    anna = accounts.person("Anna", email="anna@straße.de")
    assert queries.records_about(mallory.pk) == []
    assert [record.given_name for record in queries.records_about(anna.pk)] == ["Anna"]
    assert [has_verified(who.pk, "Anna@Straße.de") for who in (anna, mallory)] == [True, False]


def test_somebody_signs_in_however_the_domain_is_written(client: Client, db: None) -> None:
    cache.clear()
    person = accounts.person("Anna", email="anna@straße.de")
    assert person_by_email("ANNA@xn--strae-oqa.de") == person
    for typed in ("Anna@straße.de", "anna@xn--strae-oqa.de"):
        answer = Client().post(reverse("account_login"), {"login": typed, "password": accounts.PASSWORD})
        assert (answer.status_code, answer["Location"]) == (302, "/home/")


def test_a_message_goes_to_the_mailbox_that_was_named(cast: Cast) -> None:
    context = {"institution": cast.lakeside, "title": "x", "number": "x", "url": "http://testserver/", "change": None}
    mail.send(template="issuing/mail/issued", context=context, to="Anna@straße.de", language="en")
    assert outbox.outbox[0].to == ["Anna@xn--strae-oqa.de"]
    assert "To: Anna@xn--strae-oqa.de" in outbox.outbox[0].message().as_string()
