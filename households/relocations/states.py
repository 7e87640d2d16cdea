"""The lifecycle of a relocation: proposed, accepted or declined."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ASKED, DROPPED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import Role
from households.permissions import window_joined, window_left
from households.register.states import work_of_its_household


class RelocationStatus(States):
    """The states of a relocation."""

    PROPOSED = State(_("待迁入窗口确认"), ASKED, tone="soon")
    ACCEPTED = State(_("已移交"), ENDED)
    DECLINED = State(_("未接收"), DROPPED, tone="late")
    TAKEN_BACK = State(_("已收回"), DROPPED)
    LAPSED = State(_("已失效"), DROPPED)


L = RelocationStatus


RELOCATION = Lifecycle(
    label="households.Relocation",
    title=_("迁居移交"),
    states=RelocationStatus,
    phases=(ASKED, ENDED, DROPPED),
    starts=(
        Start(
            "propose",
            L.PROPOSED,
            (window_left,),
            _("迁往别的镇街"),
            _("%(who)s提出把家庭移交给迁入地窗口"),
            "S3",
        ),
    ),
    transitions=(
        Transition(
            "accept",
            L.in_phase(ASKED) >> L.ACCEPTED,
            (window_joined,),
            _("接收"),
            _("%(who)s接收了家庭，从此由迁入地负责"),
            basis="S3",
            at_once=True,
            apart_from=("propose",),
            tells=(Role.WINDOW,),
            alone=work_of_its_household,
        ),
        Transition(
            "decline",
            L.in_phase(ASKED) >> L.DECLINED,
            (window_joined,),
            _("不接收"),
            _("%(who)s没有接收，仍由原窗口负责"),
            basis="S3",
            reason=True,
            primary=False,
            tells=(Role.WINDOW,),
            alone=work_of_its_household,
        ),
        Transition(
            "take_back",
            L.in_phase(ASKED) >> L.TAKEN_BACK,
            (window_left,),
            _("收回"),
            _("%(who)s收回了这次移交"),
            basis="S3",
            primary=False,
            tells=(Role.WINDOW,),
            alone=work_of_its_household,
        ),
        Transition(
            "lapse",
            L.in_phase(ASKED) >> L.LAPSED,
            (THE_SYSTEM,),
            _("失效"),
            _("这户已不在册，这次移交失效"),
            basis="S3",
            tells=(Role.WINDOW,),
            alone=work_of_its_household,
        ),
    ),
    clocks={L.PROPOSED: "relocation.answer"},
)
