"""What is done with accounts: people, their tokens, what they are told."""

from openmcx.accounts.operations.audit_actions import Audit
from openmcx.accounts.operations.columns import keep_columns
from openmcx.accounts.operations.mails import send_due
from openmcx.accounts.operations.notifications import (
    Told,
    change_preferences,
    clear_old_notifications,
    mark_all_read,
    mark_read,
    notify,
    unsubscribe,
)
from openmcx.accounts.operations.people import (
    MAX_TOKENS,
    NAME_CHARACTERS,
    Token,
    change_profile,
    checked_name,
    complete,
    create_token,
    erase,
    register,
    revoke_token,
    use_token,
)

__all__ = [
    "MAX_TOKENS",
    "NAME_CHARACTERS",
    "Audit",
    "Token",
    "Told",
    "change_preferences",
    "change_profile",
    "checked_name",
    "clear_old_notifications",
    "complete",
    "create_token",
    "erase",
    "keep_columns",
    "mark_all_read",
    "mark_read",
    "notify",
    "register",
    "revoke_token",
    "send_due",
    "unsubscribe",
    "use_token",
]
