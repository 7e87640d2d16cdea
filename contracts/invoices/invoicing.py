"""Actions on invoices, which are drawn up from delivered units only.

Accepted and endorsed by two people of the buyer, paid by finance.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.budgets import reserving
from contracts.contracts.models import Billing, Contract
from contracts.contracts.states import UNDER_WAY, ContractStatus
from contracts.invoices import sampling, unpaid
from contracts.invoices.models import Delivery, Invoice, InvoiceKind
from contracts.invoices.states import INVOICE, InvoiceStatus
from contracts.penalties import deducting
from contracts.penalties.models import Penalty
from foundation import moments
from foundation.lifecycle.phases import ANSWERING, DROPPED
from foundation.numbering import numbers
from foundation.numbering.series import Series
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import Actor

FEN, ZERO = Decimal("0.01"), Decimal("0")


@INVOICE.start("draw_up")
def draw_up(*, by: Actor, contract: Contract) -> Invoice:
    """Invoice everything delivered and not yet invoiced on one contract.

    Raises ``Invalid`` when there is nothing to invoice, ``NotNow`` when its billing period has an invoice
    already.
    """
    contract = Contract.objects.select_for_update().get(pk=contract.pk)
    waiting = Delivery.objects.filter(line__contract=contract, invoice=None)
    amount = sum((delivery.amount for delivery in waiting), ZERO)
    if not amount:
        message = _("没有待结算的服务。")
        raise Invalid(message, fields={"contract": message})
    if contract.status in ContractStatus.in_phase(UNDER_WAY):
        _require_period_free(contract)
    invoice = Invoice(
        number=numbers.next_number(Series.INVOICE), contract=contract, payment_share=contract.payment_share
    )
    _set_price(invoice, amount)
    invoice.save()
    _replace_returned(invoice)
    waiting.update(invoice=invoice)
    sampling.draw(invoice)
    return invoice


def _require_period_free(contract: Contract) -> None:
    """Raise ``NotNow`` for a second invoice of the same month or quarter."""
    months = {Billing.ANY_TIME: 0, Billing.MONTHLY: 1, Billing.QUARTERLY: 3}[Billing(contract.billing)]
    if not months:
        return
    today = moments.today()
    first = date(today.year, (today.month - 1) // months * months + 1, 1)
    drawn = contract.invoices.filter(status__in=InvoiceStatus.in_phase(~DROPPED))
    if drawn.filter(created_at__gte=datetime.combine(first, time.min, moments.SHANGHAI)).exists():
        raise NotNow(
            _("合同约定%(billing)s结算，本期已经提交过结算单。")
            % {"billing": contract.get_billing_display()},
            rule="S24",
        )


@INVOICE.start("draw_up_final")
def draw_up_final(*, by: Actor, contract: Contract) -> Invoice:
    """Invoice the hold-back, once the contract has ended and all other invoices are paid.

    The share that is payable follows from the provider's last grade; a provider that was never scored gets
    all of it. Raises ``NotNow`` before, ``Invalid`` when nothing was held back.
    """
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    if contract.status not in ContractStatus.in_phase(ANSWERING):
        raise NotNow(_("合同期满或终止后才能结算尾款。"), rule="S26")
    drawn = contract.invoices.filter(status__in=InvoiceStatus.in_phase(~DROPPED))
    if drawn.filter(status__in=InvoiceStatus.unfinished()).exists():
        raise NotNow(_("还有结算单没有办完。"), rule="S26")
    held = held_back(contract)
    if not held:
        message = _("这份合同没有可以结算的尾款。")
        raise Invalid(message, fields={"contract": message})
    grade = contract.provider.last_grade
    percent = Decimal(contract.final_shares.get(grade, 100))
    invoice = Invoice.objects.create(
        number=numbers.next_number(Series.INVOICE),
        contract=contract,
        kind=InvoiceKind.FINAL,
        amount=held,
        payment_share=percent / 100,
        payable=(held * percent / 100).quantize(FEN, ROUND_HALF_UP),
    )
    _replace_returned(invoice)
    return invoice


def _replace_returned(invoice: Invoice) -> None:
    """It claims whatever is not claimed: all that was claimed by the returned ones of its kind, too."""
    returned = invoice.contract.invoices.filter(kind=invoice.kind, replaced_by=None)
    returned.filter(status__in=InvoiceStatus.in_phase(DROPPED)).update(replaced_by=invoice)


def held_back(contract: Contract) -> Decimal:
    """The hold-back of the contract's payments that is not invoiced yet (CNY)."""
    return unpaid.held_back_on([contract.pk]).get(contract.pk, ZERO)


def _set_price(invoice: Invoice, amount: Decimal | None = None) -> None:
    """Set ``amount``, ``held`` and ``payable``; ``amount`` is by default the sum of the deliveries (CNY)."""
    if amount is None:
        amount = sum((delivery.amount for delivery in invoice.deliveries.all()), ZERO)
    due = (amount * invoice.payment_share).quantize(FEN, ROUND_HALF_UP)
    percent = invoice.contract.hold_back_percent
    invoice.amount = amount
    invoice.held = (due * percent / 100).quantize(FEN, ROUND_HALF_UP)
    invoice.payable = due - invoice.held - invoice.penalty


@INVOICE.transition("accept_work")
def accept_work(invoice: Invoice, *, by: Actor) -> None:
    """Accept the work as the buyer (验收); units that were not confirmed are struck off.

    Confirmed penalties are deducted from what is payable.
    """
    if invoice.kind == InvoiceKind.DELIVERY and sampling.strike(invoice):
        _set_price(invoice)
    invoice.penalty = deducting.take_off(invoice, invoice.payable)
    invoice.payable -= invoice.penalty


accept_work.lacks(sampling.not_passed)


@INVOICE.transition("return")
def send_back(invoice: Invoice, *, by: Actor, reason: str) -> None:
    """Return the invoice to the provider; its units can be invoiced again.

    Raises ``NotNow`` once penalties have been deducted from it: they cannot be deducted twice.
    """
    invoice.deliveries.update(invoice=None)


@send_back.lacks
def penalties_taken_off(invoices: Sequence[Invoice]) -> dict[int, Refused]:
    """Why invoices are not returned: penalties have been deducted from them."""
    deducted = Penalty.objects.filter(invoice__in=invoices).order_by().values_list("invoice", flat=True)
    words = gettext_lazy("这张结算单已经扣过违约款，不能退回。")
    return {pk: NotNow(words, rule="S26") for pk in deducted if pk is not None}


@INVOICE.transition("endorse")
def endorse(invoice: Invoice, *, by: Actor) -> None:
    """Agree to the payment as a second person of the buyer."""


@INVOICE.transition("approve")
def approve(invoice: Invoice, *, by: Actor) -> None:
    """Pay as finance what two people of the buyer have agreed to."""
    reserving.spend(invoice.contract, _by_year(invoice), note=f"{invoice.number} 支付")


def _by_year(invoice: Invoice) -> dict[int, Decimal]:
    """The amount payable by year of delivery (CNY); the last year takes the rounding difference.

    A hold-back belongs to the years of the invoices that it was held back from.
    """
    weights: dict[int, Decimal] = {}
    for delivery in invoice.work_claimed().order_by("delivered_on"):
        year = delivery.delivered_on.year
        weights[year] = weights.get(year, ZERO) + delivery.amount
    *earlier, last = weights
    total = sum(weights.values(), ZERO)
    shares = {
        year: (invoice.payable * weights[year] / total).quantize(FEN, ROUND_HALF_UP) for year in earlier
    }
    return {**shares, last: invoice.payable - sum(shares.values(), ZERO)}
