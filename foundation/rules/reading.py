"""Reading the rule in force, and remembering which version was used."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings

from foundation.rules.lifecycle import RuleStatus
from foundation.rules.models import RuleVersion


@dataclass(frozen=True)
class Rule:
    """A rule as it applied: its value, its version (0 is the default) and basis."""

    key: str
    version: int
    value: Any
    title: str
    basis: str


@cache
def defaults() -> dict[str, Rule]:
    """Every rule's default by key, from the ``rules.yaml`` of each package."""
    found: dict[str, Rule] = {}
    for config in apps.get_app_configs():
        path = Path(config.path) / "rules.yaml"
        if path.is_relative_to(settings.BASE_DIR) and path.exists():
            for key, row in yaml.safe_load(path.read_text()).items():
                found[key] = Rule(key, 0, row["value"], row["title"], str(row.get("basis", "")))
    return found


def default(key: str) -> Rule:
    """The shipped default; ``KeyError`` for a rule that no package declares."""
    return defaults()[key]


def current(key: str) -> Rule:
    """The rule in force now."""
    rule = default(key)
    version = RuleVersion.objects.filter(key=key, status=RuleStatus.IN_FORCE).first()
    if version is None:
        return rule
    return Rule(key, version.version, version.value, rule.title, rule.basis)
