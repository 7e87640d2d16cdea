"""Senders of texts. The city names its own in ``MESSAGE_SENDER`` (a dotted path).

A sender is a class with ``send(to, text)`` that raises when the text was not taken, and
``shows`` that is true only where no text leaves the machine and pages may show it.
"""

from __future__ import annotations

from functools import cache
from typing import Protocol

import structlog
from django.conf import settings
from django.utils.module_loading import import_string

log = structlog.stdlib.get_logger(__name__)


class Sender(Protocol):
    """What a gateway must be able to do."""

    shows: bool

    def send(self, to: str, text: str) -> None:
        """Hand one text to the gateway; raises when it was not taken."""


class Kept:
    """Sends nothing: the text stays in its table, and the demo's pages show it."""

    shows = True

    def send(self, to: str, text: str) -> None:
        """Say in the log that a text would have gone out, without number or words."""
        log.info("message.kept", length=len(text))


class Unsent:
    """Sends nothing and shows nothing: nobody can use what asks for a code."""

    shows = False

    def send(self, to: str, text: str) -> None:
        """Say in the log that a text stayed here, without number or words."""
        log.warning("message.unsent", length=len(text))


def shown_to_strangers() -> bool:
    """Whether pages that other machines reach would show the codes that prove a phone."""
    return settings.PUBLIC and sender().shows


@cache
def sender() -> Sender:
    """The city's sender."""
    return import_string(settings.MESSAGE_SENDER)()
