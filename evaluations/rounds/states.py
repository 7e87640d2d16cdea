"""States and transitions of a round."""

from django.utils.translation import gettext_lazy as _

from evaluations.permissions import chair, civil_affairs
from evaluations.phases import ANNOUNCED, MODERATED, UNSCORED
from foundation.lifecycle.phases import ANSWERING, ASKED, DROPPED, ENDED, PREPARED, SERVING
from foundation.lifecycle.states import STAYS, State, States, Trait
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import OFFICERS_AND_EXPERTS, Role

CONTESTABLE = Trait("providers may appeal against their results")


class RoundStatus(States):
    PLANNED = State(_("已计划"), PREPARED, step=1)
    REPORTING = State(_("机构自评"), ASKED, step=2)
    SCORING = State(_("评分中"), SERVING, step=3)
    MODERATION = State(_("复议中"), MODERATED, step=4)
    PROVISIONAL = State(_("初步结果"), ANSWERING, tone="soon", step=5, traits=(CONTESTABLE,))
    APPEALS_OVER = State(_("申诉期满，待公示"), ANSWERING, step=6)
    NOTICED = State(_("公示中"), ANNOUNCED, step=7)
    NOTICE_OVER = State(_("公示期满，待公布"), ANNOUNCED, step=8)
    FINAL = State(_("已公布"), ENDED, tone="done", step=9)
    CANCELLED = State(_("已取消"), DROPPED, tone="late")


W = RoundStatus


ROUND = Lifecycle(
    label="evaluations.Round",
    title=_("评估轮次"),
    states=RoundStatus,
    phases=(PREPARED, ASKED, SERVING, MODERATED, ANSWERING, ANNOUNCED, ENDED, DROPPED),
    starts=(Start("plan", W.PLANNED, (civil_affairs,), _("计划评估"), _("%(who)s计划了一轮评估"), "S26"),),
    transitions=(
        Transition(
            "ask_for_reports",
            W.in_phase(PREPARED) >> W.REPORTING,
            (civil_affairs,),
            _("请机构自评"),
            _("%(who)s请被评机构自评"),
            basis="S26",
        ),
        Transition(
            "begin_scoring",
            W.in_phase(ASKED) >> W.SCORING,
            (civil_affairs,),
            _("抽签并开始评分"),
            _("%(who)s冻结数据、抽取评估人员和个案，开始评分"),
            basis="S26",
            consequence=_("自动指标的数据从此冻结；抽签号随后公开，任何人都可以照着重抽一遍。"),
            lacks_by_day=True,
        ),
        Transition(
            "begin_moderation",
            W.in_phase(SERVING) >> W.MODERATION,
            (chair, civil_affairs),
            _("进入复议"),
            _("%(who)s收齐评分表，进入复议"),
            basis="S26",
        ),
        Transition(
            "moderate",
            W.in_phase(MODERATED) >> STAYS,
            (chair,),
            _("复议定级"),
            _("%(who)s复议了一处分歧"),
            basis="S26",
            primary=False,
        ),
        Transition(
            "rule_veto",
            W.in_phase(MODERATED) >> STAYS,
            (chair,),
            _("认定一票否决"),
            _("%(who)s对一票否决事项作了认定"),
            basis="S26",
            primary=False,
        ),
        Transition(
            "tally",
            W.in_phase(MODERATED) >> W.PROVISIONAL,
            (chair, civil_affairs),
            _("汇总并告知机构"),
            _("%(who)s汇总得分，把初步结果告知被评机构"),
            basis="S26",
            tells=OFFICERS_AND_EXPERTS,
        ),
        Transition(
            "end_appeals",
            W.PROVISIONAL >> W.APPEALS_OVER,
            (THE_SYSTEM,),
            _("申诉期满"),
            _("申诉期满"),
            basis="S26",
            at=("round.appeal",),
            exactly=True,
        ),
        Transition(
            "give_notice",
            W.APPEALS_OVER >> W.NOTICED,
            (civil_affairs,),
            _("公示"),
            _("%(who)s把结果向社会公示"),
            basis="S26",
            exactly=True,
            tells=(Role.EVALUATOR,),
        ),
        Transition(
            "end_notice",
            W.NOTICED >> W.NOTICE_OVER,
            (THE_SYSTEM,),
            _("公示期满"),
            _("公示期满"),
            basis="S34",
            at=("round.notice",),
            exactly=True,
        ),
        Transition(
            "publish",
            W.NOTICE_OVER >> W.FINAL,
            (civil_affairs,),
            _("公布并执行"),
            _("%(who)s公布了结果，并按规则执行后果"),
            basis="S26",
            apart_from=("begin_scoring", "give_notice"),
            consequence=_(
                "公布后按方案执行后果：不合格的机构立即暂停承接新的转介，支付比例随之调整，被否决的进入退出程序。"
            ),
            exactly=True,
            tells=OFFICERS_AND_EXPERTS,
        ),
        Transition(
            "cancel",
            W.in_phase(UNSCORED) >> W.CANCELLED,
            (civil_affairs,),
            _("取消这一轮"),
            _("%(who)s取消了这一轮评估"),
            basis="S26",
            reason=True,
            primary=False,
            from_any=True,
            besides=(MODERATED, ANSWERING, ANNOUNCED),
            tells=(Role.EVALUATOR,),
        ),
    ),
    clocks={
        W.SCORING: "round.scoring",
        W.MODERATION: "round.moderation",
        W.PROVISIONAL: "round.appeal",
        W.NOTICED: "round.notice",
    },
    periods=("round.appeal", "round.notice"),
)
