"""Networks by which requests are counted."""

from __future__ import annotations

from ipaddress import ip_address, ip_network


def network_of(address: str) -> str:
    """The IPv4 address itself, or the /64 network of an IPv6 address, which one household shares.

    A text that is no address is returned as it is, cut to 45 characters.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address[:45]
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)
