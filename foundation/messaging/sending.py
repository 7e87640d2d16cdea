"""Texts are written with the change that they tell of, and sent after it is committed."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app as worker

from foundation import moments
from foundation.messaging.models import Message
from foundation.messaging.senders import sender

#: How often a text is tried.
MOST_TRIES = 5


def send(to: str, text: str, *, about: str) -> Message | None:
    """Put a text to a phone on its way; None where there is no number."""
    if not to:
        return None
    message = Message.objects.create(to=to, text=text, about=about, at=moments.now())
    transaction.on_commit(
        lambda: worker.configure_task("foundation.jobs.send_message").defer(message_id=message.pk)
    )
    return message


def deliver(message_id: int) -> None:
    """Hand one waiting text to the gateway; what it raises makes the worker try again."""
    message = Message.objects.get(pk=message_id)
    if message.sent_at is not None:
        return
    Message.objects.filter(pk=message_id).update(tries=message.tries + 1)
    sender().send(message.to.plain(), message.text)
    Message.objects.filter(pk=message_id).update(sent_at=moments.now())
