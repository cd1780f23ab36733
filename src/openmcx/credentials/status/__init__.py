"""Where it is kept whether a credential was revoked or suspended."""
