"""The European Learning Model, version 3: specifications read from it and written in it."""

from openmcx.credentials.formats.elm.reader import read_specification
from openmcx.credentials.formats.elm.writer import losses, write_specification

__all__ = ["losses", "read_specification", "write_specification"]
