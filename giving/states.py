"""States and transitions of a charity pool and of a gift."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import DROPPED, ENDED, SERVING, SUSPENDED
from foundation.lifecycle.states import STAYS, State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.roles import Role
from giving.permissions import counter, keeper, overseer, receiver


class PoolStatus(States):
    OPEN = State(_("使用中"), SERVING, tone="done")
    FROZEN = State(_("已冻结"), SUSPENDED)
    CLOSED = State(_("已结清"), ENDED, tone="done")


P = PoolStatus


POOL = Lifecycle(
    label="giving.Pool",
    title=_("慈善资金和物资"),
    states=PoolStatus,
    phases=(SERVING, SUSPENDED, ENDED),
    starts=(
        Start("set_up", P.OPEN, (keeper,), _("设立资金或物资库"), _("%(who)s设立了资金或物资库"), "S30"),
    ),
    transitions=(
        Transition(
            "back",
            P.in_phase(SERVING) >> STAYS,
            (keeper,),
            _("用于服务项目"),
            _("%(who)s定下了用于哪个服务项目"),
            basis="S28",
            primary=False,
        ),
        Transition(
            "write_off",
            P.in_phase(SERVING) >> STAYS,
            (keeper,),
            _("报损或退回"),
            _("%(who)s登记了报损或退回"),
            basis="S33",
            reason=True,
            primary=False,
            consequence=_("报损后这部分不能再发放，登记会公开。"),
        ),
        Transition(
            "take_stock",
            P.in_phase(SERVING) >> STAYS,
            (counter,),
            _("盘点"),
            _("%(who)s盘点了库存"),
            basis="S33",
            reason=True,
            primary=False,
        ),
        Transition(
            "freeze",
            P.in_phase(SERVING) >> P.FROZEN,
            (overseer,),
            _("冻结"),
            _("%(who)s冻结了这笔资金或物资"),
            basis="S33",
            reason=True,
            primary=False,
            consequence=_("冻结后不再接受捐赠和新的发放，已答应的照常发放。"),
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "unfreeze",
            P.in_phase(SUSPENDED) >> P.OPEN,
            (overseer,),
            _("解除冻结"),
            _("%(who)s解除了冻结"),
            basis="S33",
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "close",
            P.in_phase(SERVING) >> P.CLOSED,
            (keeper,),
            _("结清"),
            _("%(who)s结清了这笔资金或物资"),
            basis="S33",
            primary=False,
        ),
    ),
)


class GiftStatus(States):
    RECEIVED = State(_("已收入"), ENDED, tone="done")
    VOIDED = State(_("已作废"), DROPPED)


G = GiftStatus


GIFT = Lifecycle(
    label="giving.Gift",
    title=_("捐赠"),
    states=GiftStatus,
    phases=(ENDED, DROPPED),
    starts=(Start("receive", G.RECEIVED, (receiver,), _("登记捐赠"), _("%(who)s登记了捐赠并入账"), "S30"),),
    transitions=(
        Transition(
            "void",
            G.in_phase(ENDED) >> G.VOIDED,
            (receiver,),
            _("作废"),
            _("%(who)s作废了这笔登记"),
            basis="S33",
            reason=True,
            primary=False,
            consequence=_("作废后从库存里扣除，收据失效。"),
        ),
    ),
)
