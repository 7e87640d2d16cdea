"""Host names and addresses."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit


def loopback(host: str) -> bool:
    """Whether a host name or address can only be this machine.

    Names are not resolved, since what they mean may change.
    """
    name = host.strip("[]").lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def unspecified(host: str) -> bool:
    """Whether a host is the address of no machine (0.0.0.0, ::), by which one listens everywhere."""
    try:
        return ip_address(host.strip("[]")).is_unspecified
    except ValueError:
        return False


def bracketed(host: str) -> str:
    """The host as it is written in a URL: IPv6 in brackets."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def web_address(text: str) -> SplitResult | None:
    """The parts of a site's address ``http(s)://host[:port]``; None for anything else."""
    try:
        found = urlsplit(text.strip())
        right = found.scheme in ("http", "https") and found.hostname and found.port != 0
    except ValueError:  # an open bracket, or a port that is none
        return None
    bare = not (found.path.strip("/") or found.query or found.fragment or found.username)
    return found if right and bare else None


def host_of(text: str) -> str:
    """The host in a URL or in ``host:port``, in lower case; "" for none."""
    try:
        found = urlsplit(text if "//" in text else f"//{text}").hostname
    except ValueError:
        return ""
    return (found or "").rstrip(".")
