"""Every address has a name, a row in the permission matrix and a test that asks for it."""

from tests import permission_matrix
from tests.architecture import urls


def test_every_address_has_a_name() -> None:
    assert [name for name in urls.ours() if "<" in name] == []


def test_every_address_has_a_row_in_the_permission_matrix() -> None:
    rows = {row.url_name for row in permission_matrix.ROWS}
    assert sorted(set(urls.ours()) - rows) == []


def test_the_permission_matrix_names_no_address_that_is_gone() -> None:
    assert sorted({row.url_name for row in permission_matrix.ROWS} - set(urls.names())) == []


def test_no_page_is_without_a_test() -> None:
    assert sorted(set(urls.ours()) - urls.tested()) == []
