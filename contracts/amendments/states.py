"""States and transitions of a supplementary agreement."""

from django.utils.translation import gettext_lazy as _

from contracts.permissions import buyer, provider_of_its_contract
from foundation.lifecycle.phases import ASKED, DROPPED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import AGREES, Role


class AmendmentStatus(States):
    DRAFTED = State(_("待购买方签署"), ASKED)
    PROPOSED = State(_("待机构签署"), ASKED, tone="soon")
    AGREED = State(_("已生效"), ENDED, tone="done")
    DECLINED = State(_("机构未同意"), DROPPED, tone="late")
    WITHDRAWN = State(_("已撤回"), DROPPED, tone="late")


A = AmendmentStatus


AMENDMENT = Lifecycle(
    label="contracts.Amendment",
    title=_("补充协议"),
    states=AmendmentStatus,
    phases=(ASKED, ENDED, DROPPED),
    starts=(Start("propose", A.DRAFTED, (buyer,), _("补充协议"), _("%(who)s提出补充协议"), "S24"),),
    transitions=(
        Transition(
            "sign",
            A.DRAFTED >> A.PROPOSED,
            (buyer,),
            _("购买方签署补充协议"),
            _("%(who)s签署了补充协议"),
            basis="S24",
            apart_from=("propose",),
            exactly=True,
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "agree",
            A.PROPOSED >> A.AGREED,
            (provider_of_its_contract,),
            _("签署补充协议"),
            _("%(who)s签署了补充协议"),
            basis="S24",
            exactly=True,
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "decline",
            A.PROPOSED >> A.DECLINED,
            (provider_of_its_contract,),
            _("不同意"),
            _("%(who)s不同意补充协议"),
            basis="S24",
            reason=True,
            primary=False,
            exactly=True,
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "withdraw",
            A.unfinished() >> A.WITHDRAWN,
            (buyer, THE_SYSTEM),
            _("撤回补充协议"),
            _("%(who)s撤回了补充协议"),
            basis="S24",
            reason=True,
            primary=False,
            from_any=True,
            tells=AGREES,
        ),
    ),
    clocks={A.DRAFTED: "contract.amendment", A.PROPOSED: "contract.amendment"},
)
