"""What happened lately among the people of the network, so that everybody whose sign-in is shown was told something."""

from __future__ import annotations

from uuid import UUID

from openmcx.accounts import operations as accounts_operations
from openmcx.accounts import queries as accounts_queries
from openmcx.accounts.models import Person
from openmcx.demo import queries
from openmcx.demo.operations.network import Network, register
from openmcx.institutions import operations as institution_operations
from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import Membership, Role
from openmcx.kernel.actors import Actor

# What is older was read.
READ_DAYS_AGO = 45
# Name, address, language, role, days since the invitation was accepted.
_DEPUTY_AUTHOR = ("Ilmari Saarela", "ilmari.saarela@kaislaranta.example", "fi", Role.AUTHOR, 3)
_DEPUTY_ADMIN = ("Friederike Unterholzner", "f.unterholzner@brueckental.example", "de", Role.ADMIN, 2)
_GUEST_FROM_DAYS_AGO, _GUEST_UNTIL_DAYS_AGO = 30, 6


def tell(network: Network) -> None:
    """This will have two people accept invitations, an author be a guest elsewhere, and what is old be read."""
    coordinator = accounts_queries.person_by_email(queries.COORDINATOR[1])
    assert coordinator is not None  # made with the institutions
    _invite(network, queries.HOME, network.actor(queries.HOME, Role.ADMIN), *_DEPUTY_AUTHOR)
    _invite(network, queries.NEIGHBOUR, accounts_queries.actor(coordinator.pk), *_DEPUTY_ADMIN)
    _be_guest(network, network.staff[queries.HOME, Role.AUTHOR])
    until = network.days_ago(READ_DAYS_AGO)
    for person in Person.objects.filter(is_active=True):
        actor = Actor(person_id=person.pk, kind="person")
        accounts_operations.mark_all_read(by=actor, at=network.at, until=until)


def _invite(
    network: Network, slug: str, by: Actor, name: str, email: str, language: str, role: Role, days: int
) -> None:
    institution = network.institutions[slug]
    person = register(email, name, language, network.days_ago(days))
    if Membership.objects.filter(person=person, institution=institution, role=role).exists():
        return
    invitation = institution_operations.invite(
        by=by, at=network.days_ago(days + 1), institution_id=institution.pk, email=email, role=role, language=language
    )
    institution_operations.accept_invitation(
        by=accounts_queries.actor(person.pk),
        at=network.days_ago(days, hour=10),
        code=institution_queries.invitation_code(invitation.pk),
    )


def _be_guest(network: Network, author_id: UUID) -> None:
    """An author of one university works with another for some weeks."""
    institution, by = network.institutions[queries.NEIGHBOUR], network.actor(queries.NEIGHBOUR, Role.ADMIN)
    guest = Membership.objects.filter(person_id=author_id, institution=institution).first()
    if guest is None:
        began = network.days_ago(_GUEST_FROM_DAYS_AGO)
        guest = institution_operations.grant_role(
            by=by,
            at=began,
            institution_id=institution.pk,
            person_id=author_id,
            role=Role.AUTHOR,
            begins_on=began.date(),
        )
    institution_operations.end_role(by=by, at=network.days_ago(_GUEST_UNTIL_DAYS_AGO), membership_id=guest.pk)
