"""Which names and addresses mean this very machine."""

from __future__ import annotations

import ipaddress

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
