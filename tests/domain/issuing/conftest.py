"""What the tests of issuing share."""

from collections.abc import Iterator

import pytest

from openmcx.kernel.scopes import scope
from tests.cast import Cast, cast

__all__ = ["cast"]


@pytest.fixture
def lakeside(cast: Cast) -> Iterator[Cast]:
    """The cast, seen from Lakeside."""
    with scope(institution=[cast.lakeside.pk]):
        yield cast
