"""The node's settings with its lowest apps only: for processes in which the others would only take time."""

from openmcx.config.settings import *  # noqa: F403
from openmcx.config.settings import INSTALLED_APPS as _ALL
from openmcx.config.settings import LADDER as _LADDER

INSTALLED_APPS = [app for app in _ALL if app.removeprefix("openmcx.") not in _LADDER[_LADDER.index("institutions") :]]
