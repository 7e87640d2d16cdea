"""The lifecycle of a dispensation: asked for by one administrator, allowed or refused by another (S33)."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.duties import Bar
from foundation.lifecycle.phases import ASKED, DROPPED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import GIVES_MEMBERSHIPS
from organizations.dispensations.bars import near_the_person, the_person_itself
from organizations.people.letting_in import no_second_person_of
from organizations.permissions import administrator, asking_for_a_dispensation


class DispensationStatus(States):
    """The states of a dispensation."""

    PENDING = State(_("待另一人批准"), ASKED, tone="soon")
    ALLOWED = State(_("已批准"), ENDED)
    REFUSED = State(_("未批准"), DROPPED, tone="late")
    WITHDRAWN = State(_("已撤回"), DROPPED)
    LAPSED = State(_("没有及时批准"), DROPPED)


S = DispensationStatus


#: What keeps people from deciding on what they would hold themselves.
OWN = Bar(the_person_itself, _("这是给您自己的例外，不能由您%(act)s。"), "S33")

#: What keeps people from allowing what was asked by whoever has lately let them in, or is for one in line with them.
LET_IN_BY_THE_ASKER = no_second_person_of("request")
NEAR_THE_PERSON = Bar(
    near_the_person,
    _(
        "您和兼任的这个人当中\uff0c一位的身份是另一位最近 30 天里邀请或给的\uff0c或者都是同一人给的\uff0c"
        "不能由您%(act)s\uff0c请找另一位。"
    ),
    "S33",
    by_day=True,
)


DISPENSATION = Lifecycle(
    label="organizations.Dispensation",
    title=_("兼任的例外"),
    states=DispensationStatus,
    phases=(ASKED, ENDED, DROPPED),
    starts=(
        Start(
            "request",
            S.PENDING,
            asking_for_a_dispensation,
            _("申请兼任的例外"),
            _("%(who)s申请由同一人兼任"),
            "S33",
        ),
    ),
    transitions=(
        Transition(
            "allow",
            S.in_phase(ASKED) >> S.ALLOWED,
            (administrator,),
            _("批准兼任"),
            _("%(who)s批准了兼任"),
            basis="S33",
            apart_from=("request",),
            bars=(OWN, LET_IN_BY_THE_ASKER, NEAR_THE_PERSON),
            consequence=_("批准后立即生效，并列入风险提示，直到其中一个身份结束。"),
            tells=GIVES_MEMBERSHIPS,
        ),
        Transition(
            "refuse",
            S.in_phase(ASKED) >> S.REFUSED,
            (administrator,),
            _("不批准"),
            _("%(who)s没有批准兼任"),
            basis="S33",
            reason=True,
            apart_from=("request",),
            bars=(OWN,),
            primary=False,
            tells=GIVES_MEMBERSHIPS,
        ),
        Transition(
            "withdraw",
            S.in_phase(ASKED) >> S.WITHDRAWN,
            asking_for_a_dispensation,
            _("撤回申请"),
            _("%(who)s撤回了申请"),
            basis="S33",
            primary=False,
            tells=GIVES_MEMBERSHIPS,
        ),
        Transition(
            "lapse",
            S.in_phase(ASKED) >> S.LAPSED,
            (THE_SYSTEM,),
            _("过时"),
            _("申请的日子过了，没有人批准"),
            basis="S33",
            tells=GIVES_MEMBERSHIPS,
        ),
    ),
)
