"""Changing a rule under four eyes (S34)."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from foundation import moments
from foundation.deadlines.calendar import SPANS
from foundation.refusals import Invalid
from foundation.roles import SYSTEM, Actor
from foundation.rules import reading
from foundation.rules.models import RuleVersion
from foundation.rules.states import RULE
from foundation.wording import listed
from foundation.work_items import rebuilding

#: A figure more than so many times the default is a typing error.
MOST_TIMES = 1000


@RULE.start("propose")
def propose(*, by: Actor, rule: str, value: Any, note: str) -> RuleVersion:
    """Propose a new value for a rule, of the same shape as the default.

    Raises ``Invalid`` for an unknown rule or a value of another shape.
    """
    if rule not in reading.defaults():
        raise Invalid(_("没有这条规则。"), fields={"rule": _("没有这条规则。")})
    _same_shape(reading.default(rule).value, value)
    if rule.startswith("deadline.") and value["unit"] not in SPANS:
        units = listed(SPANS)
        wrong = _("时限的单位只能是：%(units)s。") % {"units": units}
        raise Invalid(wrong, fields={"value": wrong})
    last = RuleVersion.objects.filter(key=rule).aggregate(last=Max("version"))["last"] or 0
    return RuleVersion.objects.create(key=rule, version=last + 1, value=value, note=note)


@RULE.transition("approve")
def approve(version: RuleVersion, *, by: Actor) -> None:
    """Put the version in force from now; it replaces the one before."""
    earlier = RuleVersion.objects.in_force().filter(key=version.key).first()
    if earlier:
        replace(earlier, by=SYSTEM)
    version.in_force_from = moments.now()


@approve.then
def _approved(version: RuleVersion, *, by: Actor) -> None:
    """Whom a rule of the date keeps from a step follows the new one at once."""
    rebuilding.follow_the_day()


reject = RULE.act("reject", RuleVersion)
replace = RULE.act("replace", RuleVersion)


def _same_shape(default: Any, value: Any) -> None:
    """Raise ``Invalid`` unless the value has the keys, types and ranges of the default."""
    wrong = None
    if isinstance(default, dict):
        if not isinstance(value, dict) or value.keys() != default.keys():
            wrong = _("参数名称必须是：%(names)s。") % {"names": listed(default)}
        else:
            for name in default:
                _same_shape(default[name], value[name])
    elif isinstance(default, list):
        if not isinstance(value, list):
            wrong = _("参数类型不对：%(value)s。") % {"value": value}
        for item in value if default and not wrong else ():
            _same_shape(default[0], item)
    elif isinstance(default, bool | str):
        if type(value) is not type(default):
            wrong = _("参数类型不对：%(value)s。") % {"value": value}
    elif isinstance(default, int | float):
        most = MOST_TIMES * max(default, 1)
        if not _is_figure(value):
            wrong = _("参数必须是不小于 0 的数：%(value)s。") % {"value": value}
        elif value > most:
            wrong = _("参数太大，最多 %(most)s，请核对。") % {"most": most}
    if wrong:
        raise Invalid(wrong, fields={"value": wrong})


def _is_figure(value: Any) -> bool:
    """Whether it is a number from 0."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
