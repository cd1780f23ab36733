"""Pages of institutions."""

from openmcx.institutions.views.administration import (
    add,
    end_role,
    keys,
    manage,
    people,
    profile,
    revoke_key,
    rotate_key,
    withdraw_invitation,
)
from openmcx.institutions.views.look import change_logo, logo, look, stylesheet
from openmcx.institutions.views.own import claim, claims, invitation
from openmcx.institutions.views.public import did_document, institution_list, institution_page, navigation
from openmcx.institutions.views.waiting import waiting

__all__ = [
    "add",
    "change_logo",
    "claim",
    "claims",
    "did_document",
    "end_role",
    "institution_list",
    "institution_page",
    "invitation",
    "keys",
    "logo",
    "look",
    "manage",
    "navigation",
    "people",
    "profile",
    "revoke_key",
    "rotate_key",
    "stylesheet",
    "waiting",
    "withdraw_invitation",
]
