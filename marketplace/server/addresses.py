"""Names and addresses of machines."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit


def loopback(host: str) -> bool:
    """Whether a host's name or address can only be this machine itself.

    No name is looked up: what it means today it may not mean tomorrow.
    """
    name = host.strip("[]").lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def bracketed(host: str) -> str:
    """A host as it stands in an address of the web: IPv6 in brackets."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def web_address(text: str) -> SplitResult | None:
    """An address of a site, ``http(s)://host`` with a port or none; else None."""
    try:
        found = urlsplit(text.strip())
        right = found.scheme in ("http", "https") and found.hostname and found.port != 0
    except ValueError:  # a bracket is open, a port is none
        return None
    bare = not (found.path.strip("/") or found.query or found.fragment or found.username)
    return found if right and bare else None


def host_of(text: str) -> str:
    """The name in an address of the web or of a host with a port, as it is compared; "" for none."""
    try:
        found = urlsplit(text if "//" in text else f"//{text}").hostname
    except ValueError:
        return ""
    return (found or "").rstrip(".")
