"""States and transitions of a request for offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ASKED, DROPPED, ENDED
from foundation.lifecycle.states import STAYS, State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from referrals.offers.states import lock_key_of
from referrals.permissions import window

if TYPE_CHECKING:
    from referrals.requests.models import RequestForOffers


class RequestStatus(States):
    OPEN = State(_("征集中"), ASKED, tone="soon")
    FILLED = State(_("已有机构承接"), ENDED)
    FAILED = State(_("没有机构承接"), DROPPED, tone="late")
    WITHDRAWN = State(_("窗口已撤回"), DROPPED, tone="late")


L = RequestStatus


def the_need(request: RequestForOffers) -> str:
    """The lock of a request's transitions, the same as for the offers of its need."""
    return lock_key_of(request.need_id)


REQUEST = Lifecycle(
    label="referrals.RequestForOffers",
    title=_("征集"),
    states=RequestStatus,
    phases=(ASKED, ENDED, DROPPED),
    starts=(Start("announce", L.OPEN, (window,), _("发给几家"), _("%(who)s把需求发给几家机构"), "S16"),),
    transitions=(
        Transition(
            "choose",
            L.in_phase(ASKED) >> L.FILLED,
            (THE_SYSTEM,),
            _("选定"),
            _("已有机构承接"),
            basis="S28",
            alone=the_need,
        ),
        Transition(
            "fail",
            L.in_phase(ASKED) >> L.FAILED,
            (THE_SYSTEM,),
            _("无人承接"),
            _("没有机构承接，回到窗口"),
            basis="S16",
            alone=the_need,
        ),
        Transition(
            "judge",
            L.in_phase(ASKED) >> STAYS,
            (THE_SYSTEM,),
            _("择优"),
            _("应答时间到，在应答的机构中择优"),
            basis="S28",
            alone=the_need,
        ),
        Transition(
            "end_with_death",
            L.unfinished() >> L.WITHDRAWN,
            (THE_SYSTEM,),
            _("因去世收回"),
            _("服务对象去世，征集收回"),
            basis="S22",
            from_any=True,
        ),
        Transition(
            "withdraw",
            L.unfinished() >> L.WITHDRAWN,
            (window,),
            _("撤回征集"),
            _("%(who)s撤回了征集"),
            basis="S16",
            reason=True,
            kept_in="goal",
            primary=False,
            alone=the_need,
            from_any=True,
        ),
    ),
)
