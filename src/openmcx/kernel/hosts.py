"""Which names and addresses mean this very machine, and which mean the same one."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

# Django's test client asks for "testserver", a name without a dot that no resolver knows.
_NAMES = frozenset({"localhost", "testserver"})


def is_loopback(host: str) -> bool:
    """This will tell whether the host, without a port, can be reached from this machine only."""
    if host.lower() in _NAMES:
        return True
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False


def same_host(one: str, other: str) -> bool:
    """This will tell whether two addresses lie on one host and port; “www.” before a name makes no difference."""

    def place(address: str) -> tuple[str, int | None]:
        parts = urlsplit(address)
        return (parts.hostname or "").removeprefix("www."), parts.port or {"https": 443, "http": 80}.get(parts.scheme)

    return place(one) == place(other)
