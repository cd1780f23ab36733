"""The files to try things with."""

from __future__ import annotations

import datetime as dt

from openmcx.demo import mapping, queries
from openmcx.demo.operations import awards
from openmcx.demo.operations.network import Network
from openmcx.issuing import queries as issuing_queries
from openmcx.issuing.models import CredentialState, IssuedCredential

# The micro-credential whose credentials expire after a year.
_EXPIRING = "industrial-cybersecurity"


def write(network: Network) -> None:
    """This will write the sample to import, the class list with its faults and a credential of each kind."""
    folder = queries.folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / queries.SAMPLE).write_bytes(queries.sample())
    rows = mapping.class_list(queries.data("class_list"), awarded_on=(network.at - dt.timedelta(days=1)).date())
    (folder / "class-list.csv").write_bytes(mapping.as_csv(rows))
    (folder / "class-list.xlsx").write_bytes(mapping.as_xlsx(rows))
    genuine = _document(_first(network, CredentialState.VALID, "industrial-internet-of-things", queries.LEARNER))
    (folder / "credential.json").write_bytes(genuine)
    (folder / "credential-tampered.json").write_bytes(mapping.tampered(genuine))
    revoked = _document(_first(network, CredentialState.REVOKED, awards.REVOCATIONS[0][0]))
    (folder / "credential-revoked.json").write_bytes(revoked)
    expired = _document(_first(network, CredentialState.EXPIRED, _EXPIRING))
    (folder / "credential-expired.json").write_bytes(expired)


def _first(network: Network, state: CredentialState, name: str, email: str = "") -> IssuedCredential:
    found = issuing_queries.credentials(
        email, specification_id=network.versions[name].specification_id, state=state, at=network.at
    ).first()
    if found is None:
        raise LookupError(f"the demonstration has no credential of {name!r} that is {state.value}")
    return issuing_queries.credential(found.pk)


def _document(credential: IssuedCredential) -> bytes:
    document = issuing_queries.document(credential)
    if document is None:
        raise LookupError("the credential's learner was erased")
    return document
