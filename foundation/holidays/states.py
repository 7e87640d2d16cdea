"""The lifecycle of a notice of holidays: one person enters it, another confirms it."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ASKED, DROPPED, ENDED, SERVING
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM, Party, everybody_in
from foundation.roles import OVERSEERS, Role

civil_affairs = Party(Role.CIVIL_AFFAIRS)


#: Who sees the notices of holidays.
SEES_HOLIDAYS = everybody_in(OVERSEERS)


#: The regulation by which the State Council announces the holidays of each year.
BASIS = "全国年节及纪念日放假办法"


class HolidayStatus(States):
    """The states of a notice of holidays."""

    PROPOSED = State(_("待另一人核对"), ASKED, tone="soon")
    IN_FORCE = State(_("执行中"), SERVING, tone="done")
    REPLACED = State(_("已由后来的通知替代"), ENDED)
    WITHDRAWN = State(_("已撤回"), DROPPED)
    REJECTED = State(_("核对未通过"), DROPPED, tone="late")


S = HolidayStatus


HOLIDAYS = Lifecycle(
    label="foundation.HolidayNotice",
    title=_("放假安排"),
    states=HolidayStatus,
    phases=(ASKED, SERVING, ENDED, DROPPED),
    starts=(
        Start("propose", S.PROPOSED, (civil_affairs,), _("录入放假安排"), _("%(who)s录入了放假安排"), BASIS),
    ),
    transitions=(
        Transition(
            "confirm",
            S.in_phase(ASKED) >> S.IN_FORCE,
            (civil_affairs,),
            _("核对无误，开始执行"),
            _("%(who)s核对无误，放假安排开始执行"),
            basis=BASIS,
            apart_from=("propose",),
            alone="holidays",
            consequence=_("跨过这些日子的时限会在后台重新计算，等待办理的人会收到通知。"),
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "reject",
            S.in_phase(ASKED) >> S.REJECTED,
            (civil_affairs,),
            _("核对不通过"),
            _("%(who)s核对放假安排没有通过"),
            basis=BASIS,
            reason=True,
            apart_from=("propose",),
            primary=False,
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "withdraw",
            S.in_phase(ASKED) >> S.WITHDRAWN,
            (civil_affairs,),
            _("撤回重录"),
            _("%(who)s撤回了放假安排"),
            basis=BASIS,
            primary=False,
        ),
        Transition(
            "replace", S.in_phase(SERVING) >> S.REPLACED, (THE_SYSTEM,), _("替代"), _("由后来的通知替代")
        ),
    ),
)
