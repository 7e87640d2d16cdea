"""The lifecycle of emergency access: asked for, allowed by a second person, over by itself, looked through (S33)."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.duties import Bar
from foundation.lifecycle.phases import ANSWERING, ASKED, DROPPED, ENDED, SERVING
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import ANSWERS_FOR_THE_CITY, SEES_STAFF, STANDS_IN
from organizations.emergencies.bars import those_in_an_emergency
from organizations.people.letting_in import no_second_person_of
from organizations.permissions import allowing_in_an_emergency, asking_in_an_emergency, auditor

#: The clause behind who may act for whom.
BASIS = "S34"


class EmergencyStatus(States):
    """The states of emergency access."""

    ASKED = State(_("待另一人批准"), ASKED, tone="soon")
    OPEN = State(_("正在使用"), SERVING, tone="late")
    TO_REVIEW = State(_("已结束，待复核"), ANSWERING, tone="soon")
    REVIEWED = State(_("已复核"), ENDED, tone="done")
    REFUSED = State(_("未批准"), DROPPED)
    WITHDRAWN = State(_("已撤回"), DROPPED)
    LAPSED = State(_("没有及时批准"), DROPPED)


S = EmergencyStatus


#: What keeps people from lending a role while one is lent to them.
LENT = Bar(those_in_an_emergency, _("您自己正在使用应急授权，不能%(act)s。"), BASIS)

#: What keeps people from allowing what was asked by whoever has lately let them in or was let in by them, and from looking it through.
NEAR_THE_ASKER = no_second_person_of("ask", or_bound=True)
NEAR_THOSE_LOOKED_AT = no_second_person_of("ask", "allow", or_bound=True)


EMERGENCY = Lifecycle(
    label="organizations.EmergencyAccess",
    title=_("应急授权"),
    states=EmergencyStatus,
    phases=(ASKED, SERVING, ANSWERING, ENDED, DROPPED),
    not_watching=STANDS_IN,
    starts=(
        Start("ask", S.ASKED, asking_in_an_emergency, _("申请应急授权"), _("%(who)s申请应急授权"), BASIS),
    ),
    transitions=(
        Transition(
            "allow",
            S.in_phase(ASKED) >> S.OPEN,
            allowing_in_an_emergency,
            _("批准应急授权"),
            _("%(who)s批准了应急授权"),
            basis=BASIS,
            apart_from=("ask",),
            bars=(LENT, NEAR_THE_ASKER),
            consequence=_("批准后立即生效，到时自动收回；打开的每一页都记录在案，由审计复核。"),
            tells=SEES_STAFF,
        ),
        Transition(
            "refuse",
            S.in_phase(ASKED) >> S.REFUSED,
            allowing_in_an_emergency,
            _("不批准"),
            _("%(who)s没有批准应急授权"),
            basis=BASIS,
            reason=True,
            apart_from=("ask",),
            primary=False,
            tells=SEES_STAFF,
        ),
        Transition(
            "withdraw",
            S.in_phase(ASKED) >> S.WITHDRAWN,
            asking_in_an_emergency,
            _("撤回申请"),
            _("%(who)s撤回了申请"),
            basis=BASIS,
            primary=False,
            tells=SEES_STAFF,
        ),
        Transition(
            "lapse",
            S.in_phase(ASKED) >> S.LAPSED,
            (THE_SYSTEM,),
            _("过时"),
            _("没有人及时批准，申请作废"),
            basis=BASIS,
            tells=SEES_STAFF,
        ),
        Transition(
            "end",
            S.in_phase(SERVING) >> S.TO_REVIEW,
            (*asking_in_an_emergency, *allowing_in_an_emergency),
            _("提前结束"),
            _("%(who)s提前结束了应急授权"),
            basis=BASIS,
            primary=False,
            consequence=_("从下一次点击起，这个身份就不能再用；其间接下的事交给同一处的同事。"),
            tells=ANSWERS_FOR_THE_CITY,
        ),
        Transition(
            "run_out",
            S.in_phase(SERVING) >> S.TO_REVIEW,
            (THE_SYSTEM,),
            _("到时"),
            _("应急授权到时，自动收回"),
            basis=BASIS,
            tells=ANSWERS_FOR_THE_CITY,
        ),
        Transition(
            "review",
            S.in_phase(ANSWERING) >> S.REVIEWED,
            (auditor,),
            _("复核"),
            _("%(who)s复核了应急授权"),
            basis=BASIS,
            apart_from=("ask", "allow"),
            bars=(NEAR_THOSE_LOOKED_AT,),
            reason=True,
            tells=SEES_STAFF,
        ),
    ),
)
