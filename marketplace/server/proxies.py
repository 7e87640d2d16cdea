"""Who really asks: behind a proxy that we trust, what it says; else who is connected.

Set once, before anything reads it: journal, codes, locks and throttles all see
``REMOTE_ADDR`` and the scheme of the person's own connection. From anybody else these
headers are struck out, so that nothing inside can believe them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase

#: What proxies say of a connection; nothing but this module reads it.
SAID_BY_PROXIES = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)


def networks(names: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks of ``TRUSTED_PROXIES``; ``ImproperlyConfigured`` for what is none."""
    try:
        return tuple(ip_network(name, strict=False) for name in names)
    except ValueError as fault:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES: {fault}") from fault


@lru_cache(maxsize=4096)
def _trusted(address: str, names: tuple[str, ...]) -> bool:
    found = _plain(address)
    return bool(found) and any(ip_address(found) in network for network in networks(names))


def _plain(text: str) -> str:
    """An address without its port, IPv4 in its own spelling; "" for what is none."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])  # the scope is this machine's word for a cable
    except ValueError:
        return ""
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


def client_of(connected: str, said: str) -> str:
    """The last of the addresses in ``said`` that is no proxy of ours, read from the right.

    What stands left of it may have been made up by the client itself. Where something in
    between is no address, the last one that is known stays.
    """
    names, client = tuple(settings.TRUSTED_PROXIES), _plain(connected) or connected
    for each in reversed(said.split(",") if said else []):
        if not _trusted(client, names):
            break
        found = _plain(each)
        if not found:
            break
        client = found
    return client


class ProxyMiddleware:
    """Sets address and scheme of a request, once and first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        networks(tuple(settings.TRUSTED_PROXIES))
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        told = {name: request.META.pop(name, "") for name in SAID_BY_PROXIES}
        connected = request.META.get("REMOTE_ADDR", "")
        if _trusted(connected, tuple(settings.TRUSTED_PROXIES)):
            scheme = told["HTTP_X_FORWARDED_PROTO"].rpartition(",")[2].strip().lower()
            if scheme in ("http", "https"):
                request.META["wsgi.url_scheme"] = scheme
        request.META["REMOTE_ADDR"] = client_of(connected, told["HTTP_X_FORWARDED_FOR"])
        return self.get_response(request)
