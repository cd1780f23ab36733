"""Countries and regions in words."""

import pytest
from django.utils.translation import override

from openmcx.ui.countries import country_name, place_name, region_name


@pytest.mark.parametrize(
    ("region", "country", "said"),
    [
        ("FI1C5", "FI", "NUTS region FI1C5"),
        ("ES51", "ES", "NUTS region ES51"),
        ("EL30", "GR", "NUTS region EL30"),
        ("UKI", "GB", "NUTS region UKI"),
        ("South Karelia", "FI", "South Karelia"),
        ("PARIS", "FR", "PARIS"),
        ("FI1C5", "DE", "FI1C5"),
        ("FI", "FI", "FI"),
        ("FI1C5X", "FI", "FI1C5X"),
        ("", "FI", ""),
        ("X1", "", "X1"),
    ],
)
def test_only_a_nuts_code_of_the_country_is_called_one(region: str, country: str, said: str) -> None:
    assert region_name(region, country) == said


def test_a_place_is_said_in_the_reader_s_language() -> None:
    with override("de"):
        assert place_name("Südkarelien", "FI") == "Südkarelien, Finnland"
        assert country_name("ZZ") == "ZZ"
    assert place_name("FI1C5", "FI") == "NUTS region FI1C5, Finland"
    assert (place_name("", "AT"), place_name("Tyrol", ""), place_name("", "")) == ("Austria", "Tyrol", "")
