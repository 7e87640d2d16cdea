"""States and transitions of a supplementary agreement."""

from django.utils.translation import gettext_lazy as _

from contracts.permissions import amended_provider, buyer
from foundation.lifecycle.states import AnyOf, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM


class AmendmentStatus(States):
    DRAFTED = "drafted", _("待购买方签署")
    PROPOSED = "proposed", _("待机构签署")
    AGREED = "agreed", _("已生效")
    DECLINED = "declined", _("机构未同意")
    WITHDRAWN = "withdrawn", _("已撤回")


A = AmendmentStatus


AMENDMENT = Lifecycle(
    label="contracts.Amendment",
    title=_("补充协议"),
    states=AmendmentStatus,
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
        ),
        Transition(
            "agree",
            A.PROPOSED >> A.AGREED,
            (amended_provider,),
            _("签署补充协议"),
            _("%(who)s签署了补充协议"),
            basis="S24",
        ),
        Transition(
            "decline",
            A.PROPOSED >> A.DECLINED,
            (amended_provider,),
            _("不同意"),
            _("%(who)s不同意补充协议"),
            basis="S24",
            reason=True,
            primary=False,
        ),
        Transition(
            "withdraw",
            AnyOf(A.DRAFTED, A.PROPOSED) >> A.WITHDRAWN,
            (buyer, THE_SYSTEM),
            _("撤回补充协议"),
            _("%(who)s撤回了补充协议"),
            basis="S24",
            reason=True,
            primary=False,
        ),
    ),
    clocks={A.DRAFTED: "contract.amendment", A.PROPOSED: "contract.amendment"},
)
