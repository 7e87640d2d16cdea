"""What is still to be invoiced or paid of contracts, before they are settled."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from contracts.invoices.models import Delivery, Invoice, InvoiceKind
from contracts.invoices.states import InvoiceStatus
from foundation.lifecycle.phases import DROPPED, ENDED
from foundation.refusals import NotNow
from foundation.wording import filled

ZERO = Decimal("0")


def on(contracts: Collection[int]) -> dict[int, NotNow]:
    """Why contracts, given by primary key, are not paid to the end: open invoices, or what is to be invoiced."""
    unfinished = Invoice.objects.filter(contract__in=contracts, status__in=InvoiceStatus.unfinished())
    counts = dict(unfinished.order_by().values_list("contract").annotate(count=Count("pk")))
    delivered = Delivery.objects.filter(line__contract__in=contracts, invoice=None)
    to_invoice = set(delivered.values_list("line__contract", flat=True))
    held = held_back_on(contracts)
    found: dict[int, NotNow] = {}
    for contract in contracts:
        if count := counts.get(contract):
            words = filled(_("还有 %(count)s 张结算单没有办完。"), count=count)
            found[contract] = NotNow(words, rule="S26")
        elif contract in to_invoice:
            found[contract] = NotNow(_("还有已交付的服务没有结算。"), rule="S26")
        elif held.get(contract, ZERO) > 0:
            found[contract] = NotNow(_("尾款还没有结算。"), rule="S26")
    return found


def held_back_on(contracts: Collection[int]) -> dict[int, Decimal]:
    """What was held back of paid invoices and is not claimed (CNY), by the primary key of the contract; those that
    have no invoice are not among them.
    """
    drawn = Invoice.objects.filter(contract__in=contracts, status__in=InvoiceStatus.in_phase(~DROPPED))
    paid, final = Q(status__in=InvoiceStatus.in_phase(ENDED)), Q(kind=InvoiceKind.FINAL)
    sums = (
        drawn.order_by()
        .values_list("contract")
        .annotate(
            held=Sum("held", filter=paid, default=ZERO), claimed=Sum("amount", filter=final, default=ZERO)
        )
    )
    return {contract: held - claimed for contract, held, claimed in sums}
