"""States as chips: words, an icon, and the tone that their table gives them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

#: The icon of each tone.
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
    """The chip of a state in a language, drawn once."""
    shown = model.lifecycle.states(state)
    return chip(str(shown.label), shown.meaning.tone)


@lru_cache(maxsize=1000)
def chip(words: str, tone: str, icon: str = "") -> SafeString:
    """A chip with the icon of its tone, or another one."""
    shown = {"words": words, "tone": tone, "icon": icon or ICONS[tone]}
    return SafeString(render_to_string("components/chip.html", shown))
