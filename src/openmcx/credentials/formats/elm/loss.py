"""What an award loses as a European Digital Credential."""

import datetime as dt

from openmcx.credentials import losses
from openmcx.credentials.formats.elm.credential_reader import read_credential
from openmcx.credentials.formats.elm.credential_writer import write_credential
from openmcx.credentials.keys.x509 import Subject
from openmcx.credentials.model import Credential

# Neither the seal nor the picture has a share in what is lost.
_SEALED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_PICTURE = b"\x89PNG\r\n\x1a\n"


def keeps(credential: Credential) -> Credential:
    """This will give an award as a European Digital Credential gives it back.

    Raises: FormatError when it cannot be written as one.
    """
    identifiers = [entry.value for entry in credential.issuer.identifiers if entry.scheme == "eidas"]
    sealer = Subject(organisation_id=next(iter(identifiers), "—"), country=credential.issuer.country or "BE")
    document = write_credential(credential, issued=_SEALED, sealer=sealer, pictures={"en": _PICTURE})
    return read_credential(document)[0]


def lost(credential: Credential) -> frozenset[str]:
    """This will name the elements of the model that are not or not wholly kept, such as ``achievement.version``.

    Raises: FormatError when the award cannot be written as a European Digital Credential.
    """
    return frozenset(loss.element for loss in losses.compare(credential, keeps(credential)))
