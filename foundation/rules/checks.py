"""System check of rules: every part of every rule has its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from foundation.rules import fields
from foundation.rules.defaults import Rule, defaults
from foundation.rules.fields import Field


@register
def every_part_of_a_rule_has_its_field(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``rules.E001`` for a part of a rule without label in both languages, unit and limits, or beyond these, for
    choices in another order than forms list them, and for a field that the rule does not have.
    """
    return [
        Error(f"the rule {rule.key}: {fault}", hint="See fields in rules.yaml.", id="rules.E001")
        for rule in defaults().values()
        for fault in faults_of(rule)
    ]


def faults_of(rule: Rule) -> Iterator[str]:
    """What is wrong with the fields of a rule."""
    parts = fields.leaves(rule.value)
    for path in parts.keys() ^ rule.fields.keys():
        yield f"{path} is no part of the value" if path not in parts else f"{path} has no field"
    for path, one in rule.fields.items():
        if not (one.label_zh.strip() and one.label_en.strip()):
            yield f"{path} has no label in one of the languages"
        if one.unit not in fields.UNITS and one.unit not in fields.KINDS:
            yield f"{path} has the unit {one.unit}, which there is not"
        if one.least > one.most:
            yield f"the least of {path} is above its most"
        if one.unit in ("one", "several") and not one.choices():
            yield f"{path} has nothing to choose from"
        if one.places and one.unit != "wording":
            yield f"{path} has placeholders and is no wording"
    together = rule.together
    named = {*together.order, *together.summed, *together.odd, *together.distinct, *together.apart}
    for path in sorted(named - rule.fields.keys()):
        yield f"{path} is compared and is no part of the value"
    if parts.keys() == rule.fields.keys() and not named - rule.fields.keys():
        # What a function says of a value may depend on what the database holds.
        wrong = fields.faults_of(rule.fields, replace(together, check=""), rule.value)
        yield from (f"the default of {path}: {fault}" for path, fault in wrong.items())
        if not wrong:
            yield from _out_of_order(rule.fields, parts)


def _out_of_order(named: Mapping[str, Field], parts: Mapping[str, Any]) -> Iterator[str]:
    """Lists of choices in another order than forms give them back, which would show as a change that nobody made."""
    for path, one in named.items():
        if one.unit == "several" and parts[path] != [word for word in one.choices() if word in parts[path]]:
            yield f"the default of {path} is not in the order of its choices"
