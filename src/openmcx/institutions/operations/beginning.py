"""The first institution of a fresh node, and the first person."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from openmcx.accounts import operations as account_operations
from openmcx.accounts.models import Person
from openmcx.accounts.queries import has_verified, person_by_email
from openmcx.institutions import rules
from openmcx.institutions.models import Institution, Role
from openmcx.institutions.operations.profile import Profile, add_institution
from openmcx.institutions.operations.roles import grant_role
from openmcx.kernel.actors import Actor, require
from openmcx.kernel.errors import Refusal


@transaction.atomic
def begin(
    *, by: Actor, at: dt.datetime, slug: str, profile: Profile, email: str, language: str = "en"
) -> tuple[Institution, Person]:
    """This will add the first institution with its key, and make somebody its administrator and the coordinator.

    Whoever has an account with the address gets the roles, if they have proved that the address is theirs; otherwise
    an account without a password is made, to which `accounts.queries.password_link` leads.
    Raises: NotPermitted; Refusal ``begun-already``, ``address-unproven`` and those of `add_institution` and
    `accounts.operations.register`.
    """
    require(rules.may_begin(by))
    if Institution.objects.exists():
        raise Refusal(
            "begun-already",
            _("This node has institutions already. Coordinators add more of them on the page “Institutions”."),
        )
    institution = add_institution(by=by, at=at, slug=slug, profile=profile)
    person = person_by_email(email)
    if person is None:
        person = account_operations.register(by=by, at=at, email=email, language=language, proven=True)
    elif not has_verified(person.pk, person.email):
        raise Refusal(
            "address-unproven",
            _(
                "Somebody signed up with this address without proving that it is theirs. Sign in with it and follow "
                "the link that is sent, then try again."
            ),
        )
    for role in (Role.COORDINATOR, Role.ADMIN):
        grant_role(by=by, at=at, institution_id=institution.pk, person_id=person.pk, role=role)
    return institution, person
