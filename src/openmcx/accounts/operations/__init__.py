"""What is done with accounts: people, their tokens, what they are told."""

from openmcx.accounts.operations.audit_actions import Audit
from openmcx.accounts.operations.people import (
    MAX_TOKENS,
    NAME_CHARACTERS,
    Token,
    change_profile,
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
    "change_profile",
    "complete",
    "create_token",
    "erase",
    "register",
    "revoke_token",
    "use_token",
]
