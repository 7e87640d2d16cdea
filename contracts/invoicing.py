"""Invoices: from delivered units only; accepted by one, paid by another."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from contracts import budgets
from contracts.lifecycle import INVOICE
from contracts.models import Contract, Delivery, Invoice
from foundation import numbering
from foundation.refusals import Invalid
from foundation.roles import Actor

FEN = Decimal("0.01")


@INVOICE.start("draw_up")
def draw_up(*, by: Actor, contract: Contract) -> Invoice:
    """Claim everything delivered and not yet claimed on one contract.

    Raises ``Invalid`` when there is nothing to claim.
    """
    contract = Contract.objects.select_for_update().get(pk=contract.pk)
    waiting = Delivery.objects.filter(line__contract=contract, invoice=None)
    amount = sum((each.amount for each in waiting), Decimal("0"))
    if not amount:
        message = _("没有待结算的服务。")
        raise Invalid(message, fields={"contract": message})
    payable = (amount * contract.payment_share).quantize(FEN, ROUND_HALF_UP)
    invoice = Invoice.objects.create(
        number=numbering.next_number("JS"),
        contract=contract,
        amount=amount,
        payment_share=contract.payment_share,
        payable=payable,
    )
    waiting.update(invoice=invoice)
    return invoice


@INVOICE.move("accept_work")
def accept_work(invoice: Invoice, *, by: Actor) -> None:
    """The buyer has checked that the units were delivered (验收)."""


@INVOICE.move("return")
def send_back(invoice: Invoice, *, by: Actor, reason: str) -> None:
    """Back to the provider; its units can be claimed again."""
    invoice.deliveries.update(invoice=None)


@INVOICE.move("approve")
def approve(invoice: Invoice, *, by: Actor) -> None:
    """Finance pays, never the person who accepted the work."""
    budgets.spend(invoice.contract, _by_year(invoice), note=f"{invoice.number} 支付")


def _by_year(invoice: Invoice) -> dict[int, Decimal]:
    """What is payable by the year of its delivery (CNY); the last year bears the rounding."""
    prices: dict[int, Decimal] = {}
    for each in invoice.deliveries.order_by("delivered_on"):
        year = each.delivered_on.year
        prices[year] = prices.get(year, Decimal("0")) + each.amount
    *earlier, last = prices
    shares = {
        year: (prices[year] * invoice.payment_share).quantize(FEN, ROUND_HALF_UP)
        for year in earlier
    }
    return {**shares, last: invoice.payable - sum(shares.values(), Decimal("0"))}
