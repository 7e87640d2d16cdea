"""The lifecycle of a second home: proposed, accepted or declined."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ASKED, DROPPED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import Role
from households.permissions import window_asking, window_of_the_home
from households.register.states import work_of_its_household


class JoiningStatus(States):
    """The states of a second home."""

    PROPOSED = State(_("待此人所在窗口确认"), ASKED, tone="soon")
    ACCEPTED = State(_("已确认"), ENDED)
    DECLINED = State(_("未确认"), DROPPED, tone="late")
    TAKEN_BACK = State(_("已收回"), DROPPED)
    LAPSED = State(_("已失效"), DROPPED)


J = JoiningStatus


JOINING = Lifecycle(
    label="households.Joining",
    title=_("两边轮住"),
    states=JoiningStatus,
    phases=(ASKED, ENDED, DROPPED),
    starts=(
        Start(
            "propose",
            J.PROPOSED,
            (window_asking,),
            _("提出两边轮住"),
            _("%(who)s提出一个人也住在另一户"),
            "S22",
        ),
    ),
    transitions=(
        Transition(
            "accept",
            J.in_phase(ASKED) >> J.ACCEPTED,
            (window_of_the_home,),
            _("确认"),
            _("此人所在窗口确认此人也住在那户"),
            basis="S22",
            apart_from=("propose",),
            consequence=_("确认后，那户和它的窗口能看到此人的基本情况。请先向本人或监护人核实。"),
            tells=(Role.WINDOW,),
            alone=work_of_its_household,
        ),
        Transition(
            "decline",
            J.in_phase(ASKED) >> J.DECLINED,
            (window_of_the_home,),
            _("不确认"),
            _("此人所在窗口没有确认"),
            basis="S22",
            reason=True,
            kept_in="why",
            primary=False,
            tells=(Role.WINDOW,),
            alone=work_of_its_household,
        ),
        Transition(
            "take_back",
            J.in_phase(ASKED) >> J.TAKEN_BACK,
            (window_asking,),
            _("收回"),
            _("%(who)s收回了这次提出"),
            basis="S22",
            primary=False,
            tells=(Role.WINDOW,),
            alone=work_of_its_household,
        ),
        Transition(
            "lapse",
            J.in_phase(ASKED) >> J.LAPSED,
            (THE_SYSTEM,),
            _("失效"),
            _("情况已变，这次提出失效"),
            basis="S22",
            tells=(Role.WINDOW,),
            alone=work_of_its_household,
        ),
    ),
    clocks={J.PROPOSED: "joining.answer"},
)
