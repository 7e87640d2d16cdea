"""Reading rules: in force now, or in the version that a decision used."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext

from foundation.rules.defaults import Rule, default, defaults
from foundation.rules.models import RuleVersion

__all__ = ["Rule", "as_it_was", "current", "default", "defaults", "everything", "several", "title_of"]


def current(key: str) -> Rule:
    """The rule in force now; raises ``KeyError`` for an unknown key."""
    rule = default(key)
    version = RuleVersion.objects.in_force().filter(key=key).first()
    return _as_of(rule, version)


def several(*keys: str) -> dict[str, Rule]:
    """Rules in force now by key, in one query."""
    versions = RuleVersion.objects.in_force().filter(key__in=keys)
    found = {version.key: version for version in versions}
    return {key: _as_of(default(key), found.get(key)) for key in keys}


def as_it_was(key: str, version: int) -> Rule:
    """The rule in the version that a decision used; version 0 is the default."""
    rule = default(key)
    if version == 0:
        return rule
    return _as_of(rule, RuleVersion.objects.get(key=key, version=version))


def everything() -> list[Rule]:
    """Every rule in force now, sorted by key, in one query."""
    versions = {rule_version.key: rule_version for rule_version in RuleVersion.objects.in_force()}
    return [_as_of(rule, versions.get(key)) for key, rule in sorted(defaults().items())]


def title_of(key: str) -> str:
    """The title of a rule, or of a deadline rule by its short key; words for one that no longer exists."""
    rule = defaults().get(f"deadline.{key}") or defaults().get(key)
    return rule.title if rule else gettext("已停用的规则")


def _as_of(rule: Rule, version: RuleVersion | None) -> Rule:
    """The rule with the value of a version; the default without one."""
    if version is None:
        return rule
    return replace(rule, version=version.version, value=version.value)
