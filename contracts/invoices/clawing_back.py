"""Claims for money overpaid (S33): demanded from the provider, received by finance, or waived."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.budgets import reserving
from contracts.contracts.models import Contract
from contracts.invoices.models import ClawBack, Invoice
from contracts.invoices.states import CLAW_BACK, ClawBackStatus
from foundation.inbox import notices
from foundation.lifecycle.phases import DROPPED
from foundation.refusals import Exhausted, Invalid
from foundation.roles import Actor, Role
from foundation.wording import filled


@CLAW_BACK.start("demand")
def demand(*, by: Actor, invoice: Invoice, amount: Decimal, why: str) -> ClawBack:
    """Ask the provider to return ``amount`` CNY of a paid invoice.

    Raises ``Invalid`` for an invoice that is not paid, and for more than was paid and is not claimed
    already.
    """
    invoice = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if not invoice.paid:
        message = _("这张结算单还没有支付，请直接退回。")
        raise Invalid(message, fields={"invoice": message})
    claimed = invoice.claw_backs.filter(status__in=ClawBackStatus.in_phase(~DROPPED)).aggregate(
        sum=Sum("amount")
    )
    left = invoice.payable - (claimed["sum"] or Decimal("0"))
    if amount > left:
        message = _("最多还能追回 %(left)s 元。") % {"left": f"{left:,.2f}"}
        raise Invalid(message, fields={"amount": message})
    made = ClawBack.objects.create(invoice=invoice, amount=amount, why=why)
    notices.send(
        made, Role.COORDINATOR, filled(gettext_lazy("%(number)s：要求退回多付的款项"), number=invoice)
    )
    return made


@CLAW_BACK.transition("receive")
def receive(claw_back: ClawBack, *, by: Actor) -> None:
    """Book the returned money: committed for the contract again, or free where that has ended.

    Raises ``Exhausted`` for more than the contract has spent.
    """
    contract = claw_back.invoice.contract
    back = Contract.objects.filter(pk=contract.pk, spent__gte=claw_back.amount).update(
        spent=F("spent") - claw_back.amount
    )
    if not back:
        raise Exhausted(_("退回的款项超过已支付的金额。"), rule="S33")
    reserving.take_back(contract, claw_back.amount, note=f"{claw_back.invoice.number} 追回")


waive = CLAW_BACK.act("waive", ClawBack)
