"""States and transitions of a meeting of the joint conference."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ASKED, DROPPED, ENDED, SERVING
from foundation.lifecycle.states import STAYS, State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from referrals.permissions import secretary


class MeetingStatus(States):
    PLANNED = State(_("已排期"), ASKED)
    HELD = State(_("会中"), SERVING)
    CLOSED = State(_("纪要已定"), ENDED, tone="done")
    CANCELLED = State(_("已取消"), DROPPED, tone="late")


G = MeetingStatus


MEETING = Lifecycle(
    label="referrals.Meeting",
    title=_("联席会议"),
    states=MeetingStatus,
    phases=(ASKED, SERVING, ENDED, DROPPED),
    starts=(Start("convene", G.PLANNED, (secretary,), _("召集会议"), _("%(who)s召集了会议"), "S15"),),
    transitions=(
        Transition(
            "put_on_agenda",
            G.in_phase(ASKED) >> STAYS,
            (secretary,),
            _("列入议题"),
            _("%(who)s列入了议题"),
            basis="S15",
            primary=False,
        ),
        Transition("open", G.in_phase(ASKED) >> G.HELD, (secretary,), _("开会"), _("会议开始"), basis="S31"),
        Transition(
            "decide",
            G.in_phase(SERVING) >> STAYS,
            (secretary,),
            _("议定"),
            _("会议议定了一个议题"),
            basis="S31",
            primary=False,
        ),
        Transition(
            "close",
            G.in_phase(SERVING) >> G.CLOSED,
            (secretary,),
            _("定稿纪要"),
            _("会议结束，纪要定稿"),
            basis="S31",
        ),
        Transition(
            "cancel",
            G.unfinished() >> G.CANCELLED,
            (secretary,),
            _("取消会议"),
            _("会议取消，议题等下次会议"),
            basis="S15",
            reason=True,
            primary=False,
            from_any=True,
        ),
    ),
)
