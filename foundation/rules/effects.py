"""What a change of a rule would do, in words and in running deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Count

from foundation.deadlines.models import Clock
from foundation.lifecycle.phases import ASKED
from foundation.rules import differing, events, reading
from foundation.rules.defaults import DEADLINE
from foundation.rules.differing import Change
from foundation.rules.events import Preview
from foundation.rules.models import RuleVersion
from foundation.rules.reading import Rule
from foundation.rules.states import RuleStatus


@dataclass(frozen=True)
class Effect:
    """The rule in words before and after, the parts that change, and for a deadline how many clocks run under it.

    A clock keeps the version under which it began: only what begins afterwards follows the new one. ``previews`` show
    what the new value gives, where somebody says so. A rule with ``lists`` is long in words.
    """

    before: str
    after: str
    changes: tuple[Change, ...]
    running: int | None = None
    previews: tuple[Preview, ...] = ()
    lists: bool = False


def effect_of(rule: Rule, value: Mapping[str, Any]) -> Effect:
    """What a value would change of the rule in force."""
    running = None
    if rule.key.startswith(DEADLINE):
        own = Clock.objects.filter(rule_key=rule.key.removeprefix(DEADLINE), stopped_at=None)
        running = own.aggregate(count=Count("pk"))["count"]
    return Effect(
        rule.said(),
        rule.said(value),
        differing.changes(rule.fields, rule.value, value),
        running,
        tuple(chain.from_iterable(events.previews.call(rule, value))),
        rule.lists,
    )


def effect_of_version(version: RuleVersion) -> Effect:
    """What a version would change of the rule in force; once it is decided, what it changed of the rule as it was then,
    or would have changed.
    """
    if version.status in RuleStatus.in_phase(ASKED):
        return effect_of(reading.current(version.key), reading.as_it_was(version.key, version.version).value)
    rule, value = reading.before(version), reading.as_it_was(version.key, version.version).value
    changes = differing.changes(rule.fields, rule.value, value)
    return Effect(rule.said(), rule.said(value), changes, lists=rule.lists)
