"""OpenMCX: joint micro-credential exchange networks that universities can run."""

from importlib.metadata import version

__version__ = version("openmcx")
