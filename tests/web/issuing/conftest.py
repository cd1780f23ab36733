"""What the tests of issuing's pages share."""

from tests.cast import cast

__all__ = ["cast"]
