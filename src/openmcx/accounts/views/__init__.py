"""A person's own pages. Sign-in itself is allauth's, in our templates."""

from openmcx.accounts.views.people import close, data, profile, revoke_token, tokens

__all__ = ["close", "data", "profile", "revoke_token", "tokens"]
