"""Text messages are rows of the transaction of a change, sent after its commit.

A gateway may be down for hours: a message is tried again over a day, with growing waits, and then
listed as undelivered. ``take_up`` finds each minute what is due, also messages that were never
tried because the process died after the commit.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.advisory_locks import held_alone
from foundation.journal import sentences, writing
from foundation.messaging import senders
from foundation.messaging.models import Channel, Message
from foundation.messaging.wording import about as called
from foundation.refusals import NotNow, NotYours
from foundation.retention.sweeping import keep_rows
from foundation.roles import Actor, Role
from foundation.scheduling.stalled import queue_once

log = structlog.stdlib.get_logger(__name__)

#: Minutes from one try to the next; the last is made a day after the first.
WAITS = (1, 5, 15, 60, 180, 360, 720, 99)
#: Messages that ``take_up`` queues at most.
AT_ONCE = 500


def send(to: str, text: str, *, about: str, until: datetime | None = None) -> Message | None:
    """Queue a text message; None if there is no number.

    It is not sent after ``until``, when its text is no longer true.
    """
    return _keep(to, text, Channel.TEXT, about, until) if to else None


def send_mail(to: str, text: str, *, about: str, until: datetime | None = None) -> Message | None:
    """Queue a mail; None if there is no address. Its subject says what it is for."""
    return _keep(to, text, Channel.MAIL, about, until) if to else None


def _keep(to: str, text: str, channel: Channel, about: str, until: datetime | None) -> Message:
    """The message as a row of the transaction, delivered after it."""
    now = moments.now()
    message = Message.objects.create(
        to=to,
        text=text,
        channel=channel,
        about=about,
        at=now,
        until=until,
        again_at=now + timedelta(minutes=WAITS[0]),
    )
    transaction.on_commit(lambda: _queue(message.pk))
    return message


def _queue(message_id: int) -> None:
    """Queue the task that delivers the message, unless it is queued already."""
    queue_once("foundation.tasks.send_message", lock=f"message:{message_id}", message_id=message_id)


def deliver(message_id: int) -> None:
    """Hand one waiting message to the gateway.

    An exception of the gateway is raised again after the next try was set, or the message was listed
    as undelivered. A lock keeps two workers from sending one message; it ends with its connection.
    """
    with held_alone("message", str(message_id)) as acquired:
        message = Message.objects.waiting().filter(pk=message_id).first()
        if not acquired or message is None:
            return
        own = Message.objects.filter(pk=message_id)
        tries = message.tries + 1
        # The last try was begun and never ended: it killed its worker.
        if message.expired() or tries > len(WAITS) + 1:
            own.update(undelivered_at=moments.now())
            return
        # Before sending, so that a worker killed meanwhile does not cause it to be sent again at once.
        own.update(tries=tries, again_at=_next_try(tries))
        try:
            _hand_over(message)
        except Exception:
            if tries > len(WAITS):
                own.update(undelivered_at=moments.now())
            raise
        own.update(sent_at=moments.now())


def _hand_over(message: Message) -> None:
    """Give a message to whatever sends its kind; raises if it was not taken."""
    if message.channel == Channel.MAIL:
        senders.send_mail(message.to.plain(), str(called(message.about)), message.text)
    else:
        senders.sender().send(message.to.plain(), message.text)


def _next_try(tries: int) -> datetime:
    """The time of the next try after so many."""
    return moments.now() + timedelta(minutes=WAITS[min(tries, len(WAITS)) - 1])


def take_up() -> int:
    """Queue the messages whose next try is due, at most ``AT_ONCE``; returns how many.

    A next try further ahead than the longest wait was set while the machine's clock was wrong.
    """
    now = moments.now()
    wrong = Q(again_at__gt=now + timedelta(minutes=max(WAITS)))
    due = Message.objects.waiting().filter(wrong | Q(again_at__lte=now)).order_by("again_at")
    found = list(due.values_list("pk", flat=True)[:AT_ONCE])
    for pk in found:
        _queue(pk)
    return len(found)


#: What is written into the journal here.
SEND_AGAIN = sentences.act("send_again", gettext_lazy("%(who)s重发了没有送达的短信"))


@transaction.atomic
def send_again(message: Message, *, by: Actor) -> Message:
    """Try an undelivered message again for a day.

    Raises ``NotYours``, and ``NotNow`` if it was sent meanwhile or has expired.
    """
    if by.role != Role.CIVIL_AFFAIRS:
        raise NotYours(_("这不在您的职责范围内，不能办理“%(act)s”。") % {"act": _("重发")})
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.undelivered_at is None:
        raise NotNow(_("这条短信已经发出，或正在重发。"))
    if message.expired():
        raise NotNow(_("短信的内容已经过期，不能再发。请重新办理。"))
    message.undelivered_at, message.tries, message.again_at = None, 0, moments.now()
    message.save(update_fields=["undelivered_at", "tries", "again_at"])
    writing.write(Message._meta.label, message, SEND_AGAIN, by)
    transaction.on_commit(lambda: _queue(message.pk))
    return message


# The number and the text go with the row; a message that waits stays.
keep_rows(
    "retention.work",
    "messages",
    lambda before: Message.objects.filter(Q(sent_at__lt=before) | Q(undelivered_at__lt=before)),
)
