"""Senders of text messages. The city names its own in ``MESSAGE_SENDER`` (a dotted path).

A sender is a class with ``send(to, text)``, which raises if the gateway did not take the message,
and ``shows``, true only if no message leaves the machine and pages may show its text.
"""

from __future__ import annotations

from functools import cache
from typing import Protocol

import structlog
from django.conf import settings
from django.core import mail
from django.utils.module_loading import import_string

log = structlog.stdlib.get_logger(__name__)


class Sender(Protocol):
    """The interface of a gateway."""

    shows: bool

    def send(self, to: str, text: str) -> None:
        """Hand one message to the gateway; raises if it was not taken."""


class Kept:
    """Sends nothing: the message stays in its table, and pages show it."""

    shows = True

    def send(self, to: str, text: str) -> None:
        """Log that a message would have been sent, without number or text."""
        log.info("message.kept", length=len(text))


class Unsent:
    """Sends nothing and shows nothing, so that nobody can use what asks for a code."""

    shows = False

    def send(self, to: str, text: str) -> None:
        """Log that a message was not sent, without number or text."""
        log.warning("message.unsent", length=len(text))


def texts_leave() -> bool:
    """Whether texts leave the machine, by a gateway of the city."""
    return not isinstance(sender(), Kept | Unsent)


def mails_leave() -> bool:
    """Whether mails leave the machine, by a server for them."""
    return bool(settings.EMAIL_HOST)


def takes_texts() -> bool:
    """Whether a text comes to somebody: it leaves, or pages show it since no message leaves the machine."""
    return texts_leave() or sender().shows


def takes_mail() -> bool:
    """Whether a mail comes to somebody, as with texts."""
    return mails_leave() or sender().shows


def send_mail(to: str, subject: str, text: str) -> None:
    """Hand one mail to the server; raises if it was not taken. Where no message leaves the machine it stays here."""
    if not settings.EMAIL_HOST:
        log.info("mail.kept", length=len(text))
        return
    mail.send_mail(subject, text, None, [to])


def shown_to_strangers() -> bool:
    """Whether pages that other machines can reach would show codes."""
    return settings.PUBLIC and sender().shows


@cache
def sender() -> Sender:
    """The sender that ``MESSAGE_SENDER`` names."""
    return import_string(settings.MESSAGE_SENDER)()
