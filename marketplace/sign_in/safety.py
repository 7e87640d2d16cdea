"""Checks of the settings of signing in before a start, and under ``manage.py check``."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from marketplace.server.addresses import loopback


def refusal_of_sign_in() -> str:
    """Why people must not sign in with these settings, in words; "" if they may."""
    issuer, proves = settings.SSO_ISSUER, settings.SSO_PROVES
    if not issuer:
        rest = settings.SSO_CLIENT_ID or settings.SSO_CLIENT_SECRET or proves
        return (
            "SSO_CLIENT_ID, SSO_CLIENT_SECRET and SSO_PROVES belong to SSO_ISSUER, which is missing."
            if rest
            else ""
        )
    if not (settings.SSO_CLIENT_ID and settings.SSO_CLIENT_SECRET):
        return f"SSO_ISSUER={issuer} needs SSO_CLIENT_ID and SSO_CLIENT_SECRET, as the single sign-on has given them."
    parts = urlsplit(issuer)
    if not parts.hostname or parts.query or parts.fragment or parts.scheme not in ("http", "https"):
        return f"SSO_ISSUER={issuer} is no address of a single sign-on, such as https://login.example.cn/realms/city"
    if parts.scheme == "http" and not loopback(parts.hostname):
        return f"SSO_ISSUER={issuer} begins with http://: whoever is on the way could sign in as anybody. Name https://."
    if settings.PUBLIC and not settings.HTTPS:
        return (
            f"PUBLIC_ADDRESS={settings.PUBLIC_ADDRESS} begins with http://, and SSO_ISSUER would send people back there "
            "with the code that signs them in. Serve HTTPS (docs/how-to/put-it-behind-a-proxy.md)."
        )
    return ""
