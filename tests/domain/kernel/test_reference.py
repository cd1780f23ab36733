"""The pages that are made from the code are up to date."""

import pytest

from scripts import reference_lists


@pytest.mark.parametrize("name", sorted(reference_lists.PAGES))
def test_the_page_says_what_the_code_says(name: str) -> None:
    written = reference_lists.PAGES[name]()
    assert (reference_lists.FOLDER / f"{name}.md").read_text("utf-8") == written, "run `make docs` and commit the page"
