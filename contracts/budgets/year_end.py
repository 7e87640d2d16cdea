"""The closing of a budget year: delivered units are paid from it, committed money goes on, the rest by rule.

Units used by 31 December belong to their year and are paid from its line, also after it is closed. What a
running contract will still need is committed on the next year's line. Free and reserved money is carried
over for the sources that the rule ``budget.year_end`` names, and returned to the treasury for all others
(102号令第十七条, S33).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.budgets import ledger
from contracts.budgets.models import Account, BudgetChange, BudgetLine, Earmark, SetAside
from contracts.contracts.models import Contract
from contracts.contracts.states import IN_EFFECT, ContractStatus
from contracts.invoices.models import Delivery
from contracts.invoices.states import InvoiceStatus
from foundation import moments
from foundation.lifecycle.phases import ENDED
from foundation.refusals import NotNow
from foundation.rules import reading
from foundation.wording import day


def to_be_closed() -> QuerySet[BudgetLine]:
    """The open lines whose last day has come."""
    today = moments.today()
    over = today.year if (today.month, today.day) == (12, 31) else today.year - 1
    return BudgetLine.objects.filter(closed_on=None, year__lte=over)


def require_year_over(line: BudgetLine) -> None:
    """Raise ``NotNow`` before the last day of the line's year."""
    last = date(line.year, 12, 31)
    if moments.today() < last:
        raise NotNow(_("%(day)s起才能年终结转。") % {"day": day(last)}, rule="S33")


def plan(line: BudgetLine) -> dict[str, Any]:
    """What closing the year will do, as JSON: amounts are texts in CNY.

    ``{"rule": version, "free": amount, "free_goes": account, "contracts": [{"number", "title", "reserved",
    "reserved_goes", "keeps", "carried"}]}``; ``keeps`` is delivered and not yet paid. ``"planned":
    [{"purpose", "amount", "goes"}]`` is there where money is set aside for purchases.
    """
    rule = reading.current("budget.year_end")
    carries = line.source in rule.value["carry_sources"]
    goes = Account.CARRIED if carries else Account.RETURNED
    earmarks = line.earmarks.filter(Q(reserved__gt=0) | Q(committed__gt=0))
    bought = [
        {"purpose": set_aside.purpose, "amount": str(set_aside.amount), "goes": goes}
        for set_aside in line.set_asides.filter(amount__gt=0)
    ]
    return {
        "rule": rule.version,
        "free": str(line.available),
        "free_goes": goes,
        "contracts": [_plan_of(earmark, goes) for earmark in earmarks.select_related("contract", "line")],
        **({"planned": bought} if bought else {}),
    }


def _plan_of(earmark: Earmark, goes: str) -> dict[str, str]:
    """One row of the plan: where the money of a contract goes."""
    contract, owed = earmark.contract, earmark.committed
    goes_on = contract.status in ContractStatus.in_phase(IN_EFFECT)
    if goes_on and contract.end_on.year > earmark.line.year:
        owed = min(_unpaid(contract, earmark.line.year), earmark.committed)
    return {
        "number": contract.number,
        "title": contract.title,
        "reserved": str(earmark.reserved),
        "reserved_goes": goes,
        "keeps": str(owed),
        "carried": str(earmark.committed - owed),
    }


def _unpaid(contract: Contract, year: int) -> Decimal:
    """The price of what was delivered by the end of a year and is not yet paid (CNY)."""
    waiting = Q(invoice=None) | ~Q(invoice__status__in=InvoiceStatus.in_phase(ENDED))
    price = Sum((F("units") - F("struck")) * F("unit_price"), output_field=DecimalField())
    found = Delivery.objects.filter(waiting, line__contract=contract, delivered_on__year__lte=year)
    return found.aggregate(price=price)["price"] or Decimal("0")


def following(line: BudgetLine) -> BudgetLine:
    """The line of the next year for the same source and body; made if it is missing."""
    return BudgetLine.objects.get_or_create(year=line.year + 1, source=line.source, body_id=line.body_id)[0]


#: Why a year is not closed as it was proposed.
MOVED = gettext_lazy("提出之后账目有变动，请退回，按现在的账目重新提出。")


def close(change: BudgetChange, line: BudgetLine, following: BudgetLine) -> None:
    """Close the year as proposed and approved; ``line`` and ``following`` are locked.

    Raises ``NotNow`` when money has moved since the proposal, so that what is done is what was approved.
    """
    if plan(line) != change.plan:
        raise NotNow(MOVED, rule="S33")
    for earmark in line.earmarks.select_related("contract", "line"):
        row = _plan_of(earmark, change.plan["free_goes"])
        kept = Decimal(row["keeps"])
        _move_reserved(change, line, following, earmark, row["reserved_goes"])
        _carry(change, line, following, earmark.committed - kept, Account.COMMITTED, earmark.contract)
        if earmark.reserved or earmark.committed > kept:
            Contract.objects.filter(pk=earmark.contract_id).update(budget_line=following)
    for set_aside in line.set_asides.filter(amount__gt=0):
        _move_set_aside(change, line, following, set_aside)
    line.refresh_from_db()
    if change.plan["free_goes"] == Account.CARRIED:
        _carry(change, line, following, line.available, Account.AVAILABLE)
    else:
        _move(change, line, line.available, Account.AVAILABLE, Account.RETURNED)
    BudgetLine.objects.filter(pk=line.pk).update(closed_on=moments.today())


def _move_reserved(
    change: BudgetChange, line: BudgetLine, following: BudgetLine, earmark: Earmark, goes: str
) -> None:
    """Carry the money of a draft over, or return it; then it is reserved anew at signature."""
    if goes == Account.CARRIED:
        _carry(change, line, following, earmark.reserved, Account.RESERVED, earmark.contract)
    else:
        _move(change, line, earmark.reserved, Account.RESERVED, Account.RETURNED, earmark.contract)


def _move_set_aside(change: BudgetChange, line: BudgetLine, following: BudgetLine, part: SetAside) -> None:
    """Move money of a purchase that has no contract yet to where free money goes."""
    goes = Account(change.plan["free_goes"])
    _move(change, line, part.amount, Account.PLANNED, goes, purpose=part.purpose)
    if goes == Account.CARRIED:
        _move(change, following, part.amount, Account.BROUGHT, Account.PLANNED, purpose=part.purpose)


def _carry(
    change: BudgetChange,
    line: BudgetLine,
    following: BudgetLine,
    amount: Decimal,
    account: Account,
    contract: Contract | None = None,
) -> None:
    """Move ``amount`` CNY from an account of this year into the same account of the next."""
    _move(change, line, amount, account, Account.CARRIED, contract)
    _move(change, following, amount, Account.BROUGHT, account, contract)


def _move(
    change: BudgetChange,
    line: BudgetLine,
    amount: Decimal,
    credit: Account,
    debit: Account,
    contract: Contract | None = None,
    *,
    purpose: str = "",
) -> None:
    """Enter one movement of the closing into the ledger."""
    ledger.transfer(
        line.pk,
        amount,
        credit,
        debit,
        note=f"{change.line.year} 年终结转",
        contract=contract,
        purpose=purpose,
        change=change,
    )
