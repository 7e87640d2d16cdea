"""The lifecycle of a correction: proposed by one person, confirmed by another."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ASKED, DROPPED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import IN_CHARGE
from households.permissions import civil_affairs, window_of_correction


class CorrectionStatus(States):
    """The states of a correction."""

    PROPOSED = State(_("待复核"), ASKED, tone="soon")
    CONFIRMED = State(_("已更正"), ENDED)
    REJECTED = State(_("未更正"), DROPPED, tone="late")
    LAPSED = State(_("已失效"), DROPPED)


C = CorrectionStatus


CORRECTION = Lifecycle(
    label="households.Correction",
    title=_("证件号更正"),
    states=CorrectionStatus,
    phases=(ASKED, ENDED, DROPPED),
    starts=(
        Start(
            "propose",
            C.PROPOSED,
            (window_of_correction,),
            _("更正证件号"),
            _("%(who)s提出更正证件号"),
            "个人信息保护法第四十六条",
        ),
    ),
    transitions=(
        Transition(
            "confirm",
            C.in_phase(ASKED) >> C.CONFIRMED,
            (window_of_correction, civil_affairs),
            _("复核更正"),
            _("%(who)s复核并更正了证件号"),
            basis="个人信息保护法第四十六条",
            apart_from=("propose",),
            tells=IN_CHARGE,
        ),
        Transition(
            "reject",
            C.in_phase(ASKED) >> C.REJECTED,
            (window_of_correction, civil_affairs),
            _("不予更正"),
            _("%(who)s没有更正证件号"),
            basis="个人信息保护法第四十六条",
            reason=True,
            kept_in="why",
            primary=False,
            tells=IN_CHARGE,
        ),
        Transition(
            "lapse",
            C.in_phase(ASKED) >> C.LAPSED,
            (THE_SYSTEM,),
            _("失效"),
            _("此人已不在这户，这次更正失效"),
            basis="个人信息保护法第四十六条",
            tells=IN_CHARGE,
        ),
    ),
    clocks={C.PROPOSED: "correction.answer"},
)
