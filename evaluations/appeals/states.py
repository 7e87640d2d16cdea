"""States and transitions of an appeal."""

from django.utils.translation import gettext_lazy as _

from evaluations.permissions import appellant, dismissing_reviewer, granting_reviewer, reviewer
from foundation.lifecycle.phases import ASKED, DROPPED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.roles import JUDGED_AND_EXPERTS, Role


class AppealStatus(States):
    FILED = State(_("复核中"), ASKED)
    PROPOSED = State(_("待第二人复核"), ASKED, tone="soon")
    GRANTED = State(_("申诉成立"), ENDED)
    DISMISSED = State(_("申诉不成立"), ENDED)
    WITHDRAWN = State(_("已撤回"), DROPPED, tone="late")


P = AppealStatus


APPEAL = Lifecycle(
    label="evaluations.Appeal",
    title=_("评估申诉"),
    states=AppealStatus,
    phases=(ASKED, ENDED, DROPPED),
    starts=(Start("file", P.FILED, (appellant,), _("提出申诉"), _("%(who)s对初步结果提出申诉"), "S26"),),
    transitions=(
        Transition(
            "propose",
            P.FILED >> P.PROPOSED,
            (reviewer,),
            _("提出复核意见"),
            _("复核人员提出了意见"),
            basis="S26",
            reason=True,
            proposal=True,
            exactly=True,
        ),
        Transition(
            "confirm",
            P.PROPOSED >> P.DISMISSED,
            (dismissing_reviewer,),
            _("同意：不成立"),
            _("第二名复核人员同意，申诉不成立"),
            basis="S26",
            apart_from=("propose",),
            exactly=True,
            tells=JUDGED_AND_EXPERTS,
        ),
        Transition(
            "grant",
            P.PROPOSED >> P.GRANTED,
            (granting_reviewer,),
            _("同意：成立"),
            _("第二名复核人员同意，申诉成立，结果改正"),
            basis="S26",
            apart_from=("propose",),
            exactly=True,
            tells=JUDGED_AND_EXPERTS,
        ),
        Transition(
            "differ",
            P.PROPOSED >> P.FILED,
            (reviewer,),
            _("不同意，重新复核"),
            _("第二名复核人员不同意"),
            basis="S26",
            apart_from=("propose",),
            reason=True,
            primary=False,
            exactly=True,
        ),
        Transition(
            "withdraw",
            P.in_phase(ASKED) >> P.WITHDRAWN,
            (appellant,),
            _("撤回申诉"),
            _("%(who)s撤回了申诉"),
            basis="S26",
            primary=False,
            tells=(Role.EVALUATOR,),
        ),
    ),
    clocks={P.FILED: "appeal.answer", P.PROPOSED: "appeal.second"},
    # An evaluator who scored the provider may not extend the deadline of the answer.
    unpaused=("appeal.answer", "appeal.second"),
)
