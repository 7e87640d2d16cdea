"""What was opened and done in an emergency, for whoever looks it through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Q
from django.utils.html import format_html

from foundation.journal import timeline
from foundation.journal.timeline import Line
from foundation.lifecycle import addresses
from foundation.parties import is_one_of
from foundation.roles import Actor
from foundation.wording import on_record
from organizations.emergencies.models import EmergencyAccess
from organizations.emergencies.recording import ACTED, OPENED
from organizations.permissions import READS_WHAT_WAS_DONE

#: Lines that are shown of what was opened and done.
SHOWN = 500


def of(emergency: EmergencyAccess, reader: Actor) -> list[Line]:
    """The lines about an emergency and, for oversight, of what was done in it."""
    about_it = Q(lifecycle=emergency._meta.label, object_id=emergency.pk)
    if emergency.opened_at and is_one_of(READS_WHAT_WAS_DONE, reader, emergency):
        within = (emergency.opened_at, emergency.until)
        about_it |= Q(actor_id=emergency.user_id, role=emergency.role, at__range=within)
    return _in_words(timeline.lines(about_it, reader=reader, limit=SHOWN))


def _in_words(lines: Iterable[Line]) -> list[Line]:
    """The lines of a timeline; those of what was opened say it in words, with a link to it, where that is known."""
    return [replace(line, subject=_said(line.subject)) for line in lines]


def _said(subject: str) -> str:
    """The name of an entry of what was opened or done in words; any other as it is, and the address where nothing says it."""
    done, _blank, address = subject.partition(" ")
    told = addresses.in_words(address) if done in (on_record(OPENED), on_record(ACTED)) else ""
    if not told:
        return subject
    shown = OPENED if done == on_record(OPENED) else ACTED
    asked = address.partition("?")[2]
    more = format_html(" <span>{}</span>", asked) if asked else ""
    if shown is ACTED or "*" in address or address.startswith(addresses.PROGRAMS):
        return format_html("{} {}{}", shown, told, more)
    return format_html('{} <a href="{}">{}</a>{}', shown, address, told, more)
