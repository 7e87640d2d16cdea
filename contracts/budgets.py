"""Money moves from account to account in one guarded statement, with its entry."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from contracts.models import BudgetLine, Contract, LedgerEntry
from contracts.models.budget import Account
from foundation import moments
from foundation.refusals import Exhausted


@transaction.atomic
def transfer(
    line_id: int,
    amount: Decimal,
    credit: Account,
    debit: Account,
    *,
    note: str,
    contract: Contract | None = None,
) -> LedgerEntry | None:
    """Move ``amount`` CNY between two accounts of a budget line.

    Nothing is read before it is written: the statement itself refuses to go
    below zero. Raises ``Exhausted``; zero moves nothing.
    """
    if amount == 0:
        return None
    if amount < 0:
        raise ValueError("an amount is never negative; exchange the accounts")
    moved = BudgetLine.objects.filter(pk=line_id, **{f"{credit}__gte": amount}).update(
        **{credit: F(credit) - amount, debit: F(debit) + amount}
    )
    if not moved:
        raise Exhausted(
            _("预算不足:需要 %(amount)s 元,“%(account)s”余额不够。")
            % {"amount": f"{amount:,.2f}", "account": Account(credit).label},
            rule=_("先有预算、后购买服务(102号令第十七条)"),
        )
    return LedgerEntry.objects.create(
        at=moments.now(),
        line_id=line_id,
        credit=credit,
        debit=debit,
        amount=amount,
        contract=contract,
        note=note[:120],
    )


def reserve(contract: Contract, amount: Decimal) -> None:
    """Set money aside for a drafted contract."""
    transfer(
        contract.budget_line_id,
        amount,
        Account.AVAILABLE,
        Account.RESERVED,
        note=f"{contract.number} 预留",
        contract=contract,
    )


def commit(contract: Contract) -> None:
    """The contract is signed: what was reserved is bound."""
    transfer(
        contract.budget_line_id,
        contract.amount,
        Account.RESERVED,
        Account.COMMITTED,
        note=f"{contract.number} 签约",
        contract=contract,
    )


def release(contract: Contract, *, signed: bool) -> None:
    """Give back what the contract will not spend."""
    credit = Account.COMMITTED if signed else Account.RESERVED
    transfer(
        contract.budget_line_id,
        contract.amount - contract.spent,
        credit,
        Account.AVAILABLE,
        note=f"{contract.number} 释放",
        contract=contract,
    )


def spend(contract: Contract, amount: Decimal, *, note: str) -> None:
    """Pay out of what is bound; never more than the contract's amount."""
    paid = Contract.objects.filter(pk=contract.pk, amount__gte=F("spent") + amount).update(
        spent=F("spent") + amount
    )
    if not paid:
        raise Exhausted(_("支付合计将超过合同金额。"), rule="S24")
    transfer(
        contract.budget_line_id,
        amount,
        Account.COMMITTED,
        Account.SPENT,
        note=note,
        contract=contract,
    )
