"""A person's own pages. Sign-in itself is allauth's, in our templates."""

from openmcx.accounts.views.notifications import (
    bell,
    notification,
    notification_preferences,
    notifications,
    read_all_notifications,
    read_notification,
    unsubscribe,
)
from openmcx.accounts.views.people import close, columns, data, profile, revoke_token, tokens

__all__ = [
    "bell",
    "close",
    "columns",
    "data",
    "notification",
    "notification_preferences",
    "notifications",
    "profile",
    "read_all_notifications",
    "read_notification",
    "revoke_token",
    "tokens",
    "unsubscribe",
]
