"""Countries by their ISO 3166-1 alpha-2 code: the European Higher Education Area and frequent partners beyond it."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

COUNTRIES: dict[str, Promise] = {
    "AL": _("Albania"),
    "AD": _("Andorra"),
    "AR": _("Argentina"),
    "AM": _("Armenia"),
    "AU": _("Australia"),
    "AT": _("Austria"),
    "AZ": _("Azerbaijan"),
    "BE": _("Belgium"),
    "BA": _("Bosnia and Herzegovina"),
    "BR": _("Brazil"),
    "BG": _("Bulgaria"),
    "CA": _("Canada"),
    "CL": _("Chile"),
    "CN": _("China"),
    "CO": _("Colombia"),
    "CR": _("Costa Rica"),
    "HR": _("Croatia"),
    "CY": _("Cyprus"),
    "CZ": _("Czechia"),
    "DK": _("Denmark"),
    "EC": _("Ecuador"),
    "EG": _("Egypt"),
    "EE": _("Estonia"),
    "FI": _("Finland"),
    "FR": _("France"),
    "GE": _("Georgia"),
    "DE": _("Germany"),
    "GR": _("Greece"),
    "VA": _("Holy See"),
    "HU": _("Hungary"),
    "IS": _("Iceland"),
    "IN": _("India"),
    "ID": _("Indonesia"),
    "IE": _("Ireland"),
    "IL": _("Israel"),
    "IT": _("Italy"),
    "JP": _("Japan"),
    "KZ": _("Kazakhstan"),
    "KE": _("Kenya"),
    "XK": _("Kosovo"),
    "LV": _("Latvia"),
    "LI": _("Liechtenstein"),
    "LT": _("Lithuania"),
    "LU": _("Luxembourg"),
    "MY": _("Malaysia"),
    "MT": _("Malta"),
    "MX": _("Mexico"),
    "MD": _("Moldova"),
    "MC": _("Monaco"),
    "ME": _("Montenegro"),
    "MA": _("Morocco"),
    "NL": _("Netherlands"),
    "NZ": _("New Zealand"),
    "NG": _("Nigeria"),
    "MK": _("North Macedonia"),
    "NO": _("Norway"),
    "PE": _("Peru"),
    "PH": _("Philippines"),
    "PL": _("Poland"),
    "PT": _("Portugal"),
    "RO": _("Romania"),
    "RU": _("Russia"),
    "SM": _("San Marino"),
    "SA": _("Saudi Arabia"),
    "RS": _("Serbia"),
    "SG": _("Singapore"),
    "SK": _("Slovakia"),
    "SI": _("Slovenia"),
    "ZA": _("South Africa"),
    "KR": _("South Korea"),
    "ES": _("Spain"),
    "SE": _("Sweden"),
    "CH": _("Switzerland"),
    "TH": _("Thailand"),
    "TN": _("Tunisia"),
    "TR": _("Türkiye"),
    "UA": _("Ukraine"),
    "AE": _("United Arab Emirates"),
    "GB": _("United Kingdom"),
    "US": _("United States"),
    "UY": _("Uruguay"),
    "VN": _("Vietnam"),
}


def country_name(code: str) -> str:
    """This will name a country in the reader's language; a code that is not listed is shown as it is."""
    return str(COUNTRIES.get(code, code))


# Eurostat writes two countries otherwise than ISO 3166-1.
_NUTS_PREFIXES = {"GR": "EL", "GB": "UK"}
_NUTS_CODE = re.compile(r"[A-Z]{2}[0-9A-Z]{1,3}")


def region_name(region: str, country: str) -> str:
    """This will name a region; the code of one of the country's NUTS regions is said to be one.

    Source: Regulation (EC) No 1059/2003, annex I (NUTS codes begin with that of the country).
    """
    prefix = _NUTS_PREFIXES.get(country, country)
    if prefix and region.startswith(prefix) and _NUTS_CODE.fullmatch(region):
        return gettext("NUTS region %(code)s") % {"code": region}
    return region


def place_name(region: str, country: str) -> str:
    """This will name region and country in the reader's language, as far as they are known."""
    return ", ".join(filter(None, (region_name(region, country), country_name(country))))


def country_choices() -> list[tuple[str, str]]:
    """This will list the countries in the order of their names in the reader's language."""
    return sorted(((code, str(name)) for code, name in COUNTRIES.items()), key=lambda pair: pair[1].casefold())
