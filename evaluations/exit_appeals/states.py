"""States and transitions of an appeal against an exit."""

from django.utils.translation import gettext_lazy as _

from evaluations.exit_appeals.bars import took_part
from evaluations.permissions import any_provider, civil_affairs
from foundation.lifecycle.duties import Bar
from foundation.lifecycle.phases import ASKED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.roles import Role


class ExitAppealStatus(States):
    FILED = State(_("待复核"), ASKED)
    REJECTED = State(_("维持退出"), ENDED, tone="late")
    GRANTED = State(_("撤销退出"), ENDED)


J = ExitAppealStatus


#: Somebody who had no part in the exit hears the appeal.
NO_PART_IN_THE_EXIT = (
    Bar(took_part, _("参与过退出办理的人不能复核，须由另一人办理。"), "行政复议法第三十六条"),
)


EXIT_APPEAL = Lifecycle(
    label="evaluations.ExitAppeal",
    title=_("退出申诉"),
    states=ExitAppealStatus,
    phases=(ASKED, ENDED),
    starts=(Start("file", J.FILED, (any_provider,), _("申诉"), _("%(who)s对退出决定提出申诉"), "S26"),),
    transitions=(
        Transition(
            "reject",
            J.in_phase(ASKED) >> J.REJECTED,
            (civil_affairs,),
            _("维持退出"),
            _("%(who)s复核，维持退出"),
            basis="S26",
            reason=True,
            bars=NO_PART_IN_THE_EXIT,
            second=True,
            tells=(Role.COORDINATOR,),
            outcome_of="hear",
        ),
        Transition(
            "grant",
            J.in_phase(ASKED) >> J.GRANTED,
            (civil_affairs,),
            _("撤销退出"),
            _("%(who)s复核，撤销退出"),
            basis="S26",
            reason=True,
            bars=NO_PART_IN_THE_EXIT,
            second=True,
            primary=False,
            consequence=_("退出决定撤销，机构恢复准入；公示处保留原文并注明更正。"),
            tells=(Role.COORDINATOR,),
        ),
    ),
    further_steps={"hear": _("复核申诉")},
    clocks={J.FILED: "exit.appeal"},
)
