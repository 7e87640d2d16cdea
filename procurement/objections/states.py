"""States and transitions of an objection, and of the complaint that may follow."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ASKED, ENDED
from foundation.lifecycle.states import STAYS, State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.roles import AGREES, BUYING_PAID_AND_PAYING, PAID_AND_PAYING
from procurement.permissions import any_provider, bidder, buyer, finance


class ObjectionStatus(States):
    RAISED = State(_("待答复"), ASKED, tone="soon")
    DISMISSED = State(_("质疑不成立"), ENDED)
    UPHELD = State(_("质疑成立"), ENDED)
    COMPLAINED = State(_("已投诉，待财政处理"), ASKED, tone="soon")
    REJECTED = State(_("投诉驳回"), ENDED, tone="late")
    GRANTED = State(_("投诉成立"), ENDED)


J = ObjectionStatus

#: What one person of the buyer proposes to a second one, who upholds it.
WHAT_IS_PROPOSED = J.UPHELD.label


OBJECTION = Lifecycle(
    label="procurement.Objection",
    title=_("质疑"),
    states=ObjectionStatus,
    phases=(ASKED, ENDED),
    starts=(
        Start(
            "raise", J.RAISED, (any_provider,), _("提出质疑"), _("%(who)s提出质疑"), "政府采购法第五十二条"
        ),
    ),
    transitions=(
        Transition(
            "dismiss",
            J.RAISED >> J.DISMISSED,
            (buyer,),
            _("答复：不成立"),
            _("%(who)s答复质疑不成立"),
            basis="政府采购法第五十三条",
            reason=True,
            fits="undecided",
            exactly=True,
            outcome_of="answer",
            tells=PAID_AND_PAYING,
        ),
        Transition(
            "propose_upholding",
            J.RAISED >> STAYS,
            (buyer,),
            _("提出质疑成立"),
            _("%(who)s提出质疑成立，待另一人复核"),
            basis="政府采购法第五十三条",
            reason=True,
            primary=False,
            proposal=True,
            fits="undecided",
            exactly=True,
        ),
        Transition(
            "refuse_upholding",
            J.RAISED >> STAYS,
            (buyer,),
            _("不同意成立"),
            _("%(who)s不同意质疑成立，须另作答复"),
            basis="政府采购法第五十三条",
            apart_from=("propose_upholding",),
            reason=True,
            primary=False,
            fits="upholding",
            exactly=True,
        ),
        Transition(
            "uphold",
            J.RAISED >> J.UPHELD,
            (buyer,),
            _("复核并答复：成立"),
            _("%(who)s复核并答复质疑成立"),
            basis="政府采购法第五十三条",
            apart_from=("propose_upholding",),
            primary=False,
            consequence=_("质疑成立后，原定标撤销。"),
            fits="upholding",
            exactly=True,
            tells=BUYING_PAID_AND_PAYING,
        ),
        Transition(
            "complain",
            J.DISMISSED >> J.COMPLAINED,
            (bidder,),
            _("向财政投诉"),
            _("%(who)s向财政投诉"),
            basis="政府采购法第五十五条",
            reason=True,
            primary=False,
            exactly=True,
        ),
        Transition(
            "reject",
            J.COMPLAINED >> J.REJECTED,
            (finance,),
            _("驳回投诉"),
            _("%(who)s驳回投诉"),
            basis="政府采购法第五十六条",
            reason=True,
            exactly=True,
            tells=AGREES,
            outcome_of="settle",
        ),
        Transition(
            "grant",
            J.COMPLAINED >> J.GRANTED,
            (finance,),
            _("投诉成立"),
            _("%(who)s认定投诉成立"),
            basis="政府采购法第五十六条",
            reason=True,
            primary=False,
            consequence=_("投诉成立后，原定标和还没有签成的合同撤销；合同已经签署的，依法另行处理。"),
            otherwise=_("%(who)s认定投诉成立；现在的定标或已签的合同不因此自动撤销，请依法另行处理"),
            exactly=True,
            tells=AGREES,
        ),
    ),
    further_steps={"answer": _("答复质疑"), "settle": _("处理投诉")},
    clocks={J.RAISED: "procurement.objection_answer", J.COMPLAINED: "procurement.complaint"},
    # The complaint is about the buyer, which therefore may not pause finance's days.
    unpaused=("procurement.complaint",),
    proposals={"upholding": "uphold"},
)
