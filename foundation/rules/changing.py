"""Changing a rule under four eyes (S34)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from foundation import moments
from foundation.advisory_locks import take_lock
from foundation.lifecycle.phases import ASKED
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import SYSTEM, Actor
from foundation.rules import differing, events, fields, reading
from foundation.rules.models import RuleVersion
from foundation.rules.states import RULE, RuleStatus
from foundation.wording import labelled, listed, said_when_shown
from foundation.work_items import rebuilding


@RULE.start("propose")
def propose(*, by: Actor, rule: str, value: Any, note: str) -> RuleVersion:
    """Propose a new value for a rule.

    Raises ``Invalid`` for an unknown rule, for a value of another shape or beyond its limits (at ``value.<part>``), and
    for that which is in force.
    """
    if rule not in reading.defaults():
        raise Invalid(_("没有这条规则。"), fields={"rule": _("没有这条规则。")})
    value = fields.normal(value)
    now = reading.current(rule)
    if faults := fields.faults_of(now.fields, now.together, value):
        wrong = {named(path): fault for path, fault in faults.items()}
        raise Invalid(next(iter(wrong.values())), fields=wrong, rule="S34")
    if not differing.changes(now.fields, now.value, value):
        same = _("和现行参数一样，没有改动。")
        raise Invalid(same, fields={named(""): same}, rule="S34")
    take_lock("rule", rule)
    waiting = RuleVersion.objects.filter(key=rule, status__in=RuleStatus.in_phase(ASKED))
    if any(not differing.changes(now.fields, other.value, value) for other in waiting):
        same = _("同样的修改已经提出，正在等复核。")
        raise Invalid(same, fields={named(""): same}, rule="S34")
    last = RuleVersion.objects.filter(key=rule).aggregate(last=Max("version"))["last"] or 0
    return RuleVersion.objects.create(key=rule, version=last + 1, value=value, note=note)


@RULE.transition("approve")
def approve(version: RuleVersion, *, by: Actor) -> None:
    """Put the version in force from now; it replaces the one before.

    Raises ``NotNow`` for a value that no longer fits, after what has happened since it was proposed, and what floors above
    have against it.
    """
    if refused := _refusal(version):
        raise refused
    rule = reading.current(version.key)
    if faults := fields.faults_of(rule.fields, rule.together, version.value):
        path, fault = next(iter(faults.items()))
        label = rule.fields[path].label if path in rule.fields else rule.title
        raise NotNow(labelled(label, fault), rule="S34")
    earlier = RuleVersion.objects.in_force().filter(key=version.key).first()
    if earlier:
        replace(earlier, by=SYSTEM)
    version.in_force_from = moments.now()


def _refusal(version: RuleVersion) -> Refused | None:
    """What somebody has against a version now; the first of several."""
    return next(filter(None, events.against.call(version.key, version.value)), None)


@approve.foreseen
def what_is_against(versions: Sequence[RuleVersion]) -> dict[int, Refused]:
    """Why versions are not put in force as things stand."""
    found = {version.pk: _refusal(version) for version in versions}
    return {pk: refused for pk, refused in found.items() if refused is not None}


@approve.lacks
def overtaken(versions: Sequence[RuleVersion]) -> dict[int, Refused]:
    """Why versions are not put in force: the rule was changed since they were proposed, so that what they were to change
    is not what they would change now.
    """
    in_force = RuleVersion.objects.in_force().filter(key__in={version.key for version in versions})
    now = {one.key: one for one in in_force}
    return {
        version.pk: Refused(said_when_shown(_difference, now[version.key], version), rule="S34")
        for version in versions
        if version.key in now and (now[version.key].in_force_from or version.created_at) > version.created_at
    }


def _difference(now: RuleVersion, version: RuleVersion) -> str:
    """What has been put in force meanwhile, and what the version would make of it."""
    changes = differing.changes(reading.default(version.key).fields, now.value, version.value)
    told = listed(change.said for change in changes)
    words = _(
        "这项修改提出以后，规则已经改过（第 %(n)s 次修订生效）：%(difference)s。请不予通过，要改的按现行参数重新提出。"
    )
    return words % {"n": now.version, "difference": told or _("参数相同")}


@approve.then
def _approved(version: RuleVersion, *, by: Actor) -> None:
    """Whom a rule of the date keeps from a step follows the new one at once."""
    with reading.as_changed():
        rebuilding.follow_the_day()
        events.put_in_force.call(version.key)


def named(path: str) -> str:
    """The name of a part of the value in forms and answers: ``value.amount``; ``value`` for all of it."""
    return f"value.{path}" if path else "value"


reject = RULE.act("reject", RuleVersion)
replace = RULE.act("replace", RuleVersion)
