"""States and transitions of a hand-over."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ASKED, DROPPED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from referrals.permissions import giving_window, taking_colleague, taking_window


class HandoverStatus(States):
    PROPOSED = State(_("待对方接手"), ASKED, tone="soon")
    ACCEPTED = State(_("已接手"), ENDED)
    DECLINED = State(_("未接手"), DROPPED, tone="late")


V = HandoverStatus


HANDOVER = Lifecycle(
    label="referrals.Handover",
    title=_("首问移交"),
    states=HandoverStatus,
    phases=(ASKED, ENDED, DROPPED),
    starts=(
        Start(
            "propose", V.PROPOSED, (giving_window,), _("移交首问责任"), _("%(who)s提出移交首问责任"), "S34"
        ),
    ),
    transitions=(
        Transition(
            "accept",
            V.in_phase(ASKED) >> V.ACCEPTED,
            (taking_colleague, taking_window),
            _("接手"),
            _("%(who)s接手，从此负责到底"),
            basis="S34",
            at_once=True,
        ),
        Transition(
            "decline",
            V.in_phase(ASKED) >> V.DECLINED,
            (taking_colleague, taking_window),
            _("不接手"),
            _("%(who)s没有接手，仍由原首问人负责"),
            basis="S34",
            reason=True,
            kept_in="why",
            primary=False,
        ),
    ),
    clocks={V.PROPOSED: "handover.answer"},
)
