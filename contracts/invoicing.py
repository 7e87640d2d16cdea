"""Invoices: from delivered units only; accepted by one, paid by another."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from contracts import budgets, sampling
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
    invoice = Invoice(
        number=numbering.next_number("JS"), contract=contract, payment_share=contract.payment_share
    )
    _price(invoice, amount)
    invoice.save()
    waiting.update(invoice=invoice)
    sampling.draw(invoice)
    return invoice


def _price(invoice: Invoice, amount: Decimal | None = None) -> None:
    """Set what is claimed and what is payable of it; by default by the deliveries."""
    if amount is None:
        amount = sum((each.amount for each in invoice.deliveries.all()), Decimal("0"))
    invoice.amount = amount
    invoice.payable = (amount * invoice.payment_share).quantize(FEN, ROUND_HALF_UP)


@INVOICE.move("accept_work")
def accept_work(invoice: Invoice, *, by: Actor) -> None:
    """The buyer has checked that the units were delivered (验收); what was not found is struck.

    Raises ``Refused`` while a sampled visit is unchecked, and when too many were not found.
    """
    sampling.judged(invoice)
    struck = sampling.strike(invoice)
    if struck:
        _price(invoice)


@INVOICE.move("return")
def send_back(invoice: Invoice, *, by: Actor, reason: str) -> None:
    """Back to the provider; its units can be claimed again."""
    invoice.deliveries.update(invoice=None)


@INVOICE.move("endorse")
def endorse(invoice: Invoice, *, by: Actor) -> None:
    """A second person of the buyer agrees to the payment."""


@INVOICE.move("approve")
def approve(invoice: Invoice, *, by: Actor) -> None:
    """Finance pays what two people of the buyer have agreed to."""
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
