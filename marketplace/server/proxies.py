"""The client's own address and scheme, also behind a trusted proxy.

``ProxyMiddleware`` sets them before anything reads them: journal, codes, locks and throttles all use
``REMOTE_ADDR``. Headers of proxies are removed from every request, so that nothing else can
believe them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase

#: Headers that proxies add; only this module reads them.
SAID_BY_PROXIES = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)


def networks(
    names: tuple[str, ...], setting: str = "TRUSTED_PROXIES"
) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks that a setting names; raises ``ImproperlyConfigured`` for what is none."""
    try:
        return tuple(ip_network(name, strict=False) for name in names)
    except ValueError as fault:
        raise ImproperlyConfigured(f"{setting}: {fault}") from fault


@lru_cache(maxsize=4096)
def within(address: str, names: tuple[str, ...]) -> bool:
    """Whether the address is in one of the networks."""
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
        found = ip_address(text.partition("%")[0])  # without the scope of a link-local address
    except ValueError:
        return ""
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


def client_of(connected: str, said: str) -> str:
    """The client's address: from the right, the first one that is no trusted proxy.

    ``connected`` is the address of the connection, ``said`` the header ``X-Forwarded-For``. Everything
    left of the first untrusted address may be invented by the client. Where a part is no address, the
    last valid one counts.
    """
    names, client = tuple(settings.TRUSTED_PROXIES), _plain(connected) or connected
    for part in reversed(said.split(",") if said else []):
        if not within(client, names):
            break
        found = _plain(part)
        if not found:
            break
        client = found
    return client


class ProxyMiddleware:
    """Sets the address and scheme of a request; the outermost middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        networks(tuple(settings.TRUSTED_PROXIES))
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        forwarded = {name: request.META.pop(name, "") for name in SAID_BY_PROXIES}
        connected = request.META.get("REMOTE_ADDR", "")
        if within(connected, tuple(settings.TRUSTED_PROXIES)):
            scheme = forwarded["HTTP_X_FORWARDED_PROTO"].rpartition(",")[2].strip().lower()
            if scheme in ("http", "https"):
                request.META["wsgi.url_scheme"] = scheme
        request.META["REMOTE_ADDR"] = client_of(connected, forwarded["HTTP_X_FORWARDED_FOR"])
        return self.get_response(request)
