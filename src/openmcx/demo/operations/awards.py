"""What happened since: class lists issued in the order of their days, revocations, accounts, a list that waits."""

from __future__ import annotations

import datetime as dt
from typing import Any

from openmcx.accounts import queries as accounts_queries
from openmcx.demo import mapping, queries
from openmcx.demo.operations import specifications
from openmcx.demo.operations.network import Network, register
from openmcx.institutions import operations as institution_operations
from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import Role
from openmcx.issuing import operations as issuing_operations
from openmcx.issuing import queries as issuing_queries
from openmcx.issuing.models import Batch, BatchState, IssuedCredential, RevocationReason

# Learners with an account, by their place among the learners; the first is the one whose sign-in is shown. She has hers
# so early that she is told in it of a credential.
WITH_ACCOUNT = (0, 6, 17, 29, 44, 71)
EARLY_DAYS_AGO = 45
# Micro-credential, place in its first class list, reason, note to the learner, days between award and revocation.
REVOCATIONS = (
    ("digital-twins", 3, RevocationReason.DATA, "The grade was mistyped. A corrected credential will follow.", 9),
    ("digital-twins", 8, RevocationReason.REQUEST, "", 40),
    ("control-programming", 5, RevocationReason.MISTAKE, "You were on the list of another course.", 2),
    ("data-driven-supply-chains", 11, RevocationReason.MISCONDUCT, "The case study was not your own work.", 60),
    ("additive-manufacturing", 2, RevocationReason.ASSESSMENT, "The test is repeated because of a fault in it.", 21),
    ("circular-manufacturing", 7, RevocationReason.DATA, "The family name was misspelt.", 4),
)
# The micro-credential for which a class list waits to be mended.
WAITING = "energy-data-in-production"
WAITING_ROWS = 26
_ALL = 10_000


def issue_all(network: Network) -> None:
    """This will issue the class lists of the past in their order, and tell the learners."""
    for run in sorted(queries.data("runs"), key=lambda run: -int(run["days_ago"])):
        if run["days_ago"] < specifications.REVISED_DAYS_AGO:
            specifications.revise(network)
        if run["days_ago"] < EARLY_DAYS_AGO:
            _claim(network, WITH_ACCOUNT[0], EARLY_DAYS_AGO)
        _issue(network, run)
    issuing_operations.send_due(at=network.at, limit=_ALL)


def _issue(network: Network, run: dict[str, Any]) -> None:
    name, learners = run["specification"], queries.data("learners")
    registrar = network.actor(network.owners[name], Role.REGISTRAR)
    at, awarded_on = network.days_ago(run["days_ago"], hour=14), network.days_ago(run["days_ago"] + 3).date()
    filename = f"{name}-{run['days_ago']}.csv"
    batch = _batch(network, name, filename)
    if batch is None:
        rows = mapping.results(
            [learners[place] for place in run["learners"]],
            country=network.institutions[network.owners[name]].country,
            awarded_on=awarded_on,
        )
        batch = issuing_operations.upload(
            by=registrar,
            at=at,
            version_id=network.versions[name].pk,
            data=mapping.as_csv(rows, mapping.RESULT_HEADINGS),
            filename=filename,
            awarded_on=awarded_on,
        )
    if batch.state == BatchState.CHECKED:
        batch = issuing_operations.confirm(by=registrar, at=at, batch_id=batch.pk, revision=batch.revision)
    for chunk_id in issuing_queries.chunks_of(batch.pk):
        issuing_operations.issue_chunk(chunk_id=chunk_id, institution_id=batch.institution_id, at=at)
    issuing_operations.send_due(at=at + dt.timedelta(minutes=1), limit=_ALL)


def _batch(network: Network, name: str, filename: str) -> Batch | None:
    institution = network.institutions[network.owners[name]]
    return issuing_queries.batches(filename).filter(institution=institution, filename=filename).first()


def revoke_some(network: Network) -> None:
    """This will revoke some credentials, each for another reason."""
    for name, place, reason, note, days in REVOCATIONS:
        first_run = max((run for run in queries.data("runs") if run["specification"] == name), key=_days_ago)
        email = queries.data("learners")[first_run["learners"][place]]["email"]
        credential = held(network, name, email)
        if credential is not None and credential.revoked_at is None:
            at = network.days_ago(max(1, _days_ago(first_run) - days), hour=11)
            registrar = network.actor(network.owners[name], Role.REGISTRAR)
            issuing_operations.revoke(by=registrar, at=at, credential_id=credential.pk, reason=reason, note=note)
            issuing_operations.send_due(at=at + dt.timedelta(minutes=1), limit=_ALL)


def _days_ago(run: dict[str, Any]) -> int:
    return int(run["days_ago"])


def held(network: Network, name: str, email: str) -> IssuedCredential | None:
    """This will find a learner's credential of a micro-credential."""
    specification_id = network.versions[name].specification_id
    return issuing_queries.credentials(email, specification_id=specification_id, at=network.at).first()


def claim_some(network: Network) -> None:
    """This will give some learners an account, to which their records are linked."""
    for days, place in enumerate(WITH_ACCOUNT, start=20):
        _claim(network, place, days)


def _claim(network: Network, place: int, days: int) -> None:
    learner = queries.data("learners")[place]
    name = " ".join(dict.fromkeys((learner["given_name"], learner["family_name"])))
    at = network.days_ago(days)
    # Whose sign-in is shown reads the pages in English, as whoever tries the demonstration does.
    language = "en" if learner["email"] == queries.LEARNER else learner["language"]
    person = register(learner["email"], name, language, at)
    actor = accounts_queries.actor(person.pk)
    for record in institution_queries.records_about(person.pk):
        if not record.claimed:
            institution_operations.claim_record(by=actor, at=at, learner_id=record.id, proof="address")


def leave_a_list_waiting(network: Network) -> None:
    """This will upload a class list with faults, which its registrar has not mended yet."""
    registrar = network.actor(network.owners[WAITING], Role.REGISTRAR)
    filename = f"{WAITING}-spring.xlsx"
    if _batch(network, WAITING, filename) is not None:
        return
    taken = {place for run in queries.data("runs") if run["specification"] == WAITING for place in run["learners"]}
    learners = [one for place, one in enumerate(queries.data("learners")) if place not in taken][:WAITING_ROWS]
    awarded_on = network.days_ago(2).date()
    rows = mapping.class_list(
        [{**one, "grade": str(1 + place % 5)} for place, one in enumerate(learners)], awarded_on=awarded_on
    )
    issuing_operations.upload(
        by=registrar,
        at=network.days_ago(1),
        version_id=network.versions[WAITING].pk,
        data=mapping.as_xlsx(rows),
        filename=filename,
        awarded_on=awarded_on,
    )
