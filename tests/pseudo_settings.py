"""The node's settings with the pseudo-language of the tests: for nodes started with `pseudo.environment`."""

from openmcx.config.settings import *  # noqa: F403
from openmcx.config.settings import LANGUAGES, LOCALE_PATHS, OPENMCX_DATA_DIR
from tests import pseudo

_with = pseudo.settings_with(
    OPENMCX_DATA_DIR / "pseudo-language", {"LANGUAGES": LANGUAGES, "LOCALE_PATHS": LOCALE_PATHS}
)
LANGUAGES, LOCALE_PATHS = _with["LANGUAGES"], _with["LOCALE_PATHS"]
