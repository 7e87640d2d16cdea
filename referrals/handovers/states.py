"""States and transitions of a hand-over."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.duties import Bar
from foundation.lifecycle.phases import ASKED, DROPPED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import Role
from households.register.states import the_work_of
from referrals.handovers.bars import asked_to_take_over
from referrals.permissions import giving_window, taking_colleague, taking_window


class HandoverStatus(States):
    PROPOSED = State(_("待对方接手"), ASKED, tone="soon")
    ACCEPTED = State(_("已接手"), ENDED)
    DECLINED = State(_("未接手"), DROPPED, tone="late")
    TAKEN_BACK = State(_("已收回"), DROPPED)
    LAPSED = State(_("已失效"), DROPPED)


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
            apart_from=("propose",),
            alone=lambda handover: the_work_of(handover.matter.household_id),
            tells=(Role.WINDOW,),
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
            tells=(Role.WINDOW,),
        ),
        Transition(
            "take_back",
            V.in_phase(ASKED) >> V.TAKEN_BACK,
            (giving_window,),
            _("收回"),
            _("%(who)s收回了这次移交"),
            basis="S34",
            bars=(Bar(asked_to_take_over, _("请您接手的移交不由您收回；不接手的，请写明理由。")),),
            primary=False,
            tells=(Role.WINDOW,),
        ),
        Transition(
            "lapse",
            V.in_phase(ASKED) >> V.LAPSED,
            (THE_SYSTEM,),
            _("失效"),
            _("事项已经办结，这次移交失效"),
            basis="S34",
            tells=(Role.WINDOW,),
        ),
    ),
    clocks={V.PROPOSED: "handover.answer"},
)
