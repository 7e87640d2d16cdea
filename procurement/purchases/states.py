"""States and transitions of a purchase, from the plan to the contract."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.contracts.direct import word_of_its_year
from foundation.lifecycle.duties import Bar
from foundation.lifecycle.phases import DROPPED, ENDED, PREPARED
from foundation.lifecycle.states import STAYS, State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import OFFICERS_AND_EXPERTS, Role
from procurement.permissions import buyer, panel
from procurement.phases import (
    AWARD_DUE,
    BEING_CHECKED,
    BEING_JUDGED,
    BIDS_CLOSED,
    MAY_FAIL,
    NEXT_MAY_FOLLOW,
    OPEN_TO_OBJECTION,
    OUT_FOR_BIDS,
    TO_BE_CONTRACTED,
)
from procurement.purchases.bars import sat_on_the_panel


class ProjectStatus(States):
    PLANNED = State(_("编制中"), PREPARED, step=0)
    SUBMITTED = State(_("待复核发布"), PREPARED, tone="soon", step=0)
    OPEN = State(_("公告中"), OUT_FOR_BIDS, tone="soon", step=1)
    CLOSED = State(_("已截止，待开标"), BIDS_CLOSED, tone="soon", step=2)
    OPENED = State(_("已开标，资格审查"), BEING_CHECKED, step=2)
    EVALUATING = State(_("评审中"), BEING_JUDGED, step=3)
    EVALUATED = State(_("已评审，待定标"), AWARD_DUE, step=3)
    AWARDED = State(_("已定标，质疑期"), OPEN_TO_OBJECTION, step=4)
    CONCLUDED = State(_("待订合同"), TO_BE_CONTRACTED, step=4)
    CONTRACTED = State(_("已订合同"), ENDED, tone="done", step=5)
    FAILED = State(_("流标"), DROPPED, tone="late")
    CANCELLED = State(_("已取消"), DROPPED, tone="late")


class FailGround(models.TextChoices):
    """The only grounds on which a purchase may fail (政府采购法 article 36, 实施条例 article 49)."""

    TOO_FEW = "too_few", _("符合条件的供应商或有效投标不足规定的家数")
    UNLAWFUL = "unlawful", _("出现影响采购公正的违法、违规行为")
    OVER_BUDGET = "over_budget", _("报价均超过采购预算")
    MAJOR_CHANGE = "major_change", _("因重大变故，采购任务取消")
    NO_WINNER = "no_winner", _("成交供应商拒绝签约或失去资格，重新采购")


class NextGround(models.TextChoices):
    """The grounds on which the next candidate may replace the winner (政府采购法实施条例 article 49)."""

    REFUSED = "refused", _("成交供应商拒绝签订合同")
    STANDING = "standing", _("成交供应商已失去承接资格")
    UNABLE = "unable", _("因不可抗力不能履行合同")


P = ProjectStatus


#: The experts who judged the bids do not decide on the award.
NOT_AFTER_JUDGING = (Bar(sat_on_the_panel, _("评审专家不能定标。"), _("不相容职责分离")),)


PROJECT = Lifecycle(
    label="procurement.Project",
    title=_("采购项目"),
    states=ProjectStatus,
    phases=(
        PREPARED,
        OUT_FOR_BIDS,
        BIDS_CLOSED,
        BEING_CHECKED,
        BEING_JUDGED,
        AWARD_DUE,
        OPEN_TO_OBJECTION,
        TO_BE_CONTRACTED,
        ENDED,
        DROPPED,
    ),
    starts=(Start("plan", P.PLANNED, (buyer,), _("新建采购项目"), _("%(who)s立项并预留预算"), "S24"),),
    transitions=(
        Transition(
            "submit",
            P.PLANNED >> P.SUBMITTED,
            (buyer,),
            _("提交复核"),
            _("%(who)s提交复核"),
            basis="102号令第十七条",
            exactly=True,
            lacks_by_day=True,
        ),
        Transition(
            "set_terms",
            P.PLANNED >> P.PLANNED,
            (buyer,),
            _("编制采购文件"),
            _("%(who)s编制了采购文件"),
            basis="政府采购法第三章",
            primary=False,
            exactly=True,
        ),
        Transition(
            "add_item",
            P.PLANNED >> P.PLANNED,
            (buyer,),
            _("增加服务项目"),
            _("%(who)s增加了服务项目"),
            basis="S25",
            primary=False,
            exactly=True,
            alone=word_of_its_year,
        ),
        Transition(
            "invite",
            P.PLANNED >> P.PLANNED,
            (buyer,),
            _("确定邀请名单"),
            _("%(who)s确定了邀请名单"),
            basis="政府采购法第三十四条",
            primary=False,
            exactly=True,
        ),
        Transition(
            "name_key_holders",
            P.PLANNED >> P.PLANNED,
            (buyer,),
            _("确定开标小组"),
            _("%(who)s确定了开标小组"),
            basis="87号令第四十条",
            primary=False,
            exactly=True,
        ),
        Transition(
            "publish",
            P.SUBMITTED >> P.OPEN,
            (buyer,),
            _("复核并发布公告"),
            _("%(who)s复核并发布公告"),
            basis="政府采购法第三章",
            apart_from=("plan", "set_terms", "add_item", "invite", "submit"),
            exactly=True,
            lacks_by_day=True,
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "send_back",
            P.SUBMITTED >> P.PLANNED,
            (buyer,),
            _("退回修改"),
            _("%(who)s退回修改"),
            basis="S34",
            reason=True,
            primary=False,
            exactly=True,
        ),
        Transition(
            "extend",
            P.in_phase(OUT_FOR_BIDS) >> STAYS,
            (buyer,),
            _("推迟截止"),
            _("%(who)s推迟了截止时间"),
            basis="87号令第二十七条",
            reason=True,
            primary=False,
        ),
        Transition(
            "postpone",
            P.in_phase(OUT_FOR_BIDS) >> STAYS,
            (THE_SYSTEM,),
            _("顺延截止"),
            _("澄清影响投标文件编制，截止顺延"),
            basis="87号令第二十七条",
        ),
        Transition(
            "close",
            P.in_phase(OUT_FOR_BIDS) >> P.CLOSED,
            (THE_SYSTEM,),
            _("截止"),
            _("投标截止"),
            basis="87号令第三十九条",
        ),
        Transition(
            "open_bids",
            P.in_phase(BIDS_CLOSED) >> P.OPENED,
            (buyer,),
            _("开标"),
            _("%(who)s主持开标"),
            basis="87号令第三十九条",
        ),
        Transition(
            "draw_panel",
            P.in_phase(BEING_CHECKED) >> P.EVALUATING,
            (buyer,),
            _("抽取评审专家"),
            _("%(who)s抽取了评审专家"),
            basis="政府采购法实施条例第三十九条",
            fits="ready_for_a_panel",
            lacks_by_day=True,
        ),
        Transition(
            "negotiate",
            P.in_phase(BEING_CHECKED) >> P.EVALUATED,
            (buyer,),
            _("记录协商结果"),
            _("%(who)s记录了协商结果"),
            basis="74号令第四十一条",
            reason=True,
            primary=False,
            fits="ready_to_negotiate",
        ),
        Transition(
            "report",
            P.in_phase(BEING_JUDGED) >> P.EVALUATED,
            (panel,),
            _("提交评审报告"),
            _("评审小组提交了评审报告"),
            basis="87号令第五十八条",
        ),
        Transition(
            "award",
            P.in_phase(AWARD_DUE) >> P.AWARDED,
            (buyer,),
            _("定标并公告"),
            _("%(who)s确定成交供应商并公告"),
            basis="政府采购法实施条例第四十三条",
            bars=NOT_AFTER_JUDGING,
            lacks_by_day=True,
            tells=(Role.EVALUATOR,),
        ),
        Transition(
            "conclude",
            P.in_phase(OPEN_TO_OBJECTION) >> P.CONCLUDED,
            (THE_SYSTEM,),
            _("质疑期满"),
            _("质疑期满，没有未答复的质疑"),
            basis="政府采购法第五十二条",
        ),
        Transition(
            "withdraw_award",
            P.in_phase(OPEN_TO_OBJECTION, TO_BE_CONTRACTED) >> P.EVALUATED,
            (THE_SYSTEM,),
            _("撤销定标"),
            _("质疑成立，定标撤销"),
            basis="政府采购法第五十二条",
            reason=True,
        ),
        Transition(
            "make_contract",
            P.in_phase(TO_BE_CONTRACTED) >> P.CONTRACTED,
            (buyer,),
            _("订立合同"),
            _("%(who)s按成交结果起草合同"),
            basis="政府采购法第四十六条",
            lacks_by_day=True,
            tells=(Role.EVALUATOR,),
        ),
        Transition(
            "reopen",
            P.in_phase(ENDED) >> P.CONCLUDED,
            (THE_SYSTEM,),
            _("恢复待订合同"),
            _("未签成的合同已撤销，恢复待订合同"),
            basis="政府采购法第四十六条",
            reason=True,
        ),
        Transition(
            "propose_next",
            P.in_phase(NEXT_MAY_FOLLOW) >> STAYS,
            (buyer,),
            _("提出改定下一候选人"),
            _("%(who)s提出改定下一候选人，待另一人复核"),
            basis="政府采购法实施条例第四十九条",
            reason=NextGround,
            primary=False,
            proposal=True,
            fits="may_pass_to_the_next",
            lacks_by_day=True,
        ),
        Transition(
            "refuse_next",
            P.in_phase(NEXT_MAY_FOLLOW) >> STAYS,
            (buyer,),
            _("不同意改定"),
            _("%(who)s不同意改定下一候选人"),
            basis="政府采购法实施条例第四十九条",
            apart_from=("propose_next",),
            reason=True,
            primary=False,
            fits="passing",
        ),
        Transition(
            "confirm_next",
            P.in_phase(NEXT_MAY_FOLLOW) >> P.EVALUATED,
            (buyer,),
            _("复核并改定下一候选人"),
            _("%(who)s复核同意，按评审名次改定下一候选人"),
            basis="政府采购法实施条例第四十九条",
            apart_from=("propose_next",),
            primary=False,
            consequence=_("原候选人出局，理由公开；按评审名次对下一名重新定标并公告。"),
            fits="passing",
            bars=NOT_AFTER_JUDGING,
            lacks_by_day=True,
        ),
        Transition(
            "call_off",
            P.in_phase(ENDED) >> STAYS,
            (buyer,),
            _("第二阶段授予合同"),
            _("%(who)s在框架协议内授予合同"),
            basis="财政部令110号第三十二条",
            primary=False,
            fits="is_framework",
        ),
        Transition(
            "propose_failure",
            P.in_phase(MAY_FAIL) >> STAYS,
            (buyer,),
            _("提出流标"),
            _("%(who)s提出流标，待另一人复核"),
            basis="政府采购法第三十六条",
            reason=FailGround,
            primary=False,
            proposal=True,
            fits="may_be_proposed_to_fail",
        ),
        Transition(
            "refuse_failure",
            P.in_phase(MAY_FAIL) >> STAYS,
            (buyer,),
            _("不同意流标"),
            _("%(who)s不同意流标，采购继续"),
            basis="政府采购法第三十六条",
            apart_from=("propose_failure",),
            reason=True,
            primary=False,
            fits="failing",
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "confirm_failure",
            P.in_phase(MAY_FAIL) >> P.FAILED,
            (buyer,),
            _("复核并宣布流标"),
            _("%(who)s复核并宣布流标"),
            basis="政府采购法第三十六条",
            apart_from=("propose_failure",),
            primary=False,
            from_any=True,
            besides=(PREPARED, OPEN_TO_OBJECTION),
            consequence=_("流标后预留的预算全部释放，理由公开，需要重新立项。"),
            fits="failing",
            lacks_by_day=True,
            tells=OFFICERS_AND_EXPERTS,
        ),
        Transition(
            "fail",
            P.in_phase(MAY_FAIL) >> P.FAILED,
            (THE_SYSTEM,),
            _("流标"),
            _("家数不足或质疑成立，采购流标"),
            basis="政府采购法第三十六条",
            reason=True,
            from_any=True,
            besides=(PREPARED, OPEN_TO_OBJECTION),
            tells=OFFICERS_AND_EXPERTS,
        ),
        Transition(
            "cancel",
            P.in_phase(PREPARED) >> P.CANCELLED,
            (buyer,),
            _("取消采购"),
            _("%(who)s取消了采购，预算已释放"),
            basis="政府采购法第三十六条",
            reason=True,
            primary=False,
            consequence=_("取消后预留的预算全部释放。公告之后只能依法流标。"),
            alone=word_of_its_year,
        ),
    ),
    clocks={
        P.SUBMITTED: "procurement.review",
        P.CLOSED: "procurement.opening",
        P.OPENED: "procurement.qualification",
        P.EVALUATING: "procurement.report",
        P.EVALUATED: "procurement.award",
        P.AWARDED: "procurement.objection",
    },
    periods=("procurement.objection",),
    # Runs from the award until both have signed, also during the time for objections.
    spanning=("procurement.contract",),
    # Signing in time is the buyer's responsibility, whoever acts next, so the buyer may not pause it.
    late={"procurement.contract": (Role.CIVIL_AFFAIRS,)},
    further_steps={"check_bids": _("审查资格")},
    proposals={"failing": "confirm_failure", "passing": "confirm_next"},
)
