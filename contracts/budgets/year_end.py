"""The end of a budget year: what was delivered stays, what is bound goes on, the rest goes by rule.

Units used by 31 December belong to their year and are paid from its line, also after it
is closed. What a running contract will still need is bound on the next year's line. Free
and reserved money is carried over for the sources that ``budget.year_end`` names, and
goes back to the treasury for all others (102号令第十七条, S33).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, Q, Sum
from django.utils.translation import gettext as _

from contracts.budgets import ledger
from contracts.budgets.models import Account, BudgetChange, BudgetLine, Earmark, SetAside
from contracts.contracts.models import Contract
from contracts.contracts.states import RUNNING, ContractStatus
from contracts.invoices.models import Delivery
from contracts.invoices.states import InvoiceStatus
from foundation import moments
from foundation.refusals import NotNow
from foundation.rules import reading
from foundation.wording import day

#: Contracts that go on after the year, so that their money does.
GOING_ON = (ContractStatus.SIGNED, *RUNNING)


def due(line: BudgetLine) -> None:
    """Raise ``NotNow`` before the last day of the line's year."""
    last = date(line.year, 12, 31)
    if moments.today() < last:
        raise NotNow(_("%(day)s起才能年终结转。") % {"day": day(last)}, rule="S33")


def plan(line: BudgetLine) -> dict[str, Any]:
    """What the year end will do, as JSON: amounts are texts in CNY.

    ``{"rule": version, "free": amount, "free_goes": account, "contracts": [{"number",
    "title", "reserved", "reserved_goes", "keeps", "carried"}]}``; ``keeps`` is delivered
    and not yet paid. ``"planned": [{"purpose", "amount", "goes"}]`` is there where money
    is set aside for purchases.
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
        "contracts": [_foreseen(earmark, goes) for earmark in earmarks.select_related("contract", "line")],
        **({"planned": bought} if bought else {}),
    }


def _foreseen(earmark: Earmark, goes: str) -> dict[str, str]:
    contract, owed = earmark.contract, earmark.committed
    if contract.status in GOING_ON and contract.end_on.year > earmark.line.year:
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
    waiting = Q(invoice=None) | ~Q(invoice__status=InvoiceStatus.PAID)
    price = Sum((F("units") - F("struck")) * F("unit_price"), output_field=DecimalField())
    found = Delivery.objects.filter(waiting, line__contract=contract, delivered_on__year__lte=year)
    return found.aggregate(price=price)["price"] or Decimal("0")


def following(line: BudgetLine) -> BudgetLine:
    """The line of the next year for the same source and body."""
    return BudgetLine.objects.get_or_create(year=line.year + 1, source=line.source, body_id=line.body_id)[0]


def close(change: BudgetChange, line: BudgetLine, following: BudgetLine) -> None:
    """Do what was proposed and approved; ``line`` and the ``following`` one are locked.

    Raises ``NotNow`` when the money has moved since, so that nobody approves what
    nobody has seen.
    """
    if plan(line) != change.plan:
        raise NotNow(_("提出之后账目有变动，请退回，按现在的账目重新提出。"), rule="S33")
    for earmark in line.earmarks.select_related("contract", "line"):
        row = _foreseen(earmark, change.plan["free_goes"])
        kept = Decimal(row["keeps"])
        _reserved(change, line, following, earmark, row["reserved_goes"])
        _carry(change, line, following, earmark.committed - kept, Account.COMMITTED, earmark.contract)
        if earmark.reserved or earmark.committed > kept:
            Contract.objects.filter(pk=earmark.contract_id).update(budget_line=following)
    for set_aside in line.set_asides.filter(amount__gt=0):
        _set_aside(change, line, following, set_aside)
    line.refresh_from_db()
    if change.plan["free_goes"] == Account.CARRIED:
        _carry(change, line, following, line.available, Account.AVAILABLE)
    else:
        _move(change, line, line.available, Account.AVAILABLE, Account.RETURNED)
    BudgetLine.objects.filter(pk=line.pk).update(closed_on=moments.today())


def _reserved(
    change: BudgetChange, line: BudgetLine, following: BudgetLine, earmark: Earmark, goes: str
) -> None:
    """A draft's money: on with it, or released; then it is reserved anew at the signature."""
    if goes == Account.CARRIED:
        _carry(change, line, following, earmark.reserved, Account.RESERVED, earmark.contract)
    else:
        _move(change, line, earmark.reserved, Account.RESERVED, Account.RETURNED, earmark.contract)


def _set_aside(change: BudgetChange, line: BudgetLine, following: BudgetLine, part: SetAside) -> None:
    """Money of a purchase that has no contract yet goes where free money goes."""
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
    """From an account of this year into the same of the next."""
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
