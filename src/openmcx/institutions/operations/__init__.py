"""What is done at institutions: profiles, roles, keys, learners."""

from openmcx.institutions.operations.beginning import begin
from openmcx.institutions.operations.common import Audit
from openmcx.institutions.operations.keys import revoke_key, rotate_key, tell_of_ageing_keys
from openmcx.institutions.operations.learners import (
    LearnerData,
    change_learner,
    change_learner_email,
    claim_record,
    erase_learner,
    find_or_create_learner,
    find_or_create_learners,
    release_learner,
    release_records,
)
from openmcx.institutions.operations.look import remove_logo, set_accent, set_logo
from openmcx.institutions.operations.profile import Profile, add_institution, change_profile
from openmcx.institutions.operations.roles import (
    INVITATION_DAYS,
    accept_invitation,
    end_role,
    grant_role,
    invite,
    is_open,
    withdraw_invitation,
)
from openmcx.institutions.operations.trouble import tell_of_trouble

__all__ = [
    "INVITATION_DAYS",
    "Audit",
    "LearnerData",
    "Profile",
    "accept_invitation",
    "add_institution",
    "begin",
    "change_learner",
    "change_learner_email",
    "change_profile",
    "claim_record",
    "end_role",
    "erase_learner",
    "find_or_create_learner",
    "find_or_create_learners",
    "grant_role",
    "invite",
    "is_open",
    "release_learner",
    "release_records",
    "remove_logo",
    "revoke_key",
    "rotate_key",
    "set_accent",
    "set_logo",
    "tell_of_ageing_keys",
    "tell_of_trouble",
    "withdraw_invitation",
]
