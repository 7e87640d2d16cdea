"""States and transitions of the assessment of one provider in a round."""

from django.utils.translation import gettext_lazy as _

from evaluations.permissions import civil_affairs, its_provider
from evaluations.phases import UNSCORED
from foundation.lifecycle import phases
from foundation.lifecycle.states import State, States, Trait
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import Role

#: The self-report is there; it may be amended.
HANDED_IN = Trait("the provider has handed in its self-report")


class AssessmentStatus(States):
    LISTED = State(_("待自评"), phases.PREPARED)
    ASKED = State(_("请提交自评"), phases.ASKED, tone="soon")
    REPORTED = State(_("已自评"), phases.ASKED, tone="soon", traits=(HANDED_IN,))
    SCORING = State(_("评分中"), phases.SERVING)
    TOLD = State(_("已告知初步结果"), phases.ANSWERING)
    SETTLED = State(_("已定"), phases.ENDED, tone="done")
    DROPPED = State(_("已取消"), phases.DROPPED)


A = AssessmentStatus

#: The provider has been asked for its self-report, and it is not there.
NOT_HANDED_IN = A.in_phase(phases.ASKED) - A.with_trait(HANDED_IN)


ASSESSMENT = Lifecycle(
    label="evaluations.Assessment",
    title=_("机构评估"),
    states=AssessmentStatus,
    phases=(phases.PREPARED, phases.ASKED, phases.SERVING, phases.ANSWERING, phases.ENDED, phases.DROPPED),
    starts=(Start("list", A.LISTED, (civil_affairs,), _("列入"), _("%(who)s把机构列入这一轮"), "S26"),),
    transitions=(
        Transition(
            "ask",
            A.in_phase(phases.PREPARED) >> A.ASKED,
            (THE_SYSTEM,),
            _("请自评"),
            _("请机构提交自评"),
            basis="S26",
        ),
        Transition(
            "report",
            A.ASKED >> A.REPORTED,
            (its_provider,),
            _("提交自评"),
            _("%(who)s提交了自评和证据"),
            basis="S26",
            exactly=True,
        ),
        Transition(
            "amend_report",
            A.REPORTED >> A.REPORTED,
            (its_provider,),
            _("补充自评"),
            _("%(who)s补充了自评"),
            basis="S26",
            primary=False,
            exactly=True,
        ),
        Transition(
            "freeze",
            A.in_phase(phases.ASKED) >> A.SCORING,
            (THE_SYSTEM,),
            _("冻结"),
            _("数据冻结，开始评分"),
            basis="S26",
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "tell",
            A.in_phase(phases.SERVING) >> A.TOLD,
            (THE_SYSTEM,),
            _("告知"),
            _("初步结果告知机构"),
            basis="S26",
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "settle",
            A.in_phase(phases.ANSWERING) >> A.SETTLED,
            (THE_SYSTEM,),
            _("定案"),
            _("结果公布"),
            basis="S26",
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "drop",
            A.in_phase(UNSCORED) >> A.DROPPED,
            (THE_SYSTEM,),
            _("取消"),
            _("这一轮取消"),
            basis="S26",
            reason=True,
            from_any=True,
            besides=(phases.ANSWERING,),
            tells=(Role.COORDINATOR,),
        ),
    ),
    clocks={A.ASKED: "round.self_report"},
)
