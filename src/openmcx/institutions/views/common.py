"""What the pages of institutions share."""

from __future__ import annotations

from django.utils.translation import gettext as _

from openmcx.institutions.models import SigningKey
from openmcx.ui.components import State


def key_state(key: SigningKey) -> tuple[State, str]:
    """This will say in words what a key does."""
    if key.revoked_at:
        return State.BAD, _("Revoked: nothing it signed is valid")
    if key.retired_at:
        return State.QUIET, _("Retired: what it signed stays valid")
    return State.OK, _("Signs now")
