"""The ledger of budgets (CNY): movements within a line, with their entries and shares."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import DecimalField, F, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from contracts.budgets.models import (
    INSIDE,
    OUTSIDE,
    TIED,
    Account,
    BudgetChange,
    BudgetLine,
    Earmark,
    LedgerEntry,
    SetAside,
)
from contracts.contracts.models import Contract
from foundation.ledger import Ledger, NotEnough, Part
from foundation.refusals import Exhausted

MONEY = Ledger(
    lines=BudgetLine,
    entries=LedgerEntry,
    line="line",
    amount="amount",
    given="amount",
    inside=INSIDE,
    outside=OUTSIDE,
    parts=(
        Part(Earmark, "contract", {account: account.value for account in TIED}),
        Part(SetAside, "purpose", {Account.PLANNED: "amount"}),
    ),
)


behind, total = MONEY.behind, MONEY.total


def transfer(
    line_id: int,
    amount: Decimal,
    credit: Account,
    debit: Account,
    *,
    note: str,
    contract: Contract | None = None,
    purpose: str = "",
    change: BudgetChange | None = None,
) -> int | None:
    """Move ``amount`` CNY out of ``credit`` into ``debit`` of a line; returns the key of the entry.

    Accounts of contracts (``TIED``) need a ``contract``, ``PLANNED`` needs the number of the purchase
    (``purpose``); between the two, money passes through ``AVAILABLE``. Raises ``Exhausted`` when ``credit``
    holds less; zero moves nothing and returns ``None``.
    """
    details = {
        "contract_id": contract.pk if contract else None,
        "purpose": purpose,
        "change_id": change.pk if change else None,
        "note": note[:120],
    }
    try:
        return MONEY.transfer(line_id, amount, credit, debit, **details)
    except NotEnough:
        raise Exhausted(
            _("预算不足：需要 %(amount)s 元，“%(account)s”余额不够。")
            % {"amount": f"{amount:,.2f}", "account": Account(credit).label},
            rule=_("先有预算、后购买服务（102号令第十七条）"),
        ) from None


def lock_lines(*line_ids: int) -> dict[int, BudgetLine]:
    """Lock budget lines until the transaction ends, in the order of their keys; returns them by key."""
    lines = BudgetLine.objects.select_for_update().order_by("pk")
    return {line.pk: line for line in lines.filter(pk__in=line_ids)}


def faults() -> Iterator[str]:
    """One sentence for every balance that differs from the sum of its entries."""
    yield from MONEY.faults()
    none = Value(Decimal("0"), DecimalField())
    contracts = Contract.objects.annotate(paid=Coalesce(Sum("earmarks__spent"), none))
    wrong = contracts.exclude(spent=F("paid")).values_list("number", "spent", "paid")
    for number, spent, paid in wrong:
        yield f"contract {number} spent: {spent} held, {paid} told by the entries"
