"""What a start may be, by who can reach it: a demonstration here, nothing made up for a city."""

from __future__ import annotations

from django.conf import settings

from foundation.messaging.senders import shown_to_strangers
from marketplace.starter.files import read_yaml
from organizations.models import User


def demo_wanted() -> bool:
    """Whether a database without people gets the demonstration.

    Unasked only on a machine that nobody else reaches, with the embedded server; else with
    ``DEMO=1``.
    """
    return settings.DEMO or (settings.EMBEDDED and not settings.PUBLIC)


def refusal_of_settings() -> str:
    """Why the product must not be started like this, in words; "" where it may."""
    if shown_to_strangers():
        return (
            f"{settings.PUBLIC_ADDRESS} (HOST={settings.HOST}) can be reached from other machines, and "
            f"MESSAGE_SENDER={settings.MESSAGE_SENDER} shows every sign-in code on the page: "
            "whoever knows a household's number and phone could sign in as it.\n"
            "Name the city's text gateway (docs/how-to/connect-a-text-gateway.md), or, where no "
            "household shall sign in by phone,\n"
            "  MESSAGE_SENDER=foundation.messaging.senders.Unsent\n"
            "or serve on this machine only (HOST=127.0.0.1, no PUBLIC_ADDRESS). DEMO=1 does not "
            "change this."
        )
    return ""


def refusal_of_data() -> str:
    """Why this database must not be served like this, in words; "" where it may."""
    if settings.PUBLIC and not settings.DEMO and holds_the_demo():
        return (
            f"{settings.PUBLIC_ADDRESS} (HOST={settings.HOST}) can be reached from other machines, and the "
            "database holds the demonstration, whose passwords are published.\n"
            "Start a city with a new database (DATABASE_URL, or another folder), or, for a "
            "demonstration in public with invented data only,\n"
            "  DEMO=1 make run"
        )
    return ""


def holds_the_demo() -> bool:
    """Whether somebody of the demonstration is in the database, under the login and name there."""
    invented = {(row["username"], row["full_name"]) for row in read_yaml("people.yaml")}
    found = User.objects.filter(username__in=[username for username, _name in invented])
    return bool(invented & set(found.values_list("username", "full_name")))


def warnings() -> list[str]:
    """What an operator should know, and is no reason not to start."""
    found = []
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        found.append(
            "PUBLIC_ADDRESS is https, and TRUSTED_PROXIES names no proxy: every request will be sent "
            "to https again. See docs/how-to/put-it-behind-a-proxy.md"
        )
    if settings.PUBLIC and settings.DEMO:
        found.append(
            "DEMO=1: invented data with published passwords, for everybody who comes here."
        )
    return found
