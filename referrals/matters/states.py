"""States and transitions of a matter."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ASKED, DROPPED, ENDED, SERVING
from foundation.lifecycle.states import STAYS, State, States, Trait
from foundation.lifecycle.table import Errand, Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import AROUND_A_HOME, AT_A_PLACE, CONCERNED_BY_A_MATTER, Role
from households.register.states import work_of_its_household
from referrals.permissions import (
    applicant,
    assistant,
    bringing_village,
    civil_affairs_on_harm,
    grid_worker,
    hotline,
    reporting_coordinator,
    reporting_worker,
    window,
    window_awaiting_papers,
)

#: It has just arrived: the household is told that the window will call.
TO_BE_CALLED = Trait("the window is to call about it")


class MatterStatus(States):
    REPORTED = State(_("已报告，待受理"), ASKED, tone="soon", traits=(TO_BE_CALLED,))
    PAPERS_MISSING = State(_("待补材料"), ASKED, tone="soon")
    ACCEPTED = State(_("已受理"), SERVING)
    EXPLAINED = State(_("已解释政策"), DROPPED)
    CLOSED = State(_("已办结"), ENDED, tone="done")


M = MatterStatus


#: The clock of documents that are brought after urgent help began.
PAPERS_LATER = "matter.papers_later"

#: The clock of looking into signs of harm to a child, which civil affairs answers for.
HARM = "matter.harm"


MATTER = Lifecycle(
    label="referrals.Matter",
    title=_("救助事项"),
    states=MatterStatus,
    phases=(ASKED, SERVING, DROPPED, ENDED),
    starts=(
        Start(
            "accept_application",
            M.ACCEPTED,
            (window,),
            _("受理申请"),
            _("%(who)s受理了申请，出具受理单"),
            "S11",
        ),
        Start(
            "report",
            M.REPORTED,
            (assistant, grid_worker),
            _("报告困难家庭"),
            _("%(who)s报告了困难家庭"),
            "S8",
        ),
        Start(
            "report_as_provider",
            M.REPORTED,
            (reporting_coordinator, reporting_worker),
            _("报告困难家庭"),
            _("%(who)s报告了困难家庭"),
            "S4",
        ),
        Start("report_by_hotline", M.REPORTED, (hotline,), _("12345 派单"), _("12345 热线派单"), "S10"),
        Start("apply", M.REPORTED, (applicant, THE_SYSTEM), _("我要求助"), _("家庭在网上提出了申请"), "S7"),
        Start("find", M.ACCEPTED, (window,), _("主动发现"), _("%(who)s主动发现这户可能需要帮助"), "S4"),
    ),
    transitions=(
        Transition(
            "accept",
            M.in_phase(ASKED) >> M.ACCEPTED,
            (window,),
            _("受理"),
            _("%(who)s受理了申请，出具受理单"),
            basis="S11",
            alone=work_of_its_household,
            tells=AROUND_A_HOME,
        ),
        Transition(
            "ask_papers",
            M.in_phase(ASKED) >> M.PAPERS_MISSING,
            (window,),
            _("一次性告知补材料"),
            _("%(who)s一次性告知需要补齐的材料"),
            basis="S12",
            primary=False,
        ),
        Transition(
            "explain",
            M.in_phase(ASKED) >> M.EXPLAINED,
            (window,),
            _("解释政策"),
            _("%(who)s解释了政策"),
            basis="S13",
            reason=True,
            kept_in="story",
            primary=False,
            tells=AROUND_A_HOME,
        ),
        Transition(
            "add_papers",
            M.in_phase(SERVING) >> STAYS,
            (window_awaiting_papers,),
            _("急难材料已补齐"),
            _("%(who)s确认急难材料已经补齐"),
            basis="S21",
            primary=False,
        ),
        Transition(
            "look_into",
            M.in_phase(ASKED, SERVING) >> STAYS,
            (civil_affairs_on_harm,),
            _("核查处理"),
            _("%(who)s核查处理了这份报告"),
            basis="未成年人保护法第十一条",
            fits="to_look_into",
        ),
        Transition(
            "end_with_death",
            M.unfinished() >> M.CLOSED,
            (THE_SYSTEM,),
            _("因去世办结"),
            _("申请人去世，事项办结"),
            basis="S22",
            from_any=True,
            tells=AT_A_PLACE,
        ),
        Transition(
            "close",
            M.in_phase(SERVING) >> M.CLOSED,
            (THE_SYSTEM,),
            _("办结"),
            _("全部需求已有答复，事项办结"),
            basis="S20",
            tells=CONCERNED_BY_A_MATTER,
        ),
    ),
    clocks={M.REPORTED: "matter.acceptance"},
    errands={M.PAPERS_MISSING: Errand("bring_papers", (applicant,), _("补齐材料"), besides=bringing_village)},
    # Civil affairs looks into signs of harm to a child, and leaves all else to the window.
    not_watching=(Role.CIVIL_AFFAIRS,),
    spanning=(PAPERS_LATER, HARM),
    late={"matter.acceptance": (Role.WINDOW,), PAPERS_LATER: (Role.WINDOW,), HARM: (Role.CIVIL_AFFAIRS,)},
    unpaused=(HARM,),
)
