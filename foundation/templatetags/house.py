"""Tags and filters that pages share."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from foundation.deadlines import wording
from foundation.deadlines.clocks import may_pause, running
from foundation.deadlines.models import Clock
from foundation.wording import day

register = template.Library()

register.filter("day", day)


@register.filter
def moment(value: datetime | None) -> str:
    """A day with the time of day."""
    if not value:
        return ""
    return f"{day(value)} {date_format(localtime(value), 'H:i')}"


@register.filter
def money(value: Decimal | None) -> str:
    """1,200.00; nothing for nothing."""
    return "" if value is None else f"{value:,.2f}"


@register.filter
def time_left(due: datetime | None) -> str:
    """How much time is left, in words a person uses."""
    return wording.left(due) if due else ""


@register.filter
def urgency(due: datetime | None) -> str:
    """late, soon or calm: the tone in which a deadline is shown."""
    return wording.urgency(due) if due else "calm"


#: The tone of a state's chip; what is not named is neutral.
TONES = {
    "done": (
        "completed",
        "closed",
        "accredited",
        "in_force",
        "paid",
        "settled",
        "final",
        "fed_back",
        "answered",
        "submitted",
        "done",
        "in_use",
    ),
    "soon": (
        "offered",
        "open",
        "reported",
        "applied",
        "papers_missing",
        "unmet",
        "conference",
        "provisional",
        "drawn",
        "given",
        "approval",
    ),
    "late": (
        "suspended",
        "exited",
        "declined",
        "timed_out",
        "refused",
        "terminated",
        "withdrawn",
        "returned",
        "rejected",
        "ended_early",
    ),
}

ICONS = {"done": "circle-check", "soon": "clock-3", "late": "circle-alert", "calm": "circle-dot"}


@register.simple_tag
def chip(obj: Any) -> SafeString:
    """The state of an object as a chip with a word and an icon, never colour alone."""
    state = obj.status
    tone = next((name for name, states in TONES.items() if state in states), "calm")
    if obj._meta.label == "catalog.Offer" and state == "accepted":
        tone = "done"
    return _chip(obj.status_label, tone)


@lru_cache(maxsize=1000)
def _chip(words: str, tone: str) -> SafeString:
    """Lists show the same few chips again and again."""
    shown = {"words": words, "tone": tone, "icon": ICONS[tone]}
    return SafeString(render_to_string("components/chip.html", shown))


@register.inclusion_tag("components/actions.html")
def actions(obj: Any, moves: list[Any]) -> dict[str, Any]:
    """The moves that this person may make on an object now, as buttons."""
    return {"rows": [{"row": each, "address": obj.move_address(each)} for each in moves]}


@register.inclusion_tag("components/clocks.html", takes_context=True)
def deadlines(
    context: dict[str, Any], obj: Any, clocks: list[Clock] | None = None
) -> dict[str, Any]:
    """The deadlines that run on an object, and their pausing for those who may."""
    if clocks is None:
        clocks = running([obj])[obj.pk]
    actor = context["actor"]
    return {
        "clocks": clocks,
        "may_pause": bool(clocks) and may_pause(clocks[0], obj, actor),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def move_address(obj: Any, row: Any) -> str:
    """The address of the page of one move of an object."""
    return obj.move_address(row)


@register.filter
def percent(value: float | None) -> str:
    """0.873 as 87 %."""
    return "" if value is None else f"{value * 100:.0f}%"


@register.filter
def get(mapping: dict[str, Any], key: str) -> Any:
    """A value of a mapping by key."""
    return mapping.get(key)
