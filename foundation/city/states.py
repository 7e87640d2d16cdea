"""The lifecycle of the city: being set up, at work."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import PREPARED, Phase
from foundation.lifecycle.states import STAYS, State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM, Party, everybody_in
from foundation.roles import PEOPLE, Role

#: Set up, and at work; nothing is awaited of anybody.
SET_UP = Phase("set_up", over=True)

administrator = Party(Role.ADMINISTRATOR)

#: Everybody is told in which city it is.
SEES_THE_CITY = (*everybody_in(PEOPLE), THE_SYSTEM)

#: The clause behind one platform for all.
BASIS = "S2"


class CityStatus(States):
    """The states of the city."""

    SETTING_UP = State(_("正在设立"), PREPARED, tone="soon")
    AT_WORK = State(_("已启用"), SET_UP, tone="done")


S = CityStatus


CITY = Lifecycle(
    label="foundation.City",
    title=_("城市"),
    states=CityStatus,
    phases=(PREPARED, SET_UP),
    starts=(
        Start("begin", S.SETTING_UP, (THE_SYSTEM,), _("开始设立"), _("开始设立这个城市的平台"), BASIS),
        Start("demonstrate", S.AT_WORK, (THE_SYSTEM,), _("建立演示"), _("建立了演示用的城市"), BASIS),
    ),
    transitions=(
        Transition(
            "describe",
            S.in_phase(PREPARED, SET_UP) >> STAYS,
            (administrator,),
            _("填写城市信息"),
            _("%(who)s填写了城市的名称、主管单位和热线"),
            basis=BASIS,
            primary=False,
        ),
        Transition(
            "name_document",
            S.in_phase(PREPARED, SET_UP) >> STAYS,
            (administrator,),
            _("登记依据的文件"),
            _("%(who)s登记了平台依据的文件"),
            basis=BASIS,
            primary=False,
        ),
        Transition(
            "draw_logo",
            S.in_phase(PREPARED, SET_UP) >> STAYS,
            (administrator,),
            _("换标志"),
            _("%(who)s换了标志"),
            basis=BASIS,
            primary=False,
        ),
        Transition(
            "go_to_work",
            S.in_phase(PREPARED) >> S.AT_WORK,
            (administrator,),
            _("启用"),
            _("%(who)s启用了平台"),
            basis=BASIS,
        ),
    ),
)
