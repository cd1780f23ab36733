"""Questions about people, their tokens and what they are told."""

from openmcx.accounts.queries.people import (
    TOKEN_MARK,
    actor,
    actor_for_token,
    actor_of,
    everything_held_of,
    has_verified,
    password_link,
    person,
    person_by_email,
    personal_data_of,
    token_digest,
    token_for,
    tokens_of,
    verified_addresses,
)

__all__ = [
    "TOKEN_MARK",
    "actor",
    "actor_for_token",
    "actor_of",
    "everything_held_of",
    "has_verified",
    "password_link",
    "person",
    "person_by_email",
    "personal_data_of",
    "token_digest",
    "token_for",
    "tokens_of",
    "verified_addresses",
]
