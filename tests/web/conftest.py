"""What tests of pages share."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _language_of_tests() -> Iterator[None]:
    """A page in another language leaves that language active in the thread; the next test starts in English again."""
    with translation.override("en"):
        yield
