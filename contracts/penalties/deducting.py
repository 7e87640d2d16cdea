"""Penalties by the rules in the contract (S26).

Announced, answered by the provider, then deducted from an invoice.
"""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from contracts.contracts.models import Contract
from contracts.contracts.states import BILLABLE, ContractStatus
from contracts.invoices.models import Invoice
from contracts.penalties.models import Penalty
from contracts.penalties.states import PENALTY, PenaltyStatus
from foundation.lifecycle.phases import ANSWERING, DROPPED
from foundation.refusals import Invalid, NotNow
from foundation.roles import SYSTEM, Actor
from foundation.rules import reading


@PENALTY.start("impose")
def impose(*, by: Actor, contract: Contract, title: str, cases: int, why: str) -> Penalty:
    """Announce a penalty to the provider for ``cases`` breaches of one rule of its contract.

    Raises ``NotNow`` for a contract that is not running or over, ``Invalid`` for a rule that the contract
    does not have, and when all penalties exceed the share of its amount that the rule
    ``contract.penalties`` allows.
    """
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    if contract.status not in ContractStatus.in_phase(BILLABLE):
        raise NotNow(_("合同没有在履行，不能扣款。"), rule="S26")
    prices = {penalty["title"]: Decimal(penalty["amount"]) for penalty in contract.penalties}
    if title not in prices:
        message = _("合同没有约定这一项扣款。")
        raise Invalid(message, fields={"title": message}, rule="S26")
    amount = prices[title] * cases
    percent = int(reading.current("contract.penalties").value["most_percent"])
    most = contract.amount * percent / 100
    standing = contract.penalty_set.filter(status__in=PenaltyStatus.in_phase(~DROPPED))
    before = standing.aggregate(sum=Sum("amount"))["sum"]
    if (before or Decimal("0")) + amount > most:
        message = _("扣款合计不能超过合同金额的 %(percent)s%%（%(most)s 元）。") % {
            "percent": percent,
            "most": f"{most:,.2f}",
        }
        raise Invalid(message, fields={"cases": message}, rule="S26")
    return Penalty.objects.create(contract=contract, title=title, cases=cases, amount=amount, why=why)


# The provider agrees, or has not answered in time.
accept = PENALTY.act("accept", Penalty)


@PENALTY.transition("contest")
def contest(penalty: Penalty, *, by: Actor, reason: str) -> None:
    """Object as the provider; another person of the buyer decides."""
    penalty.answer = reason[:300]


confirm = PENALTY.act("confirm", Penalty)


waive = PENALTY.act("waive", Penalty)


@PENALTY.transition("deduct")
def deduct(penalty: Penalty, *, by: Actor, invoice: Invoice) -> None:
    """Record the invoice that the penalty is deducted from."""
    penalty.invoice = invoice


def take_off(invoice: Invoice, most: Decimal) -> Decimal:
    """Deduct confirmed penalties from an invoice, the oldest first, whole ones only.

    Returns their sum (CNY), at most ``most``; what does not fit waits for the next invoice.
    """
    taken = Decimal("0")
    waiting = invoice.contract.penalty_set.filter(status__in=PenaltyStatus.in_phase(ANSWERING)).order_by("id")
    for penalty in waiting:
        if taken + penalty.amount <= most:
            deduct(penalty, by=SYSTEM, invoice=invoice)
            taken += penalty.amount
    return taken
