"""Actions on budget documents (S33): grant, add or cut, shift, close a year.

One person of finance proposes, another approves.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.budgets import ledger, year_end
from contracts.budgets.models import Account, BudgetChange, BudgetLine, ChangeKind
from contracts.budgets.states import BUDGET_CHANGE, BudgetChangeStatus
from foundation.refusals import Exhausted, Invalid, NotNow, Refused
from foundation.roles import Actor
from organizations.bodies.models import Organization


@BUDGET_CHANGE.start("grant")
def grant(
    *,
    by: Actor,
    year: int,
    source: str,
    body: Organization,
    amount: Decimal,
    document_number: str,
    why: str = "",
) -> BudgetChange:
    """Propose ``amount`` CNY of one source for one body in one year.

    Raises ``Invalid`` for a year whose line is closed.
    """
    line, _made = BudgetLine.objects.get_or_create(year=year, source=source, body=body)
    _require_open(line, "year")
    return BudgetChange.objects.create(
        kind=ChangeKind.GRANT, line=line, amount=amount, document_number=document_number, why=why
    )


@BUDGET_CHANGE.start("adjust")
def adjust(
    *, by: Actor, line: BudgetLine, kind: str, amount: Decimal, document_number: str, why: str
) -> BudgetChange:
    """Propose to add money to a line, or to cut what is free of it (``amount`` in CNY).

    Raises ``Invalid`` for a closed line and for cutting more than is free.
    """
    _require_open(line, "line")
    if kind == ChangeKind.CUT:
        _require_free(line, amount)
    return BudgetChange.objects.create(
        kind=kind, line=line, amount=amount, document_number=document_number, why=why
    )


@BUDGET_CHANGE.start("shift")
def shift(
    *, by: Actor, line: BudgetLine, to_line: BudgetLine, amount: Decimal, document_number: str, why: str
) -> BudgetChange:
    """Propose to move ``amount`` CNY of free money to another line of the same year and source.

    Raises ``Invalid`` for another year or source, a closed line, the same line, and more than is free.
    """
    _require_open(line, "line")
    _require_open(to_line, "to_line")
    if line.pk == to_line.pk:
        message = _("请选择另一条预算。")
        raise Invalid(message, fields={"to_line": message})
    if (line.year, line.source) != (to_line.year, to_line.source):
        message = _("只能在同一年度、同一资金来源之间调剂。")
        raise Invalid(message, fields={"to_line": message}, rule="S33")
    _require_free(line, amount)
    return BudgetChange.objects.create(
        kind=ChangeKind.SHIFT,
        line=line,
        to_line=to_line,
        amount=amount,
        document_number=document_number,
        why=why,
    )


@BUDGET_CHANGE.start("close")
def close(*, by: Actor, line: BudgetLine, why: str = "") -> BudgetChange:
    """Propose to close a line at its year's end, with a plan for all money that is left.

    Raises ``NotNow`` before the last day of its year, and while another document of the line is not
    approved; ``Invalid`` for a line that is closed.
    """
    line = BudgetLine.objects.get(pk=line.pk)
    _require_open(line, "line")
    year_end.require_year_over(line)
    if line.changes.filter(status__in=BudgetChangeStatus.unfinished()).exists():
        raise NotNow(_("这条预算还有指标在等复核，请先办完。"), rule="S33")
    plan = year_end.plan(line)
    return BudgetChange.objects.create(kind=ChangeKind.CLOSE, line=line, why=why, plan=plan)


def nothing_to_close(by: Actor) -> Refused | None:
    """Why no year is closed now: no open line's year is over."""
    if year_end.to_be_closed().exists():
        return None
    return NotNow(gettext_lazy("现在没有年度已满、还没有结转的预算，12月31日起才能年终结转。"), rule="S33")


BUDGET_CHANGE.barred["close"] = nothing_to_close


