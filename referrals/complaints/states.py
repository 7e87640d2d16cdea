"""States and transitions of a complaint."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ANSWERING, ASKED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import IN_CHARGE, Role
from referrals.permissions import answering_civil_affairs, answering_window, complaining_household


class ComplaintStatus(States):
    FILED = State(_("待答复"), ASKED)
    RAISED = State(_("已上交，待答复"), ASKED, tone="soon")
    ANSWERED = State(_("已答复"), ANSWERING, tone="done")
    CLOSED = State(_("已了结"), ENDED, tone="done")


P = ComplaintStatus


COMPLAINT = Lifecycle(
    label="referrals.Complaint",
    title=_("投诉"),
    states=ComplaintStatus,
    phases=(ASKED, ANSWERING, ENDED),
    starts=(Start("file", P.FILED, (complaining_household,), _("我要投诉"), _("家庭提出了投诉"), "S34"),),
    transitions=(
        Transition(
            "answer",
            P.in_phase(ASKED) >> P.ANSWERED,
            (answering_window, *answering_civil_affairs),
            _("答复投诉"),
            _("%(who)s答复了投诉"),
            basis="S34",
            tells=(Role.WINDOW,),
        ),
        Transition(
            "raise_higher",
            P.in_phase(ANSWERING) >> P.RAISED,
            (complaining_household,),
            _("不满意，请上级处理"),
            _("家庭对答复不满意，投诉上交一级"),
            basis="S34",
            reason=True,
            kept_in="text",
            primary=False,
            fits="may_go_higher",
        ),
        Transition(
            "close",
            P.in_phase(ANSWERING) >> P.CLOSED,
            (complaining_household, THE_SYSTEM),
            _("满意，了结"),
            _("家庭对答复满意"),
            basis="S34",
            consequence=_("了结以后不能再请上级处理。"),
            otherwise=_("这户已没有在世的成员，投诉了结"),
            tells=IN_CHARGE,
        ),
    ),
    further_steps={"judge": _("看答复，说是否满意")},
    clocks={P.FILED: "complaint.answer", P.RAISED: "complaint.answer"},
    late={
        "complaint.answer": lambda complaint: (
            (Role.WINDOW,) if complaint.answered_by_window else (Role.CIVIL_AFFAIRS,)
        )
    },
)
