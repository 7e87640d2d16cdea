"""What is unsafe where people on other machines can come: settings that fit a machine of one's own alone.

``starting.refusal_of_settings`` refuses to start with any of it, and ``manage.py check --deploy`` names it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.http.request import validate_host

from foundation.messaging.senders import shown_to_strangers
from marketplace.server import proxies
from marketplace.server.addresses import host_of, loopback, unspecified

#: A secret has at least so many characters, and so many different ones: 32 random bytes in base64 have more.
LENGTH, DIFFERENT = 32, 10
#: The widest network that a proxy, or a reader of figures, may be anywhere in; by version of the protocol.
WIDEST = {4: 8, 6: 32}
#: How a connection to a database elsewhere may be kept from being read on the way.
SECURED = ("require", "verify-ca", "verify-full")
#: Passwords of a database that are tried first.
GUESSED = ("postgres", "password", "liandong", "changeme", "secret", "123456", "admin")


def reached() -> str:
    """The settings by which others can reach the machine, in words."""
    return (
        f"People on other machines can come here ({', '.join(settings.PUBLIC_BY) or settings.PUBLIC_ADDRESS})"
    )


def reasons() -> list[str]:
    """Why the product must not be served with these settings, each in words; [] if it may."""
    everywhere = (_networks, _hsts)
    in_public = (_debug, _secrets, _files, _scheme, _names, _origins, _sender, _mail, _database)
    return [why for look in (*everywhere, *(in_public if settings.PUBLIC else ())) if (why := look())]


@register(Tags.security, deploy=True)
def checked(**_given: Any) -> list[CheckMessage]:
    """The reasons, as findings of ``manage.py check --deploy``."""
    return [Error(why, id="marketplace.E001") for why in reasons()]


def _networks() -> str:
    """Whoever is believed, or shown figures, is named, and not everybody."""
    wide = (
        (name, str(network))
        for name in ("TRUSTED_PROXIES", "METRICS_FROM")
        for network in proxies.networks(tuple(getattr(settings, name)), name)
        if network.prefixlen < WIDEST[network.version] and not network.is_loopback
    )
    for name, network in wide:
        harm = "choose an address" if name == "TRUSTED_PROXIES" else "read the figures"
        return f"{name} names the whole world, or much of it ({network}): anybody could {harm}. Name your machine."
    return ""


def _hsts() -> str:
    """What is asked of browsers for long is what their lists take."""
    if settings.SECURE_HSTS_PRELOAD and not (
        settings.SECURE_HSTS_INCLUDE_SUBDOMAINS and settings.SECURE_HSTS_SECONDS >= settings.HSTS_YEAR
    ):
        return (
            "HSTS_PRELOAD=1 asks to be put into the list of every browser, which takes a name for HTTPS alone, "
            f"with all names below it and for a year: HSTS_SUBDOMAINS=1 and HSTS_SECONDS={settings.HSTS_YEAR} "
            "or more, or leave it out."
        )
    return ""


def _debug() -> str:
    if settings.DEBUG:
        return f"{reached()}, and DEBUG=1 shows them settings and data with every fault. Leave it out."
    return ""


def _secrets() -> str:
    """Nobody can guess a secret."""
    secrets = {name: [getattr(settings, name)] for name in ("SECRET_KEY", "LIANDONG_HASH_KEY")}
    secrets["LIANDONG_DATA_KEYS"] = [
        key.partition(":")[2] for key in settings.LIANDONG_DATA_KEYS.split(",") if key.strip()
    ]
    for name, texts in secrets.items():
        if not texts or any(len(text) < LENGTH or len(set(text)) < DIFFERENT for text in texts):
            return (
                f"{reached()}, and {name} can be guessed. For a new database leave it out, and the next start "
                f"makes one into {settings.VAR / 'secrets.env'}; else name random bytes: 32 of them in base64."
            )
    every = [text for texts in secrets.values() for text in texts]
    if len(set(every)) < len(every):
        return (
            f"{reached()}, and two of the secrets ({', '.join(secrets)}) are the same. Each has its own use."
        )
    return ""


def _files() -> str:
    """The files of secrets are read by their owner, a key perhaps by a group, and by nobody else."""
    named = {
        str(settings.VAR / "secrets.env"): 0o077,
        settings.TLS_KEY: 0o007,
        settings.SIGNING_CERTIFICATE: 0o007,
    }
    for name, others in named.items():
        if name and Path(name).is_file() and Path(name).stat().st_mode & others:
            return f"{reached()}, and {name} can be read by others of this machine.  chmod o=,g-w {name}" + (
                "" if others == 0o007 else f"; chmod 600 {name}"
            )
    return ""


def _scheme() -> str:
    """What people type does not go over the network in clear, and they do not go round in circles."""
    if settings.HTTPS:
        if settings.TRUSTED_PROXIES or settings.TLS_CERTIFICATE:
            return ""
        return (
            f"PUBLIC_ADDRESS={settings.PUBLIC_ADDRESS}, and nobody speaks HTTPS: every request would be sent to "
            "https again. Name the proxy that does in TRUSTED_PROXIES, or a certificate in TLS_CERTIFICATE and "
            "TLS_KEY (docs/how-to/put-it-behind-a-proxy.md)."
        )
    if settings.DEMO or settings.PLAIN_HTTP:
        return ""
    return (
        f"{reached()}, and PUBLIC_ADDRESS={settings.PUBLIC_ADDRESS} is no https:// address: passwords, sessions "
        "and identity numbers would go over the network in clear (docs/how-to/put-it-behind-a-proxy.md). Where "
        "the network itself is encrypted,  PLAIN_HTTP=1"
    )


def _names() -> str:
    """The product answers under its own names, and that by which people come is one of them."""
    host = host_of(settings.PUBLIC_ADDRESS)
    if unspecified(host) and not settings.DEMO:
        return (
            f"PUBLIC_ADDRESS={settings.PUBLIC_ADDRESS} is nobody's address, and stands in links and texts. Name "
            "the one by which people come, such as https://jiuzhu.example.cn"
        )
    for name in settings.ALLOWED_HOSTS:
        if name == "*" or (name.startswith(".") and "." not in name[1:]):
            return (
                f"ALLOWED_HOSTS={name} takes any name for ours, also one that a stranger made up. Name each."
            )
    if not validate_host(host, settings.ALLOWED_HOSTS):
        return f"ALLOWED_HOSTS lacks {host}, the name in PUBLIC_ADDRESS: everybody who comes there would be refused."
    return ""


def _origins() -> str:
    """Forms come from pages of ours alone, and from none that somebody on the way could have changed."""
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        if not origin.startswith(("https://", "http://")):
            return f"CSRF_TRUSTED_ORIGINS={origin} is no origin: it begins with https://"
        if "*" in origin:
            return f"CSRF_TRUSTED_ORIGINS={origin} takes forms from every site below that name. Name each."
        if settings.HTTPS and origin.startswith("http://") and not loopback(host_of(origin)):
            return f"CSRF_TRUSTED_ORIGINS={origin} takes forms from pages in clear. Name it with https://"
    return ""


def _sender() -> str:
    if not shown_to_strangers():
        return ""
    return (
        f"{reached()}, and MESSAGE_SENDER={settings.MESSAGE_SENDER} shows every sign-in code on the page: "
        "whoever knows a household's number and phone could sign in as it.\n"
        "Name the city's text gateway (docs/how-to/connect-a-text-gateway.md), or, where no "
        "household shall sign in by phone,\n"
        "  MESSAGE_SENDER=foundation.messaging.senders.Unsent\n"
        "or serve on this machine only (HOST=127.0.0.1, and nothing of the above). DEMO=1 does "
        "not change this."
    )


def _mail() -> str:
    """Mails have a sender, and the password of their server is not shown on the way."""
    if not settings.EMAIL_HOST:
        return ""
    if not settings.DEFAULT_FROM_EMAIL:
        return "EMAIL_HOST is named, and nobody from whom the mails come: name EMAIL_FROM."
    secured = settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL
    if settings.EMAIL_HOST_PASSWORD and not secured and not loopback(settings.EMAIL_HOST):
        return f"EMAIL_PORT={settings.EMAIL_PORT} sends EMAIL_HOST_PASSWORD in clear. Use 587 (STARTTLS) or 465 (TLS)."
    return ""


def _database() -> str:
    """What goes to a database on another machine is not read on the way, and its password is none that is tried."""
    target = settings.DATABASES["default"]
    host, password = target["HOST"], target["PASSWORD"]
    if settings.EMBEDDED or not host or host.startswith("/"):
        return ""
    if password and password.lower() in (*GUESSED, target["USER"].lower()):
        return f"The password of {target['USER']} in DATABASE_URL is one of the first that anybody tries."
    if not _local(host.split(",")) and not (target["OPTIONS"].get("sslmode") or os.environ.get("PGSSLMODE")):
        return (
            f"DATABASE_URL names a database on {host}, and not whether the way there is encrypted: add "
            "?sslmode=verify-full (or require), or, in a network that nobody else reads, ?sslmode=disable"
        )
    return ""


def _local(hosts: Iterable[str]) -> bool:
    """Whether all hosts are this machine."""
    return all(host.startswith("/") or loopback(host) for host in hosts)


def warnings() -> list[str]:
    """What the operator should know, and may have decided."""
    found: list[str] = []
    if not settings.PUBLIC:
        return found
    if settings.DEMO:
        found.append("DEMO=1: invented data with published passwords, for everybody who comes here.")
    elif settings.PLAIN_HTTP and not settings.HTTPS:
        found.append("PLAIN_HTTP=1: passwords and identity numbers go over the network in clear.")
    mode = settings.DATABASES["default"]["OPTIONS"].get("sslmode", "")
    if mode and mode not in SECURED and not _local(settings.DATABASES["default"]["HOST"].split(",")):
        found.append(f"sslmode={mode}: what goes to the database and back can be read on the way.")
    if os.geteuid() == 0:
        found.append("It runs as root: give it a user of its own (docs/how-to/put-it-on-a-server.md).")
    return found
