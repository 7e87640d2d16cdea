"""States and transitions of a referral."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ANSWERING, ASKED, DROPPED, ENDED, PREPARED, SERVING
from foundation.lifecycle.states import STAYS, State, States, Trait
from foundation.lifecycle.table import ClockFor, Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import PROVIDER_SIDE, Role
from referrals.permissions import asked_coordinator, bidding_coordinator, coordinator, window, worker

if TYPE_CHECKING:
    from referrals.offers.models import Referral


class DeclineReason(models.TextChoices):
    """The coded reasons with which a provider declines."""

    NO_PLACES = "no_places", _("名额已满")
    NO_STAFF = "no_staff", _("没有合适的人员")
    TOO_FAR = "too_far", _("不在服务区域")
    NOT_OUR_SERVICE = "not_our_service", _("不属于本机构的服务内容")
    CONFLICT = "conflict", _("需要回避")


#: Visits are made, and the household has a code to confirm each.
VISITED = Trait("visits are made")

#: The service is over, and the provider has not yet told household and window the result.
TO_TELL = Trait("its result is to be told")

#: The provider refused the case.
REFUSED = Trait("the provider refused the case")

#: The provider let the time for an answer run out.
LEFT_UNANSWERED = Trait("the provider let the time for an answer run out")


#: The provider would serve; another may still be chosen.
VOLUNTEERED = Trait("the provider has said that it would serve")


#: Nobody of the provider has been in touch with the household yet.
TO_CONTACT = Trait("the first contact with the household is due")


class ReferralStatus(States):
    DRAFT = State(_("准备中"), PREPARED)
    OFFERED = State(_("待机构答复"), ASKED, tone="soon", step=1)
    WILLING = State(_("已应答，待择优"), ASKED, step=1, traits=(VOLUNTEERED,))
    NOT_CHOSEN = State(_("由别家服务"), DROPPED)
    ACCEPTED = State(_("已接受"), SERVING, step=2, knows_person=True, traits=(TO_CONTACT,))
    DECLINED = State(_("已婉拒"), DROPPED, tone="late", traits=(REFUSED,))
    TIMED_OUT = State(_("超时未答"), DROPPED, tone="late", traits=(LEFT_UNANSWERED,))
    WITHDRAWN = State(_("窗口已撤回"), DROPPED, tone="late")
    PLANNED = State(_("已定计划"), SERVING, step=3, knows_person=True, traits=(VISITED,))
    IN_SERVICE = State(_("服务中"), SERVING, step=4, knows_person=True, traits=(VISITED,))
    COMPLETED = State(
        _("已完成，待反馈"), ANSWERING, tone="done", step=5, knows_person=True, traits=(TO_TELL,)
    )
    ENDED_EARLY = State(
        _("提前结束，待反馈"), ANSWERING, tone="late", step=5, knows_person=True, traits=(TO_TELL,)
    )
    TRANSFERRED = State(_("已移交别家"), ENDED)
    FED_BACK = State(_("已反馈"), ANSWERING, tone="done", step=6)
    CLOSED = State(_("已办结"), ENDED, tone="done")


R = ReferralStatus

#: Drafted or open: a need is not closed before such a referral has ended.
LIVE = PREPARED | ASKED | SERVING

#: The provider has been asked, and has not answered.
UNANSWERED = R.in_phase(ASKED) - R.with_trait(VOLUNTEERED)


def lock_key_of(need_id: int) -> str:
    """The key of the advisory lock that lets the answers to one need wait for one another."""
    return f"referral:{need_id}"


#: What every acceptance reads besides the referral.
FOR_ACCEPTING = ("consent", "need__matter__household")


def the_need(referral: Referral) -> str:
    """The lock of a referral's transitions: answers to one need wait for one another, so that two never win."""
    return lock_key_of(referral.need_id)


