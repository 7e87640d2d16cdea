"""States and transitions of invoices and of claims for overpayment."""

from django.utils.translation import gettext_lazy as _

from contracts.invoices.bars import recorded_the_work
from contracts.permissions import buyer, finance, provider_of_its_contract
from foundation.lifecycle.duties import Bar
from foundation.lifecycle.phases import ANSWERING, ASKED, DROPPED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Errand, Lifecycle, Start, Transition
from foundation.roles import AGREES, PAID_AND_PAYING, Role


class ClawBackStatus(States):
    DEMANDED = State(_("待退款"), ASKED, tone="soon")
    RECEIVED = State(_("已追回"), ENDED, tone="done")
    WAIVED = State(_("已撤销"), DROPPED)


K = ClawBackStatus


CLAW_BACK = Lifecycle(
    label="contracts.ClawBack",
    title=_("追回款项"),
    states=ClawBackStatus,
    phases=(ASKED, ENDED, DROPPED),
    starts=(Start("demand", K.DEMANDED, (buyer,), _("追回款项"), _("%(who)s要求退回多付的款项"), "S33"),),
    transitions=(
        Transition(
            "receive",
            K.in_phase(ASKED) >> K.RECEIVED,
            (finance,),
            _("确认到账"),
            _("%(who)s确认款项已退回"),
            basis="S33",
            tells=AGREES,
        ),
        Transition(
            "waive",
            K.in_phase(ASKED) >> K.WAIVED,
            (buyer,),
            _("撤销追回"),
            _("%(who)s撤销了追回"),
            basis="S33",
            reason=True,
            primary=False,
            tells=PAID_AND_PAYING,
        ),
    ),
    clocks={K.DEMANDED: "claw_back.receipt"},
    # The provider is late, not finance, which only confirms that the money has come.
    late={"claw_back.receipt": (Role.COORDINATOR,)},
)


class InvoiceStatus(States):
    SUBMITTED = State(_("待验收"), ASKED, tone="soon")
    ACCEPTED = State(_("已验收，待复核"), ASKED, tone="soon")
    ENDORSED = State(_("已复核，待支付"), ANSWERING, tone="soon")
    RETURNED = State(_("已退回"), DROPPED, tone="late")
    PAID = State(_("已支付"), ENDED, tone="done")


V = InvoiceStatus


#: Whoever claims the money may not check, accept, endorse or pay it, in any role.
CLAIMING = ("draw_up", "draw_up_final")

#: Nor may whoever recorded the work.
NOT_THEIR_OWN_WORK = (
    Bar(
        recorded_the_work,
        _("登记这次服务或提交结算单的是您本人，“%(act)s”须由另一人办理。"),
        _("不相容职责分离"),
    ),
)


INVOICE = Lifecycle(
    label="contracts.Invoice",
    title=_("结算单"),
    states=InvoiceStatus,
    phases=(ASKED, ANSWERING, DROPPED, ENDED),
    starts=(
        Start(
            "draw_up",
            V.SUBMITTED,
            (provider_of_its_contract,),
            _("提交结算单"),
            _("%(who)s按已交付的服务提交结算单"),
            "S24",
        ),
        Start(
            "draw_up_final",
            V.SUBMITTED,
            (provider_of_its_contract,),
            _("结算尾款"),
            _("%(who)s提交尾款结算单"),
            "S26",
        ),
    ),
    transitions=(
        Transition(
            "check",
            V.SUBMITTED >> V.SUBMITTED,
            (buyer,),
            _("登记抽查结果"),
            _("%(who)s登记了一次抽查"),
            basis="S24",
            apart_from=CLAIMING,
            bars=NOT_THEIR_OWN_WORK,
            fits="being_sampled",
            exactly=True,
        ),
        Transition(
            "accept_work",
            V.SUBMITTED >> V.ACCEPTED,
            (buyer,),
            _("验收通过"),
            _("%(who)s验收了服务"),
            basis="S24",
            apart_from=CLAIMING,
            bars=NOT_THEIR_OWN_WORK,
            fits="sampled",
            exactly=True,
        ),
        Transition(
            "endorse",
            V.ACCEPTED >> V.ENDORSED,
            (buyer,),
            _("复核同意支付"),
            _("%(who)s复核并同意支付"),
            basis="S33",
            apart_from=(*CLAIMING, "check", "accept_work"),
            bars=NOT_THEIR_OWN_WORK,
            exactly=True,
        ),
        Transition(
            "return",
            V.in_phase(ASKED) >> V.RETURNED,
            (buyer,),
            _("退回"),
            _("%(who)s退回了结算单"),
            basis="S24",
            reason=True,
            primary=False,
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "approve",
            V.in_phase(ANSWERING) >> V.PAID,
            (finance,),
            _("批准支付"),
            _("%(who)s批准支付"),
            basis="S33",
            apart_from=(*CLAIMING, "check", "accept_work", "endorse"),
            bars=NOT_THEIR_OWN_WORK,
            tells=AGREES,
        ),
    ),
    clocks={
        V.SUBMITTED: "invoice.acceptance",
        V.ACCEPTED: "invoice.endorsement",
        V.ENDORSED: "invoice.payment",
    },
    errands={
        V.RETURNED: Errand(
            "draw_up_anew", (provider_of_its_contract,), _("重新提交结算单"), fits="to_be_replaced"
        )
    },
    looks_at=("samples",),
    # The buyer may not pause the days in which it has to pay.
    unpaused=("invoice.acceptance", "invoice.endorsement", "invoice.payment"),
)
