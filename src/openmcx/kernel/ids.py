"""Identifiers: ordered ones for rows, unguessable ones for links."""

import secrets
import uuid

import uuid_utils.compat

# 128 bits: what nobody guesses, however many links there are.
_SECRET_BYTES = 16
SECRET_LENGTH = 22


def new_id() -> uuid.UUID:
    """This will return a new row id that sorts by the time of its making.

    Source: RFC 9562, section 5.7 (UUIDv7).
    """
    return uuid_utils.compat.uuid7()


def new_secret() -> str:
    """This will return 128 random bits as 22 characters that are safe in an address.

    Source: RFC 4648, section 5 (base64url without padding).
    """
    return secrets.token_urlsafe(_SECRET_BYTES)
