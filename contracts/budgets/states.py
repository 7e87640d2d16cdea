"""States and transitions of a budget document."""

from django.utils.translation import gettext_lazy as _

from contracts.permissions import finance
from foundation.lifecycle.phases import ASKED, DROPPED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.roles import Role


class BudgetChangeStatus(States):
    PROPOSED = State(_("待复核"), ASKED, tone="soon")
    APPROVED = State(_("已入账"), ENDED, tone="done")
    REJECTED = State(_("已退回"), DROPPED, tone="late")


B = BudgetChangeStatus


BUDGET_CHANGE = Lifecycle(
    label="contracts.BudgetChange",
    title=_("预算指标"),
    states=BudgetChangeStatus,
    phases=(ASKED, ENDED, DROPPED),
    starts=(
        Start("grant", B.PROPOSED, (finance,), _("下达预算"), _("%(who)s提出下达预算"), "S33"),
        Start("adjust", B.PROPOSED, (finance,), _("追加或调减"), _("%(who)s提出调整预算"), "S33"),
        Start("shift", B.PROPOSED, (finance,), _("调剂"), _("%(who)s提出调剂预算"), "S33"),
        Start("close", B.PROPOSED, (finance,), _("年终结转"), _("%(who)s提出年终结转"), "S33"),
    ),
    transitions=(
        Transition(
            "approve",
            B.in_phase(ASKED) >> B.APPROVED,
            (finance,),
            _("复核入账"),
            _("%(who)s复核并入账"),
            basis="S33",
            apart_from=("grant", "adjust", "shift", "close"),
            tells=(Role.FINANCE,),
        ),
        Transition(
            "reject",
            B.in_phase(ASKED) >> B.REJECTED,
            (finance,),
            _("退回"),
            _("%(who)s退回了这份指标"),
            basis="S33",
            reason=True,
            primary=False,
            tells=(Role.FINANCE,),
        ),
    ),
    clocks={B.PROPOSED: "budget.approval"},
)
