"""A fresh node gets its first institution and its first person by one command."""

import json
import re

import pytest
from click.testing import CliRunner, Result
from django.test import Client
from django.utils import timezone

from openmcx.accounts.models import Person
from openmcx.config import commands
from openmcx.institutions import operations, queries
from openmcx.institutions.models import Institution
from openmcx.kernel import audit
from openmcx.kernel.errors import NotPermitted
from tests.cast import Cast
from tests.factories import accounts, institutions

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough passphrase"


def begin(**changed: str) -> Result:
    given = {"institution": "Saimaa", "slug": "saimaa", "country": "fi", "email": "Carla@Example.org"} | changed
    return CliRunner().invoke(commands.node, ["begin", *(f"--{name}={value}" for name, value in given.items())])


def test_the_first_person_chooses_a_password_and_may_do_what_is_to_be_done(client: Client) -> None:
    done = begin(language="fi")
    assert done.exit_code == 0, done.output
    institution = Institution.objects.get()
    assert (dict(institution.name), institution.country) == ({"fi": "Saimaa"}, "FI")
    assert institution.did in done.output
    assert queries.active_key(institution.pk)
    person = Person.objects.get()
    assert (person.email, person.language) == ("carla@example.org", "fi")
    held = {role.role for role in queries.roles_of(person.pk, on=timezone.now().date())}
    assert held == {"coordinator", "institution-admin"}

    found = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", done.output)
    assert found, done.output
    form = client.get(found[1], follow=True)
    assert form.status_code == 200
    chosen = client.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})
    assert chosen.status_code == 302, chosen.content.decode()
    assert Client().get(found[1]).context["token_fail"], "the link works once"
    signed_in = Client()
    answer = signed_in.post("/accounts/login/", {"login": "carla@example.org", "password": PASSWORD})
    assert (answer.status_code, signed_in.get("/institutions/add/").status_code) == (302, 200)
    assert audit.verify().faults == ()


def test_it_answers_in_json() -> None:
    given = ("--institution=Saimaa", "--slug=saimaa", "--country=FI", "--email=carla@example.org", "--json")
    told = json.loads(CliRunner().invoke(commands.node, ["begin", *given]).stdout)
    assert (told["institution"], told["did"]) == ("Saimaa", Institution.objects.get().did)
    assert told["administrator"] == "carla@example.org"
    assert "/accounts/password/reset/key/" in told["choose_password"]


def test_it_is_done_once() -> None:
    assert begin().exit_code == 0
    again = begin(slug="other", email="other@example.org")
    assert (again.exit_code, Institution.objects.count(), Person.objects.count()) == (1, 1, 1)
    assert "has institutions already" in again.output


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"slug": "Not Good"}, "cannot be a short name"),
        ({"country": "XX"}, "not the code of a country"),
        ({"email": "nobody"}, "not an e-mail address"),
        ({"institution": " "}, "institution's name"),
        ({"language": "tlh"}, "none of the languages"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_left(changed: dict[str, str], said: str) -> None:
    refused = begin(**changed)
    assert refused.exit_code == 1
    assert said in refused.output
    assert "Traceback" not in refused.output
    assert (Institution.objects.count(), Person.objects.count()) == (0, 0)


def test_an_account_gets_the_roles_only_when_its_address_was_proved() -> None:
    mine = accounts.person("Carla", email="carla@example.org")
    squatted = accounts.person("Mallory", email="victim@example.org", proven=False)
    refused = begin(email="victim@example.org")
    assert (refused.exit_code, Institution.objects.count()) == (1, 0)
    assert "without proving" in refused.output
    done = begin()
    assert done.exit_code == 0
    # The account has its password, which nobody changes by the way.
    assert "password/reset" not in done.output
    assert queries.roles_of(mine.pk, on=timezone.now().date())
    assert queries.roles_of(squatted.pk, on=timezone.now().date()) == []


@pytest.mark.parametrize("who", ["carla", "ada", "mallory", None])
def test_only_who_administers_the_machine_begins(cast: Cast, who: str | None) -> None:
    actor = cast.actor(getattr(cast, who) if who else None)
    with pytest.raises(NotPermitted):
        operations.begin(
            by=actor, at=institutions.AT, slug="new", profile=institutions.profile("New"), email="x@example.org"
        )
