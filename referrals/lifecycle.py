"""The lives of a matter, of each need in it, and of a referral."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.table import (
    THE_SYSTEM,
    AnyOf,
    ClockFor,
    Lifecycle,
    Move,
    Start,
    States,
)
from foundation.roles import Role
from referrals.access import (
    assistant,
    coordinator,
    household,
    responsible_body,
    secretary,
    window,
    window_of_need,
    window_of_referral,
    worker,
)


class MatterStatus(States):
    REPORTED = "reported", _("已报告,待受理")
    PAPERS_MISSING = "papers_missing", _("待补材料")
    ACCEPTED = "accepted", _("已受理")
    EXPLAINED = "explained", _("已解释政策")
    CLOSED = "closed", _("已办结")


M = MatterStatus

MATTER = Lifecycle(
    label="referrals.Matter",
    title=_("救助事项"),
    states=MatterStatus,
    starts=(
        Start(
            "accept_application",
            M.ACCEPTED,
            (window,),
            _("受理申请"),
            _("%(who)s受理了申请,出具受理单"),
            "S11",
        ),
        Start(
            "report", M.REPORTED, (assistant,), _("报告困难家庭"), _("%(who)s报告了困难家庭"), "S8"
        ),
    ),
    moves=(
        Move(
            "accept",
            AnyOf(M.REPORTED, M.PAPERS_MISSING) >> M.ACCEPTED,
            (window,),
            _("受理"),
            _("%(who)s受理了申请,出具受理单"),
            basis="S11",
        ),
        Move(
            "ask_papers",
            M.REPORTED >> M.PAPERS_MISSING,
            (window,),
            _("一次性告知补材料"),
            _("%(who)s一次性告知需要补齐的材料"),
            basis="S12",
            primary=False,
        ),
        Move(
            "explain",
            AnyOf(M.REPORTED, M.PAPERS_MISSING) >> M.EXPLAINED,
            (window,),
            _("解释政策"),
            _("%(who)s解释了政策"),
            basis="S13",
            reason=True,
            primary=False,
        ),
        Move(
            "close",
            M.ACCEPTED >> M.CLOSED,
            (THE_SYSTEM,),
            _("办结"),
            _("全部需求已有答复,事项办结"),
            basis="S20",
        ),
    ),
    clocks={M.REPORTED: "matter.acceptance"},
)


class NeedStatus(States):
    OPEN = "open", _("待分办")
    TRANSFERRED = "transferred", _("已转办,待部门接办")
    CONFERENCE = "conference", _("提交联席会议")
    REFERRED = "referred", _("已转介,待机构答复")
    IN_HAND = "in_hand", _("办理中")
    UNMET = "unmet", _("尚未满足")
    DONE = "done", _("已办完,待反馈")
    REFUSED = "refused", _("不予批准,待告知")
    FED_BACK = "fed_back", _("已反馈")
    CLOSED = "closed", _("已办结")


N = NeedStatus

NEED = Lifecycle(
    label="referrals.Need",
    title=_("需求"),
    states=NeedStatus,
    starts=(Start("add", N.OPEN, (window_of_need,), _("登记需求"), _("%(who)s登记了需求"), "S7"),),
    moves=(
        Move(
            "transfer",
            AnyOf(N.OPEN, N.UNMET) >> N.TRANSFERRED,
            (window_of_need,),
            _("转办责任部门"),
            _("%(who)s把需求转给责任部门"),
            basis="S14",
        ),
        Move(
            "refer",
            AnyOf(N.OPEN, N.UNMET) >> N.REFERRED,
            (THE_SYSTEM,),
            _("转介"),
            _("%(who)s把需求转介给社会力量"),
            basis="S16",
        ),
        Move(
            "bring_to_conference",
            AnyOf(N.OPEN, N.UNMET) >> N.CONFERENCE,
            (window_of_need,),
            _("提交联席会议"),
            _("%(who)s提交联席会议研究"),
            basis="S15",
            reason=True,
            primary=False,
        ),
        Move(
            "decide_transfer",
            N.CONFERENCE >> N.TRANSFERRED,
            (secretary,),
            _("议定责任部门"),
            _("联席会议议定由责任部门办理"),
            basis="S31",
            reason=True,
        ),
        Move(
            "decide_refer",
            N.CONFERENCE >> N.OPEN,
            (secretary,),
            _("议定转介社会力量"),
            _("联席会议议定转介社会力量"),
            basis="S30",
            reason=True,
            primary=False,
        ),
        Move(
            "take_up",
            N.TRANSFERRED >> N.IN_HAND,
            (responsible_body,),
            _("接办"),
            _("%(who)s接办"),
            basis="S17",
            at_once=True,
        ),
        Move(
            "grant",
            AnyOf(N.TRANSFERRED, N.IN_HAND) >> N.DONE,
            (responsible_body,),
            _("批准并办完"),
            _("%(who)s批准并办完"),
            basis="S19",
        ),
        Move(
            "refuse",
            AnyOf(N.TRANSFERRED, N.IN_HAND) >> N.REFUSED,
            (responsible_body,),
            _("不予批准"),
            _("%(who)s作出不予批准的决定"),
            basis="S18",
            reason=True,
            primary=False,
            consequence=_("申请人将收到写明理由的书面通知,并被告知申诉途径。"),
        ),
        Move(
            "begin_service",
            N.REFERRED >> N.IN_HAND,
            (THE_SYSTEM,),
            _("开始服务"),
            _("%(who)s接受转介,开始服务"),
            basis="S28",
        ),
        Move(
            "return_to_window",
            N.REFERRED >> N.OPEN,
            (THE_SYSTEM,),
            _("退回窗口"),
            _("这次转介没有成功,回到窗口另选"),
            basis="S16",
        ),
        Move(
            "fall_short",
            AnyOf(N.REFERRED, N.IN_HAND) >> N.UNMET,
            (THE_SYSTEM,),
            _("尚未满足"),
            _("这项需求尚未满足,回到窗口"),
            basis="S22",
        ),
        Move(
            "finish_service",
            N.IN_HAND >> N.DONE,
            (THE_SYSTEM,),
            _("服务完成"),
            _("%(who)s完成服务"),
            basis="S19",
        ),
        Move(
            "feed_back",
            AnyOf(N.DONE, N.REFUSED) >> N.FED_BACK,
            (responsible_body, THE_SYSTEM),
            _("反馈结果"),
            _("%(who)s把结果告诉申请人和窗口"),
            basis="S19",
        ),
        Move(
            "rate",
            N.FED_BACK >> N.FED_BACK,
            (household, window_of_need),
            _("评价"),
            _("已收到满意度评价"),
            basis="S20",
            primary=(Role.HOUSEHOLD,),
        ),
        Move(
            "close",
            N.FED_BACK >> N.CLOSED,
            (window_of_need,),
            _("办结"),
            _("%(who)s核实后办结"),
            basis="S20",
            at_once=True,
        ),
    ),
    clocks={
        N.OPEN: "need.transfer",
        N.TRANSFERRED: "need.take_up",
        N.CONFERENCE: "need.conference",
        N.IN_HAND: ClockFor(lambda need: need.body_id is not None, "need.handling", ""),
        N.UNMET: "need.unmet",
        N.DONE: "need.feed_back",
        N.REFUSED: "need.feed_back",
        N.FED_BACK: "need.closing",
    },
)


class DeclineReason(models.TextChoices):
    NO_PLACES = "no_places", _("名额已满")
    NO_STAFF = "no_staff", _("没有合适的人员")
    TOO_FAR = "too_far", _("不在服务区域")
    NOT_OUR_SERVICE = "not_our_service", _("不属于本机构的服务内容")
    CONFLICT = "conflict", _("需要回避")


class ReferralStatus(States):
    DRAFT = "draft", _("准备中")
    OFFERED = "offered", _("待机构答复")
    ACCEPTED = "accepted", _("已接受")
    DECLINED = "declined", _("已婉拒")
    TIMED_OUT = "timed_out", _("超时未答")
    WITHDRAWN = "withdrawn", _("窗口已撤回")
    PLANNED = "planned", _("已定计划")
    IN_SERVICE = "in_service", _("服务中")
    COMPLETED = "completed", _("已完成,待反馈")
    ENDED_EARLY = "ended_early", _("提前结束,待反馈")
    FED_BACK = "fed_back", _("已反馈")
    CLOSED = "closed", _("已办结")


R = ReferralStatus

REFERRAL = Lifecycle(
    label="referrals.Referral",
    title=_("转介"),
    states=ReferralStatus,
    starts=(
        Start(
            "prepare", R.DRAFT, (window_of_referral,), _("准备转介"), _("%(who)s准备转介"), "S16"
        ),
    ),
    moves=(
        Move(
            "offer",
            R.DRAFT >> R.OFFERED,
            (window_of_referral,),
            _("发出转介"),
            _("%(who)s发出转介"),
            basis="S16",
        ),
        Move(
            "accept",
            R.OFFERED >> R.ACCEPTED,
            (coordinator,),
            _("接受转介"),
            _("%(who)s接受了转介"),
            basis="S28",
        ),
        Move(
            "decline",
            R.OFFERED >> R.DECLINED,
            (coordinator,),
            _("婉拒"),
            _("%(who)s婉拒了转介"),
            basis="S28",
            reason=DeclineReason,
            primary=False,
        ),
        Move(
            "time_out",
            R.OFFERED >> R.TIMED_OUT,
            (THE_SYSTEM,),
            _("超时"),
            _("机构超时未答,转介回到窗口"),
            basis="S16",
            at=("referral.answer", "referral.answer_urgent"),
        ),
        Move(
            "withdraw",
            R.OFFERED >> R.WITHDRAWN,
            (window_of_referral,),
            _("撤回转介"),
            _("%(who)s撤回了转介"),
            basis="S16",
            reason=True,
            primary=False,
        ),
        Move(
            "plan",
            R.ACCEPTED >> R.PLANNED,
            (worker, coordinator),
            _("制定计划"),
            _("%(who)s与家庭一起定了计划"),
            basis="S28",
        ),
        Move(
            "record_visit",
            AnyOf(R.PLANNED, R.IN_SERVICE) >> R.IN_SERVICE,
            (worker, coordinator),
            _("记录服务"),
            _("%(who)s上门服务并作了记录"),
            basis="S29",
        ),
        Move(
            "complete",
            R.IN_SERVICE >> R.COMPLETED,
            (worker, coordinator),
            _("完成服务"),
            _("%(who)s完成了服务"),
            basis="S19",
            primary=False,
        ),
        Move(
            "end_early",
            AnyOf(R.ACCEPTED, R.PLANNED, R.IN_SERVICE) >> R.ENDED_EARLY,
            (coordinator, window_of_referral),
            _("提前结束"),
            _("%(who)s提前结束了服务"),
            basis="S28",
            reason=True,
            primary=False,
            consequence=_("剩余预留将释放,需求回到窗口另作安排。"),
        ),
        Move(
            "feed_back",
            AnyOf(R.COMPLETED, R.ENDED_EARLY) >> R.FED_BACK,
            (coordinator,),
            _("反馈结果"),
            _("%(who)s把结果告诉家庭和窗口"),
            basis="S19",
        ),
        Move(
            "close",
            R.FED_BACK >> R.CLOSED,
            (window_of_referral,),
            _("办结转介"),
            _("%(who)s核实后办结转介"),
            basis="S20",
            at_once=True,
        ),
    ),
    clocks={
        R.OFFERED: ClockFor(
            lambda referral: referral.urgent, "referral.answer_urgent", "referral.answer"
        ),
        R.ACCEPTED: "referral.first_contact",
        R.IN_SERVICE: "referral.review",
        R.COMPLETED: "referral.feed_back",
        R.ENDED_EARLY: "referral.feed_back",
        R.FED_BACK: "referral.closing",
    },
)
