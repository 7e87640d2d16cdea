"""States and transitions of an exit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from evaluations.exits.bars import carry_it_out, have_conflicts, have_voted
from evaluations.permissions import (
    accusing_civil_affairs,
    agreeing_civil_affairs,
    any_provider,
    civil_affairs,
    finance,
    its_provider,
    panel_evaluator,
    panel_member,
    wishing_provider,
)
from evaluations.phases import BARRED, DECIDED, DECIDING, HEARING, REVERSED
from foundation.lifecycle import phases
from foundation.lifecycle.duties import Bar
from foundation.lifecycle.states import STAYS, State, States
from foundation.lifecycle.table import ClockFor, Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import AGREES, AT_AN_EXIT, BUYING_AND_PAYING, JUDGED_AND_EXPERTS, Role

if TYPE_CHECKING:
    from evaluations.exits.models import Exit


class ExitStatus(States):
    PROPOSED = State(_("拟退出"), phases.ASKED, tone="soon", step=1)
    NOTICED = State(_("已告知，待申辩"), HEARING, step=2)
    HEARD = State(_("待合议"), DECIDING, step=3)
    HANDING_OVER = State(_("移交中"), phases.SERVING, step=4)
    SETTLING = State(_("结算中"), phases.ANSWERING, step=5)
    LISTED = State(_("公示中"), BARRED, step=6)
    ENDED = State(_("期满"), phases.ENDED, step=6)
    DROPPED = State(_("不予退出"), phases.DROPPED)
    REVOKED = State(_("已撤销"), REVERSED)


X = ExitStatus


HAD_A_PART = _("您办理过这次退出或与机构有利害关系，应当回避。")


def has_urgent(exit_: Exit) -> bool:
    """Whether an open referral of the provider is urgent: then the deadline is one working day."""
    return exit_.has_urgent_work


def has_its_day(exit_: Exit) -> bool:
    """Whether the provider goes on a later day, before which nobody can finish the hand-over."""
    return exit_.hands_over_from is not None


EXIT = Lifecycle(
    label="evaluations.Exit",
    title=_("退出"),
    states=ExitStatus,
    phases=(
        phases.ASKED,
        HEARING,
        DECIDING,
        phases.SERVING,
        phases.ANSWERING,
        BARRED,
        phases.ENDED,
        phases.DROPPED,
        REVERSED,
    ),
    starts=(
        Start(
            "propose",
            X.PROPOSED,
            (civil_affairs, THE_SYSTEM),
            _("提出退出"),
            _("%(who)s提出让机构退出"),
            "S26",
        ),
        Start("ask_to_leave", X.PROPOSED, (any_provider,), _("申请退出"), _("%(who)s申请自愿退出"), "S26"),
        Start(
            "stop_at_once",
            X.NOTICED,
            (civil_affairs,),
            _("紧急停止"),
            _("%(who)s紧急停止了机构的服务"),
            "S26",
        ),
    ),
    transitions=(
        Transition(
            "give_notice",
            X.in_phase(phases.ASKED) >> X.NOTICED,
            (accusing_civil_affairs,),
            _("告知理由"),
            _("%(who)s把退出理由告知机构，从此不派新的转介"),
            basis="行政处罚法第四十四条",
            consequence=_("告知后，新的转介立即不再派给该机构；机构有 5 个工作日申辩。"),
        ),
        Transition(
            "accept_wish",
            X.in_phase(phases.ASKED) >> X.HANDING_OVER,
            (agreeing_civil_affairs,),
            _("同意退出"),
            _("%(who)s同意机构自愿退出，开始移交"),
            basis="S26",
            consequence=_("机构停止承接新的转介，在约定的日期前移交完毕。"),
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "drop",
            X.in_phase(phases.ASKED, HEARING) >> X.DROPPED,
            (civil_affairs,),
            _("不再退出"),
            _("%(who)s撤回了退出"),
            basis="S26",
            reason=True,
            primary=False,
            apart_from=("propose",),
            from_any=True,
            besides=(DECIDING, phases.SERVING, phases.ANSWERING),
            tells=AT_AN_EXIT,
        ),
        Transition(
            "take_back",
            X.in_phase(phases.ASKED) >> X.DROPPED,
            (wishing_provider,),
            _("撤回申请"),
            _("%(who)s撤回了退出申请"),
            basis="S26",
            primary=False,
            tells=BUYING_AND_PAYING,
        ),
        Transition(
            "speak",
            X.in_phase(HEARING) >> X.HEARD,
            (its_provider,),
            _("陈述申辩"),
            _("%(who)s作了陈述和申辩"),
            basis="行政处罚法第四十五条",
        ),
        Transition(
            "waive",
            X.in_phase(HEARING) >> X.HEARD,
            (its_provider,),
            _("放弃申辩"),
            _("%(who)s放弃申辩"),
            basis="行政处罚法第四十五条",
            primary=False,
        ),
        Transition(
            "hearing_over",
            X.in_phase(HEARING) >> X.HEARD,
            (THE_SYSTEM,),
            _("申辩期满"),
            _("申辩期满，机构没有申辩"),
            basis="行政处罚法第四十五条",
            at=("exit.hearing",),
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "vote",
            X.in_phase(DECIDING) >> STAYS,
            (panel_member, panel_evaluator),
            _("合议表决"),
            _("合议组一名成员表决"),
            basis="行政处罚法第五十七条",
            apart_from=("propose", "stop_at_once", "give_notice"),
            bars=(
                Bar(have_voted, _("您已经表决过。"), "S26"),
                Bar(carry_it_out, HAD_A_PART, "行政处罚法第四十三条"),
                Bar(have_conflicts, HAD_A_PART, "行政处罚法第四十三条", by_day=True),
            ),
        ),
        Transition(
            "decide",
            X.in_phase(DECIDING) >> X.HANDING_OVER,
            (THE_SYSTEM,),
            _("决定退出"),
            _("合议组决定退出，开始移交"),
            basis="S26",
            tells=JUDGED_AND_EXPERTS,
        ),
        Transition(
            "acquit",
            X.in_phase(DECIDING) >> X.DROPPED,
            (THE_SYSTEM,),
            _("决定不退出"),
            _("合议组决定不予退出"),
            basis="S26",
            tells=AT_AN_EXIT,
        ),
        Transition(
            "finish_handover",
            X.in_phase(phases.SERVING) >> X.SETTLING,
            (civil_affairs,),
            _("移交完毕"),
            _("%(who)s确认移交完毕，机构退出"),
            basis="S26",
            lacks_by_day=True,
            apart_from=("vote",),
            consequence=_("机构就此退出：合同终止，进入结算；名称列入公示直至期满。"),
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "settle",
            X.in_phase(phases.ANSWERING) >> X.LISTED,
            (civil_affairs, finance),
            _("结算完毕"),
            _("%(who)s确认合同结清"),
            basis="S26",
            tells=AT_AN_EXIT,
        ),
        Transition(
            "end_listing",
            X.in_phase(BARRED) >> X.ENDED,
            (THE_SYSTEM,),
            _("期满"),
            _("禁入期满，可以重新申请准入"),
            basis="S26",
            tells=AGREES,
        ),
        Transition(
            "revoke",
            X.in_phase(DECIDED) >> X.REVOKED,
            (THE_SYSTEM,),
            _("撤销退出"),
            _("申诉成立，退出决定撤销；公示处已更正"),
            basis="行政复议法第六十八条",
            reason=True,
            tells=AT_AN_EXIT,
        ),
    ),
    clocks={
        X.NOTICED: "exit.hearing",
        X.HEARD: "exit.decision",
        X.HANDING_OVER: ClockFor(
            has_its_day, "exit.handover", ClockFor(has_urgent, "exit.handover_urgent", "exit.handover")
        ),
        X.SETTLING: "exit.settlement",
    },
    counts_from={"exit.handover": "hands_over_from"},
    periods=("exit.hearing",),
)