REFERRAL = Lifecycle(
    label="referrals.Referral",
    followers=(Role.HOUSEHOLD,),
    title=_("转介"),
    states=ReferralStatus,
    phases=(PREPARED, ASKED, DROPPED, SERVING, ANSWERING, ENDED),
    starts=(
        Start("prepare", R.DRAFT, (window, THE_SYSTEM), _("准备转介"), _("%(who)s准备转介"), "S16"),
        Start("take_over", R.DRAFT, (THE_SYSTEM,), _("准备接手"), _("原机构退出，准备由这家机构接手"), "S26"),
    ),
    transitions=(
        Transition(
            "offer",
            R.in_phase(PREPARED) >> R.OFFERED,
            (window, THE_SYSTEM),
            _("发出转介"),
            _("%(who)s发出转介"),
            basis="S16",
        ),
        Transition(
            "accept",
            R.OFFERED >> R.ACCEPTED,
            (asked_coordinator,),
            _("接受转介"),
            _("%(who)s接受了转介"),
            basis="S28",
            alone=the_need,
            exactly=True,
            reads=FOR_ACCEPTING,
            tells=(Role.WINDOW,),
        ),
        Transition(
            "volunteer",
            R.OFFERED >> R.WILLING,
            (bidding_coordinator,),
            _("愿意承接"),
            _("%(who)s愿意承接，等待择优"),
            basis="S28",
            alone=the_need,
            exactly=True,
        ),
        Transition(
            "award",
            R.WILLING >> R.ACCEPTED,
            (THE_SYSTEM,),
            _("择优选中"),
            _("应答的机构中择优选中"),
            basis="S28",
            alone=the_need,
            exactly=True,
            reads=FOR_ACCEPTING,
            tells=(Role.WINDOW,),
        ),
        Transition(
            "assign",
            R.in_phase(PREPARED) >> R.ACCEPTED,
            (THE_SYSTEM,),
            _("移交承接"),
            _("原机构退出，按合同移交给这家机构"),
            basis="S26",
            reads=FOR_ACCEPTING,
        ),
        Transition(
            "stand_down",
            R.in_phase(ASKED) >> R.NOT_CHOSEN,
            (THE_SYSTEM,),
            _("由别家服务"),
            _("这户已由别家服务，不用再答复"),
            basis="S28",
            alone=the_need,
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "decline",
            R.in_phase(ASKED) >> R.DECLINED,
            (coordinator,),
            _("婉拒"),
            _("%(who)s婉拒了转介"),
            basis="S28",
            reason=DeclineReason,
            primary=False,
            alone=the_need,
        ),
        Transition(
            "time_out",
            R.OFFERED >> R.TIMED_OUT,
            (THE_SYSTEM,),
            _("超时"),
            _("机构超时未答，转介回到窗口"),
            basis="S16",
            at=("referral.answer", "referral.answer_urgent"),
            alone=the_need,
            exactly=True,
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "withdraw",
            R.in_phase(ASKED) >> R.WITHDRAWN,
            (window, THE_SYSTEM),
            _("撤回转介"),
            _("%(who)s撤回了转介"),
            basis="S16",
            reason=True,
            kept_in="outcome",
            primary=False,
            alone=the_need,
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "plan",
            R.ACCEPTED >> R.PLANNED,
            (worker, coordinator),
            _("制定计划"),
            _("%(who)s与家庭一起定了计划"),
            basis="S28",
            exactly=True,
        ),
        Transition(
            "record_visit",
            R.with_trait(VISITED) >> R.IN_SERVICE,
            (worker, coordinator),
            _("记录服务"),
            _("%(who)s上门服务并作了记录"),
            basis="S29",
            later="record_late_visit",
            exactly=True,
        ),
        Transition(
            "record_late_visit",
            R.in_phase(ANSWERING, ENDED) >> STAYS,
            (worker, coordinator),
            _("补记服务"),
            _("%(who)s补记了结束前的一次服务"),
            basis="S29",
            primary=False,
            fits="takes_late_visits",
        ),
        Transition(
            "go_on",
            R.in_phase(ASKED, SERVING) >> STAYS,
            (THE_SYSTEM,),
            _("改用另一份合同"),
            _("原合同结束，服务用这家机构的另一份合同继续"),
            basis="S28",
            from_any=True,
            besides=(PREPARED, ANSWERING),
        ),
        Transition(
            "change_plan",
            R.IN_SERVICE >> R.IN_SERVICE,
            (worker, coordinator),
            _("修改计划"),
            _("%(who)s与家庭一起修改了计划"),
            basis="S28",
            primary=False,
            exactly=True,
        ),
        Transition(
            "review",
            R.IN_SERVICE >> R.IN_SERVICE,
            (worker, coordinator),
            _("每月回顾"),
            _("%(who)s与家庭一起回顾了计划"),
            basis="S28",
            primary=False,
            exactly=True,
        ),
        Transition(
            "complete",
            R.IN_SERVICE >> R.COMPLETED,
            (worker, coordinator),
            _("完成服务"),
            _("%(who)s完成了服务"),
            basis="S19",
            primary=False,
            exactly=True,
        ),
        Transition(
            "end_early",
            R.in_phase(SERVING) >> R.ENDED_EARLY,
            (coordinator, window, THE_SYSTEM),
            _("提前结束"),
            _("%(who)s提前结束了服务"),
            basis="S28",
            tells=(Role.SOCIAL_WORKER,),
            reason=True,
            primary=False,
            consequence=_("剩余预留将释放，需求回到窗口另作安排。"),
            kept_in="outcome",
            from_any=True,
            besides=(PREPARED, ASKED, ANSWERING),
        ),
        Transition(
            "hand_over",
            R.in_phase(SERVING) >> R.TRANSFERRED,
            (THE_SYSTEM,),
            _("移交别家"),
            _("接手的机构已经接受，服务由它继续"),
            basis="S28",
            tells=PROVIDER_SIDE,
            from_any=True,
            besides=(PREPARED, ASKED, ANSWERING),
        ),
        Transition(
            "end_with_death",
            R.in_phase(ASKED, SERVING, ANSWERING) >> R.CLOSED,
            (THE_SYSTEM,),
            _("因去世办结"),
            _("服务对象去世，转介办结；已完成的服务照常结算"),
            basis="S22",
            tells=PROVIDER_SIDE,
            from_any=True,
            besides=(PREPARED,),
        ),
        Transition(
            "feed_back",
            R.with_trait(TO_TELL) >> R.FED_BACK,
            (coordinator,),
            _("反馈结果"),
            _("%(who)s把结果告诉家庭和窗口"),
            basis="S19",
            exactly=True,
        ),
        Transition(
            "close",
            R.FED_BACK >> R.CLOSED,
            (window,),
            _("办结转介"),
            _("%(who)s核实后办结转介"),
            basis="S20",
            at_once=True,
            exactly=True,
            tells=PROVIDER_SIDE,
        ),
    ),
    clocks={
        R.OFFERED: ClockFor(lambda referral: referral.urgent, "referral.answer_urgent", "referral.answer"),
        R.ACCEPTED: "referral.first_contact",
        R.PLANNED: "referral.first_visit",
        R.IN_SERVICE: "referral.review",
        R.COMPLETED: "referral.feed_back",
        R.ENDED_EARLY: "referral.feed_back",
        R.FED_BACK: "referral.closing",
    },
    met_by={"referral.review": "review"},
    unpaused=("referral.answer", "referral.answer_urgent"),
)
