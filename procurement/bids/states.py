"""States and transitions of a bid."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import DROPPED, ENDED
from foundation.lifecycle.states import State, States, Trait
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import Role
from procurement.permissions import any_provider, bidder, buyer
from procurement.phases import BEING_CHECKED, BEING_JUDGED, REFUSED, UNOPENED

ELIGIBLE = Trait("found eligible, and not out since")
CANDIDATE = Trait("gets the contract, or may")


class BidStatus(States):
    SEALED = State(_("已密封"), UNOPENED)
    WITHDRAWN = State(_("已撤回"), DROPPED, tone="late")
    OPENED = State(_("已开标，待资格审查"), BEING_CHECKED, tone="soon")
    QUALIFIED = State(_("资格合格"), BEING_JUDGED, tone="done", traits=(ELIGIBLE, CANDIDATE))
    REJECTED = State(_("无效"), REFUSED, tone="late")
    AWARDED = State(_("成交"), ENDED, tone="done", traits=(ELIGIBLE, CANDIDATE))
    LOST = State(_("未成交"), ENDED, traits=(ELIGIBLE,))


B = BidStatus

#: The bid that was awarded; several in a framework agreement.
WON = B.in_phase(ENDED) & B.with_trait(CANDIDATE)

#: A bid that was judged, and another was awarded.
LOST = B.in_phase(ENDED) - B.with_trait(CANDIDATE)

BID = Lifecycle(
    label="procurement.Bid",
    title=_("投标"),
    states=BidStatus,
    phases=(UNOPENED, DROPPED, BEING_CHECKED, BEING_JUDGED, REFUSED, ENDED),
    starts=(
        Start(
            "seal", B.SEALED, (any_provider,), _("密封投标"), _("%(who)s提交了密封的投标"), "87号令第三十三条"
        ),
    ),
    transitions=(
        Transition(
            "withdraw",
            B.in_phase(UNOPENED) >> B.WITHDRAWN,
            (bidder,),
            _("撤回投标"),
            _("%(who)s撤回了投标"),
            basis="87号令第三十四条",
            primary=False,
            consequence=_("撤回后，截止之前可以重新密封提交。"),
        ),
        Transition(
            "unseal",
            B.in_phase(UNOPENED) >> B.OPENED,
            (THE_SYSTEM,),
            _("拆封"),
            _("开标时拆封"),
            basis="87号令第四十一条",
        ),
        Transition(
            "spoil",
            B.in_phase(UNOPENED) >> B.REJECTED,
            (THE_SYSTEM,),
            _("封记不符"),
            _("开标时封记不符，作无效处理"),
            basis="87号令第三十三条",
            reason=True,
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "qualify",
            B.in_phase(BEING_CHECKED) >> B.QUALIFIED,
            (buyer,),
            _("资格合格"),
            _("%(who)s审查资格合格"),
            basis="87号令第四十四条",
            lacks_by_day=True,
            tells=(Role.COORDINATOR,),
            outcome_of="check",
        ),
        Transition(
            "reject",
            B.in_phase(BEING_CHECKED) >> B.REJECTED,
            (buyer,),
            _("资格不合格"),
            _("%(who)s审查资格不合格"),
            basis="87号令第四十四条",
            reason=True,
            primary=False,
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "win",
            B.in_phase(BEING_JUDGED) >> B.AWARDED,
            (THE_SYSTEM,),
            _("成交"),
            _("成交"),
            basis="S25",
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "lose",
            B.in_phase(BEING_JUDGED) >> B.LOST,
            (THE_SYSTEM,),
            _("未成交"),
            _("未成交"),
            basis="S25",
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "stand_again",
            B.in_phase(ENDED) >> B.QUALIFIED,
            (THE_SYSTEM,),
            _("恢复候选"),
            _("定标撤销，恢复候选"),
            basis="政府采购法第五十二条",
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "disqualify",
            B.with_trait(CANDIDATE) >> B.REJECTED,
            (THE_SYSTEM,),
            _("取消成交"),
            _("质疑成立，成交取消"),
            basis="政府采购法第五十二条",
            reason=True,
            exactly=WON,
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "forfeit",
            B.with_trait(CANDIDATE) >> B.REJECTED,
            (THE_SYSTEM,),
            _("失去成交资格"),
            _("没有签订合同，成交取消"),
            basis="政府采购法实施条例第四十九条",
            reason=True,
            exactly=WON,
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "come_up",
            B.LOST >> B.QUALIFIED,
            (THE_SYSTEM,),
            _("顺延候选"),
            _("按评审名次顺延为候选"),
            basis="政府采购法实施条例第四十九条",
            exactly=True,
            tells=(Role.COORDINATOR,),
        ),
    ),
    further_steps={"check": _("审查资格")},
)
