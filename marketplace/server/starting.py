"""Checks before a start: no demonstration and no unsafe settings where others can reach the machine."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from foundation.city.models import LARGE, City
from foundation.forms.typed import whole_number
from foundation.messaging.senders import sender
from foundation.personal_data import keys
from marketplace.monitoring import logs
from marketplace.server import embedded, operating, proxies, serving, unsafe
from marketplace.server.addresses import web_address
from marketplace.sign_in.safety import refusal_of_sign_in
from organizations.people.models import User


def refusal_of_a_demonstration() -> str:
    """Why the demonstration must not be started with these settings, in words; "" if it may.

    It is for one machine, with the embedded database; elsewhere only where ``DEMO=1`` says that it is meant.
    """
    if settings.DEMO:
        return ""
    if settings.PUBLIC:
        return f"{unsafe.reached()}, and `make run` is the demonstration, whose passwords are published.\n{INSTEAD}"
    if not settings.EMBEDDED:
        return f"DATABASE_URL names a database, and `make run` is the demonstration.\n{INSTEAD}"
    return ""


def refusal_of_a_city() -> str:
    """Why no city must be started with these settings, in words; "" if one may."""
    if settings.DEMO:
        return (
            "DEMO=1 says that everything is invented, and lets it go over the network in clear; this is a city of "
            "your own.\nLeave DEMO out, or, for a demonstration:\n  DEMO=1 make run"
        )
    return ""


#: What to do instead of a demonstration.
INSTEAD = (
    "For a city of your own:\n"
    "  make serve\n"
    "For a demonstration all the same, with invented data only:\n"
    "  DEMO=1 make run"
)


#: Variables that are whole numbers, with the least and the most.
NUMBERS = {
    "PORT": (1, 65_535),
    "WEB_WORKERS": (1, 256),
    "WEB_THREADS": (1, 256),
    "LARGEST_UPLOAD": (1, 4096),
    "HEADER_SECONDS": (1, 3600),
    "REQUEST_SECONDS": (1, 3600),
    "HSTS_SECONDS": (0, 10 * 31_536_000),
    "EMAIL_PORT": (1, 65_535),
}


def refusal_of_settings() -> str:
    """Why the product must not start with these settings, in words; "" if it may."""
    for name, (least, most) in NUMBERS.items():
        said = whole_number(os.environ.get(name, str(least)))
        if said is None or not least <= said <= most:
            return f"{name}={os.environ[name]} is no whole number from {least} to {most}."
    if os.environ.get("LOG_LEVEL", "INFO") not in logs.LEVELS:
        return f"LOG_LEVEL={os.environ['LOG_LEVEL']} is no level: {', '.join(logs.LEVELS)}."
    if web_address(settings.PUBLIC_ADDRESS) is None:
        return (
            f"PUBLIC_ADDRESS={settings.PUBLIC_ADDRESS} is no address of a site: it begins with https:// "
            "or http:// and has a name, perhaps a port, and nothing behind, "
            "such as https://jiuzhu.example.cn"
        )
    if why := _refusal_of_tls() or refusal_of_sign_in():
        return why
    try:
        proxies.networks(tuple(settings.TRUSTED_PROXIES))
        proxies.networks(tuple(settings.METRICS_FROM), "METRICS_FROM")
        sender().send  # noqa: B018  raises AttributeError without it
    except ImproperlyConfigured as fault:
        return str(fault)
    except (ImportError, TypeError, AttributeError) as fault:
        return f"MESSAGE_SENDER={settings.MESSAGE_SENDER} is no class that is there: {fault}"
    return "\n\n".join(filter(None, [*unsafe.reasons(), keys.refusal()]))


def listens_on() -> tuple[str, int]:
    """The address, as a number, and the port on which the web process listens; raises ``CommandError``.

    The settings were looked through before.
    """
    try:
        return serving.numeric(settings.HOST), int(settings.PORT)
    except OSError as fault:
        raise CommandError(f"HOST={settings.HOST} is no address of this machine: {fault}") from fault


def _refusal_of_tls() -> str:
    """Why HTTPS cannot be spoken with the files that are named, in words; "" if it can, or is not asked for."""
    certificate, key = settings.TLS_CERTIFICATE, settings.TLS_KEY
    if not certificate and not key:
        return ""
    if not (certificate and key):
        return "TLS_CERTIFICATE and TLS_KEY belong together: name the certificate and its key, both as PEM files."
    if not settings.HTTPS:
        return f"PUBLIC_ADDRESS={settings.PUBLIC_ADDRESS} begins with http://, and TLS_CERTIFICATE makes it https://."
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=_no_passphrase)
        if "-----BEGIN PRIVATE KEY-----" not in Path(key).read_text(errors="replace"):
            return (
                f"TLS_KEY={key} is no key in PKCS #8. Write it so:\n"
                f"  openssl pkcs8 -topk8 -nocrypt -in {key} -out new.key"
            )
    except OSError as fault:  # ssl.SSLError is one
        return f"TLS_CERTIFICATE={certificate} and TLS_KEY={key} cannot be used: {fault}"
    return ""


def _no_passphrase() -> str:
    """Nobody is asked for the passphrase of a key: an encrypted one is refused."""
    return ""


def refusal_of_database() -> str:
    """Why this database cannot be migrated, in words; "" if it can."""
    loader = MigrationLoader(connection)
    unknown = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations.keys() - loader.disk_migrations.keys()
        if app in loader.migrated_apps and _ours(app)
    )
    if unknown:
        return (
            f"The database was made by another version, with migrations that this one does not know "
            f"({len(unknown)}, such as {unknown[0]}). Nothing leads from it to this version.\n"
            "Start with a new database: DATABASE_URL names another, or, where the embedded one holds nothing "
            "that anybody needs, remove it and start again:\n"
            f"  rm -r {settings.VAR / embedded.FOLDER}"
        )
    return ""


def _ours(app: str) -> bool:
    """Whether a package is the product's own and not a library's."""
    return "site-packages" not in Path(apps.get_app_config(app).path).parts


def refusal_of_invented_data() -> str:
    """Why invented data must not be written into this database, in words; "" if they may."""
    if settings.PUBLIC and not settings.DEMO:
        return (
            f"{unsafe.reached()}: no invented people with a "
            "published password are written into its database, unless DEMO=1 says that all of it is "
            "a demonstration."
        )
    if City.objects.filter(demonstration=False).exists():
        return "The database holds a city: no invented people with a published password are written into it."
    return ""


def refusal_of_data(*, demonstration: bool) -> str:
    """Why this database must not be served as a demonstration, or as a city, in words; "" if it may."""
    city = City.objects.defer(*LARGE).first()
    if demonstration:
        if (city is None and User.objects.exists()) or (city is not None and not city.demonstration):
            return (
                "The database holds a city, and `make run` is the demonstration. Start the city:\n"
                "  make serve"
            )
        return ""
    if city is not None and city.demonstration:
        return (
            "The database holds the demonstration, whose passwords are published, and this is a city of your own.\n"
            "Start it with a new database (DATABASE_URL)"
            + (
                "."
                if operating.by_systemd()
                else ", or remove the demonstration:\n  make clean && make serve"
            )
        )
    return ""
