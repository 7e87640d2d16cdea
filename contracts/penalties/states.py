"""States and transitions of a penalty."""

from django.utils.translation import gettext_lazy as _

from contracts.permissions import buyer, provider_of_its_contract
from foundation.lifecycle.phases import ANSWERING, ASKED, DROPPED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import AGREES, Role


class PenaltyStatus(States):
    IMPOSED = State(_("已通知，待机构答复"), ASKED)
    CONTESTED = State(_("机构有异议"), ASKED)
    CONFIRMED = State(_("已确认，待扣"), ANSWERING)
    DEDUCTED = State(_("已扣"), ENDED)
    WAIVED = State(_("已撤销"), DROPPED)


N = PenaltyStatus


PENALTY = Lifecycle(
    label="contracts.Penalty",
    title=_("违约扣款"),
    states=PenaltyStatus,
    phases=(ASKED, ANSWERING, ENDED, DROPPED),
    starts=(Start("impose", N.IMPOSED, (buyer,), _("违约扣款"), _("%(who)s提出违约扣款"), "S26"),),
    transitions=(
        Transition(
            "accept",
            N.IMPOSED >> N.CONFIRMED,
            (provider_of_its_contract, THE_SYSTEM),
            _("无异议"),
            _("%(who)s没有异议"),
            basis="S26",
            at=("penalty.answer",),
            exactly=True,
            tells=(Role.COORDINATOR,),
            outcome_of="answer",
        ),
        Transition(
            "contest",
            N.IMPOSED >> N.CONTESTED,
            (provider_of_its_contract,),
            _("有异议"),
            _("%(who)s提出异议"),
            basis="S26",
            reason=True,
            primary=False,
            exactly=True,
        ),
        Transition(
            "confirm",
            N.CONTESTED >> N.CONFIRMED,
            (buyer,),
            _("维持扣款"),
            _("%(who)s维持扣款"),
            basis="S26",
            reason=True,
            apart_from=("impose",),
            exactly=True,
            tells=(Role.COORDINATOR,),
            outcome_of="hear",
        ),
        Transition(
            "waive",
            N.in_phase(ASKED) >> N.WAIVED,
            (buyer,),
            _("撤销扣款"),
            _("%(who)s撤销了扣款"),
            basis="S26",
            reason=True,
            primary=False,
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "write_off",
            N.in_phase(ANSWERING) >> N.WAIVED,
            (buyer,),
            _("核销扣款"),
            _("%(who)s核销了扣款"),
            basis="S26",
            apart_from=("impose",),
            reason=True,
            fits="may_be_written_off",
            consequence=_("核销后，这笔款不再从结算单里扣减。能从结算单扣减的，请先扣减。"),
            tells=AGREES,
        ),
        Transition(
            "deduct",
            N.in_phase(ANSWERING) >> N.DEDUCTED,
            (THE_SYSTEM,),
            _("扣减"),
            _("从结算单里扣减"),
            basis="S26",
            tells=(Role.COORDINATOR,),
        ),
    ),
    further_steps={"answer": _("答复扣款通知"), "hear": _("处理异议")},
    clocks={N.IMPOSED: "penalty.answer", N.CONTESTED: "penalty.review"},
    periods=("penalty.answer",),
)
