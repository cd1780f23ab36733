"""The European Learning Model, version 3: specifications and European Digital Credentials, read and written."""

from openmcx.credentials.formats.elm.credential_reader import credential_status, read_credential, seal_fault
from openmcx.credentials.formats.elm.credential_writer import write_credential
from openmcx.credentials.formats.elm.loss import keeps, lost
from openmcx.credentials.formats.elm.reader import read_specification
from openmcx.credentials.formats.elm.writer import losses, write_specification

__all__ = [
    "credential_status",
    "keeps",
    "losses",
    "lost",
    "read_credential",
    "read_specification",
    "seal_fault",
    "write_credential",
    "write_specification",
]
