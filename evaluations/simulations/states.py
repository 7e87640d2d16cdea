"""States and transitions of a simulation."""

from django.utils.translation import gettext_lazy as _

from evaluations.permissions import civil_affairs
from foundation.lifecycle.phases import ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start


class SimulationStatus(States):
    DONE = State(_("已算完"), ENDED, tone="done")


SIMULATION = Lifecycle(
    label="evaluations.Simulation",
    title=_("方案试算"),
    states=SimulationStatus,
    phases=(ENDED,),
    starts=(
        Start(
            "run",
            SimulationStatus.DONE,
            (civil_affairs,),
            _("试算方案"),
            _("%(who)s用过去的数据试算了方案"),
            "S26",
        ),
    ),
    transitions=(),
)
