"""States and transitions of a re-matching."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.duties import Bar
from foundation.lifecycle.phases import ASKED, DROPPED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import Role
from organizations.permissions import civil_affairs
from referrals.rematching.events import kept_from_approving


class RematchStatus(States):
    PREVIEWED = State(_("待批准"), ASKED)
    DONE = State(_("已执行"), ENDED, tone="done")
    DISCARDED = State(_("已作废"), DROPPED)


X = RematchStatus


REMATCH = Lifecycle(
    label="referrals.Rematch",
    title=_("批量重新匹配"),
    states=RematchStatus,
    phases=(ASKED, ENDED, DROPPED),
    starts=(
        Start(
            "preview",
            X.PREVIEWED,
            (civil_affairs, THE_SYSTEM),
            _("预览重新匹配"),
            _("%(who)s预览了重新匹配"),
            "S26",
        ),
    ),
    transitions=(
        Transition(
            "approve",
            X.in_phase(ASKED) >> X.DONE,
            (civil_affairs,),
            _("批准并执行"),
            _("%(who)s批准并执行了重新匹配"),
            basis="S26",
            apart_from=("preview",),
            bars=(
                Bar(
                    kept_from_approving, _("您是合议组成员，移交方案须由另一人批准。"), "行政处罚法第四十三条"
                ),
            ),
            consequence=_("所列转介一次全部移交；放不下的回到窗口，并报民政。"),
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "discard",
            X.in_phase(ASKED) >> X.DISCARDED,
            (civil_affairs, THE_SYSTEM),
            _("作废"),
            _("%(who)s作废了这次预览"),
            basis="S26",
            reason=True,
            primary=False,
            tells=(Role.CIVIL_AFFAIRS,),
        ),
    ),
)
