"""The lifecycle of a rule's version: one person proposes it, another puts it in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.lifecycle.phases import ASKED, DROPPED, ENDED, SERVING
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM, Party, everybody_in
from foundation.roles import OVERSEERS, Role

if TYPE_CHECKING:
    from foundation.rules.models import RuleVersion

civil_affairs = Party(Role.CIVIL_AFFAIRS)


#: Who sees the versions of a rule.
SEES_RULES = everybody_in(OVERSEERS)


class RuleStatus(States):
    """The states of a rule's version."""

    PROPOSED = State(_("待复核"), ASKED, tone="soon")
    IN_FORCE = State(pgettext_lazy("state", "生效"), SERVING, tone="done")
    REPLACED = State(_("已被替代"), ENDED)
    REJECTED = State(_("未通过"), DROPPED, tone="late")


S = RuleStatus


def _of_one_rule(version: RuleVersion) -> str:
    """What versions of the same rule share, so that one is put in force after the other."""
    return f"rule/{version.key}"


RULE = Lifecycle(
    label="foundation.RuleVersion",
    title=_("规则参数"),
    states=RuleStatus,
    phases=(ASKED, SERVING, ENDED, DROPPED),
    starts=(Start("propose", S.PROPOSED, (civil_affairs,), _("提出修改"), _("%(who)s提出修改规则"), "S34"),),
    transitions=(
        Transition(
            "approve",
            S.in_phase(ASKED) >> S.IN_FORCE,
            (civil_affairs,),
            _("复核通过"),
            _("%(who)s复核通过，新规则生效"),
            basis="S34",
            apart_from=("propose",),
            alone=_of_one_rule,
            fits="known",
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "reject",
            S.in_phase(ASKED) >> S.REJECTED,
            (civil_affairs,),
            _("不予通过"),
            _("%(who)s没有通过这项修改"),
            basis="S34",
            reason=True,
            apart_from=("propose",),
            primary=False,
            fits="known",
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition("replace", S.in_phase(SERVING) >> S.REPLACED, (THE_SYSTEM,), _("替代"), _("由新版本替代")),
    ),
)
