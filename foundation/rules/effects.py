"""What a change of a rule would do, in words and in running deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Count

from foundation.deadlines.models import Clock
from foundation.rules import events, fields
from foundation.rules.defaults import DEADLINE
from foundation.rules.events import Preview
from foundation.rules.reading import Rule


@dataclass(frozen=True)
class Change:
    """One part: what it is called, what it was and what it would be."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Effect:
    """The rule in words before and after, the parts that change, and for a deadline how many clocks run under it.

    A clock keeps the version under which it began: only what begins afterwards follows the new one. ``previews`` show
    what the new value gives, where somebody says so.
    """

    before: str
    after: str
    changes: tuple[Change, ...]
    running: int | None = None
    previews: tuple[Preview, ...] = ()


def effect_of(rule: Rule, value: Mapping[str, Any]) -> Effect:
    """What a value would change of the rule in force."""
    changed = fields.changes(rule.fields, rule.value, value)
    running = None
    if rule.key.startswith(DEADLINE):
        own = Clock.objects.filter(rule_key=rule.key.removeprefix(DEADLINE), stopped_at=None)
        running = own.aggregate(count=Count("pk"))["count"]
    return Effect(
        rule.said(),
        rule.said(value),
        tuple(Change(one.label, before, after) for one, before, after in changed),
        running,
        tuple(chain.from_iterable(events.previews.call(rule, value))),
    )