@BUDGET_CHANGE.transition("approve")
def approve(change: BudgetChange, *, by: Actor) -> None:
    """Approve as a second person of finance: the money moves.

    Raises ``Exhausted`` when what was free has been reserved meanwhile, ``NotNow`` when the line was closed
    or, for a year's end, its money has moved since the proposal.
    """
    lines = ledger.lock_lines(*_line_keys(change))
    line = lines[change.line_id]
    if line.closed_on:
        raise NotNow(CLOSED, rule="S33")
    match change.kind:
        case ChangeKind.GRANT | ChangeKind.ADD:
            _post(change, line, Account.GRANTED, Account.AVAILABLE)
        case ChangeKind.CUT:
            _post(change, line, Account.AVAILABLE, Account.GRANTED)
        case ChangeKind.SHIFT:
            to_line = lines[change.to_line_id or 0]
            if to_line.closed_on:
                raise NotNow(TARGET_CLOSED, rule="S33")
            _post(change, line, Account.AVAILABLE, Account.GRANTED)
            _post(change, to_line, Account.GRANTED, Account.AVAILABLE)
        case ChangeKind.CLOSE:
            year_end.close(change, line, lines[year_end.following(line).pk])


@approve.foreseen
def not_to_be_approved(changes: Sequence[BudgetChange]) -> dict[int, Refused]:
    """Why documents are not approved now: a line is closed, what would be taken out of it is not free any more, or its
    money has moved since its closing was proposed.
    """
    rows = BudgetChange.objects.filter(pk__in=[change.pk for change in changes])
    refusals = {change.pk: _refused_now(change) for change in rows.select_related("line", "to_line")}
    return {pk: refused for pk, refused in refusals.items() if refused is not None}


def _refused_now(change: BudgetChange) -> Refused | None:
    """The refusal of one document; the plan of a year's end is made once more."""
    if change.line.closed_on:
        return NotNow(CLOSED, rule="S33")
    if change.to_line is not None and change.to_line.closed_on:
        return NotNow(TARGET_CLOSED, rule="S33")
    if change.kind in (ChangeKind.CUT, ChangeKind.SHIFT) and change.line.available < change.amount:
        return Exhausted(
            gettext_lazy("这条预算现在没有这么多可用的钱，请退回。"), rule="S33", allowed=("reject",)
        )
    if change.kind == ChangeKind.CLOSE and year_end.plan(change.line) != change.plan:
        return NotNow(year_end.MOVED, rule="S33", allowed=("reject",))
    return None


#: Why nothing is entered: the line, or that which would get the money, is closed.
CLOSED = gettext_lazy("这条预算已经结转。")
TARGET_CLOSED = gettext_lazy("调入的预算已经结转。")


reject = BUDGET_CHANGE.act("reject", BudgetChange)


def _line_keys(change: BudgetChange) -> list[int]:
    """The keys of all lines whose money the document moves."""
    if change.kind == ChangeKind.CLOSE:
        return [change.line_id, year_end.following(change.line).pk]
    return [pk for pk in (change.line_id, change.to_line_id) if pk]


def _post(change: BudgetChange, line: BudgetLine, credit: Account, debit: Account) -> None:
    """Enter the document's amount into the ledger of ``line``."""
    note = f"{change.get_kind_display()} {change.document_number}".strip()
    ledger.transfer(line.pk, change.amount, credit, debit, note=note, change=change)


def _require_open(line: BudgetLine, field: str) -> None:
    """Raise ``Invalid`` on ``field`` for a closed line."""
    if line.closed_on:
        message = _("%(line)s 已经结转，不能再变动。") % {"line": line}
        raise Invalid(message, fields={field: message}, rule="S33")


def _require_free(line: BudgetLine, amount: Decimal) -> None:
    """Raise ``Invalid`` for more than the line has free (CNY)."""
    if amount > line.available:
        message = _("只剩 %(free)s 元可用。") % {"free": f"{line.available:,.2f}"}
        raise Invalid(message, fields={"amount": message}, rule="S33")
