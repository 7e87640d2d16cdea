"""Hooks of re-matching for the packages above."""

from __future__ import annotations

from foundation.hooks import Hook
from foundation.roles import Actor
from organizations.providers.models import Provider

#: Called before somebody approves a re-matching; a handler raises ``NotYours`` for whoever has another
#: part in the provider's exit.
before_handing_over: Hook[[Provider, Actor], None] = Hook()
