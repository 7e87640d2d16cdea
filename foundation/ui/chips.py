"""States as chips: words, an icon and a tone."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

#: The states of each tone; all others are "calm".
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
        "approved",
        "received",
        "agreed",
        "contracted",
        "awarded",
        "qualified",
        "ready",
        "seated",
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
        "proposed",
        "demanded",
        "asked",
        "raised",
        "complained",
        "named",
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
        "failed",
        "cancelled",
        "excused",
    ),
}


#: States that have another tone in one model.
OWN_TONES = {
    ("catalog.Offer", "accepted"): "done",
    ("giving.Pool", "open"): "done",
    ("procurement.Project", "submitted"): "soon",
    ("procurement.Project", "closed"): "soon",
    ("procurement.Project", "awarded"): "calm",
    ("procurement.Bid", "opened"): "soon",
    ("contracts.Invoice", "submitted"): "soon",
    ("contracts.Invoice", "accepted"): "soon",
    ("contracts.Invoice", "endorsed"): "soon",
}


ICONS = {"done": "circle-check", "soon": "clock-3", "late": "circle-alert", "calm": "circle-dot"}


def chip_of(model: Any, state: str) -> SafeString:
    """The chip of a state of a model with a lifecycle."""
    return _chip_of(model, state, get_language())


def state_chip(obj: Any) -> SafeString:
    """The chip of an object's state, or of what is to be told instead of it (``status_told``)."""
    words = getattr(obj, "status_told", "")
    return chip(words, "late") if words else chip_of(type(obj), obj.status)


@lru_cache(maxsize=1000)
def _chip_of(model: Any, state: str, language: str | None) -> SafeString:
    usual = next((name for name, states in TONES.items() if state in states), "calm")
    tone = OWN_TONES.get((model._meta.label, state), usual)
    return chip(str(model.lifecycle.states(state).label), tone)


@lru_cache(maxsize=1000)
def chip(words: str, tone: str, icon: str = "") -> SafeString:
    """A chip with the icon of its tone, or another one."""
    shown = {"words": words, "tone": tone, "icon": icon or ICONS[tone]}
    return SafeString(render_to_string("components/chip.html", shown))
