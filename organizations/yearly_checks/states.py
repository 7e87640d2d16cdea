"""The lifecycle of a yearly check: stated by the provider, or corrected by stating it anew."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import DROPPED, SERVING
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from organizations.permissions import handing_in
from organizations.providers.states import BASIS


class YearlyCheckStatus(States):
    """The states of a yearly check."""

    STATED = State(_("已填报"), SERVING, tone="done")
    PUT_AWAY = State(_("已撤下"), DROPPED)


Y = YearlyCheckStatus

#: The transition that bears the name of its state.
TO_PUT_AWAY = "put_away"


YEARLY_CHECK = Lifecycle(
    label="organizations.YearlyCheck",
    title=_("年度检查"),
    states=YearlyCheckStatus,
    phases=(SERVING, DROPPED),
    starts=(Start("state", Y.STATED, handing_in, _("填报年度检查"), _("%(who)s填报了年度检查"), BASIS),),
    transitions=(
        Transition(
            TO_PUT_AWAY,
            Y.in_phase(SERVING) >> Y.PUT_AWAY,
            handing_in,
            _("撤下"),
            _("%(who)s撤下了这一年的填报"),
            basis=BASIS,
            primary=False,
        ),
    ),
)
