"""Penalties by the rules in the contract (S26).

Announced, answered by the provider, then deducted from an invoice.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.contracts.models import Contract
from contracts.contracts.states import BILLABLE, ContractStatus
from contracts.invoices import unpaid
from contracts.invoices.models import Invoice
from contracts.penalties.models import Penalty
from contracts.penalties.states import PENALTY, PenaltyStatus
from foundation.lifecycle.phases import ANSWERING, DROPPED
from foundation.refusals import Invalid, NotNow
from foundation.roles import SYSTEM, Actor
from foundation.rules import reading
from foundation.wording import filled


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


# A second person of the buyer gives up what no invoice is left for.
write_off = PENALTY.act("write_off", Penalty)


@write_off.lacks
def missing_for_writing_off(penalties: Sequence[Penalty]) -> dict[int, NotNow]:
    """Why penalties are not given up: until the last payment of the contract they may still be deducted."""
    waiting = unpaid.on({penalty.contract_id for penalty in penalties})
    return {
        penalty.pk: waiting[penalty.contract_id] for penalty in penalties if penalty.contract_id in waiting
    }


@PENALTY.transition("deduct")
def deduct(penalty: Penalty, *, by: Actor, invoice: Invoice) -> None:
    """Record the invoice that the penalty is deducted from."""
    penalty.invoice = invoice


def open_on(contracts: Sequence[Contract]) -> dict[int, NotNow]:
    """Why contracts with penalties that are neither deducted nor given up cannot be settled, by primary key."""
    waiting = Penalty.objects.filter(contract__in=contracts, status__in=PenaltyStatus.unfinished())
    confirmed = Count("pk", filter=Q(status__in=PenaltyStatus.in_phase(ANSWERING)))
    counts = waiting.order_by().values_list("contract").annotate(confirmed=confirmed, all=Count("pk"))
    return {contract: _still_open(undecided=count - due, due=due) for contract, due, count in counts}


def _still_open(*, undecided: int, due: int) -> NotNow:
    """The refusal that says how many penalties are not decided on or, if there are none, not deducted."""
    if undecided:
        words = gettext_lazy("还有 %(count)s 笔违约扣款没有定下来，请机构答复或购买方决定。")
        return NotNow(filled(words, count=undecided), rule="S26")
    words = gettext_lazy("还有 %(count)s 笔违约扣款没有扣。请从结算单里扣减，扣不了的由购买方另一人核销。")
    return NotNow(filled(words, count=due), rule="S26")


def take_off(invoice: Invoice, most: Decimal) -> Decimal:
    """Deduct confirmed penalties from an invoice, the oldest first, whole ones only.

    Returns their sum (CNY), at most ``most``; what does not fit waits for the next invoice.
    """
    taken = Decimal("0")
    waiting = invoice.contract.penalty_set.confirmed().order_by("id")
    for penalty in waiting:
        if taken + penalty.amount <= most:
            deduct(penalty, by=SYSTEM, invoice=invoice)
            taken += penalty.amount
    return taken
