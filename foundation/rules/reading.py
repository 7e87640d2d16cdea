"""Reading rules: in force now, or in the version that a decision used."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace

from django.db.models import Subquery
from django.utils.translation import gettext

from foundation.journal import timeline
from foundation.remembering import Remembered
from foundation.rules import fields
from foundation.rules.defaults import Rule, default, defaults
from foundation.rules.models import RuleVersion
from foundation.transactions import read_anew, read_once

__all__ = [
    "Rule",
    "as_changed",
    "as_it_was",
    "before",
    "current",
    "default",
    "defaults",
    "ever",
    "everything",
    "remembered",
    "remembered_versions",
    "several",
    "title_of",
    "value_in_force",
]


def current(key: str) -> Rule:
    """The rule in force now; raises ``KeyError`` for an unknown key."""
    return _as_of(default(key), _known().get(key))


def several(*keys: str) -> dict[str, Rule]:
    """Rules in force now by key, in one query."""
    found = _known()
    return {key: _as_of(default(key), found.get(key)) for key in keys}


def as_it_was(key: str, version: int) -> Rule:
    """The rule in the version that a decision used; version 0 is the default. Raises ``KeyError`` for a version
    that never was.
    """
    rule = default(key)
    if version == 0:
        return rule
    kept = remembered_versions.get()
    found = _every_version() if kept is None else kept
    return _as_of(rule, found[key, version])


def before(version: RuleVersion) -> Rule:
    """The rule as it was when a version came into force or was rejected: in the version before, else the default."""
    until = version.in_force_from or timeline.in_its_phase_since(version)
    kept = remembered_versions.get()
    found = _every_version() if kept is None else kept
    earlier = [
        (one.in_force_from, one.version)
        for one in found.values()
        if one.key == version.key and one.in_force_from
    ]
    last = max((each for each in earlier if each < (until, version.version)), default=None)
    return as_it_was(version.key, last[1] if last else 0)


def ever(key: str) -> list[Rule]:
    """A rule as it is in force now, and in every earlier version that was, the newest first; the default is last."""
    kept = remembered_versions.get()
    found = _every_version() if kept is None else kept
    versions = sorted(
        (one for one in found.values() if one.key == key and one.in_force_from), key=lambda one: -one.version
    )
    return [*(_as_of(default(key), one) for one in versions), default(key)]


def everything() -> list[Rule]:
    """Every rule in force now, sorted by key, in one query."""
    found = _in_force()
    return [_as_of(rule, found.get(key)) for key, rule in sorted(defaults().items())]


def value_in_force(key: str) -> Subquery:
    """The value of the version of a rule in force, for another statement; null where the default holds."""
    return Subquery(RuleVersion.objects.in_force().filter(key=key).order_by().values("value")[:1])


def title_of(key: str) -> str:
    """The title of a rule, or of a deadline rule by its short key; words for one that no longer exists."""
    rule = defaults().get(f"deadline.{key}") or defaults().get(key)
    return rule.title if rule else gettext("已停用的规则")


def _known() -> dict[str, RuleVersion]:
    """The versions in force, as they were first read where they are ``remembered``."""
    found = remembered.get()
    return _in_force() if found is None else found


@read_once
def _in_force() -> dict[str, RuleVersion]:
    """The versions in force by the key of their rule: few, since most rules are as the defaults have them.

    An action is decided by one edition of the rules: they are read once for it.
    """
    return {version.key: _completed(version) for version in RuleVersion.objects.in_force()}


@read_once
def _every_version() -> dict[tuple[str, int], RuleVersion]:
    """All versions by key and number, read at once: the objects of a list were decided by several."""
    return {(version.key, version.version): _completed(version) for version in RuleVersion.objects.all()}


def as_changed() -> AbstractContextManager[None]:
    """A block that goes by the rules as the present action has changed them."""
    return read_anew(_in_force, _every_version)


def _completed(version: RuleVersion) -> RuleVersion:
    """The version with the defaults of parts that its rule did not have when it was proposed."""
    rule = defaults().get(version.key)
    if rule is not None and isinstance(version.value, dict):
        usual, own = fields.leaves(rule.value), fields.leaves(version.value)
        if usual.keys() - own.keys():
            version.value = fields.whole({**usual, **own})
    return version


def _as_of(rule: Rule, version: RuleVersion | None) -> Rule:
    """The rule with the value of a version; the default without one."""
    if version is None:
        return rule
    return replace(rule, version=version.version, value=version.value)


#: The versions in force: a page reads them once.
remembered = Remembered("rules", _in_force)

#: All versions ever: a page reads them once, if something on it was decided by one that is not the default.
remembered_versions = Remembered("rule versions", _every_version)
