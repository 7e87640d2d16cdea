"""States and transitions of a rectification."""

from django.utils.translation import gettext_lazy as _

from evaluations.permissions import civil_affairs, its_provider, rechecker
from foundation.lifecycle.phases import ANSWERING, DROPPED, ENDED, SERVING
from foundation.lifecycle.states import STAYS, State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import AGREES, Role


class RectificationStatus(States):
    ORDERED = State(_("整改中"), SERVING)
    DONE = State(_("待复查"), ANSWERING, tone="done")
    PASSED = State(_("复查合格"), ENDED)
    FAILED = State(_("复查不合格"), DROPPED, tone="late")


C = RectificationStatus


RECTIFICATION = Lifecycle(
    label="evaluations.Rectification",
    title=_("整改"),
    states=RectificationStatus,
    phases=(SERVING, ANSWERING, ENDED, DROPPED),
    starts=(Start("order", C.ORDERED, (THE_SYSTEM,), _("责令整改"), _("按方案责令整改"), "S26"),),
    transitions=(
        Transition(
            "report",
            C.in_phase(SERVING) >> C.DONE,
            (its_provider,),
            _("报告整改"),
            _("%(who)s报告整改完成"),
            basis="S26",
        ),
        Transition(
            "run_out",
            C.in_phase(SERVING) >> C.DONE,
            (THE_SYSTEM,),
            _("整改到期"),
            _("整改期满，机构没有报告"),
            basis="S26",
            at=("rectification.days",),
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "pass_recheck",
            C.in_phase(ANSWERING) >> C.PASSED,
            (rechecker,),
            _("复查合格"),
            _("评估人员复查合格，恢复承接"),
            basis="S26",
            reason=True,
            consequence=_("复查合格后，机构恢复承接转介，支付比例恢复。"),
            tells=AGREES,
            outcome_of="recheck",
        ),
        Transition(
            "fail_recheck",
            C.in_phase(ANSWERING) >> C.FAILED,
            (rechecker,),
            _("复查不合格"),
            _("评估人员复查不合格，进入退出程序"),
            basis="S26",
            reason=True,
            primary=False,
            consequence=_("复查不合格的，进入退出程序。"),
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "draw_rechecker",
            C.in_phase(ANSWERING) >> STAYS,
            (civil_affairs,),
            _("抽取复查人"),
            _("%(who)s抽取了复查人"),
            basis="S26",
            fits="without_rechecker",
        ),
        Transition(
            "name_rechecker",
            C.in_phase(ANSWERING) >> STAYS,
            (civil_affairs,),
            _("另换复查人"),
            _("%(who)s另抽了复查人"),
            basis="S26",
            reason=True,
            primary=False,
            fits="has_rechecker",
        ),
    ),
    further_steps={"recheck": _("复查")},
    clocks={C.ORDERED: "rectification.days", C.DONE: "rectification.recheck"},
    # The provider stays suspended until the re-check, so whoever suspended it may not postpone that.
    unpaused=("rectification.recheck",),
)
