"""The lifecycle of a change of facts that civil affairs confirms."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ASKED, DROPPED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import ANSWERS_FOR_A_PROVIDER, Role
from organizations.permissions import civil_affairs, handing_in
from organizations.providers.states import BASIS


class FactChangeStatus(States):
    """The states of a change."""

    PROPOSED = State(_("待民政核实"), ASKED, tone="soon")
    CONFIRMED = State(_("已核实"), ENDED, tone="done")
    REFUSED = State(_("未核实"), DROPPED, tone="late")
    TAKEN_BACK = State(_("已收回"), DROPPED)


F = FactChangeStatus


FACT_CHANGE = Lifecycle(
    label="organizations.FactChange",
    title=_("变更登记事项"),
    states=FactChangeStatus,
    phases=(ASKED, ENDED, DROPPED),
    starts=(
        Start("propose", F.PROPOSED, handing_in, _("变更登记事项"), _("%(who)s申请变更登记事项"), BASIS),
    ),
    transitions=(
        Transition(
            "confirm",
            F.in_phase(ASKED) >> F.CONFIRMED,
            (civil_affairs,),
            _("核实无误"),
            _("%(who)s核实了变更，新的登记事项生效"),
            basis=BASIS,
            second=True,
            tells=ANSWERS_FOR_A_PROVIDER,
        ),
        Transition(
            "refuse",
            F.in_phase(ASKED) >> F.REFUSED,
            (civil_affairs,),
            _("不予变更"),
            _("%(who)s没有同意变更，原来的登记事项不变"),
            basis="S18",
            reason=True,
            primary=False,
            tells=ANSWERS_FOR_A_PROVIDER,
        ),
        Transition(
            "take_back",
            F.in_phase(ASKED) >> F.TAKEN_BACK,
            handing_in,
            _("收回申请"),
            _("%(who)s收回了变更申请"),
            basis=BASIS,
            primary=False,
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "end_with_the_registration",
            F.in_phase(ASKED) >> F.TAKEN_BACK,
            (THE_SYSTEM,),
            _("随登记结束"),
            _("登记结束，变更申请不再办理"),
            basis=BASIS,
        ),
    ),
)
