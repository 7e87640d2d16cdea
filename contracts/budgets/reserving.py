"""Money of purchases and contracts (CNY).

Planned for a purchase, reserved for a draft, committed by signatures, spent, taken back, given back.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from contracts.budgets import ledger
from contracts.budgets.models import Account, BudgetLine, Earmark, SetAside
from contracts.contracts.models import Contract
from contracts.contracts.states import UNDER_WAY, ContractStatus
from foundation.refusals import Exhausted


def plan(line: BudgetLine, purpose: str, amount: Decimal) -> None:
    """Set ``amount`` CNY aside for a purchase, by its number; raises ``Exhausted``."""
    ledger.transfer(
        line.pk, amount, Account.AVAILABLE, Account.PLANNED, note=f"{purpose} 立项", purpose=purpose
    )


def set_aside_for(purpose: str) -> Decimal:
    """The money set aside for a purchase now (CNY)."""
    held = SetAside.objects.filter(purpose=purpose).aggregate(sum=Sum("amount"))["sum"]
    return held or Decimal("0")


def unplan(purpose: str) -> BudgetLine | None:
    """Give back all money set aside for a purchase; returns the line of its latest year, or ``None``.

    Closing a year may have carried the money into the next year's line. The lines stay locked until the
    transaction ends, so that nobody else takes the money before the contract reserves it.
    """
    parts = SetAside.objects.filter(purpose=purpose, amount__gt=0)
    lines = ledger.lock_lines(*parts.values_list("line_id", flat=True))
    for part in parts:
        closed = lines[part.line_id].closed_on
        ledger.transfer(
            part.line_id,
            part.amount,
            Account.PLANNED,
            Account.RETURNED if closed else Account.AVAILABLE,
            note=f"{purpose} 释放",
            purpose=purpose,
        )
    return max(lines.values(), key=lambda line: line.year, default=None)


def reserve(contract: Contract, amount: Decimal) -> None:
    """Reserve ``amount`` CNY for a drafted contract; raises ``Exhausted``."""
    ledger.transfer(
        contract.budget_line_id,
        amount,
        Account.AVAILABLE,
        Account.RESERVED,
        note=f"{contract.number} 预留",
        contract=contract,
    )


def commit(contract: Contract, amount: Decimal) -> None:
    """Commit ``amount`` CNY at signature: of a contract, or of what an agreement adds to it.

    What the closing of a year has released is reserved anew first; raises ``Exhausted`` when this year's
    line does not hold it.
    """
    secure(contract, amount)
    bind(contract)


def secure(contract: Contract, amount: Decimal) -> None:
    """Reserve what is missing of ``amount`` CNY; raises ``Exhausted``."""
    held = contract.earmarks.aggregate(held=Sum("reserved"))["held"] or Decimal("0")
    reserve(contract, max(amount - held, Decimal("0")))


def bind(contract: Contract) -> None:
    """Commit everything that is reserved for the contract."""
    _lock_lines(contract)
    for earmark in contract.earmarks.filter(reserved__gt=0):
        ledger.transfer(
            earmark.line_id,
            earmark.reserved,
            Account.RESERVED,
            Account.COMMITTED,
            note=f"{contract.number} 签约",
            contract=contract,
        )


def release(contract: Contract) -> None:
    """Give back all money that the contract will not spend; of a closed year, to the treasury."""
    unreserve(contract)
    unbind(contract, None)


def unreserve(contract: Contract) -> None:
    """Give back everything that is reserved and not committed."""
    lines = _lock_lines(contract)
    for earmark in contract.earmarks.filter(reserved__gt=0):
        _give_back(contract, lines[earmark.line_id], Account.RESERVED, earmark.reserved)


def unbind(contract: Contract, amount: Decimal | None) -> None:
    """Give back ``amount`` CNY of what is committed, latest year first; ``None`` means all of it.

    Raises ``Exhausted`` for more than is committed.
    """
    lines, left = _lock_lines(contract), amount
    for earmark in contract.earmarks.filter(committed__gt=0).order_by("-line__year"):
        part = earmark.committed if left is None else min(left, earmark.committed)
        _give_back(contract, lines[earmark.line_id], Account.COMMITTED, part)
        left = None if left is None else left - part
    if left:
        raise Exhausted(_("为合同签约的预算没有这么多。"), rule="S24")


def _lock_lines(contract: Contract) -> dict[int, BudgetLine]:
    """Lock and return all lines that fund the contract; call it before any of its money moves."""
    return ledger.lock_lines(*contract.earmarks.values_list("line_id", flat=True))


def _give_back(contract: Contract, line: BudgetLine, account: Account, amount: Decimal) -> None:
    """Free ``amount`` CNY of an account, or return it to the treasury where the year is closed."""
    ledger.transfer(
        line.pk,
        amount,
        account,
        Account.RETURNED if line.closed_on else Account.AVAILABLE,
        note=f"{contract.number} 释放",
        contract=contract,
    )


def spend(contract: Contract, amounts: Mapping[int, Decimal], *, note: str) -> None:
    """Pay out of what is committed, ``{year of delivery: CNY}``, never more than the contract's amount.

    What was delivered in a year is paid from the line of that year, else from the latest before it, else
    from any that funds the contract. Raises ``Exhausted``.
    """
    amount = sum(amounts.values(), Decimal("0"))
    paid = Contract.objects.filter(pk=contract.pk, amount__gte=F("spent") + amount).update(
        spent=F("spent") + amount
    )
    if not paid:
        raise Exhausted(_("支付合计将超过合同金额。"), rule="S24")
    _lock_lines(contract)
    for year in sorted(amounts):
        left = amounts[year]
        for earmark in _in_order(contract, year):
            part = min(left, earmark.committed)
            ledger.transfer(
                earmark.line_id, part, Account.COMMITTED, Account.SPENT, note=note, contract=contract
            )
            left -= part
        if left:
            raise Exhausted(_("为合同签约的预算不足以支付。"), rule="S24")


def take_back(contract: Contract, amount: Decimal, *, note: str) -> None:
    """Undo a payment of ``amount`` CNY, latest year first.

    The money is committed again for a running contract, else free; out of a closed year it returns to the
    treasury. Raises ``Exhausted`` for more than was spent.
    """
    lines, left = _lock_lines(contract), amount
    for earmark in contract.earmarks.filter(spent__gt=0).order_by("-line__year"):
        line = lines[earmark.line_id]
        part = min(left, earmark.spent)
        if line.closed_on:
            debit = Account.RETURNED
        elif contract.status in ContractStatus.in_phase(UNDER_WAY):
            debit = Account.COMMITTED
        else:
            debit = Account.AVAILABLE
        ledger.transfer(line.pk, part, Account.SPENT, debit, note=note, contract=contract)
        left -= part
    if left:
        raise Exhausted(_("退回的款项超过已支付的金额。"), rule="S33")


def _in_order(contract: Contract, year: int) -> list[Earmark]:
    """The contract's earmarks, first the one that pays for ``year``."""
    found = list(contract.earmarks.filter(committed__gt=0).select_related("line"))
    earlier = [earmark for earmark in found if earmark.line.year <= year]
    later = [earmark for earmark in found if earmark.line.year > year]
    return [*reversed(earlier), *later]
