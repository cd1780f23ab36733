"""What the audit trail calls these deeds."""

from enum import StrEnum


class Audit(StrEnum):
    """The actions that this app records."""

    REGISTERED = "accounts.person.registered"
    CHANGED = "accounts.person.changed"
    ERASED = "accounts.person.erased"
    TOKEN_CREATED = "accounts.token.created"  # noqa: S105  (the name of a deed)
    TOKEN_REVOKED = "accounts.token.revoked"  # noqa: S105  (the name of a deed)
    PREFERENCE_CHANGED = "accounts.preference.changed"
    UNSUBSCRIBED = "accounts.preference.unsubscribed"
