"""The lifecycle of a membership: held, ended."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ENDED, SERVING
from foundation.lifecycle.states import STAYS, State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from organizations.permissions import giving, handing_on

#: The clause behind who may act for whom.
BASIS = "S34"


class MembershipStatus(States):
    """The states of a membership; from which day to which day it counts stands beside it."""

    HELD = State(_("有效"), SERVING, tone="done")
    ENDED = State(_("已结束"), ENDED)


S = MembershipStatus


MEMBERSHIP = Lifecycle(
    label="organizations.Membership",
    title=_("任职"),
    states=MembershipStatus,
    phases=(SERVING, ENDED),
    starts=(
        Start("give", S.HELD, giving, _("给一个身份"), _("%(who)s给了这个身份"), BASIS),
        Start("enter", S.HELD, (THE_SYSTEM,), _("加入"), _("按邀请得到这个身份"), BASIS),
        Start("found", S.HELD, (THE_SYSTEM,), _("登记机构"), _("登记机构时得到这个身份"), BASIS),
        Start("be_allowed", S.HELD, (THE_SYSTEM,), _("按例外担任"), _("按批准的例外得到这个身份"), BASIS),
        Start("stand_in", S.HELD, (THE_SYSTEM,), _("应急代办"), _("按应急授权得到这个身份"), BASIS),
    ),
    transitions=(
        Transition(
            "limit",
            S.in_phase(SERVING) >> STAYS,
            giving,
            _("定最后一天"),
            _("%(who)s定了这个身份的最后一天"),
            basis=BASIS,
            primary=False,
            consequence=_("过了这一天，这个身份就不能再用。"),
        ),
        Transition(
            "end",
            S.in_phase(SERVING) >> S.ENDED,
            giving,
            _("立即结束"),
            _("%(who)s结束了这个身份"),
            basis=BASIS,
            reason=True,
            primary=False,
            consequence=_("从下一次点击起，本人就不能再以这个身份查看和办理，程序的令牌也失效。"),
        ),
        Transition(
            "hand_on",
            S.in_phase(ENDED) >> STAYS,
            handing_on,
            _("交给同事"),
            _("%(who)s把还在名下的事交给了同事"),
            basis=BASIS,
            primary=False,
            fits="left_behind",
        ),
        Transition(
            "run_out",
            S.in_phase(SERVING) >> S.ENDED,
            (THE_SYSTEM,),
            _("到期"),
            _("这个身份到期"),
            basis=BASIS,
        ),
        Transition(
            "end_with_the_organization",
            S.in_phase(SERVING) >> S.ENDED,
            (THE_SYSTEM,),
            _("随机构结束"),
            _("机构停用，这个身份结束"),
            basis=BASIS,
        ),
    ),
)
