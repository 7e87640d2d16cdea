"""Whom an address stands for, where something is counted by address."""

from __future__ import annotations

from ipaddress import ip_address, ip_network


def network_of(address: str) -> str:
    """Who counts as one: an IPv4 address; of IPv6 the network that one household gets."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:45]
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)
