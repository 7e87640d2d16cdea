"""States and transitions of an early-warning signal."""

from django.utils.translation import gettext_lazy as _

from evaluations.permissions import civil_affairs
from foundation.lifecycle.phases import ASKED, ENDED, SERVING
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import Role


class SignalStatus(States):
    RAISED = State(_("待走访"), ASKED, tone="soon")
    PLANNED = State(_("已约走访"), SERVING)
    CLOSED = State(_("已处理"), ENDED, tone="done")


G = SignalStatus


SIGNAL = Lifecycle(
    label="evaluations.Signal",
    title=_("预警"),
    states=SignalStatus,
    phases=(ASKED, SERVING, ENDED),
    starts=(Start("raise", G.RAISED, (THE_SYSTEM,), _("预警"), _("每周数字超出平常范围"), "S26"),),
    transitions=(
        Transition(
            "plan_visit",
            G.in_phase(ASKED) >> G.PLANNED,
            (civil_affairs,),
            _("约定走访"),
            _("%(who)s约定走访"),
            basis="S26",
        ),
        Transition(
            "close",
            G.in_phase(SERVING) >> G.CLOSED,
            (civil_affairs,),
            _("登记走访结果"),
            _("%(who)s登记了走访结果"),
            basis="S26",
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "set_aside",
            G.in_phase(ASKED) >> G.CLOSED,
            (civil_affairs,),
            _("不用走访"),
            _("%(who)s认为不用走访"),
            basis="S26",
            reason=True,
            primary=False,
            tells=(Role.COORDINATOR,),
        ),
    ),
    clocks={G.RAISED: "signal.visit"},
)
